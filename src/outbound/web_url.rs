//! Addresses of pages, as browsers read them.

use url::Url;

use super::error::FetchError;

/// Reads an address as a browser does: `http://0x7f.1/`, `http://2130706433/` and `http://127.0.0.1./` are all
/// `http://127.0.0.1/`. A name, a password and a fragment are left out, since they are not sent.
///
/// # Errors
/// If it is not an address of the web.
pub fn web_url(text: &str) -> Result<Url, FetchError> {
    sent(Url::parse(text.trim()).map_err(|_| FetchError::NoWebAddress(text.to_owned()))?)
}

/// Reads an address that stands in a page, or in the answer of a redirect, of the address `base`.
///
/// # Errors
/// If it is not an address of the web.
pub fn joined(base: &Url, text: &str) -> Result<Url, FetchError> {
    sent(base.join(text.trim()).map_err(|_| FetchError::NoWebAddress(text.to_owned()))?)
}

fn sent(mut url: Url) -> Result<Url, FetchError> {
    let has_host = url.host_str().is_some_and(|host| !host.trim_matches('.').is_empty());
    if !matches!(url.scheme(), "http" | "https") || !has_host {
        return Err(FetchError::NoWebAddress(url.into()));
    }
    url.set_fragment(None);
    // These fail only for addresses without a host.
    let _ = (url.set_username(""), url.set_password(None));
    Ok(url)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, SocketAddr};

    use super::*;
    use crate::outbound::address::{AddressRefusal, Reach};

    #[test]
    fn every_spelling_of_an_address_is_known() {
        for (text, ip) in [
            ("http://127.0.0.1/", "127.0.0.1"),
            ("http://127.0.0.1./", "127.0.0.1"),
            ("http://0177.0.0.1/", "127.0.0.1"),
            ("http://0x7f.0.0.1/", "127.0.0.1"),
            ("http://0x7f000001/", "127.0.0.1"),
            ("http://2130706433/", "127.0.0.1"),
            ("http://017700000001/", "127.0.0.1"),
            ("http://127.1/", "127.0.0.1"),
            ("http://127.0.1/", "127.0.0.1"),
            ("http://0/", "0.0.0.0"),
            ("http://１２７.０.０.１/", "127.0.0.1"),
            ("http://127。0。0。1/", "127.0.0.1"),
            ("http://%31%32%37.0.0.1/", "127.0.0.1"),
            ("http:\\\\127.0.0.1\\", "127.0.0.1"),
            ("http://good.example@127.0.0.1/", "127.0.0.1"),
            ("http://a:b@0xA9FEA9FE/", "169.254.169.254"),
            ("http://[::1]/", "::1"),
            ("http://[0:0:0:0:0:0:0:1]/", "::1"),
            ("http://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1"),
            ("http://[::ffff:7f00:1]/", "::ffff:127.0.0.1"),
            ("http://[64:ff9b::127.0.0.1]/", "64:ff9b::7f00:1"),
        ] {
            let url = web_url(text).unwrap();
            let host = url.host_str().unwrap().trim_matches(['[', ']']).parse::<IpAddr>();
            let ip: IpAddr = ip.parse().unwrap();
            assert_eq!(host, Ok(ip), "{text}");
            let refused = Reach::default().check(SocketAddr::new(ip, 80));
            assert_eq!(refused, Err(AddressRefusal::Address), "{text}");
        }
    }

    #[test]
    fn only_the_web_is_asked() {
        for text in [
            "",
            "example.com",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ftp://example.com/",
            "gopher://example.com/",
            "data:text/html,x",
            "http://",
            "http://./",
            "http://256.256.256.256/",
            "http://[::1/",
            "http://a b/",
            "http://example.com:99999/",
        ] {
            assert!(web_url(text).is_err(), "{text}");
        }
        let url = web_url(" https://ada:secret@한국.example:443/길?q=가#x ").unwrap();
        assert_eq!(url.as_str(), "https://xn--3e0b707e.example/%EA%B8%B8?q=%EA%B0%80");
    }

    #[test]
    fn an_address_is_joined_to_that_of_its_page() {
        let base = web_url("https://example.com/a/b?c").unwrap();
        for (text, joined_url) in [
            ("x.png", "https://example.com/a/x.png"),
            ("/x.png", "https://example.com/x.png"),
            ("//cdn.example/x.png", "https://cdn.example/x.png"),
            ("?d", "https://example.com/a/b?d"),
            ("../../../x", "https://example.com/x"),
            ("\n http://other.example \t", "http://other.example/"),
        ] {
            assert_eq!(joined(&base, text).unwrap().as_str(), joined_url, "{text}");
        }
        for text in ["data:image/png;base64,AAAA", "javascript:x", "blob:https://example.com/x"] {
            assert!(joined(&base, text).is_err(), "{text}");
        }
    }
}
