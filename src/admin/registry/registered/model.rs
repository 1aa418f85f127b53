//! A [`ModelAdmin`] as the views see it.

use diesel::QueryResult;

use super::{Registered, assign, metas, read, values};
use crate::admin::list::query::ListQuery;
use crate::admin::registry::erased::{AdminModel, Bound, FieldMeta, InlineModel, Record};
use crate::admin::registry::field::{Field, FieldError, OptionCache, Value};
use crate::admin::registry::model::{Action, DeletePlan, Fieldset, Filter, Meta, ModelAdmin};
use crate::admin::registry::panels::Panel;
use crate::clock::TimeZone;
use crate::db::{self, Connection};
use crate::web::Viewer;
use crate::web::http::forms::Form;

impl<A: ModelAdmin> Registered<A> {
    fn record(row: &A::Row) -> Record {
        Record {
            pk: Some(A::pk(row)),
            label: A::label(row),
            view_on_site: A::view_on_site(row),
            values: values(A::fields(), row),
        }
    }

    fn row(conn: &mut Connection, pk: Option<i64>) -> QueryResult<A::Row> {
        pk.map_or_else(|| Ok(A::initial()), |pk| A::find(conn, pk))
    }
}

impl<A: ModelAdmin> AdminModel for Registered<A> {
    fn meta(&self) -> Meta {
        A::META
    }

    fn fields(&self) -> Vec<FieldMeta> {
        metas(A::fields())
    }

    fn fieldsets(&self, adding: bool) -> &'static [Fieldset] {
        A::add_fieldsets().filter(|_| adding).unwrap_or_else(A::fieldsets)
    }

    fn is_added_in_two_steps(&self) -> bool {
        A::add_fieldsets().is_some()
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

    fn sortable(&self) -> &'static [&'static str] {
        A::sortable()
    }

    fn ordering(&self) -> &'static [(&'static str, bool)] {
        A::ordering()
    }

    fn has_search(&self) -> bool {
        A::has_search()
    }

    fn actions(&self) -> &'static [Action] {
        A::actions()
    }

    fn inlines(&self) -> &'static [&'static dyn InlineModel] {
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

    fn panel(&self, conn: &mut Connection, pk: i64, zone: &TimeZone) -> QueryResult<Option<Panel>> {
        A::panel(conn, pk, zone)
    }

    fn count(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<i64> {
        A::count(conn, query)
    }

    fn records(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Record>> {
        let rows = db::readable(
            conn,
            &A::META.table(),
            |conn| A::rows(conn, query),
            |conn| {
                let mut ids = A::ids(conn, query)?;
                ids.drain(..ids.len().min(usize::try_from(query.offset).unwrap_or(0)));
                ids.truncate(usize::try_from(query.most()).unwrap_or(usize::MAX));
                Ok(ids)
            },
            A::find,
        )?;
        Ok(rows.iter().flatten().map(Self::record).collect())
    }

    fn ids(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>> {
        A::ids(conn, query)
    }

    fn find(&self, conn: &mut Connection, pk: i64) -> QueryResult<Record> {
        let row = A::find(conn, pk);
        db::of_row(&A::META.table(), pk, row).map(|row| Self::record(&row))
    }

    fn initial(&self) -> Record {
        let row = A::initial();
        Record { pk: None, label: String::new(), view_on_site: None, values: values(A::fields(), &row) }
    }

    fn bind(&self, conn: &mut Connection, pk: Option<i64>, form: &Form, zone: &TimeZone) -> QueryResult<Bound> {
        let mut row = Self::row(conn, pk)?;
        let fieldsets = self.fieldsets(pk.is_none());
        let in_form = |field: &&Field<A::Row>| fieldsets.iter().any(|fieldset| fieldset.fields.contains(&field.name));
        let fields = A::fields().iter().filter(in_form);
        let mut errors = read(conn, A::META, &mut OptionCache::default(), fields, &mut row, form, zone)?;
        if errors.is_empty() {
            errors = A::clean(conn, pk, &row)?;
        }
        Ok(Bound { record: Record { pk, ..Self::record(&row) }, errors })
    }

    fn forbids(
        &self,
        conn: &mut Connection,
        viewer: &Viewer,
        pk: Option<i64>,
        values: Option<&[Value]>,
    ) -> QueryResult<Vec<(&'static str, FieldError)>> {
        let was = pk.map(|pk| A::find(conn, pk)).transpose()?;
        let becomes = values.map(|values| {
            let mut row = was.clone().unwrap_or_else(A::initial);
            assign(A::fields(), &mut row, values);
            row
        });
        A::forbids(conn, viewer, was.as_ref(), becomes.as_ref())
    }

    fn save(&self, conn: &mut Connection, pk: Option<i64>, values: &[Value]) -> QueryResult<i64> {
        let mut row = Self::row(conn, pk)?;
        assign(A::fields(), &mut row, values);
        A::save(conn, pk, &row)
    }

    fn delete_plan(&self, conn: &mut Connection, pk: i64) -> QueryResult<DeletePlan> {
        A::delete_plan(conn, pk)
    }

    fn delete(&self, conn: &mut Connection, pk: i64) -> QueryResult<()> {
        A::delete(conn, pk)
    }

    fn lighten(&self, conn: &mut Connection, pk: i64) -> QueryResult<bool> {
        A::lighten(conn, pk)
    }

    fn settle(&self, conn: &mut Connection) -> QueryResult<bool> {
        A::settle(conn)
    }

    fn restore(&self, conn: &mut Connection, pk: i64, values: &[Value]) -> QueryResult<()> {
        let mut row = A::initial();
        assign(A::fields(), &mut row, values);
        for (field, value) in A::fields().iter().zip(values) {
            if let Some(restore) = field.restore {
                restore(&mut row, value.clone());
            }
        }
        A::restore(conn, pk, &row)
    }

    fn lock(&self, conn: &mut Connection, pk: i64) -> QueryResult<()> {
        A::lock(conn, pk)
    }

    fn clean(
        &self,
        conn: &mut Connection,
        pk: Option<i64>,
        values: &[Value],
    ) -> QueryResult<Vec<(&'static str, FieldError)>> {
        let mut row = Self::row(conn, pk)?;
        assign(A::fields(), &mut row, values);
        A::clean(conn, pk, &row)
    }
}
