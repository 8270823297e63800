//! The function that answers API Gateway and AppSync: wiring only.

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use host_lambda::authorizer::{Authorizer, Failure, Options};
use host_lambda::engine::{Logic, LogicEngine};
use host_lambda::keys::{Ages, HttpsSource};
use host_lambda::log::Line;
use host_lambda::settings::AuthorizerSettings;
use host_lambda::verify::{Leeway, Verifier, given_keys};
use lambda_runtime::{Diagnostic, Error, LambdaEvent, service_fn};
use serde_json::value::RawValue;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match start().await {
        Ok(authorizer) => serve(authorizer).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            Line::new("error", "the function cannot run").with("detail", error.to_string()).write();
            ExitCode::FAILURE
        }
    }
}

async fn serve(authorizer: Authorizer) -> Result<(), Error> {
    let authorizer = Arc::new(authorizer);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let authorizer = Arc::clone(&authorizer);
        async move {
            let (payload, context) = event.into_parts();
            let answer = authorizer
                .handle(payload.get(), &context.request_id, SystemTime::now())
                .await
                .map_err(|failure| diagnostic(&failure))?;
            RawValue::from_string(answer).map_err(|error| Diagnostic::from(error.to_string()))
        }
    }))
    .await
}

async fn start() -> Result<Authorizer, Error> {
    let settings = AuthorizerSettings::read(|name| std::env::var(name).ok())?;
    let read = |path: &std::path::Path| {
        fs::read_to_string(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))
    };
    let bundle = read(&settings.bundle)?;
    let given = settings.keys.as_deref().map(read).transpose()?;
    let given = given.as_deref().map(given_keys).transpose()?.unwrap_or_default();
    let leeway = Leeway { expiry: settings.leeway, ..Leeway::default() };
    let verifier = Verifier::from_settings(
        &settings.issuers,
        given,
        &(Arc::new(HttpsSource::default()) as _),
        Ages::default(),
        leeway,
    )?;
    // The keys come over the network while the component is loaded.
    let verifier = Arc::new(verifier);
    let fetching = tokio::spawn({
        let verifier = Arc::clone(&verifier);
        async move { verifier.prefetch(SystemTime::now()).await }
    });
    let loading = tokio::task::spawn_blocking({
        let (logic, bundle) = (settings.logic.clone(), bundle.clone());
        move || load(&logic, bundle)
    });
    let logic = loading.await.map_err(|error| error.to_string())??;
    // A pool that does not answer is no reason not to start: the first token asks again.
    fetching.await.unwrap_or_default();
    let options = Options {
        token_from: settings.token_from,
        appsync_prefix: settings.appsync_prefix,
        simple: settings.simple,
        appsync_ttl: settings.appsync_ttl,
    };
    Ok(Authorizer::new(logic, &bundle, verifier, options))
}

fn load(path: &std::path::Path, bundle: String) -> Result<Logic, String> {
    let engine = LogicEngine::start().map_err(|error| error.to_string())?;
    let logic = Logic::load(&engine, path, bundle).map_err(|error| error.to_string())?;
    // Asked once at start, so that a bundle which the component refuses fails the deployment and not a call.
    logic.session().map_err(|error| error.to_string())?;
    Ok(logic)
}

fn diagnostic(failure: &Failure) -> Diagnostic {
    Diagnostic { error_type: failure.code().to_owned(), error_message: failure.to_string() }
}
