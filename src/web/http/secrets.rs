//! Random keys that cannot be guessed, and the hashes under which they are stored.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::web::{Error, Result};

/// The characters of Django's `get_random_string`.
pub const ALPHANUMERIC: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
pub const BASE36: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// A random text of `length` characters, each character of the alphabet equally likely.
///
/// # Errors
/// If the operating system gives no random bytes.
pub fn random(alphabet: &[u8], length: usize) -> Result<String> {
    let fair = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(length);
    let mut bytes = [0; 64];
    while text.len() < length {
        getrandom::fill(&mut bytes).map_err(|error| Error::Internal(error.to_string().into()))?;
        let letters = bytes.iter().filter(|byte| usize::from(**byte) < fair);
        text.extend(
            letters.take(length - text.len()).map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()])),
        );
    }
    Ok(text)
}

/// The SHA-256 hash, in hexadecimal, under which a secret is stored: whoever reads the database cannot use the secret.
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// HMAC-SHA256 of a text. `purpose` separates hashes that are used for different things.
pub fn keyed_hash(key: &str, purpose: &str, text: &str) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return Vec::new();
    };
    mac.update(format!("polls.{purpose}\0{text}").as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_texts_are_as_long_as_asked_and_differ() {
        let texts: std::collections::HashSet<_> = (0..200).map(|_| random(BASE36, 40).unwrap()).collect();
        assert_eq!(texts.len(), 200);
        assert!(texts.iter().all(|text| text.len() == 40 && text.bytes().all(|byte| BASE36.contains(&byte))));
    }

    #[test]
    fn a_digest_is_sha_256_in_hexadecimal() {
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
