//! Implements [`EditSession`] with the type of the model's row.

use diesel::QueryResult;

use super::binding::{assign, assign_restored, read, values};
use crate::admin::registry::descriptors::DeletePlan;
use crate::admin::registry::field::{FieldErrors, ModelField, OptionCache};
use crate::admin::registry::model_admin::{self, ModelAdmin};
use crate::admin::registry::registered::{EditSession, NamedValues, Record};
use crate::clock::TimeZone;
use crate::db::{self, Connection};
use crate::web::Viewer;
use crate::web::http::forms::Form;

pub(super) struct RowSession<A: ModelAdmin> {
    /// None for a new object.
    pk: Option<i64>,
    /// The row as it was read; None for a new object.
    was: Option<A::Row>,
    /// The row with the new values.
    row: A::Row,
}

impl<A: ModelAdmin> RowSession<A> {
    pub fn begin(conn: &mut Connection, pk: Option<i64>) -> QueryResult<Self> {
        let was = pk.map(|pk| find::<A>(conn, pk)).transpose()?;
        Ok(Self { pk, row: was.clone().unwrap_or_else(A::initial), was })
    }

    pub fn copy(conn: &mut Connection, pk: i64) -> QueryResult<Self> {
        let mut row = find::<A>(conn, pk)?;
        A::become_copy(&mut row);
        Ok(Self { pk: None, was: None, row })
    }

    /// Reads the row again after it was written.
    fn reread(&mut self, conn: &mut Connection, pk: i64) -> QueryResult<()> {
        *self = Self::begin(conn, Some(pk))?;
        Ok(())
    }
}

/// Reads an object. If its row cannot be read, the error contains the model and the primary key.
pub(super) fn find<A: ModelAdmin>(conn: &mut Connection, pk: i64) -> QueryResult<A::Row> {
    let row = model_admin::find::<A>(conn, pk);
    db::of_row(&A::META.table(), pk, row)
}

pub(super) fn record<A: ModelAdmin>(pk: Option<i64>, row: &A::Row) -> Record {
    Record {
        pk,
        label: A::label(row),
        is_in_use: false,
        view_on_site: A::view_on_site(row),
        tools: A::tools(row),
        values: values(A::fields(), row),
    }
}

impl<A: ModelAdmin> EditSession for RowSession<A> {
    fn record(&self) -> Record {
        record::<A>(self.pk, &self.row)
    }

    fn propose(&mut self) {
        self.row = A::proposed();
    }

    fn bind(&mut self, conn: &mut Connection, form: &Form, zone: &TimeZone) -> QueryResult<FieldErrors> {
        let fieldsets = A::add_fieldsets().filter(|_| self.pk.is_none()).unwrap_or_else(A::fieldsets);
        let in_form =
            |field: &&ModelField<A::Row>| fieldsets.iter().any(|fieldset| fieldset.fields.contains(&field.name));
        let fields = A::fields().iter().filter(in_form);
        read(conn, A::META, &mut OptionCache::default(), fields, &mut self.row, form, zone)
    }

    fn assign(&mut self, values: NamedValues) {
        assign(A::fields(), &mut self.row, values);
    }

    fn clean(&self, conn: &mut Connection) -> QueryResult<FieldErrors> {
        A::clean(conn, self.was.as_ref(), &self.row)
    }

    fn forbids(&self, conn: &mut Connection, viewer: &Viewer) -> QueryResult<FieldErrors> {
        A::forbids(conn, viewer, self.was.as_ref(), Some(&self.row))
    }

    fn forbids_deletion(&self, conn: &mut Connection, viewer: &Viewer) -> QueryResult<FieldErrors> {
        A::forbids(conn, viewer, self.was.as_ref(), None)
    }

    fn delete_plan(&self, conn: &mut Connection) -> QueryResult<DeletePlan> {
        A::delete_plan(conn, &self.row)
    }

    fn save(&mut self, conn: &mut Connection) -> QueryResult<i64> {
        A::pre_save(&mut self.row, self.was.is_none());
        let pk = A::save(conn, self.was.as_ref(), &self.row)?;
        self.reread(conn, pk)?;
        Ok(pk)
    }

    fn restore(&mut self, conn: &mut Connection, pk: i64, values: NamedValues) -> QueryResult<()> {
        assign_restored(A::fields(), &mut self.row, values);
        A::restore(conn, pk, &self.row)?;
        self.reread(conn, pk)
    }

    fn delete(&self, conn: &mut Connection) -> QueryResult<()> {
        A::delete(conn, &self.row)
    }
}
