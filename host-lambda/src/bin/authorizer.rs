//! The function that answers API Gateway and AppSync: wiring only.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use host_lambda::authorizer::{Authorizer, Options};
use host_lambda::engine::{Logic, LogicEngine};
use host_lambda::function::{read_text, run};
use host_lambda::keys::{Ages, HttpsSource, KeySource};
use host_lambda::settings::{AuthorizerSettings, VerifierSetting};
use host_lambda::verify::{Leeway, TokenVerifier, Verifier, given_keys};
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    run(start().await).await
}

async fn start() -> Result<Authorizer, Error> {
    let settings = AuthorizerSettings::read(|name| std::env::var(name).ok())?;
    let verifier = verifier(&settings)?;
    // The keys come over the network while the component is loaded.
    let fetching = tokio::spawn({
        let verifier = Arc::clone(&verifier);
        async move { verifier.prepare(SystemTime::now()).await }
    });
    let loading = tokio::task::spawn_blocking({
        let (logic, bundle) = (settings.logic.clone(), settings.bundle.clone());
        move || load(&logic, bundle.as_deref())
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
    Ok(Authorizer::new(logic, verifier, options))
}

fn verifier(settings: &AuthorizerSettings) -> Result<Arc<dyn TokenVerifier>, String> {
    let leeway = Leeway { expiry: settings.leeway, ..Leeway::default() };
    let given = settings.keys.as_deref().map(read_text).transpose()?;
    match settings.verifier {
        VerifierSetting::Claimwright => {
            let given = given.as_deref().map(given_keys).transpose()?.unwrap_or_default();
            let source: Arc<dyn KeySource> = Arc::new(HttpsSource::default());
            Ok(Arc::new(Verifier::from_settings(&settings.issuers, given, &source, Ages::default(), leeway)?))
        }
        #[cfg(feature = "jsonwebtokens-cognito")]
        VerifierSetting::JsonwebtokensCognito if given.is_some() => Err(
            "jsonwebtokens-cognito takes no given keys; leave `CLAIMWRIGHT_KEYS` out, or use the verifier `claimwright`"
                .to_owned(),
        ),
        #[cfg(feature = "jsonwebtokens-cognito")]
        VerifierSetting::JsonwebtokensCognito => Ok(Arc::new(
            host_lambda::verify::JsonwebtokensCognito::from_settings(&settings.issuers, Ages::default(), leeway)?,
        )),
    }
}

fn load(path: &Path, bundle: Option<&Path>) -> Result<Logic, String> {
    let bundle = bundle.map(read_text).transpose()?;
    let engine = LogicEngine::of_function().map_err(|error| error.to_string())?;
    Logic::load(&engine, path, bundle).map_err(|error| error.to_string())
}
