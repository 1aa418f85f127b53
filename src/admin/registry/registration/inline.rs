//! Implements [`RegisteredInline`] for every `InlineModelAdmin`.

use diesel::QueryResult;

use super::binding::{assign, assign_restored, read, values};
use super::{Registration, rows};
use crate::admin::registry::descriptors::{Meta, Withdrawal};
use crate::admin::registry::field::{FieldErrors, OptionCache};
use crate::admin::registry::model_admin::{self, InlineModelAdmin, ModelAdmin};
use crate::admin::registry::registered::{FieldMeta, NamedValues, Record, RegisteredInline};
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::web::http::forms::Form;

type RowOf<A> = <<A as InlineModelAdmin>::Model as ModelAdmin>::Row;

fn record<A: InlineModelAdmin>(pk: Option<i64>, row: &RowOf<A>) -> Record {
    let (label, values) = (A::Model::label(row), values(A::fields(), row));
    Record { pk, label, view_on_site: None, tools: Vec::new(), is_in_use: false, values }
}

impl<A: InlineModelAdmin> RegisteredInline for Registration<A> {
    fn meta(&self) -> Meta {
        A::Model::META
    }

    fn prefix(&self) -> &'static str {
        A::PREFIX
    }

    fn extra(&self) -> usize {
        A::EXTRA
    }

    fn distinct(&self) -> Option<(&'static str, &'static str)> {
        A::distinct()
    }

    fn order(&self) -> Option<&'static str> {
        A::order()
    }

    fn pasted_into(&self) -> Option<&'static str> {
        A::pasted_into()
    }

    fn fields(&self) -> Vec<FieldMeta> {
        rows::metas::<A::Model>(A::fields())
    }

    fn records(&self, conn: &mut Connection, parent: i64) -> QueryResult<Vec<Record>> {
        let rows = A::rows(conn, parent)?;
        let in_use = A::in_use(conn, parent)?;
        let record = |row| {
            let pk = model_admin::pk::<A::Model>(row);
            Record { is_in_use: in_use.contains(&pk), ..record::<A>(Some(pk), row) }
        };
        Ok(rows.iter().map(record).collect())
    }

    fn copied(&self, conn: &mut Connection, parent: i64) -> QueryResult<Vec<Record>> {
        let rows = A::rows(conn, parent)?;
        Ok(rows.iter().filter(|row| A::is_copied(row)).map(|row| record::<A>(None, row)).collect())
    }

    fn empty(&self) -> Record {
        Record { label: String::new(), ..record::<A>(None, &RowOf::<A>::default()) }
    }

    fn bind(
        &self,
        conn: &mut Connection,
        options: &mut OptionCache,
        was: Option<&Record>,
        form: &Form,
        zone: &TimeZone,
    ) -> QueryResult<(Record, FieldErrors)> {
        let mut row = RowOf::<A>::default();
        if let Some(was) = was {
            let values = A::fields().iter().zip(&was.values).map(|(field, value)| (field.name, value.clone()));
            assign(A::fields(), &mut row, values.collect());
        }
        // The rows' order and withdrawal are not typed (`BoundInline` reads them), and stay where a form does not have
        // them.
        let apart = [A::order(), A::withdrawal().map(|withdrawal| withdrawal.field)];
        let typed = A::fields().iter().filter(|field| !apart.contains(&Some(field.name)));
        let errors = read(conn, A::Model::META, options, typed, &mut row, form, zone)?;
        let mut record = record::<A>(was.and_then(|was| was.pk), &row);
        if let Some(was) = was {
            record.label.clone_from(&was.label);
            // Read-only fields keep the values of the saved row.
            for (index, _) in A::fields().iter().enumerate().filter(|(_, field)| field.set.is_none()) {
                record.values[index] = was.values[index].clone();
            }
        }
        Ok((record, errors))
    }

    fn save(&self, conn: &mut Connection, parent: i64, pk: Option<i64>, values: NamedValues) -> QueryResult<i64> {
        let was = pk.map(|pk| model_admin::find::<A::Model>(conn, pk)).transpose()?;
        let mut row = was.clone().unwrap_or_default();
        assign(A::fields(), &mut row, values);
        A::set_parent(&mut row, parent);
        A::Model::pre_save(&mut row, was.is_none());
        A::Model::save(conn, was.as_ref(), &row)
    }

    fn delete(&self, conn: &mut Connection, pk: i64) -> QueryResult<()> {
        let row = model_admin::find::<A::Model>(conn, pk)?;
        A::Model::delete(conn, &row)
    }

    fn restore(&self, conn: &mut Connection, parent: i64, pk: i64, values: NamedValues) -> QueryResult<()> {
        let mut row = RowOf::<A>::default();
        assign_restored(A::fields(), &mut row, values);
        A::set_parent(&mut row, parent);
        A::Model::restore(conn, pk, &row)
    }

    fn in_use(&self, conn: &mut Connection, parent: i64) -> QueryResult<Vec<i64>> {
        A::in_use(conn, parent)
    }

    fn withdrawal(&self) -> Option<Withdrawal> {
        A::withdrawal()
    }
}
