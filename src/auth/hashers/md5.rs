//! Django's `MD5PasswordHasher`, used by very old sites and by tests: `salt$hash`.

use md5::{Digest as _, Md5};
use subtle::ConstantTimeEq as _;

use crate::web::http::secrets;

pub(super) fn verify(password: &str, encoded: &str) -> Option<bool> {
    let (salt, hash) = encoded.split_once('$').filter(|(_, hash)| hash.len() == 32)?;
    let actual = secrets::hex(&Md5::new().chain_update(salt).chain_update(password).finalize());
    Some(actual.as_bytes().ct_eq(hash.as_bytes()).into())
}
