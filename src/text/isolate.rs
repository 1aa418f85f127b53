//! A text that people wrote within one of ours.

const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';

/// A text to be put into a sentence, so that its direction orders nothing but itself. Where nothing of it is written
/// from right to left, it is the same; in HTML `<bdi>` does the same for what stands by itself.
pub fn isolate(text: &str) -> String {
    if !text.chars().any(turns) {
        return text.to_owned();
    }
    let mut isolated = String::from(FIRST_STRONG_ISOLATE);
    let mut open = 0_usize;
    for c in text.chars() {
        match c {
            '\u{2066}'..='\u{2068}' => open += 1,
            // One more than were opened would end the isolation.
            POP_ISOLATE if open == 0 => continue,
            POP_ISOLATE => open -= 1,
            _ => {}
        }
        isolated.push(c);
    }
    isolated.extend(std::iter::repeat_n(POP_ISOLATE, open + 1));
    isolated
}

/// Whether it is written from right to left, or a mark that sets the direction of others: the blocks of Hebrew to
/// Arabic, their presentation forms, those scripts of the Supplementary Plane, Unicode's directional marks.
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
