//! The list and form of questions.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::inline::ChoiceInline;
use super::question_row::QuestionRow;
use super::{deletion, filters, moving, rules, votes};
use crate::admin::list::query::ListQuery;
use crate::admin::registry::descriptors::{DeletePlan, Fieldset, Filter, ListAction, Meta, ObjectTool, Permission};
use crate::admin::registry::field::{FieldError, FieldErrors, FieldKind, ModelField, SortKey, Value};
use crate::admin::registry::model_admin::{self, ModelAdmin, Query};
use crate::admin::registry::panels::Panel;
use crate::admin::registry::registered::RegisteredInline;
use crate::admin::registry::registration::Registration;
use crate::admin::registry::table::{Condition, TableRow as _};
use crate::clock::{self, TimeZone};
use crate::db::Connection;
use crate::polls::models::Question;
use crate::polls::rules::{Rule as _, WhoVotes};
use crate::polls::schema::polls_question;
use crate::polls::turnout::PollTurnout;
use crate::polls::{paths, queries, sources, wording};

pub struct QuestionAdmin;

impl ModelAdmin for QuestionAdmin {
    type Columns = Question;
    type Row = QuestionRow;
    const META: Meta = Meta {
        app: "polls",
        model: "question",
        verbose_name: "polls-question",
        verbose_name_plural: "polls-question-plural",
        app_name: "polls-app",
    };

