//! Identifies whose ballot it is. For each question a voter has at most one ballot.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::polls::idempotency_key::IdempotencyKey;
use crate::polls::page_view::{self, HOUR_DIGITS, PageView};
use crate::polls::rules::WhoVotes;
use crate::seeded_bugs::{self, Bug};

/// The length of `polls_ballot.voter`, in characters.
const ID_LENGTH: usize = 32;
/// How many characters of a version 7 UUID are kept of its time: the first 24 of 48 bits, which change every 4.7 hours.
const UUID_TIME_LENGTH: usize = 6;

/// A voter, identified by an id of 32 characters. Ids of about the same time begin alike, so that new entries of the
/// index of ballots are near each other. An id shows when it was made to the hour only, so that a ballot cannot be
/// matched with a request in an access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voter {
    /// ASCII characters.
    id: [u8; ID_LENGTH],
    may_be_known: bool,
}

/// What a request says about its voter. Each rule of a poll ([`WhoVotes`]) takes another of these voters.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// In an open poll: a new voter, or the one of the page view or key.
    pub request: Option<Voter>,
    pub browser: Option<Voter>,
    pub account: Option<Voter>,
    pub invitation: Option<Voter>,
}

impl Credentials {
    /// The voter under a rule; None if the request does not identify one.
    pub fn voter(&self, rule: WhoVotes) -> Option<&Voter> {
        match rule {
            WhoVotes::Open => self.request.as_ref(),
            WhoVotes::Browser => self.browser.as_ref(),
            WhoVotes::Account => self.account.as_ref(),
            WhoVotes::Invitation => self.invitation.as_ref(),
        }
    }
}

impl Voter {
    /// A new voter for a single ballot: in an open poll every post without a key and a page view is from a new voter.
    /// The id is the hour, then 60 random bits of this process (16 digits, one of them fixed), then a counter.
    pub fn fresh() -> Self {
        static PROCESS: LazyLock<String> =
            LazyLock::new(|| page_view::this_hour() + &Uuid::new_v4().simple().to_string()[..16]);
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self::from_characters(&format!("{}{number:010x}", *PROCESS), false)
    }

    /// The same voter for every request with this key. Its id begins with `k`, that of a fresh voter with a digit.
    pub fn of_key(key: &IdempotencyKey) -> Self {
        let time = Uuid::try_parse(key.as_str()).ok().filter(|uuid| uuid.get_version_num() == 7);
        let time = time.map(|uuid| uuid.simple().to_string()[..UUID_TIME_LENGTH].to_owned());
        Self::by_name(format!("k{}", time.unwrap_or_default()), key.as_str())
    }

    /// The same voter for every vote from this view of a page.
    pub fn of_page_view(view: &PageView) -> Self {
        Self::by_name(format!("v{}", &view.as_str()[..HOUR_DIGITS]), view.as_str())
    }

    /// The voter that a ballot of a secret poll is stored with: 186 random bits, unlike those of every other ballot.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub fn unknown() -> Result<Self, getrandom::Error> {
        let mut random = [0; ID_LENGTH];
        getrandom::fill(&mut random)?;
        Ok(Self::from_characters(&format!("s{}", BASE64_URL_SAFE_NO_PAD.encode(random)), false))
    }

    /// The prefix, then as many characters of the hash of `name` as fit.
    fn by_name(prefix: String, name: &str) -> Self {
        Self::known(&(prefix + &BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(name))))
    }

    /// The same voter for every vote with these characters, which are ASCII and at least 32; the first names the rule
    /// by which voters are told apart: `b` browsers, `a` accounts, `i` invitations.
    pub fn known(characters: &str) -> Self {
        if seeded_bugs::is_on(Bug::DoubledRetry) {
            return Self { may_be_known: true, ..Self::fresh() };
        }
        Self::from_characters(characters, true)
    }

    /// `characters` are ASCII, and at least 32.
    fn from_characters(characters: &str, may_be_known: bool) -> Self {
        let characters = characters.as_bytes();
        Self { id: std::array::from_fn(|at| characters.get(at).copied().unwrap_or(b'0')), may_be_known }
    }

    /// The id as the database stores it.
    pub fn id(&self) -> &str {
        std::str::from_utf8(&self.id).unwrap_or_default()
    }

    /// Whether the database may already have a ballot of this voter. The ballots of fresh voters are not looked up.
    pub fn may_be_known(&self) -> bool {
        self.may_be_known
    }
}
