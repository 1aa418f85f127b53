//! A model in the admin: what a feature writes once ([`ModelAdmin`]), and the face behind which the views
//! treat all models alike ([`AdminModel`]).

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use std::marker::PhantomData;

use chrono_tz::Tz;
use diesel::QueryResult;

use super::field::{Field, FieldError, Kind, OptionCache, Value};
use super::query::ListQuery;
use crate::db::Connection;
use crate::web::Viewer;
use crate::web::forms::Form;

/// Names and permissions of a model.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// Django's app label: `polls`.
    pub app: &'static str,
    /// Django's model name: `question`.
    pub model: &'static str,
    /// Messages: "question", "questions", and the app's "Polls".
    pub verbose_name: &'static str,
    pub verbose_name_plural: &'static str,
    pub app_name: &'static str,
}

impl Meta {
    /// The path of the model's list.
    pub fn list_path(&self) -> String {
        format!("/admin/{}/{}/", self.app, self.model)
    }
}

/// Inputs that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Fieldset {
    /// A message.
    pub title: Option<&'static str>,
    pub fields: &'static [&'static str],
    /// Folded until it is asked for or holds an error.
    pub collapsed: bool,
}

/// A narrowing of a list, at its side.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// The key in the query.
    pub key: &'static str,
    /// A message.
    pub title: &'static str,
    pub choices: Choices,
}

#[derive(Debug, Clone, Copy)]
pub enum Choices {
    /// Values and their messages.
    Fixed(super::field::Choices),
    /// Values and names out of the database.
    Options(super::field::Options),
}

/// What can be done with the objects chosen in a list, besides deleting and exporting them.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    pub name: &'static str,
    /// Messages: what it is called, and what it did (`$count`).
    pub title: &'static str,
    pub done: &'static str,
    /// What must be allowed: `change`, `delete`.
    pub permission: Permission,
    /// Does it to one object.
    pub run: fn(&mut Connection, i64) -> QueryResult<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    Add,
    Change,
    Delete,
    View,
}

