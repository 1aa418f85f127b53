//! An address as a QR code, for a poster, a slide or another screen.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};

/// The light margin that the standard (ISO/IEC 18004) asks for, in modules.
const MARGIN: usize = 4;
/// The pixels of a module in a bitmap.
const SCALE: usize = 10;

/// A QR code with its margin.
pub struct QrPicture {
    /// Rows of modules from the top, each true where it is dark.
    rows: Vec<Vec<bool>>,
}

impl QrPicture {
    /// # Errors
    /// If the address is too long: more than 2,331 bytes.
    pub fn of(address: &str) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(address, EcLevel::M)?;
        let size = code.width() + 2 * MARGIN;
        let mut rows = vec![vec![false; size]; size];
        for (at, color) in code.to_colors().into_iter().enumerate() {
            rows[at / code.width() + MARGIN][at % code.width() + MARGIN] = color == Color::Dark;
        }
        Ok(Self { rows })
    }

    pub fn svg(&self) -> String {
        let size = self.rows.len();
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path d=\""
        );
        for (y, row) in self.rows.iter().enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, other| one == other) {
                if run[0] {
                    // Writing to a String cannot fail.
                    let _ = write!(svg, "M{x} {y}h{0}v1h-{0}z", run.len());
                }
                x += run.len();
            }
        }
        svg + "\"/></svg>\n"
    }

    /// A bitmap with one bit a pixel (PNG, W3C).
    ///
    /// # Errors
    /// If it cannot be compressed.
    pub fn png(&self) -> std::io::Result<Vec<u8>> {
        let side = self.rows.len() * SCALE;
        let mut pixels = ZlibEncoder::new(Vec::new(), Compression::default());
        for row in &self.rows {
            // The first byte of a row says that it is not filtered.
            let mut line = vec![0; 1 + side.div_ceil(8)];
            for pixel in (0..side).filter(|pixel| !row[pixel / SCALE]) {
                line[1 + pixel / 8] |= 0x80 >> (pixel % 8);
            }
            for _ in 0..SCALE {
                pixels.write_all(&line)?;
            }
        }
        let side = u32::try_from(side).map_err(std::io::Error::other)?.to_be_bytes();
        // One bit a pixel, grey; the usual compression and filters, not interlaced.
        let header = [&side[..], &side, &[1, 0, 0, 0, 0]].concat();
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, data) in [(b"IHDR", header), (b"IDAT", pixels.finish()?), (b"IEND", Vec::new())] {
            let length = u32::try_from(data.len()).map_err(std::io::Error::other)?;
            png.extend(length.to_be_bytes());
            let mut sum = Crc::new();
            for part in [&kind[..], &data] {
                sum.update(part);
                png.extend(part);
            }
            png.extend(sum.sum().to_be_bytes());
        }
        Ok(png)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    /// A drawing of a picture: the rows of an SVG's paths.
    fn drawn(svg: &str, size: usize) -> Vec<Vec<bool>> {
        let mut rows = vec![vec![false; size]; size];
        let path = svg.rsplit("d=\"").next().unwrap().split('"').next().unwrap();
        for run in path.split('M').skip(1) {
            let (place, rest) = run.split_once('h').unwrap();
            let (x, y) = place.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.split('v').next().unwrap().parse().unwrap();
            rows[y][x..x + length].fill(true);
        }
        rows
    }

    #[test]
    fn both_pictures_show_the_code_with_its_margin() {
        let picture = QrPicture::of("https://polls.example.org/polls/1/").unwrap();
        let size = picture.rows.len();
        assert_eq!(size, 29 + 2 * MARGIN);
        assert!(picture.rows[..MARGIN].iter().flatten().all(|dark| !dark));
        // The corner marks.
        for (x, y) in [(MARGIN, MARGIN), (size - MARGIN - 7, MARGIN), (MARGIN, size - MARGIN - 7)] {
            assert!((x..x + 7).all(|x| picture.rows[y][x]), "{x} {y}");
        }
        assert_eq!(drawn(&picture.svg(), size), picture.rows);

        let png = picture.png().unwrap();
        assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
        let side = size * SCALE;
        let stored = u32::try_from(side).unwrap().to_be_bytes();
        assert_eq!((&png[16..20], &png[20..24]), (&stored[..], &stored[..]));
        let length = u32::from_be_bytes(png[33..37].try_into().unwrap()) as usize;
        let mut pixels = Vec::new();
        flate2::read::ZlibDecoder::new(&png[41..41 + length]).read_to_end(&mut pixels).unwrap();
        for (y, line) in pixels.chunks(1 + side.div_ceil(8)).enumerate() {
            let dark = |x: usize| line[1 + x / 8] & (0x80 >> (x % 8)) == 0;
            assert!((0..side).all(|x| dark(x) == picture.rows[y / SCALE][x / SCALE]), "{y}");
        }
        assert_eq!(png[png.len() - 8..], *b"IEND\xae\x42\x60\x82");
    }

    #[test]
    fn an_address_that_is_too_long_is_refused() {
        assert!(QrPicture::of(&"x".repeat(2331)).is_ok());
        assert!(QrPicture::of(&"x".repeat(2332)).is_err());
    }
}
