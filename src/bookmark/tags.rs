//! The names of tags, without a database.

use crate::admin::registry::field::FieldError;
use crate::text::{fold, is_blank, nfc};

/// The longest name in characters, and the most tags of one bookmark.
const LONGEST: usize = 64;
pub const MOST: usize = 50;

/// The tags in a typed list: separated by commas, or else by spaces. A space within a name becomes a hyphen, so that a
/// search can name every tag as `#name`.
pub fn parse(text: &str) -> Vec<String> {
    let has_commas = text.contains([',', '，', '、']);
    let separator = |c: char| if has_commas { matches!(c, ',' | '，' | '、') } else { c.is_whitespace() };
    unique(text.split(separator).filter_map(clean))
}

/// A name in the form in which it is stored; None if nothing of it can be seen. It may be too long.
pub fn clean(name: &str) -> Option<String> {
    let name: String = nfc(name).chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let name: String = name.chars().filter(|c| !c.is_control() && !matches!(c, '"' | ',')).collect();
    let name = name.trim().trim_start_matches('#');
    let name = name.split(' ').filter(|part| part.chars().any(|c| c != '-')).collect::<Vec<_>>().join("-");
    (!is_blank(&name)).then_some(name)
}

/// The names as one would type them, so that each stays one.
pub fn typed(names: &[String]) -> String {
    names.iter().fold(String::new(), |typed, name| typed + name + ",")
}

/// The names without those that equal an earlier one but for case.
pub fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    names.filter(|name| seen.insert(fold(name))).collect()
}

/// The names with the first of a pair replaced by the second, which may be there already; None if the first is not
/// there.
pub fn replaced(names: Vec<String>, pair: &[String]) -> Option<Vec<String>> {
    let [old, new] = pair else { return None };
    let old = fold(old);
    let is_old = |name: &String| fold(name) == old;
    if !names.iter().any(is_old) {
        return None;
    }
    Some(unique(names.into_iter().map(|name| if is_old(&name) { new.clone() } else { name })))
}

pub fn is_too_long(name: &str) -> bool {
    name.chars().count() > LONGEST
}

/// What is wrong with a tag that is too long.
pub fn too_long() -> FieldError {
    FieldError::with_count("bookmark-error-tag-too-long", LONGEST)
}

/// How a search names a tag.
pub fn searched(name: &str) -> String {
    if name.contains(['(', ')']) { format!("tag:\"{name}\"") } else { format!("#{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_separated_by_commas_or_spaces() {
        assert_eq!(parse("rust  web"), ["rust", "web"]);
        assert_eq!(parse("machine learning, 한국어,, Rust ,rust"), ["machine-learning", "한국어", "Rust"]);
        assert_eq!(parse("#rust #web"), ["rust", "web"]);
        assert_eq!(parse("서울、부산"), ["서울", "부산"]);
        assert!(parse(" , \u{200b},#").is_empty());
    }

    #[test]
    fn a_name_is_replaced_by_another() {
        let names = |text: &str| parse(text);
        let replace = |text: &str, pair: &str| replaced(names(text), &names(pair));
        assert_eq!(replace("web rust", "WEB www"), Some(names("www rust")));
        assert_eq!(replace("web www rust", "web www"), Some(names("www rust")));
        assert_eq!(replace("rust", "web www"), None);
        assert_eq!(replace("web", "web"), None);
    }

    #[test]
    fn equal_names_are_one() {
        let decomposed = "\u{1112}\u{1161}\u{11ab}";
        assert_eq!(parse(&format!("한 {decomposed} É e\u{301}")), ["한", "É"]);
        assert_eq!(clean("a\0b\"c").as_deref(), Some("abc"));
        assert_eq!(clean("GitHub - Rust").as_deref(), Some("GitHub-Rust"));
    }
}
