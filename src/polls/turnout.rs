//! How many could vote in a poll, and how many did.

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::admin::registry::sentence::{Sentence, SentencePart};
use crate::auth::schema::auth_user;
use crate::db::Connection;
use crate::polls::eligibility::account;
use crate::polls::eligibility::invitation::InvitationCounts;
use crate::polls::rules::WhoVotes;

/// The numbers of a poll of which it is known who could vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollTurnout {
    Invitations(InvitationCounts),
    Accounts { active: i64, voted: i64 },
}

impl PollTurnout {
    /// None for a poll in which anybody could vote.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn of(conn: &mut Connection, question: i64, who_votes: WhoVotes) -> QueryResult<Option<Self>> {
        Ok(match who_votes {
            WhoVotes::Open | WhoVotes::Browser => None,
            WhoVotes::Invitation => Some(Self::Invitations(InvitationCounts::of(conn, question)?)),
            WhoVotes::Account => {
                let active = auth_user::table.filter(auth_user::is_active.eq(true)).select(count_star());
                let active = active.get_result(conn)?;
                Some(Self::Accounts { active, voted: account::votes(conn, question)? })
            }
        })
    }

    /// The numbers in words.
    pub fn sentences(self) -> Vec<Sentence> {
        let numbers = |message, of: &'static str, all, voted| {
            Sentence::new(message).with("voted", SentencePart::Number(voted)).with(of, SentencePart::Number(all))
        };
        match self {
            Self::Accounts { active, voted } => vec![numbers("polls-turnout-accounts", "active", active, voted)],
            Self::Invitations(InvitationCounts { made, used, withdrawn }) => {
                let withdrawn = (withdrawn > 0)
                    .then(|| Sentence::new("polls-turnout-withdrawn").with("count", SentencePart::Number(withdrawn)));
                std::iter::once(numbers("polls-turnout-invitations", "made", made, used)).chain(withdrawn).collect()
            }
        }
    }
}
