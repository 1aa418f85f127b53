//! What a browser says of itself, in words that its owner knows.

/// What a part of `User-Agent` says, the more particular first: most browsers also name those that they are like.
const BROWSERS: [(&str, &str); 14] = [
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER(", "Naver"),
    ("Whale/", "Whale"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python", "Python"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// The most characters of `User-Agent` that a session keeps.
const LONGEST: usize = 300;

/// The part of a `User-Agent` that is kept with a session: what no browser sends is left out.
pub fn kept(user_agent: &[u8]) -> String {
    let visible = user_agent.iter().filter(|byte| (b' '..=b'~').contains(byte)).take(LONGEST);
    visible.map(|byte| char::from(*byte)).collect()
}

/// The browser and the system, such as "Firefox" and "Windows".
pub fn named(user_agent: &str) -> (Option<&'static str>, Option<&'static str>) {
    let found = |names: &[(&str, &'static str)]| {
        names.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
    };
    (found(&BROWSERS), found(&SYSTEMS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_known_by_what_they_say() {
        for (user_agent, browser, system) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0",
                Some("Firefox"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0",
                Some("Edge"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                Some("Samsung Internet"),
                Some("Android"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                Some("Safari"),
                Some("iPhone"),
            ),
            ("something else", None, None),
        ] {
            assert_eq!(named(user_agent), (browser, system), "{user_agent}");
        }
        assert_eq!(kept("a\u{7f}b\u{a0}\n한<".as_bytes()), "ab<");
        assert_eq!(kept(&[b'x'; 1000]).len(), LONGEST);
    }
}
