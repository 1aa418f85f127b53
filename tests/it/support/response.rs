//! An answer, read strictly: a body that is not as long as it says fails the test.

use std::collections::BTreeSet;
use std::io::Read as _;

use scraper::{ElementRef, Selector};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// How many bytes an answer has, if what has come of it says so.
    pub fn length(bytes: &[u8], head: bool) -> Option<usize> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let text = std::str::from_utf8(&bytes[..end]).ok()?.to_ascii_lowercase();
        let length = text.split("\r\n").find_map(|line| line.strip_prefix("content-length: "))?;
        let has_none = head || text.split(' ').nth(1) == Some("304");
        Some(end + 4 + if has_none { 0 } else { length.parse().ok()? })
    }

    /// Takes apart what came over a connection; the answer to HEAD has no body.
    #[track_caller]
    pub fn parse(bytes: &[u8], head: bool) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| {
            panic!("this is no answer: {:?}", String::from_utf8_lossy(bytes));
        });
        let text = std::str::from_utf8(&bytes[..end]).expect("our headers are text");
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status line");
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("{line} is no header"));
            (name.to_ascii_lowercase(), value.to_owned())
        };
        let mut response = Self { status, headers: lines.map(header).collect(), body: bytes[end + 4..].to_vec() };
        if response.header("transfer-encoding") == Some("chunked") {
            response.body = dechunked(&response.body);
        } else if head || status == 304 {
            assert!(response.body.is_empty(), "a body where there must be none");
        } else if let Some(length) = response.header("content-length") {
            assert_eq!(length, response.body.len().to_string(), "Content-Length and body differ");
        }
        response
    }

    /// Holds the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?}\n{}", self.headers, self.text());
        self
    }

    /// A header that may come once at most.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let values = self.headers(name);
        assert!(values.len() < 2, "{name} comes more than once: {values:?}");
        values.first().copied()
    }

    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(header, _)| header == name).map(|(_, value)| value.as_str()).collect()
    }

    /// All headers but the time of day, sorted.
    pub fn lasting_headers(&self) -> BTreeSet<(&str, &str)> {
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        headers.filter(|(name, _)| *name != "date").collect()
    }

    #[track_caller]
    pub fn location(&self) -> &str {
        self.header("location").expect("a Location")
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body without its encoding.
    #[track_caller]
    pub fn unpacked(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let read = match self.header("content-encoding") {
            Some("gzip") => flate2::read::GzDecoder::new(self.body.as_slice()).read_to_end(&mut bytes),
            other => {
                assert_eq!(other, None);
                self.body.as_slice().read_to_end(&mut bytes)
            }
        };
        read.expect("it is what it says");
        bytes
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The page, parsed as a browser does.
    #[track_caller]
    pub fn html(&self) -> Html {
        assert_eq!(self.header("content-type"), Some("text/html; charset=utf-8"));
        Html(scraper::Html::parse_document(std::str::from_utf8(&self.body).expect("UTF-8")))
    }
}

fn dechunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").expect("the length of a chunk");
        let length = std::str::from_utf8(&rest[..end]).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
        let length = length.expect("the length of a chunk");
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 2 + length + 2..];
    }
}

/// A page by its CSS selectors.
pub struct Html(scraper::Html);

impl Html {
    pub fn count(&self, selector: &str) -> usize {
        self.elements(selector).len()
    }

    /// The text of the one element there is.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        text_of(self.one(selector))
    }

    /// The texts of all elements.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.elements(selector).into_iter().map(text_of).collect()
    }

    /// An attribute of the one element there is.
    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.one(selector).attr(name).map(str::to_owned)
    }

    /// An attribute of all elements that have it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.elements(selector).into_iter().filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    /// What a browser would post of a form as it is, without pressing a button.
    pub fn fields(&self, form: &str) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for input in self.elements(&format!("{form} input, {form} textarea, {form} select")) {
            let Some(name) = input.attr("name").map(str::to_owned) else { continue };
            let unticked = matches!(input.attr("type"), Some("checkbox" | "radio")) && input.attr("checked").is_none();
            match input.value().name() {
                "textarea" => fields.push((name, input.text().collect())),
                "select" => {
                    let chosen = Selector::parse("option[selected]").expect("a selector");
                    let values = input.select(&chosen).filter_map(|option| option.attr("value"));
                    fields.extend(values.map(|value| (name.clone(), value.to_owned())));
                }
                _ if unticked => {}
                _ => fields.push((name, input.attr("value").unwrap_or("on").to_owned())),
            }
        }
        fields
    }

    #[track_caller]
    fn one(&self, selector: &str) -> ElementRef<'_> {
        match self.elements(selector).as_slice() {
            [one] => *one,
            found => panic!("{selector} is there {} times, not once", found.len()),
        }
    }

    fn elements(&self, selector: &str) -> Vec<ElementRef<'_>> {
        let selector = Selector::parse(selector).unwrap_or_else(|_| panic!("{selector} is no selector"));
        self.0.select(&selector).collect()
    }
}

/// As it reads, with white space as one space.
fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
