//! The search for bookmarks: words, `"phrases"`, `#tag` or `tag:name`, `-word`, `or`, and parentheses, as linkding has
//! them. A search is never refused: what cannot be read is left out.

/// What a bookmark must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchExpression {
    /// A word or phrase in the title, the description, the address or a tag.
    Word(String),
    /// A tag of exactly this name, but for case.
    Tag(String),
    Not(Box<SearchExpression>),
    All(Vec<SearchExpression>),
    Any(Vec<SearchExpression>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum SearchToken {
    Term(SearchExpression),
    Not,
    And,
    Or,
    Open,
    Close,
}

/// The longest search text in characters; the rest is cut.
pub const LONGEST_SEARCH: usize = 1000;
/// The most parts of a search, and the most parentheses within each other; further ones are left out.
const MOST_TOKENS: usize = 64;
const DEEPEST: usize = 16;

/// The expression of a search text; None if the text names nothing.
pub fn parse(text: &str) -> Option<SearchExpression> {
    Parser { tokens: tokens(text), at: 0 }.any()
}

fn tokens(text: &str) -> Vec<SearchToken> {
    let mut tokens = Vec::new();
    let (mut rest, mut depth) = (text.trim_start(), 0_usize);
    while let Some(first) = rest.chars().next().filter(|_| tokens.len() < MOST_TOKENS) {
        let after = &rest[first.len_utf8()..];
        let next_is_text = after.chars().next().is_some_and(|next| !next.is_whitespace() && next != ')');
        rest = match first {
            '(' => {
                depth += 1;
                tokens.extend((depth <= DEEPEST).then_some(SearchToken::Open));
                after
            }
            ')' => {
                tokens.extend((1..=DEEPEST).contains(&depth).then_some(SearchToken::Close));
                depth = depth.saturating_sub(1);
                after
            }
            '-' if next_is_text => {
                tokens.push(SearchToken::Not);
                after
            }
            _ => {
                let (token, after) = term(rest);
                tokens.extend(token);
                after
            }
        }
        .trim_start();
    }
    tokens
}

/// The word, phrase or tag at the beginning of a text, and the rest of the text.
fn term(text: &str) -> (Option<SearchToken>, &str) {
    let named = text.get(..4).filter(|start| start.eq_ignore_ascii_case("tag:")).map(|_| &text[4..]);
    let (is_tag, body) = match named.or_else(|| text.strip_prefix('#')) {
        Some(body) if !body.is_empty() && !body.starts_with(char::is_whitespace) => (true, body),
        _ => (false, text),
    };
    let (word, rest, is_quoted) = match body.strip_prefix('"') {
        Some(quoted) => {
            let (word, rest) = phrase(quoted);
            (word, rest, true)
        }
        None => {
            let end = body.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"')).unwrap_or(body.len());
            (body[..end].to_owned(), &body[end..], false)
        }
    };
    let word: String = word.chars().filter(|c| *c != '\0').collect();
    let token = match word.to_ascii_lowercase().as_str() {
        "" => None,
        "or" if !is_tag && !is_quoted => Some(SearchToken::Or),
        "and" if !is_tag && !is_quoted => Some(SearchToken::And),
        "not" if !is_tag && !is_quoted => Some(SearchToken::Not),
        _ if is_tag => Some(SearchToken::Term(SearchExpression::Tag(word))),
        _ => Some(SearchToken::Term(SearchExpression::Word(word))),
    };
    (token, rest)
}

/// A phrase up to its closing quote, and the rest. `\"` and `\\` stand for themselves; a quote that is not closed ends
/// with the text.
fn phrase(text: &str) -> (String, &str) {
    let (mut phrase, mut characters) = (String::new(), text.char_indices());
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return (phrase, &text[at + 1..]),
            '\\' if text[at + 1..].starts_with(['"', '\\']) => phrase.extend(characters.next().map(|(_, c)| c)),
            c => phrase.push(c),
        }
    }
    (phrase, "")
}

struct Parser {
    tokens: Vec<SearchToken>,
    at: usize,
}

impl Parser {
    /// Alternatives with `or` between them, up to a closing parenthesis.
    fn any(&mut self) -> Option<SearchExpression> {
        let mut parts = Vec::new();
        loop {
            parts.extend(self.all());
            if !self.take(&SearchToken::Or) {
                return joined(parts, SearchExpression::Any);
            }
        }
    }

