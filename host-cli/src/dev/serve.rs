//! `claims dev --serve`: sign-ins, a sample API, keys and pages on one local address, until the command is interrupted.

mod files;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use claim_core::json::Value;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::issuer::{Issuer, POOL};
use super::journal::{Journal, Kind, Level};
use super::live::{Live, Parts};
use super::{Answer, gateway, read_event, sign_in, tokens_json, watch};
use crate::Failure;
use crate::logic::ContractLogic;
use crate::render::say;

/// All that is served.
#[derive(Debug)]
pub(super) struct Dev {
    pub(super) contract: PathBuf,
    pub(super) parts: Parts,
    pub(super) issuer: Issuer,
    pub(super) journal: Journal,
    pub(super) clients: Vec<String>,
    pub(super) users: Value,
    pub(super) pages: Option<PathBuf>,
    pub(super) address: String,
    /// What runs now.
    live: RwLock<Arc<Live>>,
    /// What the compiler says of the saved contract, if it does not compile.
    problem: RwLock<Option<String>>,
}

/// What a server is started with.
pub(super) struct Settings {
    pub(super) contract: PathBuf,
    pub(super) bundle: claim_core::Bundle,
    pub(super) custom: ContractLogic,
    pub(super) parts: Parts,
    pub(super) clients: Vec<String>,
    pub(super) users: Value,
    pub(super) pages: Option<PathBuf>,
}

impl Dev {
    pub(super) fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets another state of the contract take over. Whoever is being answered is answered by the one before.
    pub(super) fn go_live(&self, live: Live) {
        let revision = live.revision;
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(live);
        self.set_problem(None);
        self.journal.revision(revision);
    }

    pub(super) fn set_problem(&self, problem: Option<String>) {
        *self.problem.write().unwrap_or_else(PoisonError::into_inner) = problem;
    }

    fn state(&self) -> Value {
        let live = self.live();
        let digest = live.bundle.digest();
        let problem = self.problem.read().unwrap_or_else(PoisonError::into_inner).clone();
        let texts = |texts: Vec<String>| texts.into_iter().map(Value::from).collect::<Value>();
        let rules = live.bundle.authorize.iter().flat_map(|authorize| &authorize.rules);
        let mut routes: Vec<String> =
            rules.flat_map(|rule| rule.routes.iter().map(ToString::to_string)).collect();
        routes.sort();
        routes.dedup();
        Value::from([
            ("clients", texts(self.clients.clone())),
            (
                "contract",
                Value::from([
                    ("digestShort", digest.chars().take(12).collect::<String>().into()),
                    ("path", self.contract.display().to_string().into()),
                    ("sha256", digest.into()),
                ]),
            ),
            ("keys", texts(self.issuer.names())),
            ("playground", self.pages.is_some().into()),
            ("problem", problem.map_or(Value::Null, Value::from)),
            ("revision", live.revision.into()),
            ("routes", texts(routes)),
            ("triggerVersions", texts(["V1", "V2", "V3"].map(str::to_owned).to_vec())),
            ("users", self.users.clone()),
        ])
    }
}

/// Serves until Ctrl-C.
pub(super) async fn until_interrupted(settings: Settings) -> Result<(), Failure> {
    let Settings { contract, bundle, custom, mut parts, clients, users, pages } = settings;
    if let Some(pages) = pages.as_ref().filter(|pages| !pages.join("index.html").is_file()) {
        return Err(format!(
            "`{}` has no `index.html`; `cargo xtask pack` makes the playground's folder",
            pages.display()
        ));
    }
    let no_port = |error| format!("no local port: {error}");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(no_port)?;
    let address = listener.local_addr().map_err(no_port)?.to_string();
    parts.issuers = format!("http://{address}/{POOL}={}", clients.join(","));

    // The keys are asked for while the authorizer starts, so they are served before anything else.
    let issuer = Issuer::new()?;
    let journal = Journal::new();
    let (listener, first) = serve_keys(listener, &issuer, Live::start(&parts, bundle, &custom, 1)).await?;
    let dev = Arc::new(Dev {
        contract,
        parts,
        issuer,
        journal,
        clients,
        users,
        pages,
        address: address.clone(),
        live: RwLock::new(Arc::new(first)),
        problem: RwLock::new(None),
    });
    say(&format!("listening  http://{address}/"));
    say("           sign in there, look at the tokens, call the sample API");
    if dev.pages.is_some() {
        say(&format!("           the playground: http://{address}/playground/"));
    }
    say(&format!(
        "           or: curl --data @event.json -H 'content-type: application/json' http://{address}/sign-in"
    ));
    say(&format!("watching   {}: what is saved is live at once; Ctrl-C ends it\n", dev.contract.display()));

    let router = router(&dev);
    let server = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
    let watcher = tokio::spawn(watch::watch(Arc::clone(&dev)));
    let ended = until_told().await;
    watcher.abort();
    server.abort();
    ended.map_err(|error| format!("nothing can be heard that ends it: {error}"))
}

/// Waits for Ctrl-C, for the end of the terminal, or for whoever ends processes.
async fn until_told() -> std::io::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = hangup.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    }
}

