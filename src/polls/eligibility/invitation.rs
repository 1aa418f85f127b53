//! The voters of a poll by invitation: whoever has one of its links, `/polls/{id}/i/{token}/`, votes once with it.
//!
//! Reading the page of a link never uses it up, as programs that check mail open every link; only the vote does. A link
//! has been used if there is a ballot of its voter, so nothing else must be written with a vote. The voter is made from
//! the token, of which the database has a hash only: nobody who reads the database can tell who cast a ballot.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use diesel::dsl::count_star;
use diesel::prelude::*;
use sha2::{Digest as _, Sha256};

use super::{has_voted, voters};
use crate::clock;
use crate::db::Connection;
use crate::db::moment::{moment, moment_or_null};
use crate::polls::ballot_box::Voter;
use crate::polls::schema::polls_invitation;
use crate::web::http::forms::Form;
use crate::web::{Error, Result};

/// The field of a vote's form with the token, where the address does not have it.
pub const FIELD: &str = "invitation";
/// The message for a link that has voted. Its vote counts.
pub const USED: &str = "polls-invitation-used";

/// The bytes of a token: 128 bits.
const BYTES: usize = 16;
/// The first character of the id of an invitation's voter.
const INITIAL: &str = "i";
/// The most characters of a label.
pub const LABEL_LENGTH: usize = 200;

/// The secret of a link: 22 characters of base64 (RFC 4648 §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationToken(String);

impl InvitationToken {
    /// # Errors
    /// `Internal` if the system gives no random bytes.
    pub fn new() -> Result<Self> {
        let mut random = [0; BYTES];
        getrandom::fill(&mut random).map_err(|error| Error::Internal(error.to_string().into()))?;
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(random)))
    }

    /// None for a text that cannot be a token, as one that was cut off.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == BYTES).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The voter that a link is in its poll.
    pub fn voter(&self, question: i64) -> Voter {
        Voter::known(&format!("{INITIAL}{}", hash(&format!("polls.invitation.voter {question} {}", self.0))))
    }

    /// Under which the database knows it: 32 characters.
    fn stored(&self) -> String {
        format!("{:.32}", hash(&self.0))
    }
}

/// What a page or vote has as its token: in its address, or else in its form.
pub fn sent<'a>(request: &'a HttpRequest, form: Option<&'a Form>) -> Option<&'a str> {
    request.match_info().get("token").or_else(|| form?.get(FIELD))
}

fn hash(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// What a link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// There is no such link: it was cut off, mistyped or guessed.
    Unknown,
    /// It is a link of another poll.
    OfAnotherPoll,
    Withdrawn,
    /// It has not voted yet.
    Open,
    /// It has voted; the vote may be changed if the poll allows that.
    Used,
}

impl InvitationState {
    /// The message and the status for a link that cannot vote; None if it can, or has already.
    pub fn refusal(self) -> Option<(&'static str, StatusCode)> {
        match self {
            Self::Unknown => Some(("polls-invitation-unknown", StatusCode::NOT_FOUND)),
            Self::OfAnotherPoll => Some(("polls-invitation-of-another", StatusCode::NOT_FOUND)),
            Self::Withdrawn => Some(("polls-invitation-withdrawn", StatusCode::GONE)),
            Self::Open | Self::Used => None,
        }
    }
}

/// The state of a link in a poll; of None, as a cut token is, `Unknown`.
///
/// # Errors
/// If the database does not answer.
pub fn state(conn: &mut Connection, question: i64, token: Option<&InvitationToken>) -> QueryResult<InvitationState> {
    let Some(token) = token else {
        return Ok(InvitationState::Unknown);
    };
    let known: Option<(i64, bool)> = polls_invitation::table
        .filter(polls_invitation::token_hash.eq(token.stored()))
        .select((polls_invitation::question_id, polls_invitation::withdrawn_at.is_not_null()))
        .get_result(conn)
        .optional()?;
    Ok(match known {
        None => InvitationState::Unknown,
        Some((of, _)) if of != question => InvitationState::OfAnotherPoll,
        Some((_, true)) => InvitationState::Withdrawn,
        Some((_, false)) if has_voted(conn, question, &token.voter(question))? => InvitationState::Used,
        Some((_, false)) => InvitationState::Open,
    })
}

