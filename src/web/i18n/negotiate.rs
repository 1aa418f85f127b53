//! Which language a visitor reads: the cookie of the language switch, then `Accept-Language`.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};

use super::Language;

/// The cookie of the language switch, named as Django's; over TLS with a prefix.
pub const COOKIE: &str = "django_language";

/// The language to answer in.
pub fn choose(cookie: Option<&str>, headers: &HeaderMap, default: Language) -> Language {
    cookie
        .and_then(Language::of_tag)
        .or_else(|| headers.get_all(ACCEPT_LANGUAGE).filter_map(|value| value.to_str().ok()).find_map(preferred))
        .unwrap_or(default)
}

/// The language of ours with the highest quality, the first of equals (RFC 9110 §12.5.4).
fn preferred(accept_language: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for range in accept_language.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if let Some(language) = Language::of_tag(tag)
            && quality > best.map_or(0.0, |(_, quality)| quality)
        {
            best = Some((language, quality));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

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