    fn all(&mut self) -> Option<SearchExpression> {
        let mut parts = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            match token {
                SearchToken::Or | SearchToken::Close => break,
                SearchToken::And => self.at += 1,
                _ => parts.extend(self.one()),
            }
        }
        joined(parts, SearchExpression::All)
    }

    fn one(&mut self) -> Option<SearchExpression> {
        let mut is_negated = false;
        while self.take(&SearchToken::Not) {
            is_negated = !is_negated;
        }
        let found = match self.tokens.get(self.at)?.clone() {
            SearchToken::Term(term) => {
                self.at += 1;
                Some(term)
            }
            SearchToken::Open => {
                self.at += 1;
                let inner = self.any();
                self.take(&SearchToken::Close);
                inner
            }
            _ => None,
        };
        if is_negated { found.map(|found| SearchExpression::Not(Box::new(found))) } else { found }
    }

    fn take(&mut self, token: &SearchToken) -> bool {
        let is_next = self.tokens.get(self.at) == Some(token);
        self.at += usize::from(is_next);
        is_next
    }
}

fn joined(
    mut parts: Vec<SearchExpression>,
    join: fn(Vec<SearchExpression>) -> SearchExpression,
) -> Option<SearchExpression> {
    if parts.len() > 1 { Some(join(parts)) } else { parts.pop() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SearchExpression::{All, Any, Not};
    use super::*;

    fn word(text: &str) -> SearchExpression {
        SearchExpression::Word(text.to_owned())
    }

    fn tag(text: &str) -> SearchExpression {
        SearchExpression::Tag(text.to_owned())
    }

    fn not(inner: SearchExpression) -> SearchExpression {
        Not(Box::new(inner))
    }

    #[test]
    fn words_are_all_wanted() {
        assert_eq!(parse("rust web"), Some(All(vec![word("rust"), word("web")])));
        assert_eq!(parse("rust AND web"), parse("rust web"));
        assert_eq!(parse("  \u{3000}"), None);
        assert_eq!(parse("C++ it's - # a-b"), Some(All(["C++", "it's", "-", "#", "a-b"].map(word).to_vec())));
    }

    #[test]
    fn a_phrase_stands_in_quotes_which_may_be_escaped() {
        assert_eq!(parse(r#""hello \"big\" world""#), Some(word(r#"hello "big" world"#)));
        assert_eq!(parse(r#""a\\" b"#), Some(All(vec![word(r"a\"), word("b")])));
        assert_eq!(parse("\"or\""), Some(word("or")));
        assert_eq!(parse("\"open end"), Some(word("open end")));
        assert_eq!(parse("\"\""), None);
    }

    #[test]
    fn a_tag_is_named_in_two_ways() {
        assert_eq!(parse("#rust TAG:web"), Some(All(vec![tag("rust"), tag("web")])));
        assert_eq!(parse("tag:\"a (b)\" #한국어"), Some(All(vec![tag("a (b)"), tag("한국어")])));
        assert_eq!(parse("tag: rust"), Some(All(vec![word("tag:"), word("rust")])));
        assert_eq!(parse("#or"), Some(tag("or")));
    }

    #[test]
    fn or_binds_less_than_and_and_parentheses_most() {
        assert_eq!(parse("a b or c"), Some(Any(vec![All(vec![word("a"), word("b")]), word("c")])));
        assert_eq!(parse("a (b OR c)"), Some(All(vec![word("a"), Any(vec![word("b"), word("c")])])));
        assert_eq!(parse("-a -#b not \"c d\""), Some(All(vec![not(word("a")), not(tag("b")), not(word("c d"))])));
        assert_eq!(parse("-(a or b)"), Some(not(Any(vec![word("a"), word("b")]))));
        assert_eq!(parse("not not a"), Some(word("a")));
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        for text in ["a)", "(a", "((a)", "a or", "or a", "a and or", "not) a", "() a", "a -"] {
            assert!(parse(text).is_some(), "{text}");
        }
        assert_eq!(parse("(a"), Some(word("a")));
        for text in ["or", "not", "()", "-()", "and and"] {
            assert_eq!(parse(text), None, "{text}");
        }
        parse(&"(".repeat(100_000));
        parse(&"-".repeat(100_000));
        assert_eq!(parse(&format!("{}a{}", "(".repeat(30), ")".repeat(30))), Some(word("a")));
    }

    proptest! {
        #[test]
        fn every_text_is_read(text in "[ab()\"\\\\#\\- :orOR\u{3000}한]{0,200}") {
            parse(&text);
        }
    }
}