/// Makes a link for each label, and returns the tokens in their order. They are stored nowhere else. Call it in a
/// transaction, with a thousand labels or so at once.
///
/// # Errors
/// If the database refuses it, or the system gives no random bytes.
pub fn make(conn: &mut Connection, question: i64, labels: &[String]) -> Result<Vec<InvitationToken>> {
    let now = clock::storable(clock::now());
    labels
        .iter()
        .map(|label| {
            let token = InvitationToken::new()?;
            let values = (
                polls_invitation::question_id.eq(question),
                polls_invitation::token_hash.eq(token.stored()),
                polls_invitation::label.eq(label),
                polls_invitation::created_at.eq(moment(now)),
            );
            diesel::insert_into(polls_invitation::table).values(values).execute(conn)?;
            Ok(token)
        })
        .collect()
}

/// Deletes links that were made and could not be handed out.
///
/// # Errors
/// If the database refuses it or does not answer.
pub fn unmake(conn: &mut Connection, tokens: &[InvitationToken]) -> QueryResult<()> {
    for token in tokens {
        diesel::delete(polls_invitation::table.filter(polls_invitation::token_hash.eq(token.stored())))
            .execute(conn)?;
    }
    Ok(())
}

/// Withdraws the links of a poll that have this label, or all, and returns how many were good until now. Ballots that
/// were cast with them stay.
///
/// # Errors
/// If the database refuses it or does not answer.
pub fn withdraw(conn: &mut Connection, question: i64, label: Option<&str>) -> QueryResult<usize> {
    let now = moment_or_null(Some(clock::storable(clock::now())));
    let of_question = polls_invitation::table
        .filter(polls_invitation::question_id.eq(question))
        .filter(polls_invitation::withdrawn_at.is_null());
    match label {
        Some(label) => diesel::update(of_question.filter(polls_invitation::label.eq(label)))
            .set(polls_invitation::withdrawn_at.eq(now))
            .execute(conn),
        None => diesel::update(of_question).set(polls_invitation::withdrawn_at.eq(now)).execute(conn),
    }
}

/// The numbers of a poll's links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationCounts {
    pub made: i64,
    pub withdrawn: i64,
    /// How many have voted, those that were withdrawn afterwards among them.
    pub used: i64,
}

impl InvitationCounts {
    /// # Errors
    /// If the database does not answer.
    pub fn of(conn: &mut Connection, question: i64) -> QueryResult<Self> {
        let links = || polls_invitation::table.filter(polls_invitation::question_id.eq(question)).select(count_star());
        Ok(Self {
            made: links().get_result(conn)?,
            withdrawn: links().filter(polls_invitation::withdrawn_at.is_not_null()).get_result(conn)?,
            used: voters(conn, question, INITIAL, "j")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_made_and_a_cut_one_is_none() {
        let token = InvitationToken::new().unwrap();
        assert_eq!(InvitationToken::parse(token.as_str()), Some(token.clone()));
        assert_ne!(InvitationToken::new().unwrap(), token);
        let text = token.as_str();
        for wrong in ["", &text[1..], &text[..21], &format!("{text}A"), &format!("{}é", &text[2..])] {
            assert_eq!(InvitationToken::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_stored_of_a_token_is_not_its_voter() {
        let token = InvitationToken::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert_eq!(token.stored().len(), 32);
        assert_ne!(token.voter(1), token.voter(2));
        assert_eq!(token.voter(1), token.voter(1));
        assert!(token.voter(1).id().starts_with('i') && token.voter(1).id()[1..] != token.stored()[..31]);
    }
}
