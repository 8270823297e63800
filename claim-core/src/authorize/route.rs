//! Which calls a route means.

use crate::contract::Route;
use crate::json::Object;

/// Returns the values of a route's parameters, if the route means the call.
pub(super) fn parameters(route: &Route, method: &str, path: &str) -> Option<Object> {
    if !of_method(route, method) {
        return None;
    }
    let mut parameters = Object::new();
    let (mut pattern, mut path) = (route.path(), path);
    // No `*` stands before a parameter, so that what does is plain text.
    while let Some((before, rest)) = pattern.split_once('{') {
        let (name, after) = rest.split_once('}')?;
        path = path.strip_prefix(before)?;
        let end = path.find('/').unwrap_or(path.len());
        let value = path.get(..end).filter(|value| !value.is_empty())?;
        parameters.insert(name.to_owned(), value.into());
        path = path.get(end..)?;
        pattern = after;
    }
    wildcard(pattern, path).then_some(parameters)
}

/// Whether a route may mean one of the calls that a path with wildcards stands for. When in doubt, it may.
pub(super) fn may_meet(route: &Route, method: &str, path: &str) -> bool {
    let fixed = |pattern: &str| pattern.split(['*', '{']).next().unwrap_or_default().len();
    let (ours, theirs) = (route.path(), path);
    let (ours, theirs) =
        (ours.get(..fixed(ours)).unwrap_or_default(), theirs.get(..fixed(theirs)).unwrap_or_default());
    of_method(route, method) && (ours.starts_with(theirs) || theirs.starts_with(ours))
}

/// Whether every call that the inner route means is one that the outer route means too. Neither has a parameter.
pub(super) fn covers(outer: &Route, inner: &Route) -> bool {
    // A `*` of the inner path is only matched by a `*` of the outer one, which takes it for any character.
    of_method(outer, inner.method())
        && outer.path().is_empty() == inner.path().is_empty()
        && wildcard(outer.path(), inner.path())
}

/// Whether a route may mean more than one call, and so cover another.
pub(super) fn is_wide(route: &Route) -> bool {
    route.method() == "*" || route.path().contains('*')
}

/// Whether a route speaks of a method: `*` of every one of HTTP, and of none of the gateways' own, as `$connect`.
fn of_method(route: &Route, method: &str) -> bool {
    route.method() == method || (route.method() == "*" && !method.starts_with('$'))
}

/// Matches as IAM does: `*` stands for any text, also none and also across `/`. Takes time in proportion to both lengths.
fn wildcard(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    // What stands between two stars is taken where it is met first, which leaves most to what comes after it.
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::parameters;
    use crate::contract::Route;
    use crate::json::Value;

    fn matched(route: &str, method: &str, path: &str) -> Option<String> {
        let route = Route::parse(route).unwrap();
        parameters(&route, method, path).map(|parameters| Value::Object(parameters).to_string())
    }

    #[test]
    fn routes_mean_what_iam_means() {
        for (route, method, path, want) in [
            ("GET /*", "GET", "/", true),
            ("GET /*", "GET", "/a/b", true),
            ("GET /*", "POST", "/a", false),
            ("* /a", "PUT", "/a", true),
            ("* /*", "$connect", "", false),
            ("$connect", "$connect", "", true),
            ("GET /orders/*", "GET", "/orders", false),
            ("GET /orders/*", "GET", "/orders/7/items", true),
            ("GET /*/items", "GET", "/orders/7/items", true),
            ("GET /a*c*e", "GET", "/abcde", true),
            ("GET /a*c*e", "GET", "/abcd", false),
            ("GET /a", "GET", "/a/", false),
        ] {
            assert_eq!(matched(route, method, path).is_some(), want, "{route} {method} {path}");
        }
    }

    #[test]
    fn a_parameter_is_one_segment() {
        assert_eq!(matched("GET /t/{t}/o/{o}", "GET", "/t/a/o/b").as_deref(), Some(r#"{"o":"b","t":"a"}"#));
        assert_eq!(matched("GET /t/{t_1}", "GET", "/t/a").as_deref(), Some(r#"{"t_1":"a"}"#));
        assert_eq!(matched("GET /t/{t}", "GET", "/t/a/b"), None);
        assert_eq!(matched("GET /t/{t}", "GET", "/t/"), None);
        assert_eq!(matched("GET /t/{t}/*", "GET", "/t/a/b/c").as_deref(), Some(r#"{"t":"a"}"#));
        assert_eq!(matched("GET /t/{t}", "GET", "/u/a"), None);
        for bad in [
            "/a",
            "get /a",
            "GET a",
            "GET /a?b",
            "GET /${x}",
            "GET /a{b}",
            "GET /{}",
            "GET /{a-b}",
            "GET /*/{a}",
            "",
        ] {
            assert!(Route::parse(bad).is_err(), "{bad}");
        }
    }
}
