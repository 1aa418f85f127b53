//! The text of a page, read no further than it is asked for.

use std::io::{self, Read};

use encoding_rs::Decoder;

use super::charset::charset;

/// How much of a page is looked at for its encoding, if its head is longer.
const BEGINNING: usize = 64 << 10;
const AT_ONCE: usize = 16 << 10;
const END_OF_HEAD: &[u8] = b"</head";

/// A page in UTF-8, without NUL characters.
pub struct PageText<R> {
    input: R,
    decoder: Decoder,
    /// What was read and is not decoded yet.
    ahead: Vec<u8>,
    /// How the input ended: all is read, or it broke off.
    end: Option<io::Result<()>>,
    is_finished: bool,
    text: Vec<u8>,
    at: usize,
}

impl<R: Read> PageText<R> {
    /// Reads as much as the encoding needs. If the input breaks off, what came before can be read all the same.
    pub fn new(mut input: R, content_type: Option<&str>, host: &str) -> Self {
        let (mut ahead, mut end) = (Vec::new(), None);
        let mut searched = 0;
        while end.is_none() && ahead.len() < BEGINNING && !ends_head(&ahead[searched..]) {
            searched = ahead.len().saturating_sub(END_OF_HEAD.len());
            end = read_more(&mut input, &mut ahead);
        }
        let decoder = charset(&ahead, content_type, host).new_decoder();
        Self { input, decoder, ahead, end, is_finished: false, text: Vec::new(), at: 0 }
    }

    /// Decodes what comes next; false at the end.
    fn refill(&mut self) -> io::Result<bool> {
        if self.ahead.is_empty() && self.end.is_none() {
            self.end = read_more(&mut self.input, &mut self.ahead);
        }
        if self.ahead.is_empty() {
            match self.end.replace(Ok(())) {
                Some(Err(error)) => return Err(error),
                _ if self.is_finished => return Ok(false),
                _ => self.is_finished = true,
            }
        }
        let longest = self.decoder.max_utf8_buffer_length(self.ahead.len());
        let mut text = String::with_capacity(longest.unwrap_or_default());
        let _ = self.decoder.decode_to_string(&self.ahead, &mut text, self.is_finished);
        self.ahead.clear();
        text.retain(|c| c != '\0');
        (self.text, self.at) = (text.into_bytes(), 0);
        Ok(true)
    }
}

impl<R: Read> Read for PageText<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            if !self.refill()? {
                return Ok(0);
            }
        }
        let length = buffer.len().min(self.text.len() - self.at);
        buffer[..length].copy_from_slice(&self.text[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// Appends what comes next; how the input ended, if it did.
fn read_more(input: &mut impl Read, bytes: &mut Vec<u8>) -> Option<io::Result<()>> {
    let mut part = [0; AT_ONCE];
    match input.read(&mut part) {
        Ok(0) => Some(Ok(())),
        Ok(length) => {
            bytes.extend_from_slice(&part[..length]);
            None
        }
        Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
        Err(error) => Some(Err(error)),
    }
}

fn ends_head(bytes: &[u8]) -> bool {
    bytes.windows(END_OF_HEAD.len()).any(|word| word.eq_ignore_ascii_case(END_OF_HEAD))
}

#[cfg(test)]
mod tests {
    use encoding_rs::{EUC_KR, Encoding, SHIFT_JIS, UTF_8};

    use super::*;

    /// Hands out a byte at a time, and then breaks off.
    struct Slowly<'a>(&'a [u8], bool);

    impl Read for Slowly<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.split_first() {
                Some((byte, rest)) => {
                    (buffer[0], self.0) = (*byte, rest);
                    Ok(1)
                }
                None if self.1 => Err(io::Error::other("broken off")),
                None => Ok(0),
            }
        }
    }

    fn read(bytes: &[u8], encoding: &'static Encoding, breaks_off: bool) -> (String, bool) {
        let content_type = format!("text/html; charset={}", encoding.name());
        let mut text = Vec::new();
        let read = PageText::new(Slowly(bytes, breaks_off), Some(&content_type), "").read_to_end(&mut text);
        (String::from_utf8(text).unwrap(), read.is_ok())
    }

    #[test]
    fn a_letter_may_come_in_two_parts() {
        for encoding in [EUC_KR, UTF_8, SHIFT_JIS] {
            let page = if encoding == SHIFT_JIS { "日本</head>語" } else { "한국</head>어" };
            let (bytes, _, _) = encoding.encode(page);
            assert_eq!(read(&bytes, encoding, false), (page.to_owned(), true));
            assert_eq!(read(&bytes, encoding, true), (page.to_owned(), false));
            let cut = &bytes[..bytes.len() - 1];
            assert_eq!(read(cut, encoding, false), (page.replace(['어', '語'], "\u{fffd}"), true));
        }
        assert_eq!(read(b"a\0b", UTF_8, false), ("ab".to_owned(), true));
        assert_eq!(read(b"", UTF_8, false), (String::new(), true));
    }

    #[test]
    fn utf_16_is_read() {
        let page = "<title>한국 😀</title>";
        let little: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = page.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (mark, bytes) in [(&b""[..], &little), (b"", &big), (b"\xff\xfe", &little), (b"\xfe\xff", &big)] {
            let (text, _) = read(&[mark, bytes].concat(), UTF_8, false);
            assert_eq!(text, page);
        }
    }

    #[test]
    fn no_more_is_read_than_the_head() {
        let page = format!("<head><title>x</title></head>{}", "x".repeat(1 << 20));
        let mut input = page.as_bytes();
        PageText::new(&mut input, None, "");
        assert!(page.len() - input.len() <= AT_ONCE, "{}", page.len() - input.len());
    }
}
