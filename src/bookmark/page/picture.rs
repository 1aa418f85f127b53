//! A picture that was fetched: what it is by its content, and the name of its file.

use std::collections::HashSet;

use imagesize::{Compression, ImageType};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::text::nfc;

/// The most pixels of a picture. More take so much memory to be shown that it is an attack.
const MOST_PIXELS: usize = 100_000_000;
/// The longest name of a file in bytes, without number and extension.
const LONGEST_NAME: usize = 80;

/// What the bytes of a picture say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureFacts {
    pub extension: &'static str,
    pub width: usize,
    pub height: usize,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// SVG is none of them, since it can have scripts.
    #[error("it is no picture in PNG, JPEG, GIF, WebP or AVIF")]
    Unknown,
    #[error("it is a broken picture")]
    Broken,
    #[error("it has {0} × {1} pixels, which are too many")]
    TooManyPixels(usize, usize),
}

/// Looks at the content of a picture, whatever its name and its headers say.
///
/// # Errors
/// If it is no picture of a kind that can be shown safely.
pub fn examine(bytes: &[u8]) -> Result<PictureFacts, PictureError> {
    let extension = match imagesize::image_type(bytes) {
        Ok(ImageType::Png) => "png",
        Ok(ImageType::Jpeg) => "jpg",
        Ok(ImageType::Gif) => "gif",
        Ok(ImageType::Webp) => "webp",
        Ok(ImageType::Heif(Compression::Av1)) => "avif",
        _ => return Err(PictureError::Unknown),
    };
    let size = imagesize::blob_size(bytes).map_err(|_| PictureError::Broken)?;
    if size.width == 0 || size.height == 0 {
        return Err(PictureError::Broken);
    }
    if size.width.saturating_mul(size.height) > MOST_PIXELS {
        return Err(PictureError::TooManyPixels(size.width, size.height));
    }
    Ok(PictureFacts { extension, width: size.width, height: size.height })
}

/// Names for files in one folder: that of the address, as far as it is safe everywhere, and one of its own for each.
#[derive(Default)]
pub struct FileNames(HashSet<String>);

impl FileNames {
    pub fn name(&mut self, address: &Url, extension: &str) -> String {
        let stem = stem(address);
        let numbers = std::iter::once(String::new()).chain((2_u32..).map(|number| format!("-{number}")));
        let names = numbers.map(|number| format!("{stem}{number}.{extension}"));
        // On some systems upper and lower case are one.
        let mut free = names.filter(|name| self.0.insert(name.to_lowercase()));
        free.next().unwrap_or_default()
    }
}

/// The last part of the path without its extension: letters and digits of all scripts, `-` and `_`.
fn stem(address: &Url) -> String {
    let last = address.path_segments().and_then(|mut segments| segments.rfind(|segment| !segment.is_empty()));
    let name = nfc(&percent_decode_str(last.unwrap_or_default()).decode_utf8_lossy());
    let name = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
    let mut stem = String::new();
    for c in name.chars() {
        let c = if c.is_alphanumeric() || c == '_' { c } else { '-' };
        if stem.len() + c.len_utf8() <= LONGEST_NAME && !(c == '-' && stem.ends_with('-')) {
            stem.push(c);
        }
    }
    let stem = stem.trim_matches('-');
    // Names that Windows keeps for devices.
    let is_device = ["con", "prn", "aux", "nul"].contains(&&*stem.to_lowercase())
        || (stem.len() == 4 && ["com", "lpt"].iter().any(|device| stem.to_lowercase().starts_with(device)));
    if stem.is_empty() || is_device { format!("picture{stem}") } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x20\x08\x06\0\0\0";
    const GIF: &[u8] = b"GIF89a\x03\0\x02\0\x80\0\0\0\0\0\xff\xff\xff";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\0\x07\0\x05\x03\x01\x22\0\x02\x11\x01\x03\x11\x01";
    const WEBP: &[u8] = b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x09\0\0\x04\0\0";
    const AVIF: &[u8] = b"\0\0\0\x18ftypavif\0\0\0\0avifmif1\0\0\0\x38meta\0\0\0\0\0\0\0\x2ciprp\0\0\0\x24ipco\0\0\0\x14ispe\0\0\0\0\0\0\0\x40\0\0\0\x30\0\0\0\x08pasp";

    #[test]
    fn a_picture_is_known_by_its_content() {
        for (bytes, extension, width, height) in [
            (PNG, "png", 16, 32),
            (GIF, "gif", 3, 2),
            (JPEG, "jpg", 5, 7),
            (WEBP, "webp", 10, 5),
            (AVIF, "avif", 64, 48),
        ] {
            assert_eq!(examine(bytes), Ok(PictureFacts { extension, width, height }));
        }
        for bytes in [
            &b""[..],
            b"x",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            b"<?xml version='1.0'?><svg/>",
            b"<!DOCTYPE html><title>404</title>",
            b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0",
            b"\0\0\0\x18ftypheic\0\0\0\0heicmif1",
            b"\0\0\0\x18ftypisom\0\0\0\0isommp41",
            b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0",
        ] {
            assert_eq!(examine(bytes), Err(PictureError::Unknown), "{bytes:?}");
        }
        assert_eq!(examine(&PNG[..12]), Err(PictureError::Broken));
        assert_eq!(examine(&AVIF[..40]), Err(PictureError::Broken));
        let bomb = [&PNG[..16], b"\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0"].concat();
        assert_eq!(examine(&bomb), Err(PictureError::TooManyPixels(65535, 65535)));
        let none = [&PNG[..16], b"\0\0\0\0\0\0\0\x01\x08\x06\0\0\0"].concat();
        assert_eq!(examine(&none), Err(PictureError::Broken));
    }

    #[test]
    fn a_file_has_a_safe_name_of_its_own() {
        let mut names = FileNames::default();
        for (address, name) in [
            ("https://example.com/a/photo.jpeg", "photo.png"),
            ("https://example.com/b/photo.jpeg", "photo-2.png"),
            ("https://example.com/b/PHOTO.gif?x=/../y", "PHOTO-3.png"),
            ("https://example.com/%EC%82%AC%EC%A7%84%201.png", "사진-1.png"),
            ("https://example.com/", "picture.png"),
            ("https://example.com/..%2f..%2fetc%2fpasswd", "picture-2.png"),
            ("https://example.com/%2e%2e", "picture-3.png"),
            ("https://example.com/.bashrc", "picture-4.png"),
            ("https://example.com/-rf%00%0a%1b[2J.png", "rf-2J.png"),
            ("https://example.com/CON.png", "pictureCON.png"),
            ("https://example.com/a.png/", "a.png"),
            ("https://example.com/%ff.png", "picture-5.png"),
        ] {
            assert_eq!(names.name(&Url::parse(address).unwrap(), "png"), name, "{address}");
        }
        let long = names.name(&Url::parse(&format!("https://example.com/{}.png", "가".repeat(500))).unwrap(), "avif");
        assert!(long.len() <= LONGEST_NAME + 5 && long.ends_with("가.avif"), "{long}");
    }
}
