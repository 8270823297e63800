//! The function that answers API Gateway and AppSync: wiring only.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use host_lambda::authorizer::{Authorizer, Options};
use host_lambda::engine::{Logic, LogicEngine};
use host_lambda::function::run;
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
    let bundle = read(&settings.bundle)?;
    let verifier = verifier(&settings)?;
    // The keys come over the network while the component is loaded.
    let fetching = tokio::spawn({
        let verifier = Arc::clone(&verifier);
        async move { verifier.prepare(SystemTime::now()).await }
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

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))
}

fn verifier(settings: &AuthorizerSettings) -> Result<Arc<dyn TokenVerifier>, String> {
    let leeway = Leeway { expiry: settings.leeway, ..Leeway::default() };
    let given = settings.keys.as_deref().map(read).transpose()?;
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

fn load(path: &Path, bundle: String) -> Result<Logic, String> {
    let engine = LogicEngine::start().map_err(|error| error.to_string())?;
    let logic = Logic::load(&engine, path, bundle).map_err(|error| error.to_string())?;
    // Asked once at start, so that a bundle which the component refuses fails the deployment and not a call.
    logic.session().map_err(|error| error.to_string())?;
    Ok(logic)
}
