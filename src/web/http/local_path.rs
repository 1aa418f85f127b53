//! Checks the address that a form or a link sends a visitor to next: it must be on this site.

/// The longest address in bytes that is put into a `Location` header.
const LONGEST: usize = 2048;

/// Whether `next` is a path of this site that begins with `root`. Browsers read `//host` and `/\host` as another host,
/// and drop tabs and newlines.
pub fn is_local(next: &str, root: &str) -> bool {
    let mut bytes = next.bytes();
    next.len() <= LONGEST
        && next.starts_with(root)
        && bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && next.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn the_way_back_never_leaves_the_site() {
        for local in ["/", "/polls/1/?page=2", "/vote/polls/", "/%EC%95%88"] {
            assert!(is_local(local, "/"), "{local}");
        }
        assert!(is_local("/vote/polls/", "/vote/"));
        assert!(!is_local("/wiki/", "/vote/"));
        for foreign in [
            "",
            "polls/",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/a\r\nb",
            "/a\\b",
            "javascript:alert(1)",
        ] {
            assert!(!is_local(foreign, "/"), "{foreign}");
        }
    }
}
