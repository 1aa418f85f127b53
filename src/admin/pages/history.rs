//! An object's history: who changed what, when, from what to what.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use diesel::OptionalExtension as _;

use crate::admin::changes::log;
use crate::admin::changes::log::{ActionFlag, Entry, Of};
use crate::admin::changes::log_message;
use crate::admin::changes::snapshot::{Difference, Snapshot};
use crate::admin::changes::undo;
use crate::admin::form::inline::Rights;
use crate::admin::pages::request::{AdminFrame, Crumb, ModelRequest};
use crate::admin::paths;
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::field::{OptionCache, Value};
use crate::admin::registry::registered::RegisteredInline;
use crate::db::Database;
use crate::web::pages::filters;
use crate::web::{Id, Page, Result};

/// How many entries the page shows: the newest.
const ENTRIES_SHOWN: i64 = 100;

#[derive(Template)]
#[template(path = "admin/object_history.html")]
pub struct History {
    frame: AdminFrame,
    entries: Vec<HistoryEntry>,
}

/// Messages that say nothing more than the entry's verb, and are not shown beside it.
const VERBS: [&str; 2] = ["admin-log-said-added", "admin-log-said-restored"];

/// An entry as the page shows it.
struct HistoryEntry {
    entry: Entry,
    differences: Vec<Difference>,
    /// Whether the viewer can undo it now.
    can_be_undone: bool,
}

/// `GET …/{id}/history/`. For a deleted object whose entries are still in the log, the answer has the status 404 and
/// shows the history, with the button that undoes the deletion.
///
/// # Errors
/// `PermissionDenied` without the permission to view, or `NotFound` if there is neither such an object nor an entry
/// about it.
pub async fn history(request: ModelRequest, id: Id, db: Data<Database>) -> Result<Page<History>> {
    request.demand(Permission::View)?;
    let model = request.model;
    let meta = request.meta();
    let reader = request.admin.ambient.reader();
    let viewer = request.admin.staff.viewer.clone();
    let (label, is_there, entries) = db
        .read_aside(move |conn| {
            let label = model.find(conn, id.0).optional()?.map(|record| record.label);
            let mut entries = Vec::new();
            let mut options = OptionCache::read_by(reader.clone());
            let hidden = |inline: &&&dyn RegisteredInline| !Rights::of(&viewer, **inline, false).view;
            let hidden: Vec<_> = model.inlines().iter().filter(hidden).map(|inline| inline.prefix()).collect();
            let visible = |mut snapshot: Snapshot| {
                snapshot.inlines.retain(|prefix, _| !hidden.contains(&prefix.as_str()));
                snapshot
            };
            for mut entry in log::entries(conn, Of::Object(&meta, id.0), ENTRIES_SHOWN)? {
                if !hidden.is_empty() {
                    entry.change_message = log_message::without_rows(&entry.change_message);
                }
                let mut differences = match log::details(conn, entry.id)? {
                    Some(log::Details { before: Some(before), after: Some(after) }) => {
                        visible(before).differences(&visible(after), model)
                    }
                    _ => Vec::new(),
                };
                differences.iter_mut().try_for_each(|difference| difference.name_objects(conn, &mut options))?;
                let can_be_undone = undo::is_open(conn, model, entry.id, &viewer)?;
                entries.push(HistoryEntry { entry, differences, can_be_undone });
            }
            let last_known = entries.first().map(|told| told.entry.object_repr.clone());
            let is_there = label.is_some();
            Ok((label.or(last_known).ok_or(diesel::result::Error::NotFound)?, is_there, entries))
        })
        .await?;
    let title = request.admin.text_about("admin-history-of", meta, &label);
    let form = is_there.then(|| Crumb::to(label, request.object_path(id.0, "change")));
    let crumbs = form.into_iter().chain([Crumb::here(request.admin.text("admin-history"))]).collect();
    let status = if is_there { StatusCode::OK } else { StatusCode::NOT_FOUND };
    Ok(Page::new(History { frame: request.frame(title, crumbs), entries }).with_status(status))
}

impl Entry {
    /// The author's name, if the author's account was deleted.
    pub fn deleted_author(&self) -> Option<&str> {
        self.deleted_author.as_deref()
    }

    /// The message id of what was done.
    pub fn verb(&self) -> &'static str {
        match self.action_flag {
            flag if flag == ActionFlag::Addition as i16 && log_message::is_restored(&self.change_message) => {
                "admin-log-restored"
            }
            flag if flag == ActionFlag::Addition as i16 => "admin-log-added",
            flag if flag == ActionFlag::Deletion as i16 => "admin-log-deleted",
            _ => "admin-log-changed",
        }
    }

    /// The entry's message; None if it says nothing more than the verb.
    pub fn message(&self) -> Option<Value> {
        match log_message::value(&self.change_message, self.action_flag) {
            Value::Said(text, said) if text.is_empty() && said.is_empty() => None,
            Value::Said(_, said) if said.len() == 1 && VERBS.contains(&said[0].message) => None,
            message => Some(message),
        }
    }

    /// Django's CSS class for what was done.
    pub fn class(&self) -> &'static str {
        match self.action_flag {
            flag if flag == ActionFlag::Addition as i16 => "addlink",
            flag if flag == ActionFlag::Deletion as i16 => "deletelink",
            _ => "changelink",
        }
    }

    /// The path of the object's form, which may not exist any more; for a deletion, the path of the object's history.
    pub fn path(&self) -> Option<String> {
        let app = self.app_label.as_ref()?;
        let model = self.model.as_ref()?;
        let pk = self.object_id.as_ref()?;
        let view = if self.action_flag == ActionFlag::Deletion as i16 { "history" } else { "change" };
        Some(paths::object(app, model, pk, view))
    }
}

impl Difference {
    /// The values before and after, as a list would show them.
    pub fn values(&self) -> (Value, Value) {
        let shown = |json| match Value::of_json(self.kind, json) {
            Value::Related(id, name) if name.is_empty() => Value::Text(id.to_string()),
            Value::Many(ids) if !ids.is_empty() => {
                Value::Text(ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
            }
            Value::Many(_) => Value::Empty,
            other => other,
        };
        (shown(&self.before), shown(&self.after))
    }
}
