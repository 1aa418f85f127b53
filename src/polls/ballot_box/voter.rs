//! Whose ballot it is. A question's box takes one ballot of each voter.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::polls::idempotency_key::IdempotencyKey;
use crate::polls::page_view::{self, HOUR_DIGITS, PageView};
use crate::seeded_bugs::{self, Bug};

/// The characters of `polls_ballot.voter`.
const LENGTH: usize = 32;
/// The characters of a version 7 UUID that say when it was made.
const TIME: usize = 12;

/// Somebody, as 32 characters. Those of about one time sort together, so that the index of many ballots grows at
/// one end. None says when it was made more exactly than to the hour, so that no ballot can be joined with a line of
/// a log by its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voter {
    /// ASCII.
    id: [u8; LENGTH],
    returns: bool,
}

impl Voter {
    /// A voter of a single ballot: in an open poll every post that names neither key nor page view is one. The hour
    /// and 60 random bits of this process (16 digits, one of them fixed), then a number that counts up.
    pub fn fresh() -> Self {
        static RUN: LazyLock<String> =
            LazyLock::new(|| page_view::this_hour() + &Uuid::new_v4().simple().to_string()[..16]);
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self::from_digits(&format!("{}{number:010x}", *RUN), false)
    }

    /// Whoever sends this key, each time it is sent. Never one of the fresh, whose ids begin with a digit.
    pub fn of_key(key: &IdempotencyKey) -> Self {
        let time = Uuid::try_parse(key.as_str()).ok().filter(|uuid| uuid.get_version_num() == 7);
        let time = time.map(|uuid| uuid.simple().to_string()[..TIME].to_owned());
        Self::returning(format!("k{}", time.unwrap_or_default()), key.as_str())
    }

    /// Whoever votes from this view of a page, each time it does.
    pub fn of_page_view(view: &PageView) -> Self {
        Self::returning(format!("v{}", &view.as_str()[..HOUR_DIGITS]), view.as_str())
    }

    /// The beginning, then as much of the name's hash as there is room for.
    fn returning(beginning: String, name: &str) -> Self {
        if seeded_bugs::is_on(Bug::DoubledRetry) {
            return Self { returns: true, ..Self::fresh() };
        }
        Self::from_digits(&(beginning + &BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(name))), true)
    }

    /// `digits` are at least 32 characters of ASCII.
    fn from_digits(digits: &str, returns: bool) -> Self {
        Self { id: std::array::from_fn(|at| digits.as_bytes().get(at).copied().unwrap_or(b'0')), returns }
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
