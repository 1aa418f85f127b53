//! Request headers that are lists (RFC 9110 §5.6.1), read member by member: a member that is not text or cannot be
//! parsed is left out, and the others still count.

use std::str::FromStr;

use actix_web::http::header::{HeaderMap, HeaderName, Quality, QualityItem};

/// The members, from all lines of a header, that are valid UTF-8.
pub fn members<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let members = headers.get_all(name).flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    members.filter_map(|member| std::str::from_utf8(member.trim_ascii()).ok())
}

/// The values that a header accepts, without their other parameters, and the quality value of each (RFC 9110 §12.4.2);
/// 0 means that the value is not accepted.
pub fn accepted<T: FromStr>(headers: &HeaderMap, name: &HeaderName) -> impl Iterator<Item = (T, Quality)> {
    members(headers, name).filter_map(|member| {
        let QualityItem { item: Bare(item), quality } = member.parse().ok()?;
        Some((item, quality))
    })
}

/// A value without the parameters that may follow it.
struct Bare<T>(T);

impl<T: FromStr> FromStr for Bare<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        text.split(';').next().unwrap_or_default().trim().parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderValue, q};

    use super::*;

    fn accepted_by(value: &[u8]) -> Vec<(String, Quality)> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_bytes(value).unwrap());
        accepted(&headers, &ACCEPT_LANGUAGE).collect()
    }

    #[test]
    fn every_member_that_can_be_read_is() {
        let both = [("ko".to_owned(), Quality::MAX), ("en".to_owned(), q(0.5))];
        assert_eq!(accepted_by(b"ko, en;q=0.5"), both);
        assert_eq!(accepted_by(b"ko;q=1,en; q=0.5"), both);
        assert_eq!(accepted_by(b"\xff, ko, \x80;q=1, en;q=0.5, fr;q=nonsense, de;q=2"), both);
        assert_eq!(accepted_by(b"ko;q=0"), [("ko".to_owned(), Quality::ZERO)]);
    }
}
