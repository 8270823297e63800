//! The settings of the authorizer.

use std::path::PathBuf;

use super::{Environment, SettingsError};
use crate::keys::{loggable, may_be_fetched};

/// What an authorizer is told by its environment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthorizerSettings {
    /// The compiled component, `CLAIMWRIGHT_LOGIC`.
    pub logic: PathBuf,
    /// The bundle, `CLAIMWRIGHT_BUNDLE`, for a component that has none baked in.
    pub bundle: Option<PathBuf>,
    /// Whose tokens are taken, `CLAIMWRIGHT_ISSUERS`, and where pools' keys are fetched, `CLAIMWRIGHT_KEYS_URL`.
    pub issuers: Vec<IssuerSetting>,
    /// Keys that were given at deployment, so that none are fetched, `CLAIMWRIGHT_KEYS`.
    pub keys: Option<PathBuf>,
    /// What verifies tokens, `CLAIMWRIGHT_VERIFIER`.
    pub verifier: VerifierSetting,
    /// Where the token stands, in the order in which the places are looked at, `CLAIMWRIGHT_TOKEN_FROM`.
    pub token_from: Vec<TokenFrom>,
    /// What stands before the token in AppSync's header, `CLAIMWRIGHT_APPSYNC_PREFIX`.
    pub appsync_prefix: Option<String>,
    /// Whether an HTTP API with format 2.0 takes simple answers, `CLAIMWRIGHT_HTTP_ANSWER`.
    pub simple: bool,
    /// For how many seconds AppSync may keep an answer, `CLAIMWRIGHT_APPSYNC_TTL`.
    pub appsync_ttl: u64,
    /// For how many seconds an ended token is still taken, `CLAIMWRIGHT_LEEWAY`.
    pub leeway: u64,
}

/// An issuer, and the app clients whose tokens are taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IssuerSetting {
    /// The texts that its `iss` may have: both forms of a pool, or one address that was written out.
    pub issuers: Vec<String>,
    /// The app clients.
    pub clients: Vec<String>,
    /// What the setting calls it: a pool's id or an address.
    pub name: String,
    /// Where a pool's keys are published, if not at its issuers' own addresses.
    pub keys_at: Option<String>,
}

/// What verifies tokens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum VerifierSetting {
    /// Our own verifier.
    Claimwright,
    /// The crate of that name, which is in the binary only with the feature of that name.
    #[cfg(feature = "jsonwebtokens-cognito")]
    JsonwebtokensCognito,
}

/// A place where a token may stand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TokenFrom {
    /// A header, as `Bearer` and the token (RFC 6750).
    Header(String),
    /// A parameter of the query string.
    Query(String),
    /// The element after this one of `Sec-WebSocket-Protocol`, for browsers, which set no other header there.
    Protocol(String),
}

/// No clock is wrong by more than some minutes.
const MOST_LEEWAY: u64 = 300;

/// What AppSync keeps an answer for at most, in seconds.
const MOST_TTL: u64 = 3_600;

impl AuthorizerSettings {
    /// Reads the settings through `variable`, which is [`std::env::var`] outside of tests.
    ///
    /// # Errors
    ///
    /// Returns [`SettingsError`] if a setting is missing or wrong.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let environment = Environment(variable);
        let number = |name: &str, default: u64, most: u64| match environment.get(name) {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|number| *number <= most).ok_or_else(|| {
                SettingsError(format!("`{name}` is `{text}` and takes whole seconds up to {most}"))
            }),
        };
        let simple = match environment.get("CLAIMWRIGHT_HTTP_ANSWER").as_deref() {
            None | Some("iam") => false,
            Some("simple") => true,
            Some(other) => {
                return Err(SettingsError(format!(
                    "`CLAIMWRIGHT_HTTP_ANSWER` is `{other}` and takes `iam`, or `simple` where the authorizer of the http api \
                     enables simple responses"
                )));
            }
        };
        let verifier = match environment.get("CLAIMWRIGHT_VERIFIER").as_deref() {
            None | Some("claimwright") => VerifierSetting::Claimwright,
            #[cfg(feature = "jsonwebtokens-cognito")]
            Some("jsonwebtokens-cognito") => VerifierSetting::JsonwebtokensCognito,
            Some(other) => {
                return Err(SettingsError(format!(
                    "`CLAIMWRIGHT_VERIFIER` is `{other}` and takes `claimwright`, and `jsonwebtokens-cognito` in a binary that was \
                     built with the cargo feature of that name"
                )));
            }
        };
        let token_from = environment.get("CLAIMWRIGHT_TOKEN_FROM");
        Ok(Self {
            logic: environment.path("CLAIMWRIGHT_LOGIC", "logic.cwasm"),
            bundle: environment.optional_path("CLAIMWRIGHT_BUNDLE", "bundle.json"),
            issuers: issuers(
                &environment.get("CLAIMWRIGHT_ISSUERS").unwrap_or_default(),
                keys_url(environment.get("CLAIMWRIGHT_KEYS_URL"))?.as_deref(),
            )?,
            keys: environment.get("CLAIMWRIGHT_KEYS").map(PathBuf::from),
            verifier,
            token_from: places(token_from.as_deref().unwrap_or("header:authorization"))?,
            appsync_prefix: environment.get("CLAIMWRIGHT_APPSYNC_PREFIX"),
            simple,
            appsync_ttl: number("CLAIMWRIGHT_APPSYNC_TTL", 300, MOST_TTL)?,
            leeway: number("CLAIMWRIGHT_LEEWAY", 0, MOST_LEEWAY)?,
        })
    }
}

