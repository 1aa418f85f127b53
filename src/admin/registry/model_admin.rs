//! What a feature writes of a model, in its own `admin`: descriptors, and code only where the model is special.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use std::borrow::Borrow;

use diesel::{BoolExpressionMethods as _, QueryResult};

use super::descriptors::{DeletePlan, Fieldset, Filter, ListAction, Meta};
use super::field::{FieldErrors, ModelField};
use super::panels::Panel;
use super::registered::RegisteredInline;
use super::table::{ColumnsByName, Condition, TableRow};
use crate::admin::list::query::ListQuery;
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::web::Viewer;

/// A question to the table of a model.
pub type Query<'a, A> = <<A as ModelAdmin>::Columns as TableRow>::Query<'a>;

/// The table of a model, and all its columns.
pub type TableOf<A> = <<A as ModelAdmin>::Columns as TableRow>::Table;
pub type ColumnsOf<A> = <TableOf<A> as diesel::Table>::AllColumns;

/// Django's `ModelAdmin`. Reading, saving, restoring, locking and deleting follow from [`ModelAdmin::Columns`].
pub trait ModelAdmin: Send + Sync + 'static {
    /// The struct of the table's rows.
    type Columns: TableRow;
    /// The same with what the admin shows besides; where that is nothing, the same struct.
    type Row: From<Self::Columns> + Borrow<Self::Columns> + Clone + Default + Send + 'static;
    const META: Meta;
    /// Columns that come back with a deleted object, and not as its fields: [`Self::restore`] knows them.
    const RESTORED_APART: &'static [&'static str] = &[];

    fn fields() -> &'static [ModelField<Self::Row>];
    fn fieldsets() -> &'static [Fieldset];
    /// A first form for new objects, where they are made in two steps: saving it leads to the whole form.
    fn add_fieldsets() -> Option<&'static [Fieldset]> {
        None
    }
    fn list_display() -> &'static [&'static str];
    fn list_filter() -> &'static [Filter] {
        &[]
    }
    /// The date whose years, months and days lead through the list.
    fn date_hierarchy() -> Option<&'static str> {
        None
    }
    /// Field and direction of a list that nobody has sorted.
    fn ordering() -> &'static [(&'static str, bool)] {
        &[]
    }
    fn actions() -> &'static [ListAction] {
        &[]
    }
    fn inlines() -> &'static [&'static dyn RegisteredInline] {
        &[]
    }
    fn label(row: &Self::Row) -> String;
    /// The path of the object's public page.
    fn view_on_site(_row: &Self::Row) -> Option<String> {
        None
    }
    /// What is shown below the form besides fields; days are those of the zone.
    fn panel(_conn: &mut Connection, _pk: i64, _zone: &TimeZone) -> QueryResult<Option<Panel>> {
        Ok(None)
    }
    fn may_be_added() -> bool {
        true
    }
    fn may_be_changed() -> bool {
        true
    }
    fn can_be_undone() -> bool {
        false
    }
    /// The entry of the log that an object's page offers to undo.
    fn undoes(_pk: i64) -> Option<i32> {
        None
    }

    /// The rows that the admin knows at all.
    fn queryset<'a>() -> Query<'a, Self> {
        Self::Columns::all()
    }
    /// What a word of a search finds besides the rows that have it in a field that is [`ModelField::searched`].
    fn also_found_by(_word: &str) -> Option<Condition<TableOf<Self>>> {
        None
    }
    /// Those that a value of one of [`Self::list_filter`] finds.
    fn filter<'a>(rows: Query<'a, Self>, _key: &str, _value: &str, _query: &'a ListQuery) -> Query<'a, Self> {
        rows
    }
    /// Reads what the admin shows besides the columns.
    fn annotate(_conn: &mut Connection, rows: Vec<Self::Columns>) -> QueryResult<Vec<Self::Row>> {
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// A new object's form.
    fn initial() -> Self::Row {
        Self::Row::default()
    }
    /// Sets what no form sets, just before a row is written (Django's `pre_save`).
    fn pre_save(_row: &mut Self::Row, _adding: bool) {}
    /// What is wrong with the whole, by field; `""` is the form itself. A new object has no `was`.
    fn clean(_conn: &mut Connection, _was: Option<&Self::Row>, _row: &Self::Row) -> QueryResult<FieldErrors> {
        Ok(Vec::new())
    }
    /// What a person may not do with this very object although they have the permission, by field: make it
    /// (`was` is None), change it, delete it (`becomes` is None).
    fn forbids(
        _conn: &mut Connection,
        _viewer: &Viewer,
        _was: Option<&Self::Row>,
        _becomes: Option<&Self::Row>,
    ) -> QueryResult<FieldErrors> {
        Ok(Vec::new())
    }
    /// Writes a row over another, or as a new one, and returns the primary key.
    fn save(conn: &mut Connection, was: Option<&Self::Row>, row: &Self::Row) -> QueryResult<i64> {
        write::<Self>(conn, was, row)
    }
    fn delete_plan(_conn: &mut Connection, row: &Self::Row) -> QueryResult<DeletePlan> {
        Ok(DeletePlan::of(Self::META, Self::label(row)))
    }
    fn delete(conn: &mut Connection, row: &Self::Row) -> QueryResult<()> {
        Self::Columns::delete(conn, pk::<Self>(row))
    }
    /// Puts a part of what hangs on an object aside, where that is much, before it is deleted; no page changes. True
    /// once so little is left that [`Self::delete`] takes a moment.
    fn lighten(_conn: &mut Connection, _pk: i64) -> QueryResult<bool> {
        Ok(true)
    }
    /// Brings back a part of what hangs on objects that [`Self::restore`] has brought back. True once that is all.
    fn settle(_conn: &mut Connection) -> QueryResult<bool> {
        Ok(true)
    }
    /// Brings a deleted object back, with its primary key and with what [`Self::delete`] has put aside; rows of
    /// inlines come back by themselves.
    fn restore(conn: &mut Connection, pk: i64, row: &Self::Row) -> QueryResult<()> {
        let row: &Self::Columns = row.borrow();
        row.clone().insert(conn, Some(pk)).map(|_| ())
    }
    /// Keeps others from changing the object until the transaction ends, so that of two forms that are saved at
    /// once the second is found to be stale.
    fn lock(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        Self::Columns::lock(conn, pk)
    }
}

