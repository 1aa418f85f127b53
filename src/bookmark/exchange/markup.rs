//! Splits a bookmark file into tags and texts, as a stream in bounded memory. These files were never HTML: lists are not
//! closed, and a tag that is broken must not swallow what follows it.

use std::io::{self, BufRead};

/// How many bytes of a text and of an attribute's value are kept; the rest is read and dropped.
const LONGEST_TEXT: usize = 64 << 10;
const LONGEST_VALUE: usize = 16 << 10;
const LONGEST_NAME: usize = 64;

/// The attributes that are kept; pictures in `ICON` are most of a file.
const KEPT: [&str; 7] = ["href", "add_date", "last_modified", "tags", "private", "toread", "personal_toolbar_folder"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkupToken {
    /// Names are in lower case, values decoded.
    Open {
        name: String,
        attributes: Vec<(&'static str, String)>,
        line: u64,
    },
    Close(String),
    Text(String),
    /// Something that cannot be read, in which line, and why.
    Broken(u64, &'static str),
}

pub struct MarkupReader<R> {
    input: R,
    line: u64,
}

impl<R: BufRead> MarkupReader<R> {
    pub fn new(input: R) -> Self {
        Self { input, line: 1 }
    }

    /// The next token; None at the end of the file.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn token(&mut self) -> io::Result<Option<MarkupToken>> {
        loop {
            if self.peek()? != Some(b'<') {
                let text = self.text(Vec::new())?;
                return Ok(text.map(MarkupToken::Text));
            }
            self.next()?;
            match self.peek()? {
                Some(b'!') => {
                    if let Some(broken) = self.skip_declaration()? {
                        return Ok(Some(broken));
                    }
                }
                Some(b'/') => {
                    self.next()?;
                    let name = self.name()?;
                    self.skip_until(b">")?;
                    return Ok(Some(MarkupToken::Close(name)));
                }
                Some(c) if c.is_ascii_alphabetic() => return self.open().map(Some),
                // Not a tag, as in "a < b".
                _ => return Ok(self.text(vec![b'<'])?.map(MarkupToken::Text)),
            }
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.input.consume(1);
            self.line += u64::from(byte == Some(b'\n'));
        }
        Ok(byte)
    }

    /// The text up to the next `<`; None at the end of the file.
    fn text(&mut self, mut text: Vec<u8>) -> io::Result<Option<String>> {
        let mut is_any = !text.is_empty();
        while self.peek()?.is_some_and(|byte| byte != b'<') {
            is_any = true;
            if let Some(byte) = self.next()?.filter(|_| text.len() < LONGEST_TEXT) {
                text.push(byte);
            }
        }
        Ok(is_any.then(|| decoded(&text)))
    }

    /// A comment, or a declaration such as the file's first line.
    fn skip_declaration(&mut self) -> io::Result<Option<MarkupToken>> {
        let line = self.line;
        let mut last = [0_u8; 3];
        let mut read = 0_u64;
        let mut is_comment = false;
        while let Some(byte) = self.next()? {
            last = [last[1], last[2], byte];
            read += 1;
            is_comment |= read == 3 && last == *b"!--";
            if byte == b'>' && (!is_comment || (read > 4 && last == *b"-->")) {
                return Ok(None);
            }
        }
        Ok(Some(MarkupToken::Broken(line, "a comment is not closed")))
    }

    fn open(&mut self) -> io::Result<MarkupToken> {
        let line = self.line;
        let name = self.name()?;
        let mut attributes = Vec::new();
        loop {
            while self.peek()?.is_some_and(|byte| byte.is_ascii_whitespace() || byte == b'/') {
                self.next()?;
            }
            match self.peek()? {
                None => return Ok(MarkupToken::Broken(line, "the file ends within a tag")),
                Some(b'<') => return Ok(MarkupToken::Broken(line, "a tag is not closed")),
                Some(b'>') => {
                    self.next()?;
                    return Ok(MarkupToken::Open { name, attributes, line });
                }
                Some(_) => {}
            }
            let attribute = self.name()?;
            let Some(value) = self.value()? else {
                return Ok(MarkupToken::Broken(line, "the value of an attribute is not closed"));
            };
            if let Some(kept) = KEPT.into_iter().find(|kept| *kept == attribute) {
                attributes.push((kept, value));
            }
        }
    }

    /// The name of a tag or attribute in lower case. At least one byte is read.
    fn name(&mut self) -> io::Result<String> {
        let mut name = Vec::new();
        let mut is_first = true;
        while let Some(byte) = self.peek()? {
            if byte.is_ascii_whitespace() || matches!(byte, b'>' | b'<') || (matches!(byte, b'=' | b'/') && !is_first) {
                break;
            }
            is_first = false;
            self.next()?;
            if name.len() < LONGEST_NAME {
                name.push(byte.to_ascii_lowercase());
            }
        }
        Ok(String::from_utf8_lossy(&name).into_owned())
    }

    /// The value after a name; empty if there is none. None if its closing quote is not in the same line.
    fn value(&mut self) -> io::Result<Option<String>> {
        while self.peek()?.is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.next()?;
        }
        if self.peek()? != Some(b'=') {
            return Ok(Some(String::new()));
        }
        self.next()?;
        while self.peek()?.is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.next()?;
        }
        let quote = self.peek()?.filter(|byte| matches!(byte, b'"' | b'\''));
        if quote.is_some() {
            self.next()?;
        }
        let mut value = Vec::new();
        loop {
            match (self.peek()?, quote) {
                (None | Some(b'\n'), Some(_)) => return Ok(None),
                (Some(byte), Some(quote)) if byte == quote => {
                    self.next()?;
                    break;
                }
                (None, None) => break,
                (Some(byte), None) if byte.is_ascii_whitespace() || byte == b'>' => break,
                (Some(byte), _) => {
                    self.next()?;
                    if value.len() < LONGEST_VALUE {
                        value.push(byte);
                    }
                }
            }
        }
        Ok(Some(decoded(&value)))
    }

    fn skip_until(&mut self, end: &[u8]) -> io::Result<()> {
        while self.peek()?.is_some_and(|byte| byte != b'<') {
            if self.next()?.is_some_and(|byte| end.contains(&byte)) {
                break;
            }
        }
        Ok(())
    }
}

/// The text with its character references decoded, and without control characters.
fn decoded(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let (mut decoded, mut rest) = (String::with_capacity(text.len()), &*text);
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(end, _)| end);
        match end.and_then(|end| Some((reference(&rest[1..end])?, end))) {
            Some((c, end)) => {
                decoded.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    decoded.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    decoded
}

fn reference(name: &str) -> Option<char> {
    let number = |text: &str| match text.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        name => char::from_u32(number(name.strip_prefix('#')?)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_references_are_decoded_once() {
        assert_eq!(decoded(b"a &amp;lt; &#39;b&#x27; &copy= & &amp;#8230;"), "a &lt; 'b' &copy= & &#8230;");
        assert_eq!(decoded(b"\0a\x07\tb&#0;\xff&#xD800;"), "a\tb\u{fffd}&#xD800;");
    }
}