/// The address below which every pool's keys lie, each under the pool's id.
fn keys_url(text: Option<String>) -> Result<Option<String>, SettingsError> {
    match text {
        Some(url) if !may_be_fetched(&url) || url.contains(['?', '#', ' ']) => Err(SettingsError(format!(
            "`CLAIMWRIGHT_KEYS_URL` is `{}` and takes an address with `https://`, or one of this machine with `http://`, without `?`, `#` and `@`",
            loggable(&url)
        ))),
        other => Ok(other.map(|url| url.trim_end_matches('/').to_owned())),
    }
}

fn issuers(text: &str, keys_url: Option<&str>) -> Result<Vec<IssuerSetting>, SettingsError> {
    let mut settings: Vec<IssuerSetting> = Vec::new();
    for pair in text.split_whitespace() {
        let wrong = |why: &str| {
            SettingsError(format!(
                "`CLAIMWRIGHT_ISSUERS` has the part `{}`: {why}; write `POOL_ID=CLIENT_ID,CLIENT_ID`, divided by blanks",
                loggable(pair)
            ))
        };
        let (name, clients) = pair.rsplit_once('=').ok_or_else(|| wrong("it names no app client"))?;
        let clients: Vec<String> =
            clients.split(',').filter(|client| !client.is_empty()).map(str::to_owned).collect();
        if clients.is_empty() {
            return Err(wrong("it names no app client"));
        }
        let (issuers, keys_at) = if name.contains("://") {
            (vec![name.to_owned()], None)
        } else {
            let forms = pool(name).ok_or_else(|| wrong("it is neither a pool's id of the partitions `aws`, `aws-us-gov` and `aws-cn` nor an address"))?;
            (forms, keys_url.map(|url| format!("{url}/{name}")))
        };
        if settings.iter().any(|other| other.issuers == issuers) {
            return Err(wrong("it is there twice"));
        }
        settings.push(IssuerSetting { issuers, clients, name: name.to_owned(), keys_at });
    }
    if settings.is_empty() {
        return Err(SettingsError(
            "the environment has no `CLAIMWRIGHT_ISSUERS`; say whose tokens are taken, for example \
             `eu-west-1_Ab12Cd34E=4demo0client0id`"
                .to_owned(),
        ));
    }
    Ok(settings)
}

/// The two forms of a pool's issuer. Its id goes into an address, so nothing else may be in it.
fn pool(id: &str) -> Option<Vec<String>> {
    let (region, rest) = id.split_once('_')?;
    let good = |text: &str, extra: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || extra.as_bytes().contains(&byte))
    };
    if !good(region, "-") || !region.contains('-') || !good(rest, "_") {
        return None;
    }
    // Other partitions have hosts of their own: their issuers are written out.
    if ["eusc-", "us-iso", "eu-iso"].iter().any(|other| region.starts_with(other)) {
        return None;
    }
    let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    let form = |host: &str| format!("https://{host}.{region}.{suffix}/{id}");
    Some(vec![form("cognito-idp"), form("issuer-cognito-idp")])
}

