//! The face behind which the views treat all models alike: rows without their types.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use diesel::QueryResult;

use crate::admin::list::query::ListQuery;
use crate::admin::registry::field::{FieldError, Kind, OptionCache, Value};
use crate::admin::registry::model::{Action, DeletePlan, Fieldset, Filter, Meta};
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

/// A field without its row's type.
#[derive(Debug, Clone, Copy)]
pub struct FieldMeta {
    pub name: &'static str,
    pub label: &'static str,
    pub help: Option<&'static str>,
    pub autocomplete: Option<&'static str>,
    pub kind: Kind,
    pub related: Option<(&'static str, &'static str)>,
    pub required: bool,
    pub editable: bool,
    /// Whether it comes back with a deleted object.
    pub restored: bool,
}

/// A form that was read: the record it would become, and what is wrong.
#[derive(Debug, Clone)]
pub struct Bound {
    pub record: Record,
    pub errors: Vec<(&'static str, FieldError)>,
}

/// The object-safe face of a model.
pub trait AdminModel: Send + Sync {
    fn meta(&self) -> Meta;
    fn fields(&self) -> Vec<FieldMeta>;
    /// The form's fieldsets, for a new object or one that there is.
    fn fieldsets(&self, adding: bool) -> &'static [Fieldset];
    fn is_added_in_two_steps(&self) -> bool;
    fn list_display(&self) -> &'static [&'static str];
    fn list_filter(&self) -> &'static [Filter];
    fn date_hierarchy(&self) -> Option<&'static str>;
    fn sortable(&self) -> &'static [&'static str];
    fn ordering(&self) -> &'static [(&'static str, bool)];
    fn has_search(&self) -> bool;
    fn actions(&self) -> &'static [Action];
    fn inlines(&self) -> &'static [&'static dyn InlineModel];
    fn may_be_added(&self) -> bool;
    fn may_be_changed(&self) -> bool;
    fn can_be_undone(&self) -> bool;
    fn undoes(&self, pk: i64) -> Option<i32>;
    fn panel(
        &self,
        conn: &mut Connection,
        pk: i64,
        zone: &TimeZone,
    ) -> QueryResult<Option<crate::admin::registry::panels::Panel>>;
    fn count(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<i64>;
    fn records(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Record>>;
    fn ids(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>>;
    fn find(&self, conn: &mut Connection, pk: i64) -> QueryResult<Record>;
    fn initial(&self) -> Record;
    /// Reads a form over the object as it is, or over a new one.
    fn bind(&self, conn: &mut Connection, pk: Option<i64>, form: &Form, zone: &TimeZone) -> QueryResult<Bound>;
    /// What the viewer may not do with an object: add it (no `pk`), change it to these values, delete it (no values).
    fn forbids(
        &self,
        conn: &mut Connection,
        viewer: &Viewer,
        pk: Option<i64>,
        values: Option<&[Value]>,
    ) -> QueryResult<Vec<(&'static str, FieldError)>>;
    /// Writes the values of the fields that can be set.
    fn save(&self, conn: &mut Connection, pk: Option<i64>, values: &[Value]) -> QueryResult<i64>;
    fn delete_plan(&self, conn: &mut Connection, pk: i64) -> QueryResult<DeletePlan>;
    fn delete(&self, conn: &mut Connection, pk: i64) -> QueryResult<()>;
    fn lighten(&self, conn: &mut Connection, pk: i64) -> QueryResult<bool>;
    fn settle(&self, conn: &mut Connection) -> QueryResult<bool>;
    fn restore(&self, conn: &mut Connection, pk: i64, values: &[Value]) -> QueryResult<()>;
    fn lock(&self, conn: &mut Connection, pk: i64) -> QueryResult<()>;
    /// What is wrong with the whole, were the object (or a new one) to have these values.
    fn clean(
        &self,
        conn: &mut Connection,
        pk: Option<i64>,
        values: &[Value],
    ) -> QueryResult<Vec<(&'static str, FieldError)>>;
}

/// The object-safe face of an inline.
pub trait InlineModel: Send + Sync {
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
    ) -> QueryResult<Bound>;
    fn save(&self, conn: &mut Connection, parent: i64, pk: Option<i64>, values: &[Value]) -> QueryResult<i64>;
    fn delete(&self, conn: &mut Connection, parent: i64, pk: i64) -> QueryResult<()>;
    fn restore(&self, conn: &mut Connection, parent: i64, pk: i64, values: &[Value]) -> QueryResult<()>;
    fn is_in_use(&self, conn: &mut Connection, pk: i64) -> QueryResult<bool>;
}
