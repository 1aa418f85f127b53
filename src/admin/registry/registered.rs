//! The traits through which the views handle all models alike, without the types of the models' rows.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use diesel::QueryResult;

use super::descriptors::{DeletePlan, Fieldset, Filter, ListAction, Meta, ObjectTool, Withdrawal};
use super::field::{FieldErrors, FieldKind, OptionCache, Value};
use super::panels::Panel;
use crate::admin::list::query::ListQuery;
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::web::Viewer;
use crate::web::http::forms::Form;

/// An object without its row's type: the values of its fields, in the order of the model's fields.
#[derive(Debug, Clone)]
pub struct Record {
    pub pk: Option<i64>,
    pub label: String,
    /// Of an inline's row: whether other rows depend on it (a choice with votes).
    pub is_in_use: bool,
    pub view_on_site: Option<String>,
    pub tools: Vec<ObjectTool>,
    pub values: Vec<Value>,
}

/// Values with the names of their fields.
pub type NamedValues = Vec<(&'static str, Value)>;

/// A field without its row's type.
#[derive(Debug, Clone, Copy)]
pub struct FieldMeta {
    pub name: &'static str,
    pub label: &'static str,
    pub help: Option<&'static str>,
    pub autocomplete: Option<&'static str>,
    pub kind: FieldKind,
    pub related: Option<(&'static str, &'static str)>,
    pub required: bool,
    pub editable: bool,
    /// Whether it is restored with a deleted object.
    pub restored: bool,
    /// Whether a list can be sorted by it.
    pub sortable: bool,
    /// Whether a column of the table has its value.
    pub is_column: bool,
}

/// A registered model.
pub trait RegisteredModel: Send + Sync {
    fn meta(&self) -> Meta;
    fn fields(&self) -> Vec<FieldMeta>;
    /// The form's fieldsets: for a new object (`adding`) or for an existing one.
    fn fieldsets(&self, adding: bool) -> &'static [Fieldset];
    fn is_added_in_two_steps(&self) -> bool;
    fn asks_for_password(&self) -> bool;
    fn list_display(&self) -> &'static [&'static str];
    fn list_filter(&self) -> &'static [Filter];
    fn date_hierarchy(&self) -> Option<&'static str>;
    fn ordering(&self) -> &'static [(&'static str, bool)];
    fn has_search(&self) -> bool;
    fn actions(&self) -> &'static [ListAction];
    fn inlines(&self) -> &'static [&'static dyn RegisteredInline];
    fn may_be_added(&self) -> bool;
    fn may_be_changed(&self) -> bool;
    fn can_be_undone(&self) -> bool;
    fn undoes(&self, pk: i64) -> Option<i32>;
    fn copied_title(&self) -> Option<&'static str>;
    fn panel(&self, conn: &mut Connection, pk: i64, zone: &TimeZone) -> QueryResult<Option<Panel>>;
    /// Contradictions between the model's description and its table; empty if there are none.
    fn column_faults(&self) -> Vec<String>;

    fn count(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<i64>;
    fn records(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Record>>;
    fn ids(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>>;
    fn find(&self, conn: &mut Connection, pk: i64) -> QueryResult<Record>;
    /// The values in the blank form for a new object.
    fn proposed(&self) -> Record;
    /// Reads an object and begins to edit it; without `pk`, begins a new object.
    fn edit(&self, conn: &mut Connection, pk: Option<i64>) -> QueryResult<Box<dyn EditSession>>;
    /// Begins a new object that is a copy of another.
    fn copy(&self, conn: &mut Connection, pk: i64) -> QueryResult<Box<dyn EditSession>>;
    fn lock(&self, conn: &mut Connection, pk: i64) -> QueryResult<()>;
    fn lighten(&self, conn: &mut Connection, pk: i64) -> QueryResult<bool>;
    fn settle(&self, conn: &mut Connection) -> QueryResult<bool>;
}

/// One object that is being edited. It keeps the row as it was read and the row as it is to be written, so that neither
/// is read again.
pub trait EditSession {
    /// The object with the new values.
    fn record(&self) -> Record;
    /// Gives a new object the values that its blank form shows.
    fn propose(&mut self);
    /// Reads a posted form into the row, and returns the errors of each input.
    fn bind(&mut self, conn: &mut Connection, form: &Form, zone: &TimeZone) -> QueryResult<FieldErrors>;
    /// Sets the fields that `values` names; the others keep their values.
    fn assign(&mut self, values: NamedValues);
    fn clean(&self, conn: &mut Connection) -> QueryResult<FieldErrors>;
    /// Why the viewer may not add or change this object.
    fn forbids(&self, conn: &mut Connection, viewer: &Viewer) -> QueryResult<FieldErrors>;
    fn forbids_deletion(&self, conn: &mut Connection, viewer: &Viewer) -> QueryResult<FieldErrors>;
    fn delete_plan(&self, conn: &mut Connection) -> QueryResult<DeletePlan>;
    /// Writes the row, reads it again as the table has it, and returns the primary key.
    fn save(&mut self, conn: &mut Connection) -> QueryResult<i64>;
    /// Inserts a deleted object again, with its primary key and these values, read-only ones included, and reads it
    /// again.
    fn restore(&mut self, conn: &mut Connection, pk: i64, values: NamedValues) -> QueryResult<()>;
    fn delete(&self, conn: &mut Connection) -> QueryResult<()>;
}

/// A registered inline.
pub trait RegisteredInline: Send + Sync {
    fn meta(&self) -> Meta;
    fn prefix(&self) -> &'static str;
    fn extra(&self) -> usize;
    fn distinct(&self) -> Option<(&'static str, &'static str)>;
    fn order(&self) -> Option<&'static str>;
    fn pasted_into(&self) -> Option<&'static str>;
    fn fields(&self) -> Vec<FieldMeta>;
    fn records(&self, conn: &mut Connection, parent: i64) -> QueryResult<Vec<Record>>;
    /// The rows that are copied with the object they belong to.
    fn copied(&self, conn: &mut Connection, parent: i64) -> QueryResult<Vec<Record>>;
    fn empty(&self) -> Record;
    /// Reads the posted values of one row of the formset, over the saved row if there is one.
    fn bind(
        &self,
        conn: &mut Connection,
        options: &mut OptionCache,
        was: Option<&Record>,
        form: &Form,
        zone: &TimeZone,
    ) -> QueryResult<(Record, FieldErrors)>;
    fn save(&self, conn: &mut Connection, parent: i64, pk: Option<i64>, values: NamedValues) -> QueryResult<i64>;
    fn delete(&self, conn: &mut Connection, pk: i64) -> QueryResult<()>;
    fn restore(&self, conn: &mut Connection, parent: i64, pk: i64, values: NamedValues) -> QueryResult<()>;
    fn in_use(&self, conn: &mut Connection, parent: i64) -> QueryResult<Vec<i64>>;
    fn withdrawal(&self) -> Option<Withdrawal>;
}
