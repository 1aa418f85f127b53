//! Decides which texts are equal in a search, the same on every database: composed and decomposed letters are equal,
//! and so are upper and lower case (each letter by itself, so that ß is not ss) and ASCII in full width. The four i's
//! of Turkish are equal, since not every reader knows the difference. Accents count: a is not ä.
//!
//! SQLite calls [`Fold::is_in`] for each row. PostgreSQL, MariaDB and MySQL get a regular expression that contains
//! every spelling, since their own rules for letters depend on their version, locale and collation.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::compose;

/// The longest search word in characters; longer words are cut. No name in a list is longer.
const LONGEST: usize = 200;

/// The combining dot above, which decomposition and lower case leave after the i of İ.
const DOT_ABOVE: char = '\u{307}';

/// Combining marks that make the letter before them a different one: Latin, Greek and Cyrillic accents, the voiced
/// sounds of kana, the later parts of a Korean syllable.
const MARKS: &[(char, char)] =
    &[('\u{300}', '\u{36f}'), ('\u{1161}', '\u{1175}'), ('\u{11a8}', '\u{11c2}'), ('\u{3099}', '\u{309a}')];

/// The text in Unicode's composed form (NFC); file names of macOS and some keyboards are decomposed.
pub fn nfc(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfc().collect() }
}

/// The normal form of a text: equal texts have the same one.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfc().map(fold_letter) {
        if c != DOT_ABOVE || !folded.ends_with('i') {
            folded.push(c);
        }
    }
    // A letter in full width and its accent are composed only after the letter is folded.
    if folded.is_ascii() { folded } else { folded.nfc().collect() }
}

fn fold_letter(c: char) -> char {
    match c {
        'İ' | 'ı' => 'i',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).map_or(c, |c| c.to_ascii_lowercase()),
        '\u{3000}' => ' ',
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        // Through upper case, so that ς equals σ, and ſ equals s.
        _ => single(single(single(c, char::to_lowercase), char::to_uppercase), char::to_lowercase),
    }
}

/// A letter in the other case, if that is one letter; else unchanged.
fn single<I: Iterator<Item = char>>(c: char, cased: impl Fn(char) -> I) -> char {
    let mut letters = cased(c);
    match (letters.next(), letters.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// A search text.
#[derive(Debug, Clone)]
pub struct Fold {
    folded: String,
    whole: bool,
}

impl Fold {
    /// Searches for a part of a text.
    pub fn part(word: &str) -> Self {
        // A mark at the beginning has no letter that it belongs to.
        Self { folded: fold(word).trim_start_matches(is_mark).chars().take(LONGEST).collect(), whole: false }
    }

    /// Searches for a whole text.
    pub fn whole(text: &str) -> Self {
        Self { folded: fold(text), whole: true }
    }

    pub fn as_str(&self) -> &str {
        &self.folded
    }

    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Whether a text contains, or is, the search text, which must be folded already.
    pub fn is_in(folded: &str, whole: bool, text: &str) -> bool {
        let text = fold(text);
        if whole {
            return text == folded;
        }
        text.match_indices(folded).any(|(at, _)| !text[at + folded.len()..].starts_with(is_mark))
    }

    /// The same as a regular expression, in the syntax that PostgreSQL, PCRE (MariaDB) and ICU (MySQL) have in common.
    pub fn regex(&self) -> String {
        let mut regex = String::from(if self.whole { "^" } else { "" });
        for c in self.folded.chars() {
            push_letter(&mut regex, c);
        }
        if self.whole {
            regex.push('$');
        } else {
            regex.push_str("(?![");
            for (first, last) in MARKS {
                let _ = write!(regex, "{first}-{last}");
            }
            regex.push_str("])");
        }
        regex
    }
}

fn is_mark(c: char) -> bool {
    MARKS.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// Every spelling of a folded letter.
fn push_letter(regex: &mut String, c: char) {
    let parts: Vec<char> = std::iter::once(c).nfd().collect();
    if parts.len() < 2 {
        return push_spellings(regex, c);
    }
    regex.push_str("(?:");
    push_spellings(regex, c);
    // One alternative for each number of marks that are composed with the letter.
    let mut base = parts[0];
    for (index, mark) in parts.iter().enumerate().skip(1) {
        regex.push('|');
        push_spellings(regex, base);
        regex.extend(&parts[index..]);
        match compose(base, *mark) {
            Some(composed) => base = composed,
            None => break,
        }
    }
    regex.push(')');
}

/// The single characters that fold to this letter, as a class of characters.
fn push_spellings(regex: &mut String, c: char) {
    let others = SPELLINGS.get(&c).map(Vec::as_slice).unwrap_or_default();
    if !others.is_empty() {
        regex.push('[');
    }
    for c in std::iter::once(&c).chain(others) {
        if c.is_ascii_punctuation() && *c != '_' {
            regex.push('\\');
        }
        regex.push(*c);
    }
    if !others.is_empty() {
        regex.push(']');
    }
    if c == 'i' {
        let _ = write!(regex, "{DOT_ABOVE}*");
    }
}

/// Folded letters, and which other letters fold to them.
static SPELLINGS: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    // The ranges between them have only letters without case: Chinese, Japanese, Korean, and private use.
    let alphabets = ['\0'..='\u{2dff}', '\u{3000}'..='\u{3000}', '\u{a640}'..='\u{abff}', '\u{f900}'..='\u{1efff}'];
    let mut spellings: HashMap<char, Vec<char>> = HashMap::new();
    for c in alphabets.into_iter().flatten() {
        let folded = fold_letter(c);
        if folded != c {
            spellings.entry(folded).or_default().push(c);
        }
    }
    spellings
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_texts_have_one_spelling() {
        for (one, other) in [
            ("äpfel", "ÄPFEL"),
            ("äpfel", "a\u{308}pfel"),
            ("é", "E\u{301}"),
            ("한국어", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}"),
            ("istanbul", "İstanbul"),
            ("istanbul", "I\u{307}stanbul"),
            ("istanbul", "ISTANBUL"),
            ("ıi", "Iİ"),
            ("ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
            ("straße", "STRAẞE"),
            ("ＡＢＣ　１", "abc 1"),
            ("ｅ\u{301}", "é"),
            ("\u{212a}", "k"),
            ("\u{b5}", "μ"),
            ("ſ", "S"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
            assert!(Fold::is_in(&fold(one), true, other), "{one} {other}");
        }
        for (one, other) in [("a", "ä"), ("ss", "ß"), ("🎧", "🌠"), ("하", "한"), ("か", "が")] {
            assert!(!Fold::is_in(&fold(one), false, other), "{one} {other}");
        }
    }

    #[test]
    fn a_folded_text_stays_as_it_is() {
        for c in ('\0'..='\u{1efff}').filter(|c| c.is_alphabetic()) {
            let folded = fold(&c.to_string());
            assert_eq!(fold(&folded), folded, "{c} U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn an_expression_names_every_spelling() {
        assert_eq!(Fold::whole("1").regex(), "^[1１]$");
        assert_eq!(Fold::whole("%_").regex(), "^[\\%％][_＿]$");
        assert_eq!(Fold::whole("é").regex(), "^(?:[éÉ]|[eEＥｅ]\u{301})$");
        assert_eq!(Fold::whole("각").regex(), "^(?:각|\u{1100}\u{1161}\u{11a8}|가\u{11a8})$");
        assert!(Fold::part("a").regex().ends_with("])"));
    }
}
