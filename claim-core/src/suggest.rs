//! What a misspelt name was meant to be.

/// Returns the known name nearest to `name`, if it is near enough to be meant.
#[must_use]
pub(crate) fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody means a name by one that long, and the distance takes the product of both lengths.
    if name.len() > 256 {
        return None;
    }
    let length = name.chars().count();
    // A single letter is as near to any other.
    let allowed: usize = match length {
        0 | 1 => 0,
        2 | 3 => 1,
        4..=8 => 2,
        _ => 3,
    };
    known
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= allowed.saturating_mul(4))
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The edit distance of Levenshtein, blind to case.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        for (b, above) in b.iter().zip(row.iter_mut().skip(1)) {
            let replaced = diagonal.saturating_add(usize::from(a != *b));
            diagonal = *above;
            left = replaced.min(left.saturating_add(1)).min(above.saturating_add(1));
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_what_was_meant() {
        let known = ["from", "value", "expression", "default", "tokens"];
        assert_eq!(closest("form", known), Some("from"));
        assert_eq!(closest("expresion", known), Some("expression"));
        assert_eq!(closest("Default", known), Some("default"));
        assert_eq!(closest("zzz", known), None);
    }
}
