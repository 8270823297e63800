//! The settings of the token trigger.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::{Environment, SettingsError};

/// What a token trigger is told by its environment.
#[derive(Clone, Debug)]
pub struct TriggerSettings {
    /// The compiled component, `CLAIMWRIGHT_LOGIC`.
    pub logic: PathBuf,
    /// The bundle, `CLAIMWRIGHT_BUNDLE`, for a component that has none baked in.
    pub bundle: Option<PathBuf>,
    /// The real name of each table of the contract, `CLAIMWRIGHT_TABLES`. A table that is not named has its own name.
    pub tables: BTreeMap<String, String>,
    /// How long all lookups of one invocation may take together, `CLAIMWRIGHT_FACTS_MS`.
    pub facts_limit: Duration,
    /// Where DynamoDB answers, if not in the Region, `AWS_ENDPOINT_URL_DYNAMODB` or `AWS_ENDPOINT_URL`.
    pub endpoint: Option<String>,
    /// Whose certificates are taken for DynamoDB's.
    pub roots: Roots,
    /// The Region, `AWS_REGION`.
    pub region: String,
    /// The keys that Lambda gives to a function.
    pub credentials: Credentials,
}

/// Whose certificates are taken for DynamoDB's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Roots {
    /// Those under Amazon's own roots, as all endpoints of the partition `aws` have them.
    Amazon,
    /// Those that the system trusts: elsewhere, and where the environment names other certificates (`SSL_CERT_FILE`,
    /// `SSL_CERT_DIR`), a proxy, or another endpoint with HTTPS.
    System,
}

