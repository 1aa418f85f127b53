//! The format of a file that holds one cached page.

use std::io;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Bytes;

use crate::metrics::RouteNumber;
use crate::web::edge::page_cache::stored::StoredPage;

/// The content of a cache file.
pub enum PageFile {
    Page(StoredPage),
    /// The answer was not a page that may be shared.
    Nothing,
}

/// The bytes of a file: a line with the label; then, if there is a page, a line of JSON with the body's length and the
/// header fields, and the body. The length is needed because a file may be read before all of it is written.
pub fn written(label: &str, page: Option<&StoredPage>) -> io::Result<Vec<u8>> {
    let Some(page) = page else { return Ok(format!("{label}\n").into_bytes()) };
    let fields = page.headers.iter().map(|(name, value)| value.to_str().map(|value| (name.as_str(), value)));
    let fields = fields.collect::<Result<Vec<_>, _>>().map_err(io::Error::other)?;
    let head = serde_json::to_string(&(page.body.len(), fields))?;
    Ok([label.as_bytes(), b"\n", head.as_bytes(), b"\n", &page.body].concat())
}

/// The content of a file; None if it has another label or is incomplete.
pub fn parse(label: &str, file: Vec<u8>) -> Option<PageFile> {
    let page = file.strip_prefix(label.as_bytes())?.strip_prefix(b"\n")?;
    if page.is_empty() {
        return Some(PageFile::Nothing);
    }
    let end = page.iter().position(|byte| *byte == b'\n')?;
    let (length, fields): (usize, Vec<(String, String)>) = serde_json::from_slice(&page[..end]).ok()?;
    if page[end + 1..].len() != length {
        return None;
    }
    let field =
        |(name, value): (String, String)| Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?));
    let headers = fields.into_iter().map(field).collect::<Option<_>>()?;
    let body = file.len() - length;
    Some(PageFile::Page(StoredPage { headers, body: Bytes::from(file).slice(body..), route: RouteNumber::default() }))
}
