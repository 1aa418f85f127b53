//! An object's history: who changed what, when, from what to what.

use actix_web::web::Data;
use askama::Template;

use super::erased::InlineModel;
use super::field::{OptionCache, Value};
use super::inline::Rights;
use super::log::{self, ActionFlag, Entry, Of};
use super::log_message;
use super::model::Permission;
use super::request::{Crumb, Frame, ModelRequest};
use super::snapshot::{Difference, Snapshot};
use crate::db::Database;
use crate::web::{Id, Page, Result, filters};

/// Entries that are shown.
const MOST: i64 = 100;

#[derive(Template)]
#[template(path = "admin/object_history.html")]
pub struct History {
    frame: Frame,
    entries: Vec<(Entry, Vec<Difference>)>,
}

/// `GET …/{id}/history/`
///
/// # Errors
/// `PermissionDenied`, or `NotFound`.
pub async fn history(request: ModelRequest, id: Id, db: Data<Database>) -> Result<Page<History>> {
    request.demand(Permission::View)?;
    let (model, meta, reader) = (request.model, request.meta(), request.admin.ambient.reader());
    let viewer = request.admin.staff.viewer.clone();
    let (label, entries) = db
        .read_aside(move |conn| {
            let label = model.find(conn, id.0)?.label;
            let (mut entries, mut options) = (Vec::new(), OptionCache::read_by(reader.clone()));
            let hidden = |inline: &&&dyn InlineModel| !Rights::of(&viewer, **inline, false).view;
            let hidden: Vec<_> = model.inlines().iter().filter(hidden).map(|inline| inline.prefix()).collect();
            let visible = |mut snapshot: Snapshot| {
                snapshot.inlines.retain(|prefix, _| !hidden.contains(&prefix.as_str()));
                snapshot
            };
            for mut entry in log::entries(conn, Of::Object(&meta, id.0), MOST)? {
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
                entries.push((entry, differences));
            }
            Ok((label, entries))
        })
        .await?;
    let title = request.admin.text_about("admin-history-of", meta, &label);
    let crumbs =
        vec![Crumb::to(label, request.object_path(id.0, "change")), Crumb::here(request.admin.text("admin-history"))];
    Ok(Page::new(History { frame: request.frame(title, crumbs), entries }))
}

impl Entry {
    /// A message for what was done.
    pub fn verb(&self) -> &'static str {
        match self.action_flag {
            flag if flag == ActionFlag::Addition as i16 => "admin-log-added",
            flag if flag == ActionFlag::Deletion as i16 => "admin-log-deleted",
            _ => "admin-log-changed",
        }
    }

    /// What its message says besides that.
    pub fn message(&self) -> Option<Value> {
        match log_message::value(&self.change_message, self.action_flag) {
            Value::Said(text, said) if text.is_empty() && said.is_empty() => None,
            Value::Said(_, said) if said.len() == 1 && said[0].message == "admin-log-said-added" => None,
            message => Some(message),
        }
    }

    /// As a CSS class, as Django names them.
    pub fn class(&self) -> &'static str {
        match self.action_flag {
            flag if flag == ActionFlag::Addition as i16 => "addlink",
            flag if flag == ActionFlag::Deletion as i16 => "deletelink",
            _ => "changelink",
        }
    }

    /// The object's form, where it may still be.
    pub fn path(&self) -> Option<String> {
        let (app, model, pk) = (self.app_label.as_ref()?, self.model.as_ref()?, self.object_id.as_ref()?);
        (self.action_flag != ActionFlag::Deletion as i16).then(|| format!("/admin/{app}/{model}/{pk}/change/"))
    }
}

impl Difference {
    /// The two values as a list would show them.
    pub fn values(&self) -> (Value, Value) {
        let shown = |json| match Value::of_json(self.kind, json) {
            Value::Related(id, name) if name.is_empty() => Value::Integer(id),
            Value::Many(ids) if !ids.is_empty() => {
                Value::Text(ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
            }
            Value::Many(_) => Value::Empty,
            other => other,
        };
        (shown(&self.before), shown(&self.after))
    }
}
