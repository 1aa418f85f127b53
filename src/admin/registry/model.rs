//! A model in the admin: what a feature writes once, in its own `admin.rs`.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use diesel::QueryResult;

use crate::admin::list::query::ListQuery;
use crate::admin::registry::erased::InlineModel;
use crate::admin::registry::field::{Field, FieldError};
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::web::Viewer;
use crate::web::context::installed::ContentType;

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
    pub const fn content_type(self) -> ContentType {
        ContentType { app: self.app, model: self.model, app_name: self.app_name, verbose_name: self.verbose_name }
    }

    /// The table, as Django names it.
    pub fn table(&self) -> String {
        // The log is of the app `admin`, and its table older than that rule.
        if self.model == "logentry" { "django_admin_log".to_owned() } else { format!("{}_{}", self.app, self.model) }
    }

    /// The path of the model's list.
    pub fn list_path(&self) -> String {
        format!("/admin/{}/{}/", self.app, self.model)
    }

    /// Django's name of a permission: `polls.change_question`.
    pub fn permission(&self, permission: Permission) -> String {
        format!("{}.{}_{}", self.app, permission.verb(), self.model)
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
    /// The key that asks for objects without any of the choices (`groups__isnull`), where there are such.
    pub empty: Option<&'static str>,
}

impl Filter {
    pub const fn new(key: &'static str, title: &'static str, choices: Choices) -> Self {
        Self { key, title, choices, empty: None }
    }

    #[must_use]
    pub const fn or_empty(self, key: &'static str) -> Self {
        Self { empty: Some(key), ..self }
    }
}

#[derive(Debug, Clone, Copy)]
pub enum Choices {
    /// Values and their messages.
    Fixed(crate::admin::registry::field::Choices),
    /// Values and names out of the database.
    Options(crate::admin::registry::field::Options),
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
    /// Does it to one object. False says that it is not for that object, which stays as it is.
    pub run: fn(&mut Connection, i64) -> QueryResult<bool>,
    /// The message of objects that it is not for (`$count`), where there can be such.
    pub skipped: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    Add,
    Change,
    Delete,
    View,
}

/// What goes with an object when it is deleted.
#[derive(Debug, Default, Clone)]
pub struct DeletePlan {
    /// The object and what hangs on it, as a tree.
    pub objects: Vec<Doomed>,
    /// How many of each model, by its message.
    pub counts: Vec<(&'static str, i64)>,
    /// Permissions that the deleting person needs.
    pub needs: Vec<&'static str>,
}

impl DeletePlan {
    /// How many objects it names.
    pub fn size(&self) -> usize {
        self.objects.iter().map(|object| 1 + object.children.len()).sum()
    }
}

/// Objects that are read at a glance; more are shown only when asked for.
pub const LONG: usize = 30;

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
    /// What is shown below the form besides fields; days are those of the zone.
    fn panel(
        _conn: &mut Connection,
        _pk: i64,
        _zone: &TimeZone,
    ) -> QueryResult<Option<crate::admin::registry::panels::Panel>> {
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

    /// How many objects a query finds: its words, its filters by their keys, its [`ListQuery::dates`] by the names
    /// of the fields, its ids.
    fn count(conn: &mut Connection, query: &ListQuery) -> QueryResult<i64>;
    fn rows(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Self::Row>>;
    /// The ids of all objects that a query finds, in its order, whatever its page.
    /// A model of which there are many reads nothing else for it.
    fn ids(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>> {
        Ok(Self::rows(conn, query)?.iter().map(Self::pk).collect())
    }
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
    /// Puts a part of what hangs on an object aside, where that is much, before it is deleted; no page changes. True
    /// once so little is left that [`Self::delete`] takes a moment.
    fn lighten(_conn: &mut Connection, _pk: i64) -> QueryResult<bool> {
        Ok(true)
    }
    /// Brings back a part of what hangs on objects that [`Self::restore`] has brought back. True once that is all.
    fn settle(_conn: &mut Connection) -> QueryResult<bool> {
        Ok(true)
    }
    /// Brings a deleted object back, with its id and with what [`Self::delete`] has put aside; rows of inlines
    /// come back by themselves.
    fn restore(_conn: &mut Connection, _pk: i64, _row: &Self::Row) -> QueryResult<()> {
        Err(diesel::result::Error::NotFound)
    }
    /// Keeps others from changing the object until the transaction ends, so that of two forms that are saved at
    /// once the second is found to be stale.
    fn lock(_conn: &mut Connection, _pk: i64) -> QueryResult<()> {
        Ok(())
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
    /// The field whose text must look another in each row, and the message at one that does not.
    fn distinct() -> Option<(&'static str, &'static str)> {
        None
    }
    fn pk(row: &Self::Row) -> i64;
    fn label(row: &Self::Row) -> String;
    fn rows(conn: &mut Connection, parent: i64) -> QueryResult<Vec<Self::Row>>;
    fn save(conn: &mut Connection, parent: i64, pk: Option<i64>, row: &Self::Row) -> QueryResult<i64>;
    fn delete(conn: &mut Connection, parent: i64, pk: i64) -> QueryResult<()>;
    /// Brings a deleted object back, with its id and with what [`Self::delete`] has put aside.
    fn restore(conn: &mut Connection, parent: i64, pk: i64, row: &Self::Row) -> QueryResult<()>;
    /// Whether something hangs on the object by now that undoing its addition would take along.
    fn is_in_use(_conn: &mut Connection, _pk: i64) -> QueryResult<bool> {
        Ok(false)
    }
}
