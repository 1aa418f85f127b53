//! What joins the two: every [`ModelAdmin`] and [`InlineAdmin`], once registered, shows the faces that the
//! views know.

use std::marker::PhantomData;

use chrono_tz::Tz;
use diesel::QueryResult;

use super::erased::{AdminModel, Bound, FieldMeta, InlineModel, Record};
use super::field::{Field, FieldError, Kind, OptionCache, Value};
use super::model::{Action, DeletePlan, Fieldset, Filter, InlineAdmin, Meta, ModelAdmin};
use super::query::ListQuery;
use crate::db::Connection;
use crate::web::Viewer;
use crate::web::forms::Form;

/// A registered model or inline.
pub struct Registered<A>(PhantomData<fn() -> A>);

impl<A> Registered<A> {
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<A> Default for Registered<A> {
    fn default() -> Self {
        Self::new()
    }
}

fn metas<R>(fields: &'static [Field<R>]) -> Vec<FieldMeta> {
    let meta = |field: &Field<R>| FieldMeta {
        name: field.name,
        label: field.label,
        help: field.help,
        autocomplete: field.autocomplete,
        kind: field.kind,
        related: field.related,
        required: field.required,
        editable: field.set.is_some(),
        restored: field.set.or(field.restore).is_some(),
    };
    fields.iter().map(meta).collect()
}

fn values<R>(fields: &'static [Field<R>], row: &R) -> Vec<Value> {
    fields.iter().map(|field| (field.get)(row)).collect()
}

/// A row with the values of a record put in, where they can be set.
fn assign<R>(fields: &'static [Field<R>], row: &mut R, values: &[Value]) {
    for (field, value) in fields.iter().zip(values) {
        if let Some(set) = field.set {
            set(row, value.clone());
        }
    }
}

/// Reads the inputs of those fields that can be set. As in Django, one that was not posted is empty.
fn read<R: 'static>(
    conn: &mut Connection,
    options: &mut OptionCache,
    fields: impl Iterator<Item = &'static Field<R>>,
    row: &mut R,
    form: &Form,
    zone: Tz,
) -> QueryResult<Vec<(&'static str, FieldError)>> {
    let mut errors = Vec::new();
    for field in fields {
        let Some(set) = field.set else { continue };
        let raw: Vec<String> = match field.kind {
            Kind::Many(_) => form.all(field.name).map(str::to_owned).collect(),
            Kind::Boolean => form.get(field.name).map(str::to_owned).into_iter().collect(),
            kind => kind.keys(field.name).iter().map(|key| form.get(key).unwrap_or_default().to_owned()).collect(),
        };
        // A moment that was left as it is keeps the part of its second, which no input shows.
        if matches!(field.kind, Kind::DateTime) && raw == (field.get)(row).raw(zone) {
            continue;
        }
        match field.kind.parse(&raw, field.required, zone) {
            Ok(value) => match options.check(conn, field.kind, value)? {
                Some(value) => set(row, value),
                None => errors.push((field.name, FieldError::new("admin-error-choice"))),
            },
            Err(error) => errors.push((field.name, error)),
        }
    }
    Ok(errors)
}

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

    fn panel(&self, conn: &mut Connection, pk: i64, zone: Tz) -> QueryResult<Option<super::panels::Panel>> {
        A::panel(conn, pk, zone)
    }

    fn count(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<i64> {
        A::count(conn, query)
    }

    fn records(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Record>> {
        Ok(A::rows(conn, query)?.iter().map(Self::record).collect())
    }

    fn find(&self, conn: &mut Connection, pk: i64) -> QueryResult<Record> {
        A::find(conn, pk).map(|row| Self::record(&row))
    }

    fn initial(&self) -> Record {
        let row = A::initial();
        Record { pk: None, label: String::new(), view_on_site: None, values: values(A::fields(), &row) }
    }

    fn bind(&self, conn: &mut Connection, pk: Option<i64>, form: &Form, zone: Tz) -> QueryResult<Bound> {
        let mut row = Self::row(conn, pk)?;
        let fieldsets = self.fieldsets(pk.is_none());
        let in_form = |field: &&Field<A::Row>| fieldsets.iter().any(|fieldset| fieldset.fields.contains(&field.name));
        let fields = A::fields().iter().filter(in_form);
        let mut errors = read(conn, &mut OptionCache::default(), fields, &mut row, form, zone)?;
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
        zone: Tz,
    ) -> QueryResult<Bound> {
        let mut row = A::Row::default();
        if let Some(was) = was {
            assign(A::fields(), &mut row, &was.values);
        }
        let errors = read(conn, options, A::fields().iter(), &mut row, form, zone)?;
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
