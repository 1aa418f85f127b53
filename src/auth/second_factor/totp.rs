//! Time-based codes (RFC 6238): SHA-1, six digits, steps of 30 seconds, as every app for them knows.

use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

/// The length of a secret in bytes: that of SHA-1's output (RFC 4226, section 4).
pub const SECRET_LENGTH: usize = 20;
/// Seconds.
const STEP: i64 = 30;
const DIGITS: usize = 6;
/// How many steps a clock may be wrong in each direction.
const SKEW: i64 = 1;
/// RFC 4648.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step of a code that is right at a time (seconds since 1970), give or take one step.
pub fn step_of(secret: &[u8], code: &str, at: i64) -> Option<i64> {
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let now = at / STEP;
    // All are compared, so that the time does not tell which was right.
    (now - SKEW..=now + SKEW).fold(None, |found, step| {
        let is_right = bool::from(code_of(secret, step).as_bytes().ct_eq(typed.as_bytes()));
        if is_right { Some(step) } else { found }
    })
}

/// The code of a step.
fn code_of(secret: &[u8], step: i64) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[hash.len() - 1] & 0xf);
    let part = hash[offset..].first_chunk().copied().unwrap_or_default();
    let number = u32::from_be_bytes(part) & 0x7fff_ffff;
    format!("{:0DIGITS$}", number % 1_000_000)
}

/// A secret as apps take it, in groups of four.
pub fn spelled(secret: &[u8]) -> String {
    let letters = base32(secret);
    let groups = letters.as_bytes().chunks(4).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(" ")
}

fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let bits = chunk.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - chunk.len()));
        let letters = (chunk.len() * 8).div_ceil(5);
        let letter = |at| usize::try_from(bits >> (35 - 5 * at) & 31).unwrap_or_default();
        text.extend((0..letters).map(|at| char::from(BASE32[letter(at)])));
    }
    text
}

/// The address that an app reads from a QR code (the key URI format of Google Authenticator).
pub fn uri(issuer: &str, username: &str, secret: &[u8]) -> String {
    let [issuer, username] = [issuer, username].map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string());
    format!("otpauth://totp/{issuer}:{username}?secret={}&issuer={issuer}", base32(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_of(secret, at / STEP), code);
            assert_eq!(step_of(secret, code, at), Some(at / STEP));
            assert_eq!(step_of(secret, &format!(" {} {}", &code[..3], &code[3..]), at + STEP), Some(at / STEP));
            assert_eq!(step_of(secret, code, at + 2 * STEP), None);
            assert_eq!(step_of(secret, &code[1..], at), None);
        }
        assert_eq!(step_of(secret, "", 59), None);
    }

    /// RFC 4648, section 10, without the padding.
    #[test]
    fn secrets_are_spelled_in_base_32() {
        for (bytes, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(spelled(b"foobar"), "MZXW 6YTB OI");
        assert_eq!(uri("A & B", "홍", b"f"), "otpauth://totp/A%20%26%20B:%ED%99%8D?secret=MY&issuer=A%20%26%20B");
    }
}
