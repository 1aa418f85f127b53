//! The parts of a model's description for the admin, other than its fields.

use diesel::QueryResult;

use super::field::{Choices, FieldError, Options};
use crate::admin::paths;
use crate::db::Connection;
use crate::web::context::installed::ContentType;

/// The names of a model.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// Django's app label: `polls`.
    pub app: &'static str,
    /// Django's model name: `question`.
    pub model: &'static str,
    /// Message ids, such as those of "question", "questions", and of the app's name "Polls".
    pub verbose_name: &'static str,
    pub verbose_name_plural: &'static str,
    pub app_name: &'static str,
}

impl Meta {
    pub const fn content_type(self) -> ContentType {
        ContentType { app: self.app, model: self.model, app_name: self.app_name, verbose_name: self.verbose_name }
    }

    /// The name of the model's table, by Django's rule `{app}_{model}`.
    pub fn table(&self) -> String {
        // Django's model is called `LogEntry` (app `admin`), but its table does not follow that rule.
        if self.model == "logentry" { "django_admin_log".to_owned() } else { format!("{}_{}", self.app, self.model) }
    }

    pub fn list_path(&self) -> String {
        paths::list(self.app, self.model)
    }

    /// Django's name of a permission, such as `polls.change_question`.
    pub fn permission(&self, permission: Permission) -> String {
        format!("{}.{}_{}", self.app, permission.verb(), self.model)
    }
}

/// A group of inputs in a form.
#[derive(Debug, Clone, Copy)]
pub struct Fieldset {
    /// The message id of the title.
    pub title: Option<&'static str>,
    pub fields: &'static [&'static str],
    /// Whether the group is closed at first. It is open if one of its inputs has an error.
    pub collapsed: bool,
}

/// A link above an object's form to another page about it, for viewers who may change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectTool {
    /// The message id of its text.
    pub title: &'static str,
    /// The name of its icon in `templates/admin/icons.html`.
    pub icon: &'static str,
    pub path: String,
}

/// A filter beside a list.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// The key in the query string.
    pub key: &'static str,
    /// The message id of the title.
    pub title: &'static str,
    pub choices: FilterChoices,
    /// The key that finds objects without a value (`groups__isnull`); None if the filter does not offer that.
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
    /// Values and their message ids.
    Fixed(Choices),
    /// Ids and names that are read from the database.
    Options(Options),
}

/// An action for the objects selected in a list, other than deleting and exporting.
#[derive(Debug, Clone, Copy)]
pub struct ListAction {
    pub name: &'static str,
    /// Message ids: the action's name, and the message after it (`$count` objects).
    pub title: &'static str,
    pub done: &'static str,
    /// The permission that the viewer needs.
    pub permission: Permission,
    /// Runs the action on one object, with the text that was typed for it. False if the action does not apply to the
    /// object, which then stays as it is.
    pub run: fn(&mut Connection, i64, &str) -> QueryResult<bool>,
    /// What has to be typed for the action; None if nothing.
    pub input: Option<ActionInput>,
    /// The message id for the `$count` objects to which the action does not apply; None if it applies to all.
    pub skipped: Option<&'static str>,
}

/// A text that an action needs.
#[derive(Debug, Clone, Copy)]
pub struct ActionInput {
    /// The message id of its label.
    pub label: &'static str,
    /// What is wrong with a typed text.
    pub check: fn(&str) -> Option<FieldError>,
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

/// How a row of an inline that is in use is taken out of use, instead of being deleted.
#[derive(Debug, Clone, Copy)]
pub struct Withdrawal {
    /// The Boolean field that is true for a withdrawn row.
    pub field: &'static str,
    /// The message id of the field's label.
    pub label: &'static str,
    /// The message id of the error at a row that a form wants to delete.
    pub refusal: &'static str,
}

/// What is deleted with an object.
#[derive(Debug, Default, Clone)]
pub struct DeletePlan {
    /// The object and everything that is deleted with it, as a tree.
    pub objects: Vec<Doomed>,
    /// How many objects of each model are deleted; the model is given by its message id.
    pub counts: Vec<(&'static str, i64)>,
    /// The permissions that the viewer needs.
    pub needs: Vec<String>,
}

impl DeletePlan {
    /// The plan for an object with which nothing else is deleted.
    pub fn of(meta: Meta, label: String) -> Self {
        Self {
            objects: vec![Doomed { model: meta.verbose_name, label, children: Vec::new() }],
            counts: vec![(meta.verbose_name_plural, 1)],
            needs: vec![meta.permission(Permission::Delete)],
        }
    }

    /// How many objects the plan lists.
    pub fn size(&self) -> usize {
        self.objects.iter().map(|object| 1 + object.children.len()).sum()
    }
}

/// How many objects of a plan are shown at once. If there are more, the list is folded.
pub const UNFOLDED_OBJECTS: usize = 30;

#[derive(Debug, Clone)]
pub struct Doomed {
    /// The message id of the model's name, and the object's name.
    pub model: &'static str,
    pub label: String,
    pub children: Vec<Doomed>,
}
