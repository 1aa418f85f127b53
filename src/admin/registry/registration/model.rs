//! Implements [`RegisteredModel`] for every `ModelAdmin`.

use diesel::QueryResult;

use super::Registration;
use super::binding::values;
use super::rows;
use super::session::{RowSession, find, record};
use crate::admin::list::query::ListQuery;
use crate::admin::registry::descriptors::{Fieldset, Filter, ListAction, Meta};
use crate::admin::registry::model_admin::{self, ModelAdmin};
use crate::admin::registry::panels::Panel;
use crate::admin::registry::registered::{EditSession, FieldMeta, Record, RegisteredInline, RegisteredModel};
use crate::admin::registry::table::TableRow as _;
use crate::clock::TimeZone;
use crate::db::{self, Connection};

impl<A: ModelAdmin> RegisteredModel for Registration<A> {
    fn meta(&self) -> Meta {
        A::META
    }

    fn fields(&self) -> Vec<FieldMeta> {
        rows::metas::<A>(A::fields())
    }

    fn fieldsets(&self, adding: bool) -> &'static [Fieldset] {
        A::add_fieldsets().filter(|_| adding).unwrap_or_else(A::fieldsets)
    }

    fn is_added_in_two_steps(&self) -> bool {
        A::add_fieldsets().is_some()
    }

    fn asks_for_password(&self) -> bool {
        A::asks_for_password()
    }

    fn list_display(&self) -> &'static [&'static str] {
        A::list_display()
    }

    fn list_filter(&self) -> &'static [Filter] {
        A::list_filter()
    }

    fn date_hierarchy(&self) -> Option<&'static str> {
        A::date_hierarchy()
    }

    fn ordering(&self) -> &'static [(&'static str, bool)] {
        A::ordering()
    }

    fn has_search(&self) -> bool {
        A::fields().iter().any(|field| field.is_searched)
    }

    fn actions(&self) -> &'static [ListAction] {
        A::actions()
    }

    fn inlines(&self) -> &'static [&'static dyn RegisteredInline] {
        A::inlines()
    }

    fn may_be_added(&self) -> bool {
        A::may_be_added()
    }

    fn may_be_changed(&self) -> bool {
        A::may_be_changed()
    }

    fn can_be_undone(&self) -> bool {
        A::can_be_undone()
    }

    fn undoes(&self, pk: i64) -> Option<i32> {
        A::undoes(pk)
    }

    fn copied_title(&self) -> Option<&'static str> {
        A::copied_title()
    }

    fn panel(&self, conn: &mut Connection, pk: i64, zone: &TimeZone) -> QueryResult<Option<Panel>> {
        A::panel(conn, pk, zone)
    }

    fn column_faults(&self) -> Vec<String> {
        rows::faults::<A>()
    }

    fn count(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<i64> {
        A::Columns::count(conn, rows::found::<A>(query))
    }

    fn records(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Record>> {
        let rows = db::readable(
            conn,
            &A::META.table(),
            |conn| rows::page::<A>(conn, query),
            |conn| {
                let mut ids = rows::ids::<A>(conn, query)?;
                ids.drain(..ids.len().min(usize::try_from(query.offset).unwrap_or(0)));
                ids.truncate(usize::try_from(query.most()).unwrap_or(usize::MAX));
                Ok(ids)
            },
            model_admin::find::<A>,
        )?;
        let rows = rows.iter().flatten();
        Ok(rows.map(|row| record::<A>(Some(model_admin::pk::<A>(row)), row)).collect())
    }

    fn ids(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>> {
        rows::ids::<A>(conn, query)
    }

    fn find(&self, conn: &mut Connection, pk: i64) -> QueryResult<Record> {
        find::<A>(conn, pk).map(|row| record::<A>(Some(pk), &row))
    }

    fn proposed(&self) -> Record {
        Record {
            pk: None,
            label: String::new(),
            view_on_site: None,
            tools: Vec::new(),
            is_in_use: false,
            values: values(A::fields(), &A::proposed()),
        }
    }

    fn edit(&self, conn: &mut Connection, pk: Option<i64>) -> QueryResult<Box<dyn EditSession>> {
        Ok(Box::new(RowSession::<A>::begin(conn, pk)?))
    }

    fn copy(&self, conn: &mut Connection, pk: i64) -> QueryResult<Box<dyn EditSession>> {
        Ok(Box::new(RowSession::<A>::copy(conn, pk)?))
    }

    fn lock(&self, conn: &mut Connection, pk: i64) -> QueryResult<()> {
        A::lock(conn, pk)
    }

    fn lighten(&self, conn: &mut Connection, pk: i64) -> QueryResult<bool> {
        A::lighten(conn, pk)
    }

    fn settle(&self, conn: &mut Connection) -> QueryResult<bool> {
        A::settle(conn)
    }
}
