//! The fields of a question's rules, and how far they may change once there are ballots.

use diesel::prelude::*;

use super::question_row::QuestionRow;
use crate::admin::registry::field::{FieldError, FieldErrors, FieldKind, ModelField, SortKey, Value};
use crate::clock;
use crate::db::Connection;
use crate::polls::ballot::BallotKind;
use crate::polls::models::Question;
use crate::polls::rules::{ChoiceOrder, ResultsRule, Rule, TieRule, WhoVotes};
use crate::polls::{queries, sources, write_in};

/// A field whose value is the name of a rule.
macro_rules! rule_field {
    ($rule:ty, $column:ident, $name:literal, $label:literal) => {
        ModelField::editable(
            $name,
            $label,
            FieldKind::Choice(<$rule as Rule>::CHOICES),
            |row: &QuestionRow| rule_value::<$rule>(&row.question.$column),
            |row: &mut QuestionRow, value| row.question.$column = value.text(),
        )
    };
}

fn rule_value<R: Rule>(name: &str) -> Value {
    Value::choice(R::CHOICES, R::named(name).name()).unwrap_or(Value::Empty)
}

pub(super) const DESCRIPTION: ModelField<QuestionRow> = ModelField::editable(
    "description",
    "polls-field-description",
    FieldKind::Paragraph,
    |row: &QuestionRow| Value::Text(row.question.description.clone()),
    |row: &mut QuestionRow, value| row.question.description = value.text(),
)
.optional()
.searched()
.help("polls-help-description");

/// The addresses of bookmarks, one a line.
pub(super) const SOURCES: ModelField<QuestionRow> = ModelField::editable(
    "sources",
    "polls-sources",
    FieldKind::Paragraph,
    |row: &QuestionRow| Value::Text(row.sources.join("\n")),
    |row: &mut QuestionRow, value| {
        let text = value.text();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        row.sources = lines.map(str::to_owned).collect();
    },
)
.optional()
.sorted_by(SortKey::None)
.help("polls-help-sources");

pub(super) fn clean_sources(
    conn: &mut Connection,
    question: Option<i64>,
    addresses: &[String],
) -> QueryResult<FieldErrors> {
    if addresses.len() > sources::MOST {
        return Ok(vec![("sources", FieldError::with_count("polls-error-sources", sources::MOST))]);
    }
    let unknown = sources::first_unknown(conn, question, addresses)?;
    Ok(unknown.map(|index| ("sources", FieldError::with_count("polls-error-source", index + 1))).into_iter().collect())
}

pub(super) const KIND: ModelField<QuestionRow> =
    rule_field!(BallotKind, kind, "kind", "polls-field-kind").help("polls-help-kind");

pub(super) const MIN_CHOICES: ModelField<QuestionRow> = ModelField::editable(
    "min_choices",
    "polls-field-min-choices",
    FieldKind::Integer,
    |row: &QuestionRow| Value::Integer(row.question.min_choices.into()),
    |row: &mut QuestionRow, value| row.question.min_choices = small(&value),
)
.optional()
.help("polls-help-min-choices");

pub(super) const MAX_CHOICES: ModelField<QuestionRow> = ModelField::editable(
    "max_choices",
    "polls-field-max-choices",
    FieldKind::Integer,
    |row: &QuestionRow| Value::Integer(row.question.max_choices.into()),
    |row: &mut QuestionRow, value| row.question.max_choices = small(&value),
)
.optional()
.help("polls-help-number-of-choices");

/// A number out of the column's range becomes -1, which [`clean`] refuses.
fn small(value: &Value) -> i16 {
    match value {
        Value::Integer(number) => i16::try_from(*number).unwrap_or(-1),
        _ => 0,
    }
}

pub(super) const CHOICE_ORDER: ModelField<QuestionRow> =
    rule_field!(ChoiceOrder, choice_order, "choice_order", "polls-field-choice-order");

pub(super) const TIES: ModelField<QuestionRow> =
    rule_field!(TieRule, ties, "ties", "polls-field-ties").help("polls-help-ties");

pub(super) const LOT_SEED: ModelField<QuestionRow> = ModelField::editable(
    "lot_seed",
    "polls-field-lot-seed",
    FieldKind::Text { max_length: 64 },
    |row: &QuestionRow| Value::Text(row.question.lot_seed.clone()),
    // Emptied, or not sent by a program that does not know it, it stays as it is.
    |row: &mut QuestionRow, value| {
        let seed = value.text();
        if !seed.is_empty() {
            row.question.lot_seed = seed;
        }
    },
)
.optional()
.help("polls-help-lot-seed");

pub(super) const VOTERS: ModelField<QuestionRow> =
    rule_field!(WhoVotes, voters, "voters", "polls-field-voters").help("polls-help-voters");

pub(super) const RESULTS: ModelField<QuestionRow> = rule_field!(ResultsRule, results, "results", "polls-field-results");

