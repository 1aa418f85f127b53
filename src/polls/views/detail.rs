//! The page of a poll, with its ballot.

use actix_web::http::StatusCode;
use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use super::ballot_form;
use super::embed_code::embed_code;
use crate::clock;
use crate::db::{Connection, Database};
use crate::polls::ballot::{BallotKind, Mark, MarkBounds};
use crate::polls::eligibility::invitation::InvitationToken;
use crate::polls::models::{Choice, Question};
use crate::polls::page_view::{self, PageView};
use crate::polls::rules::{ChoiceOrder, ResultsRule, Rule as _, TieRule, WhoVotes};
use crate::polls::sources::{self, ShownSource, SourceChange};
use crate::polls::wording::{self, WordingChange};
use crate::polls::write_in;
use crate::polls::{paths, queries};
use crate::text::paragraphs::{Piece, paragraphs};
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::{Ambient, Id, Page, Result};

/// A message id, and the message's `$count`.
#[derive(Debug, Clone, Copy)]
pub(super) struct CountedText {
    pub id: &'static str,
    pub count: i64,
}

/// A question that is public, its choices, how their texts were changed, and its sources.
pub(super) type WordedPoll = (Question, Vec<Choice>, Vec<WordingChange>, Vec<ShownSource>);

#[derive(Template)]
#[template(path = "polls/detail.html")]
pub struct QuestionDetail {
    pub(super) question: Question,
    pub(super) choices: Vec<Choice>,
    wording: Vec<WordingChange>,
    sources: Vec<ShownSource>,
    problem: Option<CountedText>,
    pub(super) closed_since: Option<NaiveDateTime>,
    open_until: Option<NaiveDateTime>,
    /// Whether the page is the answer to a vote that was not counted.
    is_answer: bool,
    /// The id of this page view, for a browser that did not send the cookie.
    page_view: Option<PageView>,
    /// What is marked already.
    marks: Vec<Mark>,
    /// The answer of the own that the refused vote had.
    written: String,
    /// The link by which the form votes.
    invitation: Option<InvitationToken>,
    now: NaiveDateTime,
}

impl QuestionDetail {
    pub(super) fn object(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<WordedPoll> {
        let (question, choices) = (queries::published(conn, now, id)?, queries::shown_choices(conn, id)?);
        Ok((question, choices, wording::changes(conn, id)?, sources::shown(conn, id)?))
    }

    /// # Errors
    /// `NotFound` if there is no such public question, or the database's error.
    pub(super) async fn read(db: &Database, id: Id) -> Result<Self> {
        let now = clock::now();
        Ok(Self::new(db.read(move |conn| Self::object(conn, now, id.0)).await?))
    }

    pub(super) fn new((question, choices, wording, sources): WordedPoll) -> Self {
        let now = clock::now();
        Self {
            closed_since: question.closed_since(now),
            open_until: question.open_until(now),
            question,
            choices,
            wording,
            sources,
            problem: None,
            is_answer: false,
            page_view: None,
            marks: Vec::new(),
            written: String::new(),
            invitation: None,
            now,
        }
    }

    /// The page as the answer to a vote that was not counted, with its marks.
    pub(super) fn refused(self, problem: Option<CountedText>, marks: Vec<Mark>, status: StatusCode) -> Page<Self> {
        Page::new(Self { problem, marks, is_answer: true, ..self }).with_status(status)
    }

    /// The page with the answer that the voter has written.
    pub(super) fn with_written(self, form: &Form) -> Self {
        Self { written: ballot_form::written(form).unwrap_or_default().to_owned(), ..self }
    }

    /// The page with an id of its own in the form.
    pub(super) fn with_page_view(self, page_view: PageView) -> Self {
        Self { page_view: Some(page_view), ..self }
    }

    /// The page with a form that votes by a link, if the poll is by invitation.
    pub(super) fn invited(self, invitation: Option<InvitationToken>) -> Self {
        let invitation = invitation.filter(|_| self.question.who_votes() == WhoVotes::Invitation);
        Self { invitation, ..self }
    }

    /// The address to which the form is posted.
    fn action(&self) -> String {
        match &self.invitation {
            Some(token) => paths::invitation(self.question.id, token.as_str()),
            None => paths::vote(self.question.id),
        }
    }

    /// The address to which the form that withdraws a vote is posted.
    fn withdrawal(&self) -> String {
        match &self.invitation {
            Some(token) => paths::invitation_withdraw(self.question.id, token.as_str()),
            None => paths::withdraw(self.question.id),
        }
    }

    fn needs_login(&self, is_logged_in: bool) -> bool {
        self.question.who_votes() == WhoVotes::Account && !is_logged_in
    }

    pub(super) fn takes_votes(&self) -> bool {
        self.closed_since.is_none() && (self.choosable() > 0 || self.takes_write_ins())
    }

    /// Whether the voter may write an answer.
    fn takes_write_ins(&self) -> bool {
        self.question.write_ins && write_in::is_possible(self.kind())
    }

    /// How many choices can be chosen.
    fn choosable(&self) -> usize {
        self.choices.iter().filter(|choice| !choice.is_withdrawn(self.now)).count()
    }

    fn description(&self) -> Vec<Vec<Piece<'_>>> {
        paragraphs(&self.question.description)
    }

