//! A sign-in that the page asks for: an event as Cognito sends it, through the real function, and both tokens signed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use claim_core::cognito::Token;
use claim_core::json::{self, Object, Value};
use claim_core::preview::Preview;
use host_lambda::facts::{DynamoFacts, fetch_all};
use host_lambda::settings::{Credentials, Roots, TriggerSettings};

use super::issuer::{Issuer, POOL};
use super::journal::{Journal, Kind, Level};
use super::live::Live;
use super::{Answer, read_event, tokens, user_name};
use crate::Failure;

/// How long looking at the facts once more may take, to say which rule gave what.
const FACTS: Duration = Duration::from_secs(1);

/// Signs somebody in and returns what the page shows.
pub(super) async fn sign_in(
    live: &Live,
    issuer: &Issuer,
    address: &str,
    journal: &Journal,
    asked: &str,
) -> (StatusCode, Value) {
    let outcome = match event_of(asked) {
        Ok(event) => answered(live, issuer, address, &event, journal).await,
        Err(failure) => Err(failure),
    };
    outcome.unwrap_or_else(|failure| {
        journal.note(Kind::SignIn, Level::Error, &failure);
        (StatusCode::INTERNAL_SERVER_ERROR, Value::from([("error", failure.as_str().into())]))
    })
}

async fn answered(
    live: &Live,
    issuer: &Issuer,
    address: &str,
    event: &str,
    journal: &Journal,
) -> Result<(StatusCode, Value), Failure> {
    let before = read_event(event)?;
    let who = user_name(&before.request).to_owned();
    let what = format!("{who} V{} {}", before.request.version.as_str(), before.request.trigger.name());
    let started = Instant::now();
    let (answer, logged) = live.trigger.invoke(event).await?;
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let answer = match answer {
        Answer::Response(answer) => answer,
        Answer::Error(error) => {
            let error = json::read(&error).unwrap_or_default();
            let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
            let detail = logged.get("reason").and_then(Value::as_str).unwrap_or_else(|| text("errorType"));
            journal.note(Kind::SignIn, Level::Denied, &format!("{what} refused: {detail}"));
            let refusal = Value::from([("detail", detail.into()), ("refusal", text("errorMessage").into())]);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, refusal));
        }
    };
    let (mut plain, mut shaped) = tokens(&before, &answer)?;
    // The tokens are this machine's, and say so.
    let iss = Value::from(format!("http://{address}/{POOL}"));
    for claims in [Some(&mut plain.access), plain.id.as_mut(), Some(&mut shaped.access), shaped.id.as_mut()]
        .into_iter()
        .flatten()
    {
        claims.insert("iss".to_owned(), iss.clone());
    }
    let mut signed = BTreeMap::from([("access", issuer.token(&shaped.access)?)]);
    if let Some(id) = &shaped.id {
        signed.insert("id", issuer.token(id)?);
    }
    let rules = rules(live, &before.request).await;
    let both = |access: Object, id: Option<Object>| {
        let mut members = Object::from([("access".to_owned(), access.into())]);
        members.extend(id.map(|id| ("id".to_owned(), id.into())));
        Value::Object(members)
    };
    journal.note(Kind::SignIn, Level::Ok, &format!("{what} {:.1} ms", started.elapsed().as_secs_f64() * 1e3));
    let signed: Object = signed.into_iter().map(|(name, token)| (name.to_owned(), token.into())).collect();
    let shown = Value::from([
        ("after", both(shaped.access, shaped.id)),
        ("before", both(plain.access, plain.id)),
        ("micros", micros.into()),
        ("rules", rules),
        ("tokens", Value::Object(signed)),
    ]);
    Ok((StatusCode::OK, shown))
}

/// Says which rule gave each claim, as `claims preview` does, with the facts that the function read.
async fn rules(live: &Live, request: &claim_core::TokenRequest) -> Value {
    let settings = TriggerSettings {
        logic: "".into(),
        bundle: None,
        tables: BTreeMap::new(),
        facts_limit: FACTS,
        endpoint: Some(live.store.endpoint().to_owned()),
        roots: Roots::Amazon,
        region: "eu-west-1".to_owned(),
        credentials: Credentials {
            access_key: "local".to_owned(),
            secret_key: "local".to_owned(),
            session_token: None,
        },
    };
    let lookups = claim_core::plan(&live.bundle, request).unwrap_or_default();
    let (mut facts, _) = fetch_all(&DynamoFacts::new(&settings), &lookups, FACTS).await;
    let (said, _) = live.custom.ask(request, &facts);
    facts.extend(said);
    let Ok(preview) = Preview::of(&live.bundle, request, &facts) else {
        return Value::Array(Vec::new());
    };
    let of = |token: Token| {
        preview.changes(token).into_iter().filter_map(move |change| {
            Some(Value::from([
                ("claim", change.name.into()),
                ("rule", change.why?.into()),
                ("token", token.as_str().into()),
            ]))
        })
    };
    of(Token::Id).chain(of(Token::Access)).collect()
}

