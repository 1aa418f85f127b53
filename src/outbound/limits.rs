//! How much another site may hand over.

/// The most bytes of a page or picture, after it is unpacked.
pub const LARGEST: u64 = 5 << 20;
/// The most bytes of an answer's headers.
pub const MOST_HEADER_BYTES: usize = 64 << 10;
/// How often an answer may lead elsewhere.
pub const MOST_REDIRECTS: usize = 5;
