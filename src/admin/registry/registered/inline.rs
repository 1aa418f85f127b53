//! An [`InlineAdmin`] as the views see it.

use diesel::QueryResult;

use super::{Registered, assign, metas, read, values};
use crate::admin::registry::erased::{Bound, FieldMeta, InlineModel, Record};
use crate::admin::registry::field::{OptionCache, Value};
use crate::admin::registry::model::{InlineAdmin, Meta};
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::web::http::forms::Form;

impl<A: InlineAdmin> InlineModel for Registered<A> {
    fn meta(&self) -> Meta {
        A::META
    }

    fn prefix(&self) -> &'static str {
        A::PREFIX
    }

    fn extra(&self) -> usize {
        A::EXTRA
    }

    fn fields(&self) -> Vec<FieldMeta> {
        metas(A::fields())
    }

    fn distinct(&self) -> Option<(&'static str, &'static str)> {
        A::distinct()
    }

    fn records(&self, conn: &mut Connection, parent: i64) -> QueryResult<Vec<Record>> {
        let record = |row: &A::Row| Record {
            pk: Some(A::pk(row)),
            label: A::label(row),
            view_on_site: None,
            values: values(A::fields(), row),
        };
        Ok(A::rows(conn, parent)?.iter().map(record).collect())
    }

    fn empty(&self) -> Record {
        let row = A::Row::default();
        Record { pk: None, label: String::new(), view_on_site: None, values: values(A::fields(), &row) }
    }

    fn bind(
        &self,
        conn: &mut Connection,
        options: &mut OptionCache,
        was: Option<&Record>,
        form: &Form,
        zone: &TimeZone,
    ) -> QueryResult<Bound> {
        let mut row = A::Row::default();
        if let Some(was) = was {
            assign(A::fields(), &mut row, &was.values);
        }
        let errors = read(conn, A::META, options, A::fields().iter(), &mut row, form, zone)?;
        let mut record = Record {
            pk: was.and_then(|was| was.pk),
            label: was.map_or_else(|| A::label(&row), |was| was.label.clone()),
            view_on_site: None,
            values: values(A::fields(), &row),
        };
        // What cannot be set is as it was.
        for (index, field) in A::fields().iter().enumerate() {
            if let (None, Some(was)) = (field.set, was) {
                record.values[index] = was.values[index].clone();
            }
        }
        Ok(Bound { record, errors })
    }

    fn save(&self, conn: &mut Connection, parent: i64, pk: Option<i64>, values: &[Value]) -> QueryResult<i64> {
        let mut row = A::Row::default();
        assign(A::fields(), &mut row, values);
        A::save(conn, parent, pk, &row)
    }

    fn delete(&self, conn: &mut Connection, parent: i64, pk: i64) -> QueryResult<()> {
        A::delete(conn, parent, pk)
    }

    fn restore(&self, conn: &mut Connection, parent: i64, pk: i64, values: &[Value]) -> QueryResult<()> {
        let mut row = A::Row::default();
        assign(A::fields(), &mut row, values);
        A::restore(conn, parent, pk, &row)
    }

    fn is_in_use(&self, conn: &mut Connection, pk: i64) -> QueryResult<bool> {
        A::is_in_use(conn, pk)
    }
}
