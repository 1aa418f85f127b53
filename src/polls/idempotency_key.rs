//! The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). With it a client names its vote, so that
//! the vote can be sent again and is counted once.

use actix_web::http::header::{HeaderMap, HeaderName};

static HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// 22 to 255 printable ASCII characters. 22 is the number of base64 characters for 128 random bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The header exists, but is not a valid key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedKey;

impl IdempotencyKey {
    /// The key of a request; None without the header.
    ///
    /// # Errors
    /// [`MalformedKey`] if the header is not a valid key, or is there twice.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, MalformedKey> {
        let mut values = headers.get_all(&HEADER);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => Self::parse(value.as_bytes()).map(Some),
            (Some(_), Some(_)) => Err(MalformedKey),
        }
    }

    /// The draft requires a quoted string (RFC 8941 §3.3.3). Many clients send the characters without quotes, which is
    /// accepted as the same key.
    fn parse(value: &[u8]) -> Result<Self, MalformedKey> {
        let value = value.trim_ascii();
        let key = match value.strip_prefix(b"\"") {
            Some(quoted) => unquoted(quoted)?,
            // Two header lines that a web server has joined into one.
            None if value.windows(2).any(|two| two == b", ") => return Err(MalformedKey),
            None => value.to_vec(),
        };
        let is_key = (22..=255).contains(&key.len()) && key.iter().all(|byte| matches!(byte, b' '..=b'~'));
        let key = String::from_utf8(key).ok().filter(|_| is_key);
        key.map(Self).ok_or(MalformedKey)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads the string after its opening quote. Nothing may follow the closing quote.
fn unquoted(text: &[u8]) -> Result<Vec<u8>, MalformedKey> {
    let mut key = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    loop {
        match bytes.next() {
            Some(b'"') if bytes.as_slice().is_empty() => return Ok(key),
            Some(b'"') | None => return Err(MalformedKey),
            Some(b'\\') => match bytes.next() {
                Some(byte @ (b'"' | b'\\')) => key.push(*byte),
                _ => return Err(MalformedKey),
            },
            Some(byte) => key.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(value: &[u8]) -> Option<String> {
        IdempotencyKey::parse(value).ok().map(|key| key.0)
    }

    #[test]
    fn a_key_may_be_quoted_or_bare_and_is_the_same() {
        let plain = "8e03978e-40d5-43dd-bc93-6894a57f9324";
        assert_eq!(key(plain.as_bytes()).as_deref(), Some(plain));
        assert_eq!(key(format!("\"{plain}\"").as_bytes()).as_deref(), Some(plain));
        assert_eq!(key(br#""a \"quoted\" part and \\ in it""#).as_deref(), Some(r#"a "quoted" part and \ in it"#));
    }

    #[test]
    fn a_key_has_22_to_255_printable_characters() {
        for length in [22, 255] {
            assert!(key("k".repeat(length).as_bytes()).is_some(), "{length}");
            assert!(key(format!("\"{}\"", "\\\"".repeat(length)).as_bytes()).is_some(), "{length}");
        }
        for length in [0, 1, 21, 256, 5000] {
            assert_eq!(key("k".repeat(length).as_bytes()), None, "{length}");
            assert_eq!(key(format!("\"{}\"", "k".repeat(length)).as_bytes()), None, "{length}");
        }
        for odd in
            [&b"tab\there and long enough"[..], b"caf\xc3\xa9 and long enough now", b"\x7f is long enough to be one"]
        {
            assert_eq!(key(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn what_is_no_string_or_more_than_one_is_no_key() {
        let plain = "8e03978e-40d5-43dd-bc93-6894a57f9324";
        for wrong in [
            format!("\"{plain}"),
            format!("\"{plain}\\\""),
            format!("\"{plain}\" \"{plain}\""),
            format!("\"{plain}\", \"{plain}\""),
            format!("\"{plain}\\n\""),
            format!("{plain}, {plain}"),
        ] {
            assert_eq!(key(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
