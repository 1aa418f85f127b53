//! The traits that a feature implements for its models, in its own `admin` folder. Most methods are descriptions or
//! have defaults; code is needed only where a model is special.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use std::borrow::Borrow;

use diesel::{BoolExpressionMethods as _, QueryResult};

use super::descriptors::{DeletePlan, Fieldset, Filter, ListAction, Meta, ObjectTool, Withdrawal};
use super::field::{FieldErrors, ModelField};
use super::panels::Panel;
use super::registered::RegisteredInline;
use super::table::{ColumnsByName, Condition, TableRow};
use crate::admin::list::query::ListQuery;
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::web::Viewer;

/// A boxed query on a model's table.
pub type Query<'a, A> = <<A as ModelAdmin>::Columns as TableRow>::Query<'a>;

/// A model's table, and the tuple of its columns.
pub type TableOf<A> = <<A as ModelAdmin>::Columns as TableRow>::Table;
pub type ColumnsOf<A> = <TableOf<A> as diesel::Table>::AllColumns;

/// Django's `ModelAdmin`. Reading, saving, restoring, locking and deleting have defaults that use
/// [`ModelAdmin::Columns`].
pub trait ModelAdmin: Send + Sync + 'static {
    /// The struct with the columns of the table.
    type Columns: TableRow;
    /// The struct with the columns and further values that the admin shows; the same as `Columns` if there are none.
    type Row: From<Self::Columns> + Borrow<Self::Columns> + Clone + Default + Send + 'static;
    const META: Meta;
    /// Columns that [`Self::restore`] itself restores with a deleted object, because no field has their values.
    const RESTORED_APART: &'static [&'static str] = &[];

    fn fields() -> &'static [ModelField<Self::Row>];
    fn fieldsets() -> &'static [Fieldset];
    /// The fieldsets of the first form, for a model whose objects are added in two steps: saving the first form leads
    /// to the whole form. None for other models.
    fn add_fieldsets() -> Option<&'static [Fieldset]> {
        None
    }
    fn list_display() -> &'static [&'static str];
    fn list_filter() -> &'static [Filter] {
        &[]
    }
    /// The date field of the list's date hierarchy.
    fn date_hierarchy() -> Option<&'static str> {
        None
    }
    /// The sort order of a list that the viewer has not sorted: fields, each with whether it is descending.
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
    /// The path of the object's page on the public site.
    fn view_on_site(_row: &Self::Row) -> Option<String> {
        None
    }
    fn tools(_row: &Self::Row) -> Vec<ObjectTool> {
        Vec::new()
    }
    /// Whether who adds, changes or deletes an object enters the own password, unless that was done lately.
    fn asks_for_password() -> bool {
        false
    }

    /// A chart that is shown below the form. Its days begin at midnight in the time zone.
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
    /// The id of the log entry that the object's page offers to undo.
    fn undoes(_pk: i64) -> Option<i32> {
        None
    }

    /// The text field that tells a copy from its original. None for a model whose objects are not duplicated.
    fn copied_title() -> Option<&'static str> {
        None
    }
    /// Changes what a copy does not have in common with its original, other than the title.
    fn become_copy(_row: &mut Self::Row) {}

    /// The query for the rows that the admin shows; others do not exist for it.
    fn queryset<'a>() -> Query<'a, Self> {
        Self::Columns::all()
    }
    /// A condition for rows that a search finds although none of their [`ModelField::searched`] fields has the word.
    fn also_found_by(_word: &str) -> Option<Condition<TableOf<Self>>> {
        None
    }
    /// Limits the query to the rows that match a value of one of [`Self::list_filter`].
    fn filter<'a>(rows: Query<'a, Self>, _key: &str, _value: &str, _query: &'a ListQuery) -> Query<'a, Self> {
        rows
    }
    /// Reads the values that the admin shows besides the columns.
    fn annotate(_conn: &mut Connection, rows: Vec<Self::Columns>) -> QueryResult<Vec<Self::Row>> {
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// A new object before its form is read. A selection that a program does not post keeps its value of here.
    fn initial() -> Self::Row {
        Self::Row::default()
    }
    /// The values in the blank form for a new object (Django's `get_changeform_initial_data`).
    fn proposed() -> Self::Row {
        Self::initial()
    }
    /// Sets columns that no form sets, just before a row is written (Django's `pre_save`).
    fn pre_save(_row: &mut Self::Row, _adding: bool) {}
    /// The errors of the object as a whole, each with its field; `""` is the form itself. For a new object `was` is
    /// None.
    fn clean(_conn: &mut Connection, _was: Option<&Self::Row>, _row: &Self::Row) -> QueryResult<FieldErrors> {
        Ok(Vec::new())
    }
    /// Why the viewer may not do this although they have the permission, each reason with its field. For a new object
    /// `was` is None; for a deletion `becomes` is None.
    fn forbids(
        _conn: &mut Connection,
        _viewer: &Viewer,
        _was: Option<&Self::Row>,
        _becomes: Option<&Self::Row>,
    ) -> QueryResult<FieldErrors> {
        Ok(Vec::new())
    }
    /// Updates the row `was`, or inserts a new one, and returns the primary key.
    fn save(conn: &mut Connection, was: Option<&Self::Row>, row: &Self::Row) -> QueryResult<i64> {
        write::<Self>(conn, was, row)
    }
    fn delete_plan(_conn: &mut Connection, row: &Self::Row) -> QueryResult<DeletePlan> {
        Ok(DeletePlan::of(Self::META, Self::label(row)))
    }
    fn delete(conn: &mut Connection, row: &Self::Row) -> QueryResult<()> {
        Self::Columns::delete(conn, pk::<Self>(row))
    }
    /// Moves a part of the rows that depend on an object away before the object is deleted, if there are many; pages
    /// show the same as before. True once so few are left that [`Self::delete`] is fast.
    fn lighten(_conn: &mut Connection, _pk: i64) -> QueryResult<bool> {
        Ok(true)
    }
    /// Moves back a part of the dependent rows of objects that were restored by [`Self::restore`]. True if nothing is
    /// left to move.
    fn settle(_conn: &mut Connection) -> QueryResult<bool> {
        Ok(true)
    }
    /// Inserts a deleted object again, with its primary key and with the rows that [`Self::delete`] has moved away.
    /// Inline rows are restored by the caller.
    fn restore(conn: &mut Connection, pk: i64, row: &Self::Row) -> QueryResult<()> {
        let row: &Self::Columns = row.borrow();
        row.clone().insert(conn, Some(pk)).map(|_| ())
    }
    /// Locks the object until the transaction ends. If two forms of it are saved at once, the second waits here and
    /// then finds that its version is out of date.
    fn lock(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        Self::Columns::lock(conn, pk)
    }
}

