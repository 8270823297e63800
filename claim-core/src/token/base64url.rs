//! base64url without padding (RFC 4648, section 5), in its one spelling: no other letters, no stray bits.

use alloc::vec::Vec;

/// Decodes a text; none if it is not base64url.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len().saturating_mul(3) / 4);
    for group in text.as_bytes().chunks(4) {
        let mut bits: u32 = 0;
        for letter in group {
            bits = (bits << 6) | u32::from(value(*letter)?);
        }
        // The letters that a last group lacks count as zeros.
        for _ in group.len()..4 {
            bits <<= 6;
        }
        let [_, first, second, third] = bits.to_be_bytes();
        match group.len() {
            4 => bytes.extend([first, second, third]),
            3 if third == 0 => bytes.extend([first, second]),
            2 if second == 0 && third == 0 => bytes.push(first),
            // A single letter is no byte, and bits that belong to none would give a token a second spelling.
            _ => return None,
        }
    }
    Some(bytes)
}

const fn value(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter.wrapping_sub(b'A'),
        b'a'..=b'z' => letter.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => letter.wrapping_sub(b'0').wrapping_add(52),
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes_one_spelling_of_each_text() {
        for (text, want) in
            [("", Some(&b""[..])), ("Zg", Some(b"f")), ("Zm8", Some(b"fo")), ("Zm9v", Some(b"foo"))]
        {
            assert_eq!(decode(text).as_deref(), want, "{text}");
        }
        assert_eq!(decode("-_-_").as_deref(), Some(&[0xfb, 0xff, 0xbf][..]));
        for bad in ["Z", "Zh", "Zm9", "Zg==", "Zm9v=", "+/+/", "Zm 9v", "Zm9v\n", "Zmé"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
