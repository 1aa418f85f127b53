//! Asks sites for their `robots.txt`, and remembers what it says for a while.

use std::collections::HashMap;
use std::io::Read as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::robots::Robots;
use super::{FetchError, FetchKind, Fetcher, web_url};

/// As much of the file as RFC 9309 asks to be read.
const LARGEST_FILE: u64 = 500 << 10;
const REMEMBERED: Duration = Duration::from_secs(60 * 60);
/// How many sites are remembered.
const MOST_SITES: usize = 1000;

#[derive(Default)]
pub struct RobotsCache(Mutex<HashMap<String, (Instant, Robots)>>);

impl RobotsCache {
    /// Whether a site lets this program ask for the page at `url`. A site without such a file, or that cannot be
    /// reached, lets it.
    ///
    /// # Errors
    /// [`FetchError::Status`] if the site says that it cannot tell now; then nothing of it should be asked.
    pub fn allow(&self, fetcher: &Fetcher, url: &str) -> Result<bool, FetchError> {
        let url = web_url(url)?;
        let mut file = url.clone();
        file.set_path("/robots.txt");
        file.set_query(None);
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((read, robots)) = known.get(file.as_str())
                && read.elapsed() < REMEMBERED
            {
                return Ok(robots.allows(&path));
            }
        }
        let robots = match fetcher.get(file.as_str(), FetchKind::Page) {
            Ok(fetched) => {
                let mut text = Vec::new();
                // What came before it broke off counts.
                let _ = fetched.take(LARGEST_FILE).read_to_end(&mut text);
                Robots::parse(&String::from_utf8_lossy(&text))
            }
            Err(FetchError::Status(status)) if status.0.is_server_error() => return Err(FetchError::Status(status)),
            Err(_) => Robots::default(),
        };
        let allowed = robots.allows(&path);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_SITES {
            known.clear();
        }
        known.insert(file.into(), (Instant::now(), robots));
        Ok(allowed)
    }
}