/// The object with this primary key.
pub fn find<A: ModelAdmin + ?Sized>(conn: &mut Connection, pk: i64) -> QueryResult<A::Row> {
    let row = A::Columns::find(conn, A::queryset(), pk)?;
    A::annotate(conn, vec![row])?.pop().ok_or(diesel::result::Error::NotFound)
}

/// The primary key of a row.
pub fn pk<A: ModelAdmin + ?Sized>(row: &A::Row) -> i64 {
    let row: &A::Columns = row.borrow();
    row.pk()
}

/// Updates or inserts the columns of a row, without the special cases of [`ModelAdmin::save`].
pub fn write<A: ModelAdmin + ?Sized>(conn: &mut Connection, was: Option<&A::Row>, row: &A::Row) -> QueryResult<i64> {
    let row: &A::Columns = row.borrow();
    let Some(was) = was else {
        return row.clone().insert(conn, None);
    };
    let pk = pk::<A>(was);
    row.clone().update(conn, pk)?;
    Ok(pk)
}

/// Limits a query to the rows that a search for this word finds.
pub fn search<'a, A: ModelAdmin + ?Sized>(rows: Query<'a, A>, word: &str) -> Query<'a, A> {
    let searched = A::fields().iter().filter(|field| field.is_searched);
    let conditions = searched.filter_map(|field| ColumnsOf::<A>::contains(field.name, word));
    let conditions = conditions.chain(A::also_found_by(word));
    match conditions.reduce(|one, other| Box::new(one.or(other))) {
        Some(condition) => A::Columns::filter(rows, condition),
        None => rows,
    }
}

/// Django's `InlineModelAdmin`: objects that are edited on the page of the object they belong to.
pub trait InlineModelAdmin: Send + Sync + 'static {
    type Model: ModelAdmin;
    /// The formset's prefix, such as `choice_set`.
    const PREFIX: &'static str;
    /// How many empty rows the form offers.
    const EXTRA: usize = 3;

    fn fields() -> &'static [ModelField<<Self::Model as ModelAdmin>::Row>];
    /// The field whose text must look different in each row, and the message id of the error at a row where it does
    /// not.
    fn distinct() -> Option<(&'static str, &'static str)> {
        None
    }
    /// The whole number that the rows are sorted by, then by their primary keys: the form moves rows up and down in place
    /// of showing it.
    fn order() -> Option<&'static str> {
        None
    }
    /// The text field of which the form adds many rows at once, one a line.
    fn pasted_into() -> Option<&'static str> {
        None
    }
    fn rows(conn: &mut Connection, parent: i64) -> QueryResult<Vec<<Self::Model as ModelAdmin>::Row>>;
    /// Sets the row's foreign key to the object it belongs to.
    fn set_parent(row: &mut <Self::Model as ModelAdmin>::Row, parent: i64);
    /// Whether a row is copied with the object it belongs to.
    fn is_copied(_row: &<Self::Model as ModelAdmin>::Row) -> bool {
        true
    }
    /// The primary keys of the rows that other rows depend on (choices with votes). The addition of such a row is not
    /// undone.
    fn in_use(_conn: &mut Connection, _parent: i64) -> QueryResult<Vec<i64>> {
        Ok(Vec::new())
    }
    /// How a row that is in use is withdrawn, if it may not be deleted.
    fn withdrawal() -> Option<Withdrawal> {
        None
    }
}
