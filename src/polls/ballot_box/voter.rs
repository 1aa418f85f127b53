//! Whose ballot it is. A question's box takes one ballot of each voter.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::polls::idempotency_key::IdempotencyKey;
use crate::seeded_bugs::{self, Bug};

/// The characters of `polls_ballot.voter`.
const LENGTH: usize = 32;
/// The characters of a version 7 UUID that say when it was made.
const TIME: usize = 12;

/// Somebody, as 32 characters. Those of one time sort together, so that the index of many ballots grows at
/// one end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voter {
    /// ASCII.
    id: [u8; LENGTH],
    returns: bool,
}

impl Voter {
    /// Somebody nobody has seen before and nobody will see again: polls are open to all.
    pub fn fresh() -> Self {
        let mut id = [0; LENGTH];
        Uuid::now_v7().simple().encode_lower(&mut id);
        Self { id, returns: false }
    }

    /// Whoever sends this key, each time it is sent. Never one of the fresh: theirs begin with a digit.
    pub fn of(key: &IdempotencyKey) -> Self {
        if seeded_bugs::is_on(Bug::DoubledRetry) {
            return Self { returns: true, ..Self::fresh() };
        }
        let mut id = "k".to_owned();
        if let Ok(uuid) = Uuid::try_parse(key.as_str())
            && uuid.get_version_num() == 7
        {
            id.push_str(&uuid.simple().to_string()[..TIME]);
        }
        id.push_str(&BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(key.as_str())));
        Self { id: std::array::from_fn(|at| id.as_bytes()[at]), returns: true }
    }

    /// As the database has it.
    pub fn id(&self) -> &str {
        std::str::from_utf8(&self.id).unwrap_or_default()
    }

    /// Whether a ballot of this voter may be in the box already.
    pub fn returns(&self) -> bool {
        self.returns
    }
}