pub(super) const MAY_CHANGE: ModelField<QuestionRow> = ModelField::editable(
    "may_change",
    "polls-field-may-change",
    FieldKind::Boolean,
    |row: &QuestionRow| row.question.may_change.into(),
    |row: &mut QuestionRow, value| row.question.may_change = value == Value::Boolean(true),
)
.optional()
.help("polls-help-may-change");

pub(super) const WRITE_INS: ModelField<QuestionRow> = ModelField::editable(
    "write_ins",
    "polls-field-write-ins",
    FieldKind::Boolean,
    |row: &QuestionRow| row.question.write_ins.into(),
    |row: &mut QuestionRow, value| row.question.write_ins = value == Value::Boolean(true),
)
.optional()
.help("polls-help-write-ins");

pub(super) const IS_SECRET: ModelField<QuestionRow> = ModelField::editable(
    "is_secret",
    "polls-field-is-secret",
    FieldKind::Boolean,
    |row: &QuestionRow| row.question.is_secret.into(),
    |row: &mut QuestionRow, value| row.question.is_secret = value == Value::Boolean(true),
)
.optional()
.help("polls-help-is-secret");

pub(super) const IS_DRAFT: ModelField<QuestionRow> = ModelField::editable(
    "is_draft",
    "polls-field-is-draft",
    FieldKind::Boolean,
    |row: &QuestionRow| row.question.is_draft.into(),
    |row: &mut QuestionRow, value| row.question.is_draft = value == Value::Boolean(true),
)
.optional()
.help("polls-help-is-draft");

/// Refuses numbers that contradict each other, and changes of rules that voters have relied on: from the first ballot
/// on, the kind stays, and who votes and who sees the results may only become stricter.
pub(super) fn clean(conn: &mut Connection, was: Option<&Question>, question: &Question) -> QueryResult<FieldErrors> {
    let mut errors = Vec::new();
    let Question { min_choices, max_choices, .. } = *question;
    if min_choices < 0 || max_choices < 0 || (max_choices > 0 && max_choices < min_choices) {
        errors.push(("max_choices", FieldError::new("polls-error-number-of-choices")));
    }
    if question.write_ins && !write_in::is_possible(question.ballot_kind()) {
        errors.push(("write_ins", FieldError::new("polls-error-write-ins")));
    }
    if question.is_secret && question.who_votes() == WhoVotes::Open {
        errors.push(("is_secret", FieldError::new("polls-error-secret-open")));
    }
    if question.is_secret && question.may_change {
        errors.push(("may_change", FieldError::new("polls-error-secret-changeable")));
    }
    let Some(was) = was.filter(|was| relies_on_rules(was, question)) else {
        return Ok(errors);
    };
    let has_ballots = queries::has_ballots(conn, question.id)?;
    // Whoever knows the ballots could choose a seed by its result, so it is fixed as soon as anybody can vote, also if the
    // poll is made a draft again.
    if was.lot_seed != question.lot_seed && (has_ballots || was.is_public(clock::now())) {
        errors.push(("lot_seed", FieldError::new("polls-error-seed-fixed")));
    }
    if !has_ballots {
        return Ok(errors);
    }
    if was.on_ties() != question.on_ties() {
        errors.push(("ties", FieldError::new("polls-error-fixed")));
    }
    if was.ballot_kind() != question.ballot_kind() {
        errors.push(("kind", FieldError::new("polls-error-fixed")));
    }
    // Ballots cannot be given voters afterwards, nor can stored voters be taken away without a trace in backups.
    if was.is_secret != question.is_secret {
        errors.push(("is_secret", FieldError::new("polls-error-fixed")));
    }
    if is_looser(voters_strictness, was.who_votes(), question.who_votes()) {
        errors.push(("voters", FieldError::new("polls-error-only-tighter")));
    }
    if is_looser(results_strictness, was.shows_results(), question.shows_results()) {
        errors.push(("results", FieldError::new("polls-error-only-tighter")));
    }
    Ok(errors)
}

fn relies_on_rules(was: &Question, question: &Question) -> bool {
    was.ballot_kind() != question.ballot_kind()
        || was.who_votes() != question.who_votes()
        || was.shows_results() != question.shows_results()
        || was.on_ties() != question.on_ties()
        || was.lot_seed != question.lot_seed
        || was.is_secret != question.is_secret
}

fn is_looser<R>(strictness: fn(R) -> u8, was: R, becomes: R) -> bool {
    strictness(becomes) < strictness(was)
}

/// Once per account and by invitation are equally strict: neither is reached from the other, as the voters differ.
fn voters_strictness(rule: WhoVotes) -> u8 {
    match rule {
        WhoVotes::Open => 0,
        WhoVotes::Browser => 1,
        WhoVotes::Account | WhoVotes::Invitation => 2,
    }
}

/// Voters who were told that others see no results before the close must not be betrayed by a later change.
fn results_strictness(rule: ResultsRule) -> u8 {
    match rule {
        ResultsRule::Always => 0,
        ResultsRule::Voted => 1,
        ResultsRule::Closed => 2,
        ResultsRule::Staff => 3,
    }
}
