//! The Lambda Runtime API on loopback, as a function sees it: one invocation at a time.
//!
//! Source: *Using the Lambda runtime API for custom runtimes*, AWS Lambda Developer Guide,
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::Failure;

/// Cognito waits five seconds.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What a function makes of an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Answer {
    /// Its response.
    Response(String),
    /// Its error, as JSON: `errorType` and `errorMessage`.
    Error(String),
}

/// A running API.
#[derive(Debug)]
pub struct RuntimeApi {
    address: SocketAddr,
    invocations: mpsc::Sender<Invocation>,
    server: JoinHandle<()>,
    count: std::sync::atomic::AtomicU64,
    ready: Arc<Notify>,
}

#[derive(Debug)]
struct Invocation {
    id: String,
    event: Bytes,
    answer: oneshot::Sender<Answer>,
}

struct Shared {
    invocations: Mutex<mpsc::Receiver<Invocation>>,
    /// The invocation that the function works on.
    current: Mutex<Option<(String, oneshot::Sender<Answer>)>>,
    /// Told when the function asks for an event.
    ready: Arc<Notify>,
}

impl RuntimeApi {
    /// Starts the API.
    ///
    /// # Errors
    ///
    /// Returns a sentence if there is no local port.
    pub async fn start() -> Result<Self, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(|error| format!("no local port: {error}"))?;
        let address = listener.local_addr().map_err(|error| format!("no local port: {error}"))?;
        let (invocations, receiver) = mpsc::channel(16);
        let ready = Arc::new(Notify::new());
        let shared = Arc::new(Shared {
            invocations: Mutex::new(receiver),
            current: Mutex::new(None),
            ready: Arc::clone(&ready),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(respond))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(fail))
            .route("/2018-06-01/runtime/init/error", post(fail_init))
            .layer(middleware::from_fn_with_state(address.to_string(), only_functions))
            .with_state(shared);
        let server = tokio::spawn(async move {
            // Ends with the task; a function that is still connected has no more to say.
            drop(axum::serve(listener, router).await);
        });
        Ok(Self { address, invocations, server, count: 0.into(), ready })
    }

    /// Waits until the function asks for its first event.
    pub async fn ready(&self) {
        self.ready.notified().await;
    }

    /// Returns where the API answers, as `AWS_LAMBDA_RUNTIME_API` says it.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Invokes the function and waits for its answer.
    ///
    /// # Errors
    ///
    /// Returns a sentence if the function does not answer within five seconds.
    pub async fn invoke(&self, event: impl Into<Bytes> + Send) -> Result<Answer, Failure> {
        let count = self.count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        let invocation = Invocation { id: format!("local-{count}"), event: event.into(), answer };
        // Both wait for the function: one that has ended takes no invocation either.
        let answer = async {
            self.invocations.send(invocation).await.map_err(|_| "the local runtime api has ended")?;
            answered.await.map_err(|_| "the function ended without an answer")
        };
        match tokio::time::timeout(TIMEOUT, answer).await {
            Ok(answer) => answer.map_err(str::to_owned),
            Err(_) => {
                Err("the function did not answer within five seconds, which is all that cognito waits"
                    .to_owned())
            }
        }
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Turns web pages away: a browser says in each request that it is one, or names another host.
async fn only_functions(
    State(own): State<String>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    let browser =
        ["origin", "sec-fetch-site", "sec-fetch-mode"].iter().any(|name| headers.contains_key(*name));
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    if browser || host != Some(own.as_str()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

async fn next(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    shared.ready.notify_one();
    let Some(invocation) = shared.invocations.lock().await.recv().await else {
        return Err(StatusCode::GONE);
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let deadline = now.saturating_add(TIMEOUT);
    *shared.current.lock().await = Some((invocation.id.clone(), invocation.answer));
    let header = |name: &'static str, value: String| (HeaderName::from_static(name), value);
    let headers = [
        header("lambda-runtime-aws-request-id", invocation.id),
        header("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:111122223333:function:local".to_owned(),
        ),
        header("content-type", "application/json".to_owned()),
    ];
    Ok((headers, invocation.event))
}

async fn respond(State(shared): State<Arc<Shared>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    settle(&shared, &id, Answer::Response(text(&body))).await
}

async fn fail(State(shared): State<Arc<Shared>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    settle(&shared, &id, Answer::Error(text(&body))).await
}

/// A function that cannot start says why in its log, too, and then ends.
async fn fail_init() -> StatusCode {
    StatusCode::ACCEPTED
}

async fn settle(shared: &Shared, id: &str, answer: Answer) -> StatusCode {
    let current = shared.current.lock().await.take();
    match current {
        Some((current, sender)) if current == id => {
            // Whoever asked may have stopped waiting; the function has answered all the same.
            drop(sender.send(answer));
            StatusCode::ACCEPTED
        }
        _ => StatusCode::BAD_REQUEST,
    }
}

fn text(body: &Bytes) -> String {
    String::from_utf8_lossy(body).into_owned()
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::RuntimeApi;

    #[tokio::test]
    async fn web_pages_take_no_invocation_and_answer_none() {
        let api = RuntimeApi::start().await.unwrap();
        let ask = async |head: &str| {
            let mut stream = TcpStream::connect(api.address()).await.unwrap();
            let request = format!("{head}connection: close\r\ncontent-length: 2\r\n\r\n{{}}");
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer.split_whitespace().nth(1).unwrap_or_default().to_owned()
        };
        let own = api.address();
        let respond = "POST /2018-06-01/runtime/invocation/local-0/response HTTP/1.1\r\n";
        // Nothing was asked, so there is nothing to answer; but a function is heard.
        assert_eq!(ask(&format!("{respond}host: {own}\r\n")).await, "400");
        assert_eq!(ask(&format!("{respond}host: {own}\r\norigin: https://evil.example\r\n")).await, "403");
        assert_eq!(ask(&format!("{respond}host: evil.example\r\n")).await, "403");
        let next = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n";
        assert_eq!(ask(&format!("{next}host: {own}\r\nsec-fetch-site: cross-site\r\n")).await, "403");
    }
}
