//! The words of a search.

/// The words, and the phrases in quotes, as Django's search splits them; at most 32.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let end = quote.and_then(|quote| rest[1..].find(quote).map(|end| end + 1));
        let (word, after) = match end {
            Some(end) => (&rest[1..end], &rest[end + 1..]),
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        if !word.is_empty() && !word.contains('\0') {
            words.push(word.to_owned());
        }
        rest = after.trim_start();
    }
    words.truncate(32);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_words_and_quoted_phrases() {
        assert_eq!(words("  rust  'hello world' \"a b\" it's "), ["rust", "hello world", "a b", "it's"]);
        assert_eq!(words("\"open"), ["\"open"]);
        assert!(words("  ").is_empty());
    }
}
