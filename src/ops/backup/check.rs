//! Checks that a backup is undamaged and that every total in it is right, by the rules of [`TotalCheck`].

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use serde_json::Value;

use super::BackupError;
use super::file::{self, BackupHead, BackupPart, Manifest, TableHead};
use crate::db::rows::PortableRow;
use crate::polls::ballot::BallotKind;
use crate::polls::recount::{Count, TotalCheck};
use crate::polls::rules::Rule as _;

/// The content of a backup in numbers.
#[derive(Debug)]
pub struct Summary {
    pub head: BackupHead,
    pub(super) manifest: Manifest,
    /// The wrong totals ([`TotalCheck::Wrong`]).
    pub wrong: Vec<Count>,
    pub choices: usize,
    pub ballots: i64,
    /// Votes that Django has counted, for which there are no ballots.
    pub elsewhere: i64,
    /// Ballots for a choice that does not exist.
    pub left_behind: i64,
}

impl Summary {
    /// Whether every total is right and no ballot is without its choice.
    pub fn fits(&self) -> bool {
        self.wrong.is_empty() && self.left_behind == 0
    }

    /// The name of each table and the number of its rows.
    pub fn tables(&self) -> impl Iterator<Item = (&str, u64)> {
        self.manifest.tables.iter().map(|(name, sum)| (name.as_str(), sum.rows))
    }
}

/// Reads a whole backup, checks it against its manifest, and recounts its votes.
///
/// # Errors
/// [`BackupError::File`] if the file cannot be read, [`BackupError::Damaged`] if it is not as it was written.
pub fn check(path: &Path) -> Result<Summary, BackupError> {
    let (mut head, mut booth, mut table) = (None, Booth::default(), None::<TableHead>);
    let manifest = file::read(path, |part| {
        match part {
            BackupPart::Head(first) => head = Some(first.clone()),
            BackupPart::Table(next) => table = Some(next.clone()),
            BackupPart::Row(row) => {
                if let Some(table) = &table {
                    booth.take(table, &row);
                }
            }
        }
        Ok(())
    })?;
    let Some(head) = head else {
        return Err(BackupError::Damaged { path: path.to_path_buf(), what: "it has no beginning".to_owned() });
    };
    let mut summary = Summary {
        head,
        manifest,
        wrong: Vec::new(),
        choices: booth.choices.len(),
        ballots: 0,
        elsewhere: 0,
        left_behind: 0,
    };
    for (choice, ballots) in booth.ballots {
        match booth.choices.get_mut(&choice) {
            Some(count) => {
                let is_ranked = booth.ranked.contains(&count.question);
                count.ballots += ballots.number - if is_ranked { ballots.later_preferences } else { 0 };
                count.strays = ballots
                    .questions
                    .iter()
                    .filter(|(question, _)| **question != count.question)
                    .map(|(_, number)| number)
                    .sum();
            }
            None => summary.left_behind += ballots.number - ballots.aside,
        }
    }
    for count in booth.choices.into_values() {
        summary.ballots += count.ballots;
        match count.check(booth.is_shared) {
            TotalCheck::Fits => {}
            TotalCheck::CountedElsewhere(votes) => summary.elsewhere += votes,
            TotalCheck::Wrong => summary.wrong.push(count),
        }
    }
    Ok(summary)
}

/// What is kept in memory of the rows: one entry for each choice, none for a single ballot.
#[derive(Default)]
struct Booth {
    choices: BTreeMap<i64, Count>,
    ballots: HashMap<i64, Ballots>,
    /// Choices whose ballots a deletion or its undo is moving; their ballots in both tables count.
    moving: HashSet<i64>,
    /// The questions with ranked ballots, of which only the first preference is in a choice's total.
    ranked: HashSet<i64>,
    is_shared: bool,
}

#[derive(Default)]
struct Ballots {
    number: i64,
    /// How many of them are in `polls_deleted_ballot`.
    aside: i64,
    /// How many have a value other than 1.
    later_preferences: i64,
    questions: HashMap<i64, i64>,
}

impl Booth {
    fn take(&mut self, table: &TableHead, row: &PortableRow) {
        let value = |name: &str| table.columns.iter().position(|(column, _)| column == name).and_then(|at| row.get(at));
        let number = |name: &str| value(name).and_then(Value::as_i64);
        match table.name.as_str() {
            "polls_choice" => {
                let Some(choice) = number("id") else { return };
                let count = Count {
                    choice,
                    question: number("question_id").unwrap_or_default(),
                    choice_text: value("choice_text").and_then(Value::as_str).unwrap_or_default().to_owned(),
                    // A value that is not a number (SQLite allows that) becomes -1, which is reported as a wrong total.
                    votes: number("votes").unwrap_or(-1),
                    opening: number("opening_votes"),
                    ballots: 0,
                    strays: 0,
                };
                self.choices.insert(choice, count);
            }
            "polls_question" if value("kind").and_then(Value::as_str) == Some(BallotKind::Ranked.name()) => {
                self.ranked.extend(number("id"));
            }
            "polls_deleted_choice" if number("moving").is_some_and(|moving| moving != 0) => {
                self.moving.extend(number("id"));
            }
            "polls_ballot" | "polls_deleted_ballot" => {
                let is_aside = table.name == "polls_deleted_ballot";
                let Some(choice) = number("choice_id") else { return };
                if is_aside && !self.moving.contains(&choice) {
                    return;
                }
                let ballots = self.ballots.entry(choice).or_default();
                ballots.number += 1;
                ballots.aside += i64::from(is_aside);
                ballots.later_preferences += i64::from(number("value").is_some_and(|value| value != 1));
                *ballots.questions.entry(number("question_id").unwrap_or_default()).or_default() += 1;
            }
            "django_adoption" => self.is_shared = true,
            _ => {}
        }
    }
}
