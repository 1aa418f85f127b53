//! Takes over what Django has: the objects of a database that Django made, or of a fixture, are added to this program's
//! database. What is there already stays as it is, so that a second import changes nothing.

mod here;
mod names;
mod source;

use std::collections::BTreeMap;

use serde_json::Value;

use super::fixtures::{self, FixtureError, FixtureModel, FixtureObject, LoadOptions, models};
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::web::context::installed::Installed;
use here::Here;
use names::Names;

pub use source::{ForeignTable, foreign_tables, objects_of};

#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Whether sessions are imported. They are good here only with the secret key of the Django site.
    pub sessions: bool,
    /// Whether everything is tried and nothing kept.
    pub dry_run: bool,
    /// The zone of times that name none.
    pub zone: TimeZone,
}

/// What an import did.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// How many objects were added, and how many were there already, by model.
    pub counts: BTreeMap<String, ImportCount>,
    /// What could not be carried, with its number.
    pub left_out: BTreeMap<String, usize>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct ImportCount {
    pub added: usize,
    pub present: usize,
}

/// What becomes of an object.
enum Fate {
    Added,
    /// It is there already.
    Present,
    /// It cannot be carried, for this reason.
    LeftOut(String),
}

/// Adds the objects of a Django site. The database needs all migrations.
///
/// # Errors
/// If the database has other polls under the same numbers, or if an object does not fit the tables. Nothing was changed
/// then.
pub fn import(
    conn: &mut Connection,
    installed: &Installed,
    objects: Vec<FixtureObject>,
    options: &ImportOptions,
) -> Result<ImportReport, FixtureError> {
    let all = models(installed, true)?;
    let (names, here) = (Names::of(&objects), Here::read(conn, &all, &options.zone)?);
    let mut report = ImportReport::default();
    let mut added = Vec::new();
    for mut object in objects {
        object.model = object.model.to_lowercase();
        // Content types and permissions are made by `migrate`; others refer to them by their names.
        if names::is_made_here(&object.model) || (object.model == "sessions.session" && !options.sessions) {
            continue;
        }
        let fate = match all.iter().find(|model| model.label == object.model) {
            Some(model) => fate(model, &mut object, &names, &here, &mut report)?,
            None => Fate::LeftOut(format!("objects of {}, which this program does not have", object.model)),
        };
        match fate {
            Fate::Added => added.push(object),
            Fate::Present => report.counts.entry(object.model).or_default().present += 1,
            Fate::LeftOut(reason) => *report.left_out.entry(reason).or_default() += 1,
        }
    }
    let load = LoadOptions { ignore_nonexistent: false, dry_run: options.dry_run, zone: options.zone.clone() };
    for (label, number) in fixtures::load(conn, installed, added, &load)? {
        report.counts.entry(label).or_default().added = number;
    }
    Ok(report)
}

/// Decides about an object, and makes it one of this database: it refers to others by their names, and has the fields
/// and a number that it can have here.
fn fate(
    model: &FixtureModel,
    object: &mut FixtureObject,
    names: &Names,
    here: &Here,
    report: &mut ImportReport,
) -> Result<Fate, FixtureError> {
    let is_field = |name: &str| {
        model.fields().any(|(field, ..)| field == name) || model.many.iter().any(|many| many.field == name)
    };
    let unknown: Vec<_> = object.fields.keys().filter(|name| !is_field(name)).cloned().collect();
    for name in unknown {
        object.fields.remove(&name);
        *report.left_out.entry(format!("values of the field {}.{name}", model.label)).or_default() += 1;
    }
    names.name_references(object);
    let missing = here.drop_missing(object);
    if missing > 0 {
        let reason = format!("permissions of {} that are of other apps", model.label);
        *report.left_out.entry(reason).or_default() += missing;
    }
    if !here.refers_to_known(object, names) {
        return Ok(Fate::LeftOut("entries of the admin's log about models or users that are not here".to_owned()));
    }
    if here.has(object) {
        return Ok(Fate::Present);
    }
    if here.is_taken(object) {
        if here::is_referred_to_by_number(&object.model) {
            return Err(FixtureError::Refused(format!(
                "{} {} is another one in this database; import into an empty one (`polls flush` empties this)",
                object.model, object.pk
            )));
        }
        object.pk = Value::Null;
    }
    Ok(Fate::Added)
}