/// One object of a model.
pub fn find<A: ModelAdmin + ?Sized>(conn: &mut Connection, pk: i64) -> QueryResult<A::Row> {
    let row = A::Columns::find(conn, A::queryset(), pk)?;
    A::annotate(conn, vec![row])?.pop().ok_or(diesel::result::Error::NotFound)
}

/// The primary key of a row.
pub fn pk<A: ModelAdmin + ?Sized>(row: &A::Row) -> i64 {
    let row: &A::Columns = row.borrow();
    row.pk()
}

/// Writes the columns of a row, and nothing else.
pub fn write<A: ModelAdmin + ?Sized>(conn: &mut Connection, was: Option<&A::Row>, row: &A::Row) -> QueryResult<i64> {
    let row: &A::Columns = row.borrow();
    let Some(was) = was else {
        return row.clone().insert(conn, None);
    };
    let pk = pk::<A>(was);
    row.clone().update(conn, pk)?;
    Ok(pk)
}

/// The rows that a word of a search finds.
pub fn search<'a, A: ModelAdmin + ?Sized>(rows: Query<'a, A>, word: &str) -> Query<'a, A> {
    let searched = A::fields().iter().filter(|field| field.is_searched);
    let conditions = searched.filter_map(|field| ColumnsOf::<A>::contains(field.name, word));
    let conditions = conditions.chain(A::also_found_by(word));
    match conditions.reduce(|one, other| Box::new(one.or(other))) {
        Some(condition) => A::Columns::filter(rows, condition),
        None => rows,
    }
}

/// Django's `InlineModelAdmin`: objects that are edited on the page of the one they belong to.
pub trait InlineModelAdmin: Send + Sync + 'static {
    type Model: ModelAdmin;
    /// The formset's prefix: `choice_set`.
    const PREFIX: &'static str;
    /// Empty rows for new objects.
    const EXTRA: usize = 3;

    fn fields() -> &'static [ModelField<<Self::Model as ModelAdmin>::Row>];
    /// The field whose text must look another in each row, and the message at one that does not.
    fn distinct() -> Option<(&'static str, &'static str)> {
        None
    }
    fn rows(conn: &mut Connection, parent: i64) -> QueryResult<Vec<<Self::Model as ModelAdmin>::Row>>;
    /// Says to a row whose it is.
    fn set_parent(row: &mut <Self::Model as ModelAdmin>::Row, parent: i64);
    /// Whether something hangs on the object by now that undoing its addition would take along.
    fn is_in_use(_conn: &mut Connection, _pk: i64) -> QueryResult<bool> {
        Ok(false)
    }
}
