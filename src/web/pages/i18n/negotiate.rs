//! Chooses the visitor's language: by the cookie of the language switch, then by `Accept-Language`.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap, Quality};

use super::Language;
use crate::web::http::list_header::accepted;

/// The cookie of the language switch, with Django's name; over TLS the name has a prefix
/// ([`crate::web::http::cookies`]).
pub const COOKIE: &str = "django_language";

/// The language to answer in.
pub fn choose(cookie: Option<&str>, headers: &HeaderMap, default: Language) -> Language {
    cookie.and_then(|tag| tag.parse().ok()).or_else(|| preferred(headers)).unwrap_or(default)
}

/// The language of this site with the highest quality, the first if several are equal (RFC 9110 §12.5.4).
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let mut best: Option<(Language, Quality)> = None;
    for (language, quality) in accepted::<Language>(headers, &ACCEPT_LANGUAGE) {
        if quality > best.map_or(Quality::ZERO, |(_, quality)| quality) {
            best = Some((language, quality));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn preferred(accept_language: &'static str) -> Option<Language> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accept_language));
        super::preferred(&headers)
    }

    #[test]
    fn the_highest_quality_wins_and_then_the_first() {
        assert_eq!(preferred("ko-KR,ko;q=0.9,en;q=0.8"), Some(Language::Korean));
        assert_eq!(preferred("fr, en-GB;q=0.5, ko;q=0.7"), Some(Language::Korean));
        assert_eq!(preferred("en, ko"), Some(Language::English));
        assert_eq!(preferred("ko;q=0, en;q=0.1"), Some(Language::English));
        assert_eq!(preferred("ko;q=nonsense"), None);
        assert_eq!(preferred("fr, *;q=0.5"), None);
        assert_eq!(preferred("korean"), None);
    }
}