/// Serves the keys while the functions start, and gives the listener back.
async fn serve_keys(
    listener: TcpListener,
    issuer: &Issuer,
    starting: impl Future<Output = Result<Live, Failure>>,
) -> Result<(TcpListener, Live), Failure> {
    let lost = |error: std::io::Error| format!("the local port is lost: {error}");
    let listener = listener.into_std().map_err(lost)?;
    let serving = listener.try_clone().and_then(TcpListener::from_std).map_err(lost)?;
    let keys = issuer.key_set().to_string();
    let router = Router::new().route(&key_path(), get(move || async move { json(StatusCode::OK, keys) }));
    let server = tokio::spawn(async move { drop(axum::serve(serving, router).await) });
    let live = starting.await;
    server.abort();
    Ok((TcpListener::from_std(listener).map_err(lost)?, live?))
}

fn key_path() -> String {
    format!("/{POOL}/.well-known/jwks.json")
}

fn router(dev: &Arc<Dev>) -> Router {
    Router::new()
        .route("/sign-in", post(answer_event))
        .route("/dev/state", get(|State(dev): State<Arc<Dev>>| async move { shown(&dev.state()) }))
        .route("/dev/events", get(events))
        .route("/dev/sign-in", post(sign_in_page))
        .route("/dev/rotate", post(rotate))
        .route(&key_path(), get(|State(dev): State<Arc<Dev>>| async move { shown(&dev.issuer.key_set()) }))
        .route("/api/{*path}", any(call))
        .merge(files::router(dev.pages.as_deref()))
        .layer(middleware::from_fn_with_state(dev.address.clone(), only_local))
        .with_state(Arc::clone(dev))
}

/// Turns away web pages of other sites, which could otherwise reach this port through the browser.
async fn only_local(State(own): State<String>, headers: HeaderMap, request: Request, next: Next) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let foreign = headers.contains_key(header::ORIGIN)
        && text(header::ORIGIN).and_then(|origin| origin.strip_prefix("http://")) != Some(own.as_str());
    if text(header::HOST) != Some(own.as_str()) || foreign {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

fn json(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], text)
        .into_response()
}

fn shown(value: &Value) -> Response {
    json(StatusCode::OK, value.to_string())
}

/// A browser asks before it sends this type across sites, and is told no.
fn is_json(headers: &HeaderMap) -> bool {
    let content = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content.is_some_and(|content| content.split(';').next().unwrap_or_default().trim() == "application/json")
}

/// Reads the body of a request of the page's own.
fn body_of(headers: &HeaderMap, body: &Bytes) -> Result<String, (StatusCode, &'static str)> {
    if !is_json(headers) {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json"));
    }
    String::from_utf8(body.to_vec()).map_err(|_| (StatusCode::BAD_REQUEST, "the body is not utf-8"))
}

async fn sign_in_page(State(dev): State<Arc<Dev>>, headers: HeaderMap, body: Bytes) -> Response {
    match body_of(&headers, &body) {
        Ok(asked) => {
            let live = dev.live();
            let (status, shown) =
                sign_in::sign_in(&live, &dev.issuer, &dev.address, &dev.journal, &asked).await;
            json(status, shown.to_string())
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// Answers an event as it is, for scripts.
async fn answer_event(State(dev): State<Arc<Dev>>, body: Bytes) -> Response {
    let Ok(event) = String::from_utf8(body.to_vec()) else {
        return (StatusCode::BAD_REQUEST, "the event is not utf-8").into_response();
    };
    let error =
        |text: String| json(StatusCode::BAD_GATEWAY, Value::from([("error", text.into())]).to_string());
    match dev.live().trigger.invoke(&event).await {
        Ok((Answer::Response(answer), _)) => {
            match read_event(&event).and_then(|before| tokens_json(&before, &answer)) {
                Ok(tokens) => shown(&tokens),
                Err(failure) => error(failure),
            }
        }
        // What Cognito answers when the trigger fails.
        Ok((Answer::Error(text), _)) => json(StatusCode::BAD_REQUEST, text),
        Err(failure) => error(failure),
    }
}

async fn rotate(State(dev): State<Arc<Dev>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(refusal) = body_of(&headers, &body) {
        return refusal.into_response();
    }
    // Making a key takes a while of computing.
    let made = tokio::task::spawn_blocking({
        let dev = Arc::clone(&dev);
        move || dev.issuer.rotate()
    });
    match made.await {
        Ok(Ok(())) => {
            let names = dev.issuer.names();
            dev.journal.note(
                Kind::Keys,
                Level::Ok,
                &format!("tokens are signed with {}", names.join(", before ")),
            );
            shown(&Value::from([("keys", names.into())]))
        }
        _ => json(
            StatusCode::INTERNAL_SERVER_ERROR,
            Value::from([("error", "no key was made".into())]).to_string(),
        ),
    }
}

async fn call(
    State(dev): State<Arc<Dev>>,
    method: Method,
    Path(path): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    // As it was sent: a gateway does not decode the path that it writes into the ARN.
    let path = uri.path().strip_prefix("/api").map_or_else(|| format!("/{path}"), str::to_owned);
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let live = dev.live();
    let (status, body) = gateway::call(&live, &dev.journal, method.as_str(), &path, authorization).await;
    json(status, body.to_string())
}

/// What happens, as it happens.
async fn events(State(dev): State<Arc<Dev>>) -> Response {
    let stream = futures_util::stream::unfold(dev.journal.listen(), |mut notices| async move {
        loop {
            match notices.recv().await {
                Ok(notice) => {
                    let event = Event::default().event(notice.event).data(notice.data);
                    return Some((Ok::<_, std::convert::Infallible>(event), notices));
                }
                // Whoever is too far behind has missed some lines.
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return None,
            }
        }
    });
    let mut response = Sse::new(stream).keep_alive(KeepAlive::default()).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