/// The event that Cognito would send for what the page asks.
fn event_of(asked: &str) -> Result<String, Failure> {
    let asked = json::read(asked).map_err(|error| format!("what was asked is not json: {error}"))?;
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let client = text(&asked, "client").unwrap_or_else(|| "exampleclient".to_owned());
    let user = asked.get("user").filter(|user| user.as_object().is_some());
    let version = match (text(&asked, "version").as_deref(), user) {
        // Only a trigger of the third version is called for a machine.
        (_, None) | (Some("V3"), _) => "3",
        (Some("V1"), _) => "1",
        (Some("V2") | None, _) => "2",
        (Some(other), _) => return Err(format!("the version is `{other}` and is one of `V1`, `V2`, `V3`")),
    };
    let scopes = asked.get("scopes").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
    let mut request = Object::new();
    let (source, name) = match user {
        Some(user) => {
            let mut attributes =
                user.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
            if let Some(sub) = text(user, "sub") {
                attributes.insert("sub".to_owned(), sub.into());
            }
            let groups = user.get("groups").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
            let configuration = Value::from([
                ("groupsToOverride", groups),
                ("iamRolesToOverride", Value::Array(Vec::new())),
                ("preferredRole", Value::Null),
            ]);
            request.insert("userAttributes".to_owned(), attributes.into());
            request.insert("groupConfiguration".to_owned(), configuration);
            ("TokenGeneration_Authentication", text(user, "name").unwrap_or_default())
        }
        None => {
            request.insert("userAttributes".to_owned(), Object::new().into());
            request.insert("groupConfiguration".to_owned(), Value::Null);
            ("TokenGeneration_ClientCredentials", "ClientCredentials".to_owned())
        }
    };
    if version != "1" {
        request.insert("scopes".to_owned(), scopes);
    }
    let details = if version == "1" { "claimsOverrideDetails" } else { "claimsAndScopeOverrideDetails" };
    let caller = Value::from([("awsSdkVersion", "local".into()), ("clientId", client.into())]);
    let event = Value::from([
        ("callerContext", caller),
        ("region", "eu-west-1".into()),
        ("request", request.into()),
        ("response", Value::from([(details, Value::Null)])),
        ("triggerSource", source.into()),
        ("userName", name.into()),
        ("userPoolId", POOL.into()),
        ("version", version.into()),
    ]);
    Ok(event.to_string())
}

#[cfg(test)]
mod tests {
    use super::event_of;
    use claim_core::TriggerSource;
    use claim_core::cognito::event;

    #[test]
    fn what_a_page_asks_is_an_event_as_cognito_sends_it() {
        let text = event_of(r#"{ "user": { "name": "kim", "sub": "u-1", "attributes": { "email": "k@example.org" }, "groups": ["staff"] }, "version": "V1", "client": "c1" }"#).unwrap();
        let read = event::read(&text, 0).unwrap().request;
        let user = read.user.unwrap();
        assert_eq!((user.name.as_deref(), &*user.groups), (Some("kim"), &["staff".to_owned()][..]));
        assert_eq!(user.attributes.get("sub").and_then(|sub| sub.as_str()), Some("u-1"));
        assert_eq!((read.version.as_str(), &*read.client_id), ("1", "c1"));

        let text = event_of(r#"{ "user": null, "version": "V2", "scopes": ["orders.read"] }"#).unwrap();
        let read = event::read(&text, 0).unwrap().request;
        assert_eq!((read.trigger, read.user), (TriggerSource::ClientCredentials, None));
        assert_eq!(read.scopes, ["orders.read"]);

        assert!(event_of("nothing").is_err());
        assert!(event_of(r#"{ "user": {}, "version": "V9" }"#).is_err());
    }
}
