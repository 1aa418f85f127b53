//! Isolates a text that people wrote within a text of the program, for right-to-left scripts.

const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';

/// Wraps a text that is put into a sentence in Unicode isolates, so that its direction does not reorder the words
/// around it. A text without right-to-left letters is returned unchanged. In HTML, `<bdi>` does the same for an
/// element.
pub fn isolate(text: &str) -> String {
    if !text.chars().any(turns) {
        return text.to_owned();
    }
    let mut isolated = String::from(FIRST_STRONG_ISOLATE);
    let mut open = 0_usize;
    for c in text.chars() {
        match c {
            '\u{2066}'..='\u{2068}' => open += 1,
            // An unmatched closing mark would end the isolation.
            POP_ISOLATE if open == 0 => continue,
            POP_ISOLATE => open -= 1,
            _ => {}
        }
        isolated.push(c);
    }
    isolated.extend(std::iter::repeat_n(POP_ISOLATE, open + 1));
    isolated
}

/// Whether a character is written from right to left, or is a mark that sets the direction of others: the blocks from
/// Hebrew to Arabic, their presentation forms, such scripts of the Supplementary Plane, and Unicode's directional
/// marks.
fn turns(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_turn_others_is_isolated() {
        for text in ["", "Yes", "한국어 123", "Ωmega", "🎧"] {
            assert_eq!(isolate(text), text);
        }
        assert_eq!(isolate("שלום 123"), "\u{2068}שלום 123\u{2069}");
        assert_eq!(isolate("a\u{202e}b"), "\u{2068}a\u{202e}b\u{2069}");
    }

    #[test]
    fn an_isolation_ends_where_it_should() {
        assert_eq!(isolate("a\u{2069}b"), "\u{2068}ab\u{2069}");
        assert_eq!(isolate("\u{2067}a"), "\u{2068}\u{2067}a\u{2069}\u{2069}");
        assert_eq!(isolate("\u{2067}a\u{2069}b\u{2069}"), "\u{2068}\u{2067}a\u{2069}b\u{2069}");
    }
}
