//! `claims dev`: everything on one machine, over the same protocols as in AWS.

mod function;
mod gateway;
mod issuer;
mod journal;
mod live;
mod runtime_api;
mod serve;
mod sign_in;
mod store;
mod watch;

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use claim_core::Bundle;
use claim_core::cognito::{Tokens, apply, event, plain_tokens, read_response};
use claim_core::json::{self, Object, Value};
use claim_core::preview::between;

pub use self::function::{Function, Start};
pub use self::issuer::base64url;
pub use self::runtime_api::{Answer, RuntimeApi};
pub use self::store::Store;
use crate::arguments::DevArguments;
use crate::logic::{ContractLogic, Kept};
use crate::preview::line;
use crate::render::{Ink, say};
use crate::{Failure, build, input};

pub(crate) fn run(arguments: &DevArguments) -> Result<(), Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the local servers do not start: {error}"))?
        .block_on(begin(arguments))
}

async fn begin(arguments: &DevArguments) -> Result<(), Failure> {
    let ink = Ink::stdout();
    let (bundle, compiled) = input::compiled(&arguments.contract)?;
    let custom = ContractLogic::read(&arguments.contract, &bundle, &compiled)?;
    let kept = Kept::default();
    let text = input::text(&arguments.event)?;
    let seed = arguments.seed.as_deref().map_or_else(|| Ok(Object::new()), input::object)?;

    say(&format!("contract   {} (sha256 {})", arguments.contract.display(), bundle.digest()));
    let store = Store::start(&bundle, &seed).await?;
    say(&format!("tables     {} on {}", store.describe(), store.endpoint()));
    let logic = build::machine_code_here(&arguments.logic)?;
    let function =
        start_function(&bundle, (&logic, &custom.compiled_here(&kept)?), arguments, &store).await?;
    say(&format!(
        "function   {} through the Lambda Runtime API on {}\n",
        arguments.trigger.display(),
        function.address()
    ));

    let before = read_event(&text).map_err(|why| format!("`{}`: {why}", arguments.event.display()))?;
    say(&ink.strong(&format!("{} signs in ({})", user_name(&before.request), before.request.trigger.name())));
    match function.invoke(&text).await? {
        Answer::Response(answer) => show(&before, &answer, ink)?,
        Answer::Error(error) => say(&format!("the function refuses: {error}")),
    }
    function.stop().await;
    store.stop().await;
    if !arguments.serve {
        return Ok(());
    }
    let mut clients: BTreeSet<String> =
        bundle.clients.keys().filter(|client| *client != "*").cloned().collect();
    clients.insert(before.request.client_id.clone());
    serve::until_interrupted(serve::Settings {
        contract: arguments.contract.clone(),
        parts: live::Parts {
            logic,
            kept,
            trigger: arguments.trigger.clone(),
            authorizer: arguments.authorizer.clone(),
            seed,
            issuers: String::new(),
        },
        clients: clients.into_iter().filter(|client| !client.is_empty()).collect(),
        users: users(arguments, &before.request)?,
        pages: arguments.pages.clone(),
        bundle,
        custom,
    })
    .await
}

/// The people who can sign in: those of a file, or the one of the event.
fn users(arguments: &DevArguments, request: &claim_core::TokenRequest) -> Result<Value, Failure> {
    if let Some(path) = &arguments.users {
        let users =
            json::read(&input::text(path)?).map_err(|error| format!("`{}`: {error}", path.display()))?;
        let named = |user: &Value| user.get("name").and_then(Value::as_str).is_some();
        if !users.as_array().is_some_and(|users| users.iter().all(named)) {
            return Err(format!(
                "`{}` must hold a list of users, each with a `name`, and may say `sub`, `attributes` and `groups`",
                path.display()
            ));
        }
        return Ok(users);
    }
    let one = |user: &claim_core::User| {
        let mut attributes = user.attributes.clone();
        let sub = attributes.remove("sub").unwrap_or_default();
        Value::from([
            ("attributes", attributes.into()),
            ("groups", user.groups.clone().into()),
            ("name", user.name.as_deref().unwrap_or_default().into()),
            ("sub", sub),
        ])
    };
    Ok(request.user.iter().map(one).collect())
}

async fn start_function(
    bundle: &Bundle,
    (logic, custom): (&[u8], &[(String, Vec<u8>)]),
    arguments: &DevArguments,
    store: &Store,
) -> Result<Function, Failure> {
    let start = Start {
        binary: &arguments.trigger,
        logic,
        custom,
        bundle: Some(&bundle.to_text()),
        endpoint: store.endpoint(),
        settings: &[],
    };
    Function::start(&start).await
}

fn read_event(text: &str) -> Result<event::TriggerEvent<'_>, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    event::read(text, now).map_err(|error| error.to_string())
}

fn user_name(request: &claim_core::TokenRequest) -> &str {
    request.user.as_ref().map_or("a machine", |user| user.name.as_deref().unwrap_or("a user without a name"))
}

/// Returns the tokens before and after, as Cognito makes them from the function's answer.
pub(crate) fn tokens(before: &event::TriggerEvent<'_>, answer: &str) -> Result<(Tokens, Tokens), Failure> {
    let response = json::members(answer)
        .ok()
        .and_then(|members| members.into_iter().find(|member| member.name == "response"))
        .and_then(|member| json::read(member.text).ok())
        .unwrap_or_default();
    let version = before.request.version;
    let shape = read_response(version, &response)
        .ok_or("the function's answer has not the form that cognito asks for")?;
    let plain = plain_tokens(&before.request);
    let shaped = apply(version, &plain, &shape);
    Ok((plain, shaped))
}

fn show(before: &event::TriggerEvent<'_>, answer: &str, ink: Ink) -> Result<(), Failure> {
    let (plain, shaped) = tokens(before, answer)?;
    let empty = Object::new();
    for (title, plain, shaped) in [
        ("ID token", plain.id.as_ref(), shaped.id.as_ref()),
        ("Access token", Some(&plain.access), Some(&shaped.access)),
    ] {
        let (Some(_), Some(shaped)) = (plain, shaped) else {
            say(&format!("\n{}: none", ink.strong(title)));
            continue;
        };
        let plain = plain.unwrap_or(&empty);
        say(&format!("\n{} before", ink.strong(title)));
        for (name, value) in plain {
            say(&ink.quiet(&format!("    {name} {value}")));
        }
        say(&format!("{} after", ink.strong(title)));
        for change in between(plain, shaped) {
            say(&line(&change, ink));
        }
    }
    say("");
    Ok(())
}

/// Both tokens as one JSON object, for `--serve`.
pub(crate) fn tokens_json(before: &event::TriggerEvent<'_>, answer: &str) -> Result<Value, Failure> {
    let (plain, shaped) = tokens(before, answer)?;
    let both = |tokens: Tokens| {
        let mut members = Object::from([("access".to_owned(), tokens.access.into())]);
        members.extend(tokens.id.map(|id| ("id".to_owned(), id.into())));
        Value::Object(members)
    };
    Ok(Value::Object(Object::from([("before".to_owned(), both(plain)), ("after".to_owned(), both(shaped))])))
}
