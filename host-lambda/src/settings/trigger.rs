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
    /// The Region, `AWS_REGION`.
    pub region: String,
    /// The keys that Lambda gives to a function.
    pub credentials: Credentials,
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
        Ok(Self {
            logic: environment.path("CLAIMWRIGHT_LOGIC", "logic.cwasm"),
            bundle: environment.optional_path("CLAIMWRIGHT_BUNDLE", "bundle.json"),
            tables: tables(&variable("CLAIMWRIGHT_TABLES").unwrap_or_default())?,
            facts_limit: facts_limit(variable("CLAIMWRIGHT_FACTS_MS"))?,
            endpoint: variable("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| variable("AWS_ENDPOINT_URL")),
            region: required("AWS_REGION")?,
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

    use super::TriggerSettings;

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
