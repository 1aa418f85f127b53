//! The faces behind which the views treat all models alike: rows without their types.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use diesel::QueryResult;

use super::descriptors::{DeletePlan, Fieldset, Filter, ListAction, Meta};
use super::field::{FieldErrors, FieldKind, OptionCache, Value};
use super::panels::Panel;
use crate::admin::list::query::ListQuery;
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::web::Viewer;
use crate::web::http::forms::Form;

/// A row without its type: the values of its fields, in the order of the descriptors.
#[derive(Debug, Clone)]
pub struct Record {
    pub pk: Option<i64>,
    pub label: String,
    pub view_on_site: Option<String>,
    pub values: Vec<Value>,
}

/// Values by the names of their fields.
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
    /// Whether it comes back with a deleted object.
    pub restored: bool,
    /// Whether a list can be sorted by it.
    pub sortable: bool,
    /// Whether a column of the table holds it.
    pub is_column: bool,
}

/// A model, as the views know it.
pub trait RegisteredModel: Send + Sync {
    fn meta(&self) -> Meta;
    fn fields(&self) -> Vec<FieldMeta>;
    /// The form's fieldsets, for a new object or one that there is.
    fn fieldsets(&self, adding: bool) -> &'static [Fieldset];
    fn is_added_in_two_steps(&self) -> bool;
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
    fn panel(&self, conn: &mut Connection, pk: i64, zone: &TimeZone) -> QueryResult<Option<Panel>>;
    /// What is wrong between the descriptors and the table.
    fn column_faults(&self) -> Vec<String>;

    fn count(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<i64>;
    fn records(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Record>>;
    fn ids(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>>;
    fn find(&self, conn: &mut Connection, pk: i64) -> QueryResult<Record>;
    /// A new object's form.
    fn initial(&self) -> Record;
    /// Reads an object to be edited, or begins a new one.
    fn edit(&self, conn: &mut Connection, pk: Option<i64>) -> QueryResult<Box<dyn EditSession>>;
    fn lock(&self, conn: &mut Connection, pk: i64) -> QueryResult<()>;
    fn lighten(&self, conn: &mut Connection, pk: i64) -> QueryResult<bool>;
    fn settle(&self, conn: &mut Connection) -> QueryResult<bool>;
}

/// One object while it is edited. It holds the row, as it was read and as it is to be, so that neither is read again.
pub trait EditSession {
    /// The object as it is to be.
    fn record(&self) -> Record;
    /// Reads a form over the object, and says what is wrong with each input.
    fn bind(&mut self, conn: &mut Connection, form: &Form, zone: &TimeZone) -> QueryResult<FieldErrors>;
    /// Takes over values by the names of their fields; the fields that are not named keep theirs.
    fn assign(&mut self, values: NamedValues);
    fn clean(&self, conn: &mut Connection) -> QueryResult<FieldErrors>;
    /// What the viewer may not do with this object: add or change it.
    fn forbids(&self, conn: &mut Connection, viewer: &Viewer) -> QueryResult<FieldErrors>;
    fn forbids_deletion(&self, conn: &mut Connection, viewer: &Viewer) -> QueryResult<FieldErrors>;
    fn delete_plan(&self, conn: &mut Connection) -> QueryResult<DeletePlan>;
    /// Writes the object, and reads what the table has of it then.
    fn save(&mut self, conn: &mut Connection) -> QueryResult<i64>;
    /// Brings a deleted object back with its primary key and these values, also those that no form can set, and reads
    /// what the table has of it then.
    fn restore(&mut self, conn: &mut Connection, pk: i64, values: NamedValues) -> QueryResult<()>;
    fn delete(&self, conn: &mut Connection) -> QueryResult<()>;
}

/// An inline, as the views know it.
pub trait RegisteredInline: Send + Sync {
    fn meta(&self) -> Meta;
    fn prefix(&self) -> &'static str;
    fn extra(&self) -> usize;
    fn distinct(&self) -> Option<(&'static str, &'static str)>;
    fn fields(&self) -> Vec<FieldMeta>;
    fn records(&self, conn: &mut Connection, parent: i64) -> QueryResult<Vec<Record>>;
    fn empty(&self) -> Record;
    /// Reads one row of the formset, a form by itself, over the row as it is.
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
    fn is_in_use(&self, conn: &mut Connection, pk: i64) -> QueryResult<bool>;
}
