//! Addresses of bookmarks: their host, and the form in which two spellings of one address are equal.

use crate::text::nfc;
use crate::web::http::validators::web_address;

/// The longest address that is stored, in characters, and the longest title: Django's columns are that wide.
pub const LONGEST_ADDRESS: usize = 200;
pub const LONGEST_TITLE: usize = 100;

/// Parameters that only tell a site where a visitor came from.
const TRACKERS: [&str; 6] = ["fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid"];

/// The host without `www.`, for people; empty if the text is no web address.
pub fn host(url: &str) -> &str {
    let authority = parts(url).map_or("", |(_, authority, _)| authority);
    let host = authority.rsplit('@').next().unwrap_or_default();
    let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
    name.strip_prefix("www.").unwrap_or(name).trim_end_matches('.')
}

/// `%` and two hexadecimal digits (RFC 3986 §2.1).
fn percent(byte: u32) -> String {
    format!("%{byte:02X}")
}

/// The address with characters encoded that browsers accept in an address and never send.
pub fn tidy(url: &str) -> String {
    let mut tidy = String::with_capacity(url.len());
    for c in url.trim().chars().filter(|c| !c.is_control()) {
        match c {
            c if c.is_ascii() && (c == ' ' || "<>\"\\^`{|}".contains(c)) => {
                tidy.push_str(&percent(u32::from(c)));
            }
            c if c.is_whitespace() => tidy.push_str("%20"),
            c => tidy.push(c),
        }
    }
    tidy
}

/// The address in the form in which it is stored; None if the text is no web address.
pub fn stored(text: &str) -> Option<String> {
    web_address(&tidy(text))
}

/// The form in which the spellings of one address are equal: without scheme, default port, final slash, trackers and
/// the order of parameters; with the host in lower case, and with one spelling of each encoded character.
pub fn normal(url: &str) -> String {
    let Some((scheme, authority, rest)) = parts(url) else {
        return nfc(url);
    };
    let port = if scheme.eq_ignore_ascii_case("http") { ":80" } else { ":443" };
    let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
    let host = nfc(host).to_lowercase();
    let host = host.strip_suffix(port).unwrap_or(&host).trim_end_matches('.');
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut parameters: Vec<_> = query.split('&').filter(|parameter| !is_tracker(parameter)).map(encoded).collect();
    parameters.sort();
    // A browser only scrolls to the text that this names.
    let fragment = fragment.split(":~:").next().unwrap_or_default();
    format!("{user}@{host}{}?{}#{}", encoded(path).trim_end_matches('/'), parameters.join("&"), encoded(fragment))
}

fn parts(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    Some((scheme, authority, rest))
}

fn is_tracker(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default();
    parameter.is_empty() || name.starts_with("utm_") || TRACKERS.contains(&name)
}

/// The text percent-encoded in one way: letters, digits and `-._~` as they are, everything beyond ASCII encoded.
pub fn encoded(text: &str) -> String {
    let text = nfc(text);
    let bytes = text.as_bytes();
    let mut encoded = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        let (byte, was_encoded) = match (bytes[at], hex) {
            (b'%', Some(byte)) => (byte, true),
            (byte, _) => (byte, false),
        };
        at += if was_encoded { 3 } else { 1 };
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if is_plain || (!was_encoded && byte.is_ascii_graphic()) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&percent(u32::from(byte)));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_equal() {
        for (one, other) in [
            ("http://example.com", "https://EXAMPLE.com/"),
            ("http://example.com:80/a/", "https://example.com:443/a"),
            ("https://example.com/?b=2&a=1&utm_source=x", "https://example.com/?a=1&b=2"),
            ("https://ko.wikipedia.org/wiki/대문", "https://ko.wikipedia.org/wiki/%EB%8C%80%eb%ac%b8"),
            ("https://example.com/%7Eada", "https://example.com/~ada#"),
            ("https://example.com/a#:~:text=word", "https://example.com/a"),
            ("https://example.com./a", "https://example.com/a"),
        ] {
            assert_eq!(normal(one), normal(other), "{one} {other}");
        }
        for (one, other) in [
            ("https://example.com/a", "https://example.com/A"),
            ("https://example.com/a?x=1", "https://example.com/a?x=2"),
            ("https://example.com/a#b", "https://example.com/a#c"),
            ("https://example.com/a%2Fb", "https://example.com/a/b"),
            ("https://one.example/", "https://two.example/"),
            ("https://example.com:8080/", "https://example.com/"),
        ] {
            assert_ne!(normal(one), normal(other), "{one} {other}");
        }
        normal("");
        assert!(normal("https://é%").contains("%25") || normal("https://x/%").ends_with("%?#"));
    }

    #[test]
    fn a_host_is_shown_without_what_people_do_not_read() {
        assert_eq!(host("https://www.rust-lang.org/learn"), "rust-lang.org");
        assert_eq!(host("http://ada:secret@example.com:8000?x"), "example.com");
        assert_eq!(host("http://[::1]:8000/"), "[::1]:8000");
        assert_eq!(host("javascript:alert(1)"), "");
    }

    #[test]
    fn an_address_is_made_tidy() {
        assert_eq!(tidy(" https://example.com/a b|{c}\0\n"), "https://example.com/a%20b%7C%7Bc%7D");
        assert_eq!(tidy("https://한국.example/길"), "https://한국.example/길");
    }
}