    fn kind(&self) -> BallotKind {
        self.question.ballot_kind()
    }

    /// The HTML that shows the poll on another site; None if none may.
    fn embed_code(&self, ambient: &Ambient) -> Option<String> {
        embed_code(ambient, &self.question)
    }

    /// What the voter is asked to do.
    fn legend(&self) -> CountedText {
        let MarkBounds { least, most } = self.bounds();
        let (id, count) = match self.kind() {
            BallotKind::Single => ("polls-legend", 1),
            BallotKind::Several if least > 0 && most.unwrap_or(self.choosable()) == least => {
                ("polls-legend-exactly", least)
            }
            BallotKind::Several => match most {
                Some(most) => ("polls-legend-up-to", most),
                None if least > 1 => ("polls-legend-at-least", least),
                None => ("polls-legend-approval", 0),
            },
            BallotKind::Approval => ("polls-legend-approval", 0),
            BallotKind::Ranked => ("polls-legend-ranked", 0),
            BallotKind::Score | BallotKind::Star => {
                ("polls-legend-score", usize::from(BallotKind::MAX_SCORE.unsigned_abs()))
            }
        };
        CountedText { id, count: i64::try_from(count).unwrap_or(i64::MAX) }
    }

    /// The least number of choices, where the legend says the most and this is to be said as well.
    fn at_least(&self) -> Option<CountedText> {
        let MarkBounds { least, most } = self.bounds();
        let is_said = self.kind() == BallotKind::Several && least > 1 && most.is_some_and(|most| most > least);
        let count = i64::try_from(least).unwrap_or(i64::MAX);
        is_said.then_some(CountedText { id: "polls-legend-and-at-least", count })
    }

    fn bounds(&self) -> MarkBounds {
        MarkBounds::of(self.question.min_choices, self.question.max_choices, self.choosable())
    }

    fn is_shuffled(&self) -> bool {
        ChoiceOrder::named(&self.question.choice_order) == ChoiceOrder::Shuffled
    }

    /// The ranks that a choice can be given.
    fn ranks(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.choosable()
    }

    /// The value of the choice's mark: 0 without one.
    fn value_of(&self, choice: &Choice) -> i16 {
        self.marks.iter().find(|mark| mark.choice == choice.id).map_or(0, |mark| mark.value)
    }

    fn is_rank_of(&self, choice: &Choice, rank: usize) -> bool {
        usize::try_from(self.value_of(choice)) == Ok(rank)
    }

    /// The sentence that says who votes and how often.
    fn who_votes(&self) -> &'static str {
        match (self.question.who_votes(), self.question.may_change) {
            (WhoVotes::Account, _) if self.question.is_secret => "polls-once-per-account-secret",
            (WhoVotes::Open, _) => "polls-open-to-all",
            (WhoVotes::Browser, false) => "polls-once-per-browser",
            (WhoVotes::Browser, true) => "polls-once-per-browser-changeable",
            (WhoVotes::Account, false) => "polls-once-per-account",
            (WhoVotes::Account, true) => "polls-once-per-account-changeable",
            (WhoVotes::Invitation, false) => "polls-by-invitation",
            (WhoVotes::Invitation, true) => "polls-by-invitation-changeable",
        }
    }

    /// The sentence that says who sees the results; None where everybody does.
    fn who_sees_results(&self) -> Option<&'static str> {
        match self.question.shows_results() {
            ResultsRule::Always => None,
            ResultsRule::Voted => Some("polls-results-voted"),
            ResultsRule::Closed => Some("polls-results-closed"),
            ResultsRule::Staff => Some("polls-results-staff"),
        }
    }

    fn may_withdraw(&self) -> bool {
        self.question.may_change && !self.question.is_secret && self.question.who_votes() != WhoVotes::Open
    }
}
