//! What a site's `robots.txt` lets this program ask for (RFC 9309).

/// This program's name in these files.
const PRODUCT: &str = "polls";

/// The rules for this program: patterns of paths, each with whether they are allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Robots(Vec<(String, bool)>);

impl Robots {
    /// Reads the groups that name this program; without such a group, those for all programs.
    pub fn parse(text: &str) -> Self {
        let (mut own, mut of_all) = (Vec::new(), Vec::new());
        let mut is_named = false;
        let (mut for_us, mut for_all, mut in_rules) = (false, false, false);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match &*key {
                "user-agent" => {
                    if in_rules {
                        (for_us, for_all, in_rules) = (false, false, false);
                    }
                    let product: String =
                        value.chars().take_while(|c| c.is_ascii_alphabetic() || "-_".contains(*c)).collect();
                    for_us |= product.eq_ignore_ascii_case(PRODUCT);
                    for_all |= value == "*";
                    is_named |= for_us;
                }
                "allow" | "disallow" => {
                    in_rules = true;
                    // An empty pattern is no rule.
                    if !value.is_empty() {
                        let rule = (normal(value), key == "allow");
                        if for_us {
                            own.push(rule.clone());
                        }
                        if for_all {
                            of_all.push(rule);
                        }
                    }
                }
                _ => {}
            }
        }
        Self(if is_named { own } else { of_all })
    }

    /// Whether a path with its query may be asked for: the longest pattern that matches decides, and of two that are
    /// equally long the one that allows.
    pub fn allows(&self, path: &str) -> bool {
        let path = normal(path);
        let matching = self.0.iter().filter(|(pattern, _)| matches(pattern, &path));
        matching.max_by_key(|(pattern, allowed)| (pattern.len(), *allowed)).is_none_or(|(_, allowed)| *allowed)
    }
}

/// Encodes what addresses encode, so that two spellings of a path are equal.
fn normal(path: &str) -> String {
    let mut normal = String::with_capacity(path.len());
    let mut digits = 0;
    for byte in path.bytes() {
        match byte {
            b'%' => digits = 2,
            _ if !byte.is_ascii_graphic() => {
                normal.push_str(&percent_encoding::percent_encode_byte(byte).to_ascii_uppercase());
                continue;
            }
            _ => {}
        }
        let is_digit = byte != b'%' && digits > 0;
        digits -= i32::from(is_digit);
        normal.push(if is_digit { char::from(byte.to_ascii_uppercase()) } else { char::from(byte) });
    }
    normal
}

/// Whether a path begins as a pattern says: `*` stands for any characters, `$` at its end for the end of the path.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, is_whole) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut parts: Vec<_> = parts.collect();
    let last = if is_whole { parts.pop() } else { None };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    match last {
        Some(last) => rest.ends_with(last),
        None => !is_whole || rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_pattern_decides() {
        let text = "\u{feff}User-agent: *\nDisallow: /private # comment\nAllow: /private/page\nDisallow: /*.pdf$\n\
            Disallow: /search?\nDisallow: /a*b*c\nDisallow: /한국\nDisallow: /x%e2%82%ac\nnonsense\nDisallow:\n\
            Disallow: /same\nAllow: /same\n";
        let robots = Robots::parse(text);
        for (path, allowed) in [
            ("/", true),
            ("/private", false),
            ("/private/", false),
            ("/privately", false),
            ("/private/page/1", true),
            ("/a.pdf", false),
            ("/a.pdf?x", true),
            ("/b/c.pdf.pdf", false),
            ("/search?q=1", false),
            ("/search", true),
            ("/a-b-c-d", false),
            ("/a-c-b", true),
            ("/%ED%95%9C%EA%B5%AD", false),
            ("/x%E2%82%AC", false),
            ("/same", true),
        ] {
            assert_eq!(robots.allows(path), allowed, "{path}");
        }
    }

    #[test]
    fn a_group_of_ones_own_counts_in_place_of_the_one_for_all() {
        for (text, allowed) in [
            ("", true),
            ("User-agent: *\nDisallow: /", false),
            ("User-agent: other\nDisallow: /", true),
            ("User-agent: *\nDisallow: /\n\nUser-agent: POLLS/1.0\nDisallow: /b\n", true),
            ("User-agent: pollster\nDisallow: /\n", true),
            ("User-agent: other\nUser-agent: polls\nDisallow: /\n", false),
            ("User-agent: polls\nDisallow:\n\nUser-agent: *\nDisallow: /\n", true),
            ("Disallow: /\n", true),
            ("User-agent: polls\nAllow: /b\nUser-agent: *\nDisallow: /\nUser-agent: polls\nDisallow: /a\n", false),
        ] {
            assert_eq!(Robots::parse(text).allows("/a"), allowed, "{text}");
        }
    }

    #[test]
    fn what_comes_from_strangers_is_read_in_reasonable_time() {
        let pattern = format!("User-agent: *\nDisallow: /{}b$\n", "*a".repeat(10_000));
        let begun = std::time::Instant::now();
        assert!(Robots::parse(&pattern).allows(&format!("/{}", "a".repeat(20_000))));
        assert!(begun.elapsed().as_secs() < 2);
    }
}
