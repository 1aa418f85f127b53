//! Outbound work as a model of the admin. It is looked at, tried again and deleted; nobody types any of it.

use diesel::prelude::*;

use crate::admin::list::query::ListQuery;
use crate::admin::paths;
use crate::admin::registry::descriptors::{Fieldset, Filter, FilterChoices, ListAction, Meta, Permission};
use crate::admin::registry::field::{Choices, FieldError, FieldErrors, FieldKind, ModelField, SortKey, Value};
use crate::admin::registry::model_admin::{ModelAdmin, Query};
use crate::admin::registry::sentence::{Sentence, SentencePart};
use crate::admin::registry::table::table_row;
use crate::db::Connection;
use crate::outbound::queue::{self, OutboundTask};
use crate::outbound::schema::outbound_task;
use crate::web::Viewer;

pub struct TaskAdmin;

table_row!(OutboundTask: outbound_task, i64);

/// The kinds of errands of mails, whose objects have no page.
const MAIL: &str = "mail";
const REPORT: &str = "report";

/// The kinds that have a name for people; others are shown as they are.
const KINDS: Choices = &[
    ("title", "queue-kind-title"),
    ("check", "queue-kind-check"),
    (MAIL, "queue-kind-mail"),
    (REPORT, "queue-kind-report"),
];

const STATES: Choices = &[("waiting", "queue-waiting"), ("working", "queue-working"), ("failed", "queue-failed")];

const FIELDS: &[ModelField<OutboundTask>] = &[
    ModelField::shown("kind", "queue-field-kind", FieldKind::Choice(KINDS), |row| {
        Value::choice(KINDS, &row.kind).unwrap_or_else(|| Value::Text(row.kind.clone()))
    }),
    ModelField::shown("object_id", "queue-field-object", FieldKind::Text { max_length: 200 }, |row: &OutboundTask| {
        if is_mail(row) {
            return Value::Text(row.object_id.to_string());
        }
        let named = Sentence::new("queue-object")
            .with("model", SentencePart::Model(row.app_label.clone(), row.model.clone()))
            .with("number", SentencePart::Text(row.object_id.to_string()));
        Value::Said(row.object_id.to_string(), vec![named])
    }),
    ModelField::shown("object", "queue-field-link", FieldKind::State, |row: &OutboundTask| {
        // It may be secret to whom a mail goes.
        if is_mail(row) {
            return Value::Empty;
        }
        let path = paths::object(&row.app_label, &row.model, &row.object_id.to_string(), "change");
        Value::Link("queue-open", path)
    })
    .sorted_by(SortKey::None),
    ModelField::shown("host", "queue-field-host", FieldKind::Text { max_length: 255 }, |row: &OutboundTask| {
        Value::Text(row.host.clone())
    })
    .searched(),
    ModelField::shown("state", "queue-field-state", FieldKind::State, |row: &OutboundTask| {
        Value::choice(STATES, state(row)).unwrap_or(Value::Empty)
    })
    .sorted_by(SortKey::Column("failed_at")),
    ModelField::shown("attempts", "queue-field-attempts", FieldKind::Integer, |row: &OutboundTask| {
        Value::Integer(row.attempts.into())
    }),
    ModelField::shown("created_at", "queue-field-created", FieldKind::DateTime, |row: &OutboundTask| {
        Value::DateTime(row.created_at)
    }),
    ModelField::shown("run_after", "queue-field-run-after", FieldKind::DateTime, |row: &OutboundTask| {
        if row.failed_at.is_some() { Value::Empty } else { Value::DateTime(row.run_after) }
    }),
    ModelField::shown("failed_at", "queue-field-failed", FieldKind::DateTime, |row: &OutboundTask| {
        row.failed_at.into()
    }),
    ModelField::shown("last_error", "queue-field-error", FieldKind::Paragraph, |row: &OutboundTask| {
        Value::Text(row.last_error.clone())
    })
    .searched(),
];

fn is_mail(row: &OutboundTask) -> bool {
    [MAIL, REPORT].contains(&row.kind.as_str())
}

fn state(row: &OutboundTask) -> &'static str {
    match (row.failed_at, row.claimed_at) {
        (Some(_), _) => "failed",
        (None, Some(_)) => "working",
        (None, None) => "waiting",
    }
}

impl ModelAdmin for TaskAdmin {
    type Columns = OutboundTask;
    type Row = OutboundTask;
    const META: Meta = Meta {
        app: "outbound",
        model: "task",
        verbose_name: "queue-name",
        verbose_name_plural: "queue-name-plural",
        app_name: "queue-app",
    };

    fn fields() -> &'static [ModelField<OutboundTask>] {
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        const FORM: &[&str] = &[
            "kind",
            "object_id",
            "object",
            "host",
            "state",
            "attempts",
            "created_at",
            "run_after",
            "failed_at",
            "last_error",
        ];
        &[Fieldset { title: None, fields: FORM, collapsed: false }]
    }

    fn list_display() -> &'static [&'static str] {
        &["kind", "object_id", "host", "state", "attempts", "run_after", "last_error"]
    }

    fn list_filter() -> &'static [Filter] {
        const FILTERS: &[Filter] = &[
            Filter::new("state", "queue-field-state", FilterChoices::Fixed(STATES)),
            Filter::new("kind__exact", "queue-field-kind", FilterChoices::Fixed(KINDS)),
        ];
        FILTERS
    }

    fn actions() -> &'static [ListAction] {
        const ACTIONS: &[ListAction] = &[ListAction {
            name: "try_again",
            title: "queue-action-again",
            done: "queue-action-done",
            permission: Permission::Change,
            run: |conn, pk, _| queue::try_again(conn, pk),
            input: None,
            skipped: None,
        }];
        ACTIONS
    }

    fn may_be_added() -> bool {
        false
    }

    fn label(row: &OutboundTask) -> String {
        format!("{} #{}", row.host, row.object_id)
    }

    fn filter<'a>(rows: Query<'a, Self>, key: &str, value: &str, _query: &'a ListQuery) -> Query<'a, Self> {
        let claimed = outbound_task::claimed_at;
        let open = outbound_task::failed_at.is_null();
        match (key, value) {
            ("state", "failed") => rows.filter(outbound_task::failed_at.is_not_null()),
            ("state", "working") => rows.filter(open).filter(claimed.is_not_null()),
            ("state", _) => rows.filter(open).filter(claimed.is_null()),
            (_, kind) => rows.filter(outbound_task::kind.eq(kind.to_owned())),
        }
    }

    /// A task is deleted or begun anew; its form has nothing to be changed.
    fn forbids(
        _conn: &mut Connection,
        _viewer: &Viewer,
        _was: Option<&OutboundTask>,
        becomes: Option<&OutboundTask>,
    ) -> QueryResult<FieldErrors> {
        Ok(becomes.map(|_| ("", FieldError::new("queue-error-read-only"))).into_iter().collect())
    }
}
