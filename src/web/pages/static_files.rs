//! Static files: part of the program, with a hash of the content in each name, so that browsers may keep them for ever
//! (as Django's `ManifestStaticFilesStorage`, without a manifest).

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use actix_web::http::header::{ContentEncoding, HeaderMap};
use actix_web::web::Bytes;
use flate2::Compression;
use rust_embed::RustEmbed;

use crate::web::http::encoding;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Embedded;

/// All static files, by plain and by hashed name.
pub struct StaticFiles {
    url: String,
    files: LazyLock<HashMap<String, StaticFile>>,
}

pub struct StaticFile {
    /// The name with the hash of the content in it: `css/site.0f343b0931126a20.css`.
    pub hashed_name: String,
    /// Of the content: the first 64 bits of its SHA-256, in hexadecimal.
    pub hash: String,
    content: Bytes,
    gzip: OnceLock<Option<Bytes>>,
}

impl StaticFiles {
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), files: LazyLock::new(embedded) }
    }

    /// The address of a file by its plain name. A name that does not exist is returned without a hash; a test finds
    /// such names in templates.
    pub fn url(&self, name: &str) -> String {
        format!("{}{}", self.url, self.files.get(name).map_or(name, |file| &file.hashed_name))
    }

    /// All files by their plain names.
    pub fn iter(&self) -> impl Iterator<Item = &StaticFile> {
        self.files.values()
    }

    /// The file of a plain or hashed name, and whether the name was hashed.
    pub fn find(&self, name: &str) -> Option<(&StaticFile, bool)> {
        if let Some(file) = self.files.get(name) {
            return Some((file, false));
        }
        let (stem, extension) = name.rsplit_once('.')?;
        let (stem, _) = stem.rsplit_once('.')?;
        let file = self.files.get(&format!("{stem}.{extension}"))?;
        (file.hashed_name == name).then_some((file, true))
    }
}

fn embedded() -> HashMap<String, StaticFile> {
    let named = |name: std::borrow::Cow<'static, str>| {
        let file = StaticFile::new(&name, Embedded::get(&name)?);
        Some((name.into_owned(), file))
    };
    Embedded::iter().filter_map(named).collect()
}

impl StaticFile {
    fn new(name: &str, file: rust_embed::EmbeddedFile) -> Self {
        let hash = u64::from_be_bytes(*file.metadata.sha256_hash().first_chunk().unwrap_or(&[0; 8]));
        let hash = format!("{hash:016x}");
        let hashed_name = match name.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
            None => format!("{name}.{hash}"),
        };
        let content = match file.data {
            std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
        };
        Self { hashed_name, hash, content, gzip: OnceLock::new() }
    }

    pub fn content(&self) -> &Bytes {
        &self.content
    }

    /// The content compressed with gzip; None if that is not smaller. Brotli would make all files together 5 kB smaller
    /// (23 instead of 28 kB), those of a poll's page 0.8 kB, and cost 7 MB of program and 9 s of its build.
    pub fn gzip(&self) -> Option<&Bytes> {
        self.gzip.get_or_init(|| encoding::gzip(&self.content, Compression::best())).as_ref()
    }

    pub fn content_type(&self) -> &'static str {
        match self.hashed_name.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("ico") => "image/x-icon",
            Some("woff2") => "font/woff2",
            Some("txt") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// The content in an encoding that the client accepts, and the name of the encoding, None for the plain content.
    pub fn negotiate(&self, headers: &HeaderMap) -> (&Bytes, Option<&'static str>) {
        let packed = self.gzip().filter(|_| encoding::accepts(headers, ContentEncoding::Gzip));
        packed.map_or((&self.content, None), |packed| (packed, Some("gzip")))
    }
}
