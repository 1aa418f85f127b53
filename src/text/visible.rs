//! The visible part of a text.

/// Whether a text has no visible characters: only white space, invisible and blank ones.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c) || is_hollow(c))
}

/// The visible form of a text, for comparing texts: composed, without invisible characters, each run of white space as
/// one space. Upper and lower case differ.
pub fn appearance(text: &str) -> String {
    let shown: String = super::nfc(text).chars().filter(|c| !is_invisible(*c)).collect();
    let spaced = |c: char| c.is_whitespace() || is_hollow(c);
    shown.split(spaced).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a character is invisible: Unicode's `Default_Ignorable_Code_Point`, and the other control and format
/// characters.
fn is_invisible(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character takes the width of a letter but is blank: the fillers of Hangul, Braille without dots.
fn is_hollow(c: char) -> bool {
    matches!(c, '\u{115f}'..='\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{1d159}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_nothing_is_blank() {
        for text in [
            "",
            " ",
            "\u{a0}",
            "\u{3000}",
            "\u{2003}",
            "\u{ad}",
            "\u{200b}",
            "\u{200e}\u{200f}",
            "\u{202e}",
            "\u{2060}",
            "\u{2066}\u{2069}",
            "\u{2800}",
            "\u{3164}",
            "\u{115f}\u{1160}",
            "\u{ffa0}",
            "\u{fe0f}",
            "\u{feff}",
            "\u{61c}",
            "\u{180e}",
            "\u{34f}",
            "\u{e0041}\u{e007f}",
            "\u{e0100}",
            "\u{7}",
            "\u{1d159}",
            " \u{200b} \u{3164}",
        ] {
            assert!(is_blank(text), "{}", text.escape_unicode());
        }
        for text in ["a", ".", "한", "ㅤ.", "👩\u{200d}👩", "❤\u{fe0f}", "\u{301}", "\u{fffd}", "ㅋ"] {
            assert!(!is_blank(text), "{}", text.escape_unicode());
        }
    }

    #[test]
    fn texts_that_look_alike_have_one_appearance() {
        for other in ["Yes ", "Ye\u{200b}s", "\u{202e}Yes", "Yes\u{3164}", "\u{feff}Yes", "Y\u{ad}es"] {
            assert_eq!(appearance(other), "Yes", "{}", other.escape_unicode());
        }
        assert_eq!(appearance("a \u{a0} b"), "a b");
        assert_eq!(appearance("e\u{301}"), appearance("é"));
        assert_ne!(appearance("yes"), appearance("Yes"));
    }
}
