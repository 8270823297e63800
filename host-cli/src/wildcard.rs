//! Patterns of IAM: `*` stands for any text.

/// Whether a pattern stands for a text.
#[must_use]
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(before) = last.replace(part) {
            let Some((_, after)) = rest.split_once(before) else {
                return false;
            };
            rest = after;
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text, want) in [
            ("arn:a", "arn:a", true),
            ("arn:a", "arn:ab", false),
            ("arn:*", "arn:a", true),
            ("arn:*/authorizers/x", "arn:api/authorizers/x", true),
            ("arn:*/authorizers/x", "arn:api/authorizers/y", false),
            ("*:a:*:c", "arn:a:b:c", true),
            ("*:a:*:c", "arn:b:b:c", false),
            ("a*b*b", "ab", false),
            ("a*b*b", "abb", true),
            ("*", "anything", true),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, text), want, "{pattern} {text}");
        }
    }
}
