//! Django's `ScryptPasswordHasher`: `work_factor$salt$block_size$parallelism$hash`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;

/// The limits for hashes that are verified. Django's own take 16 MiB and have a parallelism of 5, so 80 MiB of work.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_WORK_KIB: u32 = 1024 * 1024;

struct ScryptHash<'a> {
    work_factor: u32,
    salt: &'a str,
    block_size: u32,
    parallelism: u32,
    hash: Vec<u8>,
}

impl<'a> ScryptHash<'a> {
    fn of(encoded: &'a str) -> Option<Self> {
        let mut parts = encoded.splitn(5, '$');
        let work_factor = parts.next()?.parse().ok()?;
        let salt = parts.next()?;
        let block_size = parts.next()?.parse().ok()?;
        let parallelism = parts.next()?.parse().ok()?;
        Some(Self { work_factor, salt, block_size, parallelism, hash: STANDARD.decode(parts.next()?).ok()? })
    }

    /// The memory in KiB; None if memory or work is above the limits.
    fn memory_kib(&self) -> Option<u32> {
        let memory = self.work_factor.checked_mul(self.block_size)?.checked_mul(128)?.div_ceil(1024);
        let work = memory.checked_mul(self.parallelism)?;
        (memory <= MAX_MEMORY_KIB && work <= MAX_WORK_KIB).then_some(memory)
    }
}

pub(super) fn verify(password: &str, encoded: &str) -> Option<bool> {
    let parts = ScryptHash::of(encoded)?;
    parts.memory_kib()?;
    if !parts.work_factor.is_power_of_two() || parts.hash.is_empty() {
        return None;
    }
    let log_n = u8::try_from(parts.work_factor.ilog2()).ok()?;
    let params = scrypt::Params::new(log_n, parts.block_size, parts.parallelism).ok()?;
    let mut hash = vec![0; parts.hash.len()];
    scrypt::scrypt(password.as_bytes(), parts.salt.as_bytes(), &params, &mut hash).ok()?;
    Some(hash.ct_eq(&parts.hash).into())
}

pub(super) fn memory_kib(encoded: &str) -> Option<u32> {
    ScryptHash::of(encoded)?.memory_kib()
}