    fn fields() -> &'static [ModelField<QuestionRow>] {
        const FIELDS: &[ModelField<QuestionRow>] = &[
            ModelField::editable(
                "question_text",
                "polls-field-question-text",
                FieldKind::Text { max_length: 200 },
                |row: &QuestionRow| Value::Text(row.question.question_text.clone()),
                |row: &mut QuestionRow, value| row.question.question_text = value.text(),
            )
            .searched(),
            ModelField::editable(
                "pub_date",
                "polls-field-pub-date",
                FieldKind::DateTime,
                |row: &QuestionRow| row.question.pub_date.into(),
                |row: &mut QuestionRow, value| {
                    row.question.pub_date = value.date_time().unwrap_or(row.question.pub_date);
                },
            ),
            ModelField::editable(
                "close_date",
                "polls-field-close-date",
                FieldKind::DateTime,
                |row: &QuestionRow| row.question.close_date.into(),
                |row: &mut QuestionRow, value| row.question.close_date = value.date_time(),
            )
            .optional()
            // A question without an end is sorted as one that ends after all others.
            .sorted_by(SortKey::OwnEmptyLast)
            .help("polls-help-close-date"),
            rules::DESCRIPTION,
            rules::SOURCES,
            rules::KIND,
            rules::MIN_CHOICES,
            rules::MAX_CHOICES,
            rules::WRITE_INS,
            rules::CHOICE_ORDER,
            rules::TIES,
            rules::LOT_SEED,
            rules::VOTERS,
            rules::RESULTS,
            rules::MAY_CHANGE,
            rules::IS_SECRET,
            rules::IS_DRAFT,
            ModelField::shown(
                "was_published_recently",
                "polls-field-recent",
                FieldKind::Boolean,
                |row: &QuestionRow| row.was_published_recently().into(),
            )
            .sorted_by(SortKey::Column("pub_date")),
            ModelField::shown("votes", "polls-field-votes", FieldKind::Integer, |row| row.votes.into()),
            ModelField::shown("state", "polls-field-state", FieldKind::State, |row| row.state(clock::now())),
        ];
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[
            Fieldset { title: None, fields: &["question_text", "description"], collapsed: false },
            Fieldset {
                title: Some("polls-date-information"),
                fields: &["pub_date", "close_date", "is_draft"],
                collapsed: true,
            },
            Fieldset {
                title: Some("polls-rules-ballot"),
                fields: &["kind", "min_choices", "max_choices", "write_ins", "choice_order", "ties", "lot_seed"],
                collapsed: true,
            },
            Fieldset {
                title: Some("polls-rules-voters"),
                fields: &["voters", "is_secret", "may_change", "results"],
                collapsed: true,
            },
            Fieldset { title: Some("polls-sources"), fields: &["sources"], collapsed: true },
        ]
    }

    fn list_display() -> &'static [&'static str] {
        // New columns are added at the end: addresses name the sort columns by their numbers, which must not change.
        &["question_text", "pub_date", "was_published_recently", "votes", "close_date", "state"]
    }

    fn list_filter() -> &'static [Filter] {
        filters::QUESTION
    }

    fn date_hierarchy() -> Option<&'static str> {
        Some("pub_date")
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[("pub_date", true)]
    }

    fn actions() -> &'static [ListAction] {
        &[
            ListAction {
                name: "publish_now",
                title: "polls-action-publish",
                done: "polls-action-publish-done",
                permission: Permission::Change,
                run: |conn, pk, _| publish_now(conn, pk),
                input: None,
                skipped: None,
            },
            ListAction {
                name: "close_now",
                title: "polls-action-close",
                done: "polls-action-close-done",
                permission: Permission::Change,
                run: |conn, pk, _| close_now(conn, pk),
                input: None,
                skipped: Some("polls-action-close-skipped"),
            },
        ]
    }

    fn inlines() -> &'static [&'static dyn RegisteredInline] {
        const INLINES: &[&dyn RegisteredInline] = &[&Registration::<ChoiceInline>::new()];
        INLINES
    }

    fn can_be_undone() -> bool {
        true
    }

    fn copied_title() -> Option<&'static str> {
        Some("question_text")
    }

    fn become_copy(row: &mut QuestionRow) {
        row.become_copy(whole_seconds(clock::now()));
    }

    fn label(row: &QuestionRow) -> String {
        row.question.question_text.clone()
    }

    fn view_on_site(row: &QuestionRow) -> Option<String> {
        row.question.is_public(clock::now()).then(|| paths::detail(row.question.id))
    }

    fn tools(row: &QuestionRow) -> Vec<ObjectTool> {
        let invite = || ObjectTool { title: "polls-invite", icon: "invite", path: paths::invite(row.question.id) };
        let is_by_invitation = row.question.who_votes() == WhoVotes::Invitation;
        let path = || paths::write_ins(row.question.id);
        let review = || ObjectTool { title: "polls-write-ins-to-review", icon: "view", path: path() };
        is_by_invitation.then(invite).into_iter().chain(row.question.write_ins.then(review)).collect()
    }

    fn panel(conn: &mut Connection, pk: i64, zone: &TimeZone) -> QueryResult<Option<Panel>> {
        let who_votes: String = polls_question::table.find(pk).select(polls_question::voters).get_result(conn)?;
        let turnout = PollTurnout::of(conn, pk, WhoVotes::named(&who_votes))?;
        let about = turnout.map(PollTurnout::sentences).unwrap_or_default();
        Ok(Some(Panel { about, ..votes::over_time(conn, pk, zone)? }))
    }

    /// The date of a new question is now. A date is required, and its input is in a closed part of the form.
    fn initial() -> QuestionRow {
        Question { pub_date: whole_seconds(clock::now()), ..Question::default() }.into()
    }

    /// The blank form proposes one ballot per browser. A program that posts a question without rules gets the default,
    /// an open poll, as from Django.
    fn proposed() -> QuestionRow {
        Question { voters: WhoVotes::Browser.name().to_owned(), ..Self::initial().question }.into()
    }

    fn pre_save(row: &mut QuestionRow, is_new: bool) {
        row.question.name_rules();
        if is_new && row.question.lot_seed.is_empty() {
            row.question.lot_seed = fresh_seed();
        }
    }

    fn also_found_by(word: &str) -> Option<Condition<polls_question::table>> {
        Some(filters::has_choice_with(word))
    }

    fn filter<'a>(questions: Query<'a, Self>, key: &str, value: &str, query: &'a ListQuery) -> Query<'a, Self> {
        filters::filter(questions, key, value, query)
    }

    fn annotate(conn: &mut Connection, questions: Vec<Question>) -> QueryResult<Vec<QuestionRow>> {
        let ids: Vec<i64> = questions.iter().map(|question| question.id).collect();
        let votes = queries::totals(conn, ids.iter().copied())?;
        let mut sources = sources::addresses(conn, &ids)?;
        let row = |question: Question| QuestionRow {
            votes: votes.get(&question.id).copied().unwrap_or(0),
            sources: sources.remove(&question.id).unwrap_or_default(),
            question,
        };
        Ok(questions.into_iter().map(row).collect())
    }

    fn clean(conn: &mut Connection, was: Option<&QuestionRow>, row: &QuestionRow) -> QueryResult<FieldErrors> {
        let mut errors = rules::clean(conn, was.map(|was| &was.question), &row.question)?;
        if row.question.close_date.is_some_and(|close| close <= row.question.pub_date) {
            errors.push(("close_date", FieldError::new("polls-error-closes-first")));
        }
        errors.extend(rules::clean_sources(conn, was.map(|was| was.question.id), &row.sources)?);
        Ok(errors)
    }

    fn save(conn: &mut Connection, was: Option<&QuestionRow>, row: &QuestionRow) -> QueryResult<i64> {
        let pk = model_admin::write::<Self>(conn, was, row)?;
        if was.is_none() {
            deletion::forget_voters_of(conn, pk)?;
            sources::forget(conn, pk)?;
        }
        if row.sources != was.map(|was| was.sources.as_slice()).unwrap_or_default() {
            sources::set(conn, pk, &row.sources)?;
        }
        if let Some(was) = was {
            wording::note(conn, pk, None, &was.question.question_text, &row.question.question_text)?;
        }
        Ok(pk)
    }

    fn delete_plan(conn: &mut Connection, row: &QuestionRow) -> QueryResult<DeletePlan> {
        deletion::with_choices(conn, DeletePlan::of(Self::META, Self::label(row)), row.question.id)
    }

    fn delete(conn: &mut Connection, row: &QuestionRow) -> QueryResult<()> {
        deletion::delete_question(conn, row.question.id)
    }

    fn lighten(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
        let choices = deletion::choices_of(conn, pk)?;
        moving::put_some_aside(conn, &choices)
    }

    fn settle(conn: &mut Connection) -> QueryResult<bool> {
        moving::bring_some_back(conn)
    }

    /// Locks the choices before the question, in the same order as the writer of ballots, so that the two cannot wait
    /// for each other in a circle.
    fn lock(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        deletion::lock_choices_of(conn, pk)?;
        Question::lock(conn, pk)
    }
}

/// 128 random bits.
fn fresh_seed() -> String {
    let [high, low] = [(); 2].map(|()| getrandom::u64().unwrap_or_default());
    format!("{high:016x}{low:016x}")
}

fn whole_seconds(time: NaiveDateTime) -> NaiveDateTime {
    use chrono::SubsecRound as _;
    time.trunc_subsecs(0)
}

/// Sets the date of a question that is not public yet to now. A public question keeps its date.
fn publish_now(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
    let now = clock::now();
    diesel::update(polls_question::table.find(pk).filter(polls_question::pub_date.gt(now)))
        .set(polls_question::pub_date.eq(now))
        .execute(conn)
        .map(|_| true)
}

/// Closes a question now. One that is closed already keeps its end. False for a question that is not public yet: it
/// cannot end before it begins.
fn close_now(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
    let now = clock::now();
    let public = polls_question::table.find(pk).filter(polls_question::pub_date.lt(now));
    if public.count().get_result::<i64>(conn)? == 0 {
        return Ok(false);
    }
    let open = polls_question::close_date.is_null().or(polls_question::close_date.gt(now));
    diesel::update(polls_question::table.find(pk).filter(open))
        .set(polls_question::close_date.eq(now))
        .execute(conn)
        .map(|_| true)
}
