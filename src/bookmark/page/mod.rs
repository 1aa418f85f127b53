//! Pages of other sites: what a bookmark takes from them.

mod charset;
mod head;
mod picture;
mod pictures;
mod reading;
mod tokens;

use url::Url;

pub use head::PageHead;
pub use picture::{FileNames, PictureError, PictureFacts, examine};

use crate::outbound::{FetchError, FetchKind, Fetched, Fetcher};
use reading::PageText;

#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("it is no page, but {0}")]
    NoPage(String),
}

/// What the head of the page at this address says.
///
/// # Errors
/// If it cannot be fetched, or is no page. If it broke off after its title, that is no error.
pub fn fetch_head(fetcher: &Fetcher, address: &str) -> Result<PageHead, PageError> {
    let (address, text) = open(fetcher, address)?;
    match head::page_head(text, &address) {
        (PageHead { title: None, .. }, Some(error)) => Err(FetchError::of_reading(error).into()),
        (head, _) => Ok(head),
    }
}

/// The addresses of the pictures of the page at this address; and why it broke off, if it did.
///
/// # Errors
/// If it cannot be fetched, or is no page.
pub fn fetch_pictures(fetcher: &Fetcher, address: &str) -> Result<(Vec<Url>, Option<FetchError>), PageError> {
    let (address, text) = open(fetcher, address)?;
    let (pictures, broken) = pictures::page_pictures(text, &address);
    Ok((pictures, broken.map(FetchError::of_reading)))
}

fn open(fetcher: &Fetcher, address: &str) -> Result<(Url, PageText<Fetched>), PageError> {
    let fetched = fetcher.get(address, FetchKind::Page)?;
    let content_type = fetched.content_type.clone();
    let media_type = content_type.as_deref().map(|value| value.split(';').next().unwrap_or_default().trim());
    // An answer that does not say what it is may be a page.
    if let Some(media_type) = media_type.filter(|media_type| !media_type.is_empty()) {
        let is_page = |known: &str| media_type.eq_ignore_ascii_case(known);
        if !["text/html", "application/xhtml+xml"].into_iter().any(is_page) {
            return Err(PageError::NoPage(media_type.chars().take(60).collect()));
        }
    }
    let address = fetched.url.clone();
    let host = address.host_str().unwrap_or_default().to_owned();
    Ok((address, PageText::new(fetched, content_type.as_deref(), &host)))
}
