//! The lot that decides ties: anybody can draw it again.

use sha2::{Digest as _, Sha256};

/// The number that a choice draws: SHA-256 of the poll's seed, a text that is published before the poll opens, followed
/// by the choice's id in decimal digits. The lowest number comes first. In a shell, for choice 17:
///
/// ```sh
/// printf '%s' "${seed}17" | sha256sum
/// ```
pub fn lot_number(seed: &str, choice: i64) -> [u8; 32] {
    Sha256::new().chain_update(seed).chain_update(choice.to_string()).finalize().into()
}
