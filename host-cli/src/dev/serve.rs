//! `claims dev --serve`: events on a local address until the command is interrupted.

use std::net::Ipv4Addr;
use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use claim_core::json::{Object, Value};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tower_http::services::ServeDir;

use super::{Answer, Function, read_event, tokens_json};
use crate::Failure;
use crate::render::say;

type Question = (String, oneshot::Sender<(StatusCode, String)>);

/// Serves `POST /sign-in`, and a folder of pages if there is one, until Ctrl-C.
pub(super) async fn until_interrupted(function: &Function, pages: Option<&Path>) -> Result<(), Failure> {
    if let Some(pages) = pages.filter(|pages| !pages.join("index.html").is_file()) {
        return Err(format!(
            "`{}` has no `index.html`; `cargo xtask pack` makes the playground's folder",
            pages.display()
        ));
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(|error| format!("no local port: {error}"))?;
    let address = listener.local_addr().map_err(|error| format!("no local port: {error}"))?;
    say(&format!(
        "listening  http://{address}\n           try: curl --data @event.json -H 'content-type: application/json' \
         http://{address}/sign-in\n           {}Ctrl-C ends it",
        pages.map_or_else(String::new, |_| format!("the playground: http://{address}/\n           "))
    ));
    let (ask, mut questions) = mpsc::channel::<Question>(16);
    let own = format!("{address}");
    let mut router = Router::new().route("/sign-in", post(sign_in));
    if let Some(pages) = pages {
        router = router.fallback_service(ServeDir::new(pages));
    }
    let router = router.layer(middleware::from_fn_with_state(own, only_local)).with_state(ask);
    let server = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
    loop {
        tokio::select! {
            question = questions.recv() => match question {
                Some((event, answer)) => drop(answer.send(answered(function, &event).await)),
                None => break,
            },
            interrupted = tokio::signal::ctrl_c() => {
                interrupted.map_err(|error| format!("Ctrl-C cannot be heard: {error}"))?;
                break;
            }
        }
    }
    server.abort();
    Ok(())
}

/// Turns away web pages of other sites, which could otherwise reach this port through the browser.
async fn only_local(State(own): State<String>, headers: HeaderMap, request: Request, next: Next) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    if host != Some(own.as_str()) || headers.contains_key(header::ORIGIN) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

async fn sign_in(State(ask): State<mpsc::Sender<Question>>, body: Bytes) -> Response {
    let Ok(event) = String::from_utf8(body.to_vec()) else {
        return (StatusCode::BAD_REQUEST, "the event is not utf-8").into_response();
    };
    let (answer, answered) = oneshot::channel();
    if ask.send((event, answer)).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match answered.await {
        Ok((status, body)) => (status, [(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn answered(function: &Function, event: &str) -> (StatusCode, String) {
    let error = |status, text: String| {
        (status, Value::Object(Object::from([("error".to_owned(), text.into())])).to_string())
    };
    match function.invoke(event).await {
        Ok(Answer::Response(answer)) => {
            match read_event(event).and_then(|before| tokens_json(&before, &answer)) {
                Ok(tokens) => (StatusCode::OK, tokens.to_string()),
                Err(failure) => error(StatusCode::BAD_GATEWAY, failure),
            }
        }
        // What Cognito answers when the trigger fails.
        Ok(Answer::Error(text)) => (StatusCode::BAD_REQUEST, text),
        Err(failure) => error(StatusCode::BAD_GATEWAY, failure),
    }
}
