//! The list of the links of polls by invitation. They are made by [`super::invite`] and withdrawn here; nothing in the
//! database says which of them has voted.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::filters;
use crate::admin::list::query::ListQuery;
use crate::admin::registry::descriptors::{Fieldset, Filter, FilterChoices, ListAction, Meta, Permission};
use crate::admin::registry::field::{Choices, FieldError, FieldErrors, FieldKind, ModelField, SortKey, Value};
use crate::admin::registry::model_admin::{ModelAdmin, Query};
use crate::admin::registry::table::{annotated_row, table_row};
use crate::clock;
use crate::db::Connection;
use crate::db::moment::moment_or_null;
use crate::polls::eligibility::invitation::LABEL_LENGTH;
use crate::polls::models::Invitation;
use crate::polls::schema::{polls_invitation, polls_question};
use crate::web::Viewer;

pub struct InvitationAdmin;

/// A link with the text of its question.
#[derive(Debug, Clone, Default)]
pub struct InvitationRow {
    invitation: Invitation,
    question_text: String,
}

table_row!(Invitation: polls_invitation, i64);
annotated_row!(InvitationRow.invitation: Invitation);

/// Sorts by the text of the question.
const QUESTION_TEXT: SortKey = SortKey::Expression(
    "(SELECT polls_question.question_text FROM polls_question WHERE polls_question.id = polls_invitation.question_id)",
);

const STATES: Choices = &[("valid", "polls-invitation-valid"), ("withdrawn", "polls-invitation-is-withdrawn")];

const FIELDS: &[ModelField<InvitationRow>] = &[
    ModelField::shown(
        "label",
        "polls-field-label",
        FieldKind::Text { max_length: LABEL_LENGTH },
        |row: &InvitationRow| Value::Text(row.invitation.label.clone()),
    )
    .searched(),
    ModelField::shown(
        "question",
        "polls-field-question",
        FieldKind::Searched(&filters::QUESTIONS),
        |row: &InvitationRow| Value::Related(row.invitation.question_id, row.question_text.clone()),
    )
    .of("polls", "question")
    .sorted_by(QUESTION_TEXT),
    ModelField::shown("created_at", "polls-field-created", FieldKind::DateTime, |row: &InvitationRow| {
        Value::DateTime(row.invitation.created_at)
    }),
    ModelField::shown("state", "polls-field-state", FieldKind::State, |row: &InvitationRow| {
        Value::choice(STATES, if row.invitation.withdrawn_at.is_some() { "withdrawn" } else { "valid" })
            .unwrap_or(Value::Empty)
    })
    .sorted_by(SortKey::Column("withdrawn_at")),
    ModelField::shown("withdrawn_at", "polls-field-withdrawn-at", FieldKind::DateTime, |row: &InvitationRow| {
        row.invitation.withdrawn_at.into()
    }),
];

impl ModelAdmin for InvitationAdmin {
    type Columns = Invitation;
    type Row = InvitationRow;
    const META: Meta = Meta {
        app: "polls",
        model: "invitation",
        verbose_name: "polls-invitation-name",
        verbose_name_plural: "polls-invitation-plural",
        app_name: "polls-app",
    };

    fn fields() -> &'static [ModelField<InvitationRow>] {
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[Fieldset { title: None, fields: &["label", "question", "created_at", "withdrawn_at"], collapsed: false }]
    }

    fn list_display() -> &'static [&'static str] {
        &["label", "question", "created_at", "state"]
    }

    fn list_filter() -> &'static [Filter] {
        const FILTERS: &[Filter] = &[
            Filter::new("state", "polls-filter-state", FilterChoices::Fixed(STATES)),
            Filter::new(
                "question__id__exact",
                "polls-filter-question",
                FilterChoices::Options(filters::newest_by_invitation),
            ),
        ];
        FILTERS
    }

    fn actions() -> &'static [ListAction] {
        const ACTIONS: &[ListAction] = &[ListAction {
            name: "withdraw",
            title: "polls-action-withdraw",
            done: "polls-action-withdraw-done",
            permission: Permission::Change,
            run: |conn, pk, _| withdraw(conn, pk),
            input: None,
            skipped: Some("polls-action-withdraw-skipped"),
        }];
        ACTIONS
    }

    fn may_be_added() -> bool {
        false
    }

    fn label(row: &InvitationRow) -> String {
        format!("{} ({})", row.invitation.label, row.question_text)
    }

    fn filter<'a>(rows: Query<'a, Self>, key: &str, value: &str, _query: &'a ListQuery) -> Query<'a, Self> {
        match (key, value) {
            ("state", "withdrawn") => rows.filter(polls_invitation::withdrawn_at.is_not_null()),
            ("state", _) => rows.filter(polls_invitation::withdrawn_at.is_null()),
            (_, id) => rows.filter(polls_invitation::question_id.eq(id.parse::<i64>().unwrap_or(0))),
        }
    }

    fn annotate(conn: &mut Connection, rows: Vec<Invitation>) -> QueryResult<Vec<InvitationRow>> {
        let ids: HashSet<i64> = rows.iter().map(|row| row.question_id).collect();
        let questions = || polls_question::table.filter(polls_question::id.eq_any(ids.clone())).into_boxed();
        let texts: HashMap<i64, String> = filters::texts(conn, questions)?.into_iter().collect();
        let row = |invitation: Invitation| {
            let question_text = texts.get(&invitation.question_id).cloned().unwrap_or_default();
            InvitationRow { invitation, question_text }
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// A link is withdrawn, never changed or deleted: its poll says how many were made.
    fn forbids(
        _conn: &mut Connection,
        _viewer: &Viewer,
        _was: Option<&InvitationRow>,
        _becomes: Option<&InvitationRow>,
    ) -> QueryResult<FieldErrors> {
        Ok(vec![("", FieldError::new("polls-error-invitation-stays"))])
    }
}

/// False for a link that is withdrawn already.
fn withdraw(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
    let now = moment_or_null(Some(clock::storable(clock::now())));
    let valid = polls_invitation::table.find(pk).filter(polls_invitation::withdrawn_at.is_null());
    let withdrawn = diesel::update(valid).set(polls_invitation::withdrawn_at.eq(now)).execute(conn)?;
    Ok(withdrawn == 1)
}
