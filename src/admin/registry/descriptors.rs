//! How a model is described to the admin, besides its fields.

use diesel::QueryResult;

use super::field::{Choices, Options};
use crate::admin::paths;
use crate::db::Connection;
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
        paths::list(self.app, self.model)
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
    pub choices: FilterChoices,
    /// The key that asks for objects without any of the choices (`groups__isnull`), where there are such.
    pub empty: Option<&'static str>,
}

impl Filter {
    pub const fn new(key: &'static str, title: &'static str, choices: FilterChoices) -> Self {
        Self { key, title, choices, empty: None }
    }

    #[must_use]
    pub const fn or_empty(self, key: &'static str) -> Self {
        Self { empty: Some(key), ..self }
    }
}

#[derive(Debug, Clone, Copy)]
pub enum FilterChoices {
    /// Values and their messages.
    Fixed(Choices),
    /// Values and names out of the database.
    Options(Options),
}

/// What can be done with the objects chosen in a list, besides deleting and exporting them.
#[derive(Debug, Clone, Copy)]
pub struct ListAction {
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

impl Permission {
    pub fn verb(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Change => "change",
            Self::Delete => "delete",
            Self::View => "view",
        }
    }
}

/// What goes with an object when it is deleted.
#[derive(Debug, Default, Clone)]
pub struct DeletePlan {
    /// The object and what hangs on it, as a tree.
    pub objects: Vec<Doomed>,
    /// How many of each model, by its message.
    pub counts: Vec<(&'static str, i64)>,
    /// Permissions that the deleting person needs.
    pub needs: Vec<String>,
}

impl DeletePlan {
    /// Of an object that is deleted alone.
    pub fn of(meta: Meta, label: String) -> Self {
        Self {
            objects: vec![Doomed { model: meta.verbose_name, label, children: Vec::new() }],
            counts: vec![(meta.verbose_name_plural, 1)],
            needs: vec![meta.permission(Permission::Delete)],
        }
    }

    /// How many objects it names.
    pub fn size(&self) -> usize {
        self.objects.iter().map(|object| 1 + object.children.len()).sum()
    }
}

/// The most objects of a plan that are shown at once; of more, the others are folded away.
pub const UNFOLDED_OBJECTS: usize = 30;

#[derive(Debug, Clone)]
pub struct Doomed {
    /// The model's message and the object's name.
    pub model: &'static str,
    pub label: String,
    pub children: Vec<Doomed>,
}