fn places(text: &str) -> Result<Vec<TokenFrom>, SettingsError> {
    let place = |part: &str| match part.split_once(':') {
        Some(("header", name)) if !name.is_empty() => Some(TokenFrom::Header(name.to_ascii_lowercase())),
        Some(("query", name)) if !name.is_empty() => Some(TokenFrom::Query(name.to_owned())),
        Some(("protocol", name)) if !name.is_empty() => Some(TokenFrom::Protocol(name.to_owned())),
        _ => None,
    };
    let parts = text.split(',').map(str::trim);
    parts
        .map(|part| {
            place(part).ok_or_else(|| {
                SettingsError(format!(
                    "`CLAIMWRIGHT_TOKEN_FROM` has the part `{part}` and takes `header:NAME`, `query:NAME` and \
                     `protocol:NAME`, divided by commas"
                ))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{AuthorizerSettings, TokenFrom};

    fn read(pairs: &[(&str, &str)]) -> Result<AuthorizerSettings, String> {
        let all = [("CLAIMWRIGHT_ISSUERS", "eu-west-1_Ab12Cd34E=c1,c2")];
        AuthorizerSettings::read(|name| {
            pairs.iter().chain(&all).find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn a_pool_has_two_issuers() {
        let settings = read(&[]).unwrap();
        assert_eq!(
            settings.issuers[0].issuers,
            [
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E",
                "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E"
            ]
        );
        assert_eq!(settings.issuers[0].clients, ["c1", "c2"]);
        let china = read(&[("CLAIMWRIGHT_ISSUERS", "cn-north-1_A=c")]).unwrap();
        assert_eq!(
            china.issuers[0].issuers[0],
            "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A"
        );
        let local =
            read(&[("CLAIMWRIGHT_ISSUERS", "http://127.0.0.1:9000/local_1=c eu-west-1_A=d")]).unwrap();
        assert_eq!(local.issuers[0].issuers, ["http://127.0.0.1:9000/local_1"]);
        assert_eq!(local.issuers[1].clients, ["d"]);
    }

    #[test]
    fn keys_may_come_from_elsewhere() {
        let both = [
            ("CLAIMWRIGHT_KEYS_URL", "https://keys.example.org/cognito/"),
            ("CLAIMWRIGHT_ISSUERS", "eu-west-1_A=c https://idp.example.org/x=d"),
        ];
        let settings = read(&both).unwrap();
        assert_eq!(
            settings.issuers[0].keys_at.as_deref(),
            Some("https://keys.example.org/cognito/eu-west-1_A")
        );
        assert_eq!(settings.issuers[1].keys_at, None);
        for bad in ["http://keys.example.org", "keys.example.org", "https://", "https://k.example.org/?p="] {
            assert!(read(&[("CLAIMWRIGHT_KEYS_URL", bad)]).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_no_issuer_is_refused() {
        for bad in [
            "",
            "eu-west-1_A",
            "eu-west-1_A=",
            "x@evil_1=c",
            "nounderscore=c",
            "eu-west-1_A=c eu-west-1_A=d",
            "a/b-c_d=e",
            "eusc-de-east-1_A=c",
        ] {
            assert!(read(&[("CLAIMWRIGHT_ISSUERS", bad)]).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_password_is_in_an_error() {
        for pair in ["https://ci:secret@idp.example.org/p", "https://ci:secret@idp.example.org/p="] {
            let error = read(&[("CLAIMWRIGHT_ISSUERS", pair)]).unwrap_err();
            assert!(!error.contains("secret") && error.contains("names no app client"), "{error}");
        }
        let twice = "https://ci:secret@idp.example.org/p=c https://ci:secret@idp.example.org/p=d";
        let error = read(&[("CLAIMWRIGHT_ISSUERS", twice)]).unwrap_err();
        assert!(!error.contains("secret") && error.contains("twice"), "{error}");
    }

    #[test]
    fn places_are_looked_at_in_order() {
        let settings =
            read(&[("CLAIMWRIGHT_TOKEN_FROM", "header:Authorization, query:token,protocol:bearer")]).unwrap();
        assert_eq!(
            settings.token_from,
            [
                TokenFrom::Header("authorization".to_owned()),
                TokenFrom::Query("token".to_owned()),
                TokenFrom::Protocol("bearer".to_owned())
            ]
        );
        assert!(read(&[("CLAIMWRIGHT_TOKEN_FROM", "cookie:x")]).is_err());
        assert!(read(&[("CLAIMWRIGHT_LEEWAY", "301")]).is_err());
        assert!(read(&[("CLAIMWRIGHT_HTTP_ANSWER", "both")]).is_err());
        assert!(read(&[("CLAIMWRIGHT_VERIFIER", "mine")]).is_err());
    }
}