impl Roots {
    /// The beginnings of Regions outside of the partition `aws`.
    const ELSEWHERE: [&'static str; 5] = ["cn-", "us-gov-", "us-iso", "eu-iso", "eusc-"];

    /// What names other certificates, or somebody between DynamoDB and the function.
    const OTHERS: [&'static str; 8] = [
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
    ];

    fn of(region: &str, endpoint: Option<&str>, variable: impl Fn(&'static str) -> Option<String>) -> Self {
        let elsewhere = Self::ELSEWHERE.iter().any(|prefix| region.starts_with(prefix));
        let encrypted = endpoint.is_some_and(|endpoint| !endpoint.starts_with("http://"));
        let others = Self::OTHERS.into_iter().any(|name| variable(name).is_some());
        if elsewhere || encrypted || others { Self::System } else { Self::Amazon }
    }
}

/// The keys that Lambda gives to a function.
#[derive(Clone)]
pub struct Credentials {
    /// `AWS_ACCESS_KEY_ID`
    pub access_key: String,
    /// `AWS_SECRET_ACCESS_KEY`
    pub secret_key: String,
    /// `AWS_SESSION_TOKEN`
    pub session_token: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// Cognito waits five seconds, cold start included, so the lookups get a part of that.
const FACTS_LIMIT: Duration = Duration::from_millis(1_500);

/// No setting may let the lookups use up Cognito's five seconds.
const MOST_FACTS_MS: u64 = 4_000;

impl TriggerSettings {
    /// Reads the settings through `variable`, which is [`std::env::var`] outside of tests.
    ///
    /// # Errors
    ///
    /// Returns [`SettingsError`] if a setting is missing or wrong.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let environment = Environment(variable);
        let variable = |name: &str| environment.get(name);
        let required = |name: &str| {
            variable(name).ok_or_else(|| {
                SettingsError(format!(
                    "the environment has no `{name}`; Lambda sets it, so set it where this runs elsewhere"
                ))
            })
        };
        let region = required("AWS_REGION")?;
        let endpoint = variable("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| variable("AWS_ENDPOINT_URL"));
        Ok(Self {
            logic: environment.path("CLAIMWRIGHT_LOGIC", "logic.cwasm"),
            bundle: environment.optional_path("CLAIMWRIGHT_BUNDLE", "bundle.json"),
            tables: tables(&variable("CLAIMWRIGHT_TABLES").unwrap_or_default())?,
            facts_limit: facts_limit(variable("CLAIMWRIGHT_FACTS_MS"))?,
            roots: Roots::of(&region, endpoint.as_deref(), variable),
            endpoint,
            region,
            credentials: Credentials {
                access_key: required("AWS_ACCESS_KEY_ID")?,
                secret_key: required("AWS_SECRET_ACCESS_KEY")?,
                session_token: variable("AWS_SESSION_TOKEN"),
            },
        })
    }
}

fn tables(text: &str) -> Result<BTreeMap<String, String>, SettingsError> {
    let mut tables = BTreeMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let names = pair.split_once('=').map(|(name, real)| (name.trim(), real.trim()));
        match names {
            Some((name, real)) if !name.is_empty() && !real.is_empty() => {
                if tables.insert(name.to_owned(), real.to_owned()).is_some() {
                    return Err(SettingsError(format!(
                        "`CLAIMWRIGHT_TABLES` names the table `{name}` twice; keep one"
                    )));
                }
            }
            _ => {
                return Err(SettingsError(format!(
                    "`CLAIMWRIGHT_TABLES` has the part `{pair}` and takes `name=real-name`, divided by commas"
                )));
            }
        }
    }
    Ok(tables)
}

fn facts_limit(text: Option<String>) -> Result<Duration, SettingsError> {
    let Some(text) = text else {
        return Ok(FACTS_LIMIT);
    };
    match text.parse() {
        Ok(milliseconds @ 1..=MOST_FACTS_MS) => Ok(Duration::from_millis(milliseconds)),
        _ => Err(SettingsError(format!(
            "`CLAIMWRIGHT_FACTS_MS` is `{text}` and takes whole milliseconds from 1 to {MOST_FACTS_MS}, because cognito \
             waits five seconds for everything"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Roots, TriggerSettings};

    fn read(pairs: &[(&str, &str)]) -> Result<TriggerSettings, String> {
        let lambda =
            [("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "k"), ("AWS_SECRET_ACCESS_KEY", "s")];
        TriggerSettings::read(|name| {
            pairs.iter().chain(&lambda).find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn defaults_stand_beside_the_binary() {
        let settings = read(&[("LAMBDA_TASK_ROOT", "/var/task")]).unwrap();
        assert_eq!(settings.logic.to_str(), Some("/var/task/logic.cwasm"));
        assert_eq!(settings.bundle, None);
        let named = read(&[("CLAIMWRIGHT_BUNDLE", "elsewhere.json")]).unwrap();
        assert_eq!(named.bundle.as_deref(), Some(Path::new("elsewhere.json")));
        assert_eq!(settings.facts_limit.as_millis(), 1_500);
    }

    #[test]
    fn tables_are_pairs() {
        let settings = read(&[("CLAIMWRIGHT_TABLES", "profiles=prod-profiles, orders=prod-orders")]).unwrap();
        assert_eq!(settings.tables["orders"], "prod-orders");
        assert!(read(&[("CLAIMWRIGHT_TABLES", "profiles")]).is_err());
        assert!(read(&[("CLAIMWRIGHT_TABLES", "a=b,a=c")]).is_err());
    }

    #[test]
    fn cognitos_five_seconds_cannot_be_given_away() {
        assert!(read(&[("CLAIMWRIGHT_FACTS_MS", "4001")]).is_err());
        assert!(read(&[("CLAIMWRIGHT_FACTS_MS", "0")]).is_err());
        assert!(read(&[("CLAIMWRIGHT_FACTS_MS", "soon")]).is_err());
    }

    #[test]
    fn amazons_roots_are_for_amazons_endpoints() {
        let roots = |name: &str, value: &str| read(&[(name, value)]).unwrap().roots;
        assert_eq!(read(&[]).unwrap().roots, Roots::Amazon);
        for (name, value, want) in [
            ("AWS_REGION", "us-east-1", Roots::Amazon),
            ("AWS_REGION", "eu-isoe-west-1", Roots::System),
            ("AWS_REGION", "cn-north-1", Roots::System),
            ("AWS_REGION", "us-gov-west-1", Roots::System),
            ("AWS_REGION", "eusc-de-east-1", Roots::System),
            ("AWS_ENDPOINT_URL_DYNAMODB", "https://dynamodb.example", Roots::System),
            ("AWS_ENDPOINT_URL", "HTTPS://dynamodb.example", Roots::System),
            ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:8000", Roots::Amazon),
            ("SSL_CERT_FILE", "/etc/own.pem", Roots::System),
            ("https_proxy", "http://proxy", Roots::System),
        ] {
            assert_eq!(roots(name, value), want, "{name}={value}");
        }
    }

    #[test]
    fn what_lambda_sets_must_be_there() {
        let error = TriggerSettings::read(|_| None).unwrap_err().to_string();
        assert!(error.contains("`AWS_REGION`"), "{error}");
    }

    #[test]
    fn keys_are_never_printed() {
        let text = format!("{:?}", read(&[("AWS_SESSION_TOKEN", "topsecret")]).unwrap());
        assert!(!text.contains("topsecret"), "{text}");
    }
}
