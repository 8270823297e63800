//! The pages: the one to sign in, which is in the binary, and the playground, which is a folder.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::services::ServeDir;

use super::Dev;

/// Nothing but what this server serves, and nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = include_str!("../pages/sign-in.html");
const STYLE: &str = include_str!("../pages/sign-in.css");
const SCRIPT: &str = include_str!("../pages/sign-in.js");

/// Serves the page, and a folder of further pages if there is one.
pub(super) fn router(folder: Option<&Path>) -> Router<Arc<Dev>> {
    let mut router = Router::new()
        .route("/", get(|| async { file("text/html; charset=utf-8", PAGE.to_owned()) }))
        .route("/sign-in.css", get(|| async { file("text/css; charset=utf-8", STYLE.to_owned()) }))
        .route("/sign-in.js", get(|| async { file("text/javascript; charset=utf-8", SCRIPT.to_owned()) }));
    if let Some(folder) = folder {
        let package = folder.join("pkg/dist");
        let element =
            std::fs::read_to_string(package.join("element.js")).ok().map(|module| with_paths(&module));
        router = router
            .route(
                "/pkg/element.js",
                get(|| async move {
                    match element {
                        Some(element) => file("text/javascript; charset=utf-8", element),
                        None => StatusCode::NOT_FOUND.into_response(),
                    }
                }),
            )
            .nest_service("/pkg", ServeDir::new(package))
            .nest_service("/playground", ServeDir::new(folder));
    }
    router
}

/// The package's names as addresses: a page whose policy allows nothing inline has no import map. The core in JavaScript
/// does without WebAssembly, which the policy refuses too.
fn with_paths(module: &str) -> String {
    module
        .replace("from\"claimwright\"", "from\"./plain.js\"")
        .replace("from \"claimwright\"", "from \"./plain.js\"")
}

fn file(kind: &'static str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}