/// What goes with an object when it is deleted, and what forbids it.
#[derive(Debug, Default, Clone)]
pub struct DeletePlan {
    /// The object and what hangs on it, as a tree.
    pub objects: Vec<Doomed>,
    /// How many of each model, by its message.
    pub counts: Vec<(&'static str, i64)>,
    /// Permissions that the deleting person needs.
    pub needs: Vec<&'static str>,
    /// Names of what stands in the way.
    pub protected: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Doomed {
    /// The model's message and the object's name.
    pub model: &'static str,
    pub label: String,
    pub children: Vec<Doomed>,
}

/// What a feature writes once per model, in its own `admin.rs`.
pub trait ModelAdmin: Send + Sync + 'static {
    type Row: Clone + Default + Send + 'static;
    const META: Meta;

    fn fields() -> &'static [Field<Self::Row>];
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
    /// Fields by which the list can be sorted, each by itself or by another (`was_published_recently` by `pub_date`).
    fn sortable() -> &'static [&'static str];
    /// Field and direction of a list that nobody has sorted.
    fn ordering() -> &'static [(&'static str, bool)];
    fn has_search() -> bool {
        false
    }
    fn actions() -> &'static [Action] {
        &[]
    }
    fn inlines() -> &'static [&'static dyn InlineModel] {
        &[]
    }
    fn pk(row: &Self::Row) -> i64;
    fn label(row: &Self::Row) -> String;
    /// The path of the object's public page.
    fn view_on_site(_row: &Self::Row) -> Option<String> {
        None
    }
    /// What is shown below the form besides fields.
    fn panel(_conn: &mut Connection, _pk: i64) -> QueryResult<Option<super::panels::Panel>> {
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

    fn count(conn: &mut Connection, query: &ListQuery) -> QueryResult<i64>;
    fn rows(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Self::Row>>;
    fn find(conn: &mut Connection, pk: i64) -> QueryResult<Self::Row>;
    /// A new object's form.
    fn initial() -> Self::Row {
        Self::Row::default()
    }
    /// What is wrong with the whole, by field; `""` is the form itself.
    fn clean(
        _conn: &mut Connection,
        _pk: Option<i64>,
        _row: &Self::Row,
    ) -> QueryResult<Vec<(&'static str, FieldError)>> {
        Ok(Vec::new())
    }
    /// What a person may not do with this very object although they have the permission, by field: make it
    /// (`was` is None), change it, delete it (`becomes` is None).
    fn forbids(
        _conn: &mut Connection,
        _viewer: &Viewer,
        _was: Option<&Self::Row>,
        _becomes: Option<&Self::Row>,
    ) -> QueryResult<Vec<(&'static str, FieldError)>> {
        Ok(Vec::new())
    }
    /// Writes what can be set and returns the id. None makes a new object.
    fn save(conn: &mut Connection, pk: Option<i64>, row: &Self::Row) -> QueryResult<i64>;
    fn delete_plan(conn: &mut Connection, pk: i64) -> QueryResult<DeletePlan>;
    fn delete(conn: &mut Connection, pk: i64) -> QueryResult<()>;
    /// Brings a deleted object back, with its id and with what [`Self::delete`] has put aside.
    fn restore(_conn: &mut Connection, _pk: i64, _row: &Self::Row) -> QueryResult<()> {
        Err(diesel::result::Error::NotFound)
    }
}

/// Objects that are edited on the page of the one they belong to.
pub trait InlineAdmin: Send + Sync + 'static {
    type Row: Clone + Default + Send + 'static;
    const META: Meta;
    /// The formset's prefix: `choice_set`.
    const PREFIX: &'static str;
    const EXTRA: usize = 3;

    fn fields() -> &'static [Field<Self::Row>];
    fn pk(row: &Self::Row) -> i64;
    fn label(row: &Self::Row) -> String;
    fn rows(conn: &mut Connection, parent: i64) -> QueryResult<Vec<Self::Row>>;
    fn save(conn: &mut Connection, parent: i64, pk: Option<i64>, row: &Self::Row) -> QueryResult<i64>;
    fn delete(conn: &mut Connection, parent: i64, pk: i64) -> QueryResult<()>;
    /// Brings a deleted object back, with its id and with what [`Self::delete`] has put aside.
    fn restore(conn: &mut Connection, parent: i64, pk: i64, row: &Self::Row) -> QueryResult<()>;
}

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
    pub kind: Kind,
    pub required: bool,
    pub editable: bool,
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
    fn panel(&self, conn: &mut Connection, pk: i64) -> QueryResult<Option<super::panels::Panel>>;
    fn count(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<i64>;
    fn records(&self, conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Record>>;
    fn find(&self, conn: &mut Connection, pk: i64) -> QueryResult<Record>;
    fn initial(&self) -> Record;
    /// Reads a form over the object as it is, or over a new one.
    fn bind(&self, conn: &mut Connection, pk: Option<i64>, form: &Form, zone: Tz) -> QueryResult<Bound>;
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
    fn restore(&self, conn: &mut Connection, pk: i64, values: &[Value]) -> QueryResult<()>;
}

/// The object-safe face of an inline.
pub trait InlineModel: Send + Sync {
    fn meta(&self) -> Meta;
    fn prefix(&self) -> &'static str;
    fn extra(&self) -> usize;
    fn fields(&self) -> Vec<FieldMeta>;
    fn records(&self, conn: &mut Connection, parent: i64) -> QueryResult<Vec<Record>>;
    fn empty(&self) -> Record;
    /// Reads one row of the formset over the row as it is.
    fn bind(
        &self,
        conn: &mut Connection,
        options: &mut OptionCache,
        was: Option<&Record>,
        prefix: &str,
        form: &Form,
        zone: Tz,
    ) -> QueryResult<Bound>;
    fn save(&self, conn: &mut Connection, parent: i64, pk: Option<i64>, values: &[Value]) -> QueryResult<i64>;
    fn delete(&self, conn: &mut Connection, parent: i64, pk: i64) -> QueryResult<()>;
    fn restore(&self, conn: &mut Connection, parent: i64, pk: i64, values: &[Value]) -> QueryResult<()>;
}

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
        kind: field.kind,
        required: field.required,
        editable: field.set.is_some(),
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

/// Reads the inputs of those fields that can be set; a field that was not posted at all keeps its value,
/// except where an absent input is a value (check boxes, multiple selects).
fn read<R: 'static>(
    conn: &mut Connection,
    options: &mut OptionCache,
    fields: impl Iterator<Item = &'static Field<R>>,
    row: &mut R,
    prefix: &str,
    form: &Form,
    zone: Tz,
) -> QueryResult<Vec<(&'static str, FieldError)>> {
    let mut errors = Vec::new();
    for field in fields {
        let Some(set) = field.set else { continue };
        let raw: Vec<String> = match field.kind {
            Kind::Many(_) => form.all(&format!("{prefix}{}", field.name)).map(str::to_owned).collect(),
            Kind::Boolean => form.get(&format!("{prefix}{}", field.name)).map(str::to_owned).into_iter().collect(),
            kind => kind
                .keys(&format!("{prefix}{}", field.name))
                .iter()
                .map(|key| form.get(key).unwrap_or_default().to_owned())
                .collect(),
        };
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

    fn panel(&self, conn: &mut Connection, pk: i64) -> QueryResult<Option<super::panels::Panel>> {
        A::panel(conn, pk)
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
        let mut errors = read(conn, &mut OptionCache::default(), fields, &mut row, "", form, zone)?;
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
        A::restore(conn, pk, &row)
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
        prefix: &str,
        form: &Form,
        zone: Tz,
    ) -> QueryResult<Bound> {
        let mut row = A::Row::default();
        if let Some(was) = was {
            assign(A::fields(), &mut row, &was.values);
        }
        let errors = read(conn, options, A::fields().iter(), &mut row, prefix, form, zone)?;
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
}
