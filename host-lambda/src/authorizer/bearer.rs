//! Where the token of a call stands.

use claim_core::json::Value;

use super::event::{Call, Kind};
use crate::settings::TokenFrom;

/// Finds the token of a call; none if it is not there, is there twice, or does not stand there as it must.
pub(super) fn token<'c>(
    call: &'c Call,
    places: &[TokenFrom],
    appsync_prefix: Option<&str>,
) -> Option<&'c str> {
    match call.kind {
        Kind::AppSync | Kind::AppSyncEvents => {
            let text = call.token.as_deref()?;
            let text = match appsync_prefix {
                Some(prefix) => text.strip_prefix(prefix)?,
                None => text,
            };
            // AppSync hands on the header as it is, with the scheme or without.
            Some(bearer(text).unwrap_or(text))
        }
        Kind::RestToken => bearer(call.token.as_deref()?),
        _ => places.iter().find_map(|place| at(call, place)),
    }
}

fn at<'c>(call: &'c Call, place: &TokenFrom) -> Option<&'c str> {
    let header = |name: &str| call.headers.iter().find(|(known, _)| known == name);
    match place {
        TokenFrom::Header(name) => match header(name) {
            Some((_, value)) => bearer(value.as_deref()?),
            // The gateway may hand on nothing but what it took for the token.
            None => bearer(call.token.as_deref().filter(|_| call.headers.is_empty())?),
        },
        TokenFrom::Query(name) => call.query.get(name).and_then(Value::as_str),
        TokenFrom::Protocol(name) => {
            let mut offered = header("sec-websocket-protocol")?.1.as_deref()?.split(',').map(str::trim);
            offered.by_ref().find(|offer| offer == name)?;
            offered.next()
        }
    }
}

/// Takes the token out of a header (RFC 6750): `Bearer` in any case, one blank, the token.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && !token.contains(' ')).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn one_scheme_one_blank_one_token() {
        assert_eq!(bearer("Bearer a.b.c"), Some("a.b.c"));
        assert_eq!(bearer("bEARER a"), Some("a"));
        for bad in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer  a",
            " Bearer a",
            "Bearer a b",
            "Basic a",
            "a.b.c",
            "Bearera",
            "Bearer\ta",
        ] {
            assert_eq!(bearer(bad), None, "{bad}");
        }
    }
}
