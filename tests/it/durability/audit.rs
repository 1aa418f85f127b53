//! What is in the database against what the voters know.

use std::collections::{HashMap, HashSet};
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use diesel::prelude::*;
use polls::db::Connection;
use polls::polls::recount;
use polls::polls::schema::polls_ballot;
use sha2::{Digest as _, Sha256};

use super::ledger::{Ledger, Vote};

/// What is wrong; nothing is if all are 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Findings {
    /// Votes that were acknowledged and are not there.
    pub lost: usize,
    /// Ballots that nobody cast, as when a vote was counted again.
    pub doubled: usize,
    /// Votes that count for another choice.
    pub altered: usize,
    /// Totals that are not the opening balance and the ballots.
    pub mismatched: usize,
}

impl Findings {
    #[track_caller]
    pub fn expect_none(self) {
        assert!(self == Self::default(), "{self}");
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lost, doubled, altered, mismatched } = self;
        write!(f, "{lost} votes lost, {doubled} doubled, {altered} altered; {mismatched} totals do not fit")
    }
}

/// Compares, vote by vote. Votes that were not acknowledged may be there, once.
pub fn audit(conn: &mut Connection, ledger: &Ledger) -> Findings {
    audit_votes(conn, ledger.poll.id, &ledger.votes())
}

pub fn audit_votes(conn: &mut Connection, question: i64, votes: &HashMap<String, Vote>) -> Findings {
    let rows: Vec<(String, i64)> = polls_ballot::table
        .filter(polls_ballot::question_id.eq(question))
        .select((polls_ballot::voter, polls_ballot::choice_id))
        .load(conn)
        .expect("ballots can be read");
    let totals = recount::counts(conn).expect("totals can be read");
    let known: HashSet<_> = votes.keys().map(|key| voter(key)).collect();
    let ballots: HashMap<&str, i64> = rows.iter().map(|(voter, choice)| (voter.as_str(), *choice)).collect();
    let mut findings = Findings { doubled: rows.len() - ballots.len(), ..Findings::default() };
    findings.doubled += ballots.keys().filter(|voter| !known.contains(**voter)).count();
    for (key, vote) in votes {
        match ballots.get(voter(key).as_str()) {
            None if vote.acknowledged => findings.lost += 1,
            Some(choice) if *choice != vote.choice => findings.altered += 1,
            _ => {}
        }
    }
    findings.mismatched = totals.iter().filter(|count| !count.fits()).count();
    findings
}

/// Under which name the ballot box has the vote of a key.
fn voter(key: &str) -> String {
    let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(key));
    format!("k{}", &digest[..31])
}
