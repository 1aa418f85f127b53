//! The names by which objects of a fixture are known: numbers of users, groups, permissions and content types differ
//! between databases.

use std::collections::HashMap;

use serde_json::Value;

use crate::ops::fixtures::{CONTENT_TYPE, FixtureObject, PERMISSION};

const GROUP: &str = "auth.group";
const USER: &str = "auth.user";

/// A field that refers to objects with names.
pub struct NamedReference {
    pub model: &'static str,
    pub field: &'static str,
    /// The model that it refers to.
    pub other: &'static str,
    /// Whether it has a list of them.
    pub is_many: bool,
}

const fn reference(model: &'static str, field: &'static str, other: &'static str, is_many: bool) -> NamedReference {
    NamedReference { model, field, other, is_many }
}

const REFERENCES: [NamedReference; 5] = [
    reference("admin.logentry", "user", USER, false),
    reference("admin.logentry", "content_type", CONTENT_TYPE, false),
    reference(GROUP, "permissions", PERMISSION, true),
    reference(USER, "groups", GROUP, true),
    reference(USER, "user_permissions", PERMISSION, true),
];

pub fn references_of(model: &str) -> impl Iterator<Item = &'static NamedReference> {
    REFERENCES.iter().filter(move |reference| reference.model == model)
}

/// Whether `migrate` makes all objects of a model.
pub fn is_made_here(label: &str) -> bool {
    [CONTENT_TYPE, PERMISSION].contains(&label)
}

/// The natural key of each object of a fixture, by its model and number.
#[derive(Debug, Default)]
pub struct Names(HashMap<(String, i64), Value>);

impl Names {
    pub fn of(objects: &[FixtureObject]) -> Self {
        let mut names = Self::default();
        // A permission's name ends with that of its content type, which may stand after it in the file.
        for label in [CONTENT_TYPE, GROUP, USER, PERMISSION] {
            for object in objects.iter().filter(|object| object.model.eq_ignore_ascii_case(label)) {
                if let Some(number) = object.pk.as_i64()
                    && let Some(name) = names.name(label, object)
                {
                    names.0.insert((label.to_owned(), number), name);
                }
            }
        }
        names
    }

    /// The natural key of an object, as Django writes it; None if it lacks a field.
    pub fn name(&self, label: &str, object: &FixtureObject) -> Option<Value> {
        let field = |name: &str| object.fields.get(name).cloned();
        Some(Value::Array(match label {
            CONTENT_TYPE => vec![field("app_label")?, field("model")?],
            GROUP => vec![field("name")?],
            USER => vec![field("username")?],
            PERMISSION => {
                let content_type = self.named(CONTENT_TYPE, &field("content_type")?);
                [vec![field("codename")?], content_type.as_array()?.clone()].concat()
            }
            _ => return None,
        }))
    }

    /// Replaces the numbers of other objects by their names.
    pub fn name_references(&self, object: &mut FixtureObject) {
        let model = object.model.clone();
        for reference in references_of(&model) {
            match object.fields.get_mut(reference.field) {
                Some(Value::Array(others)) if reference.is_many => {
                    for value in others.iter_mut() {
                        *value = self.named(reference.other, value);
                    }
                }
                Some(value) if !reference.is_many => *value = self.named(reference.other, value),
                _ => {}
            }
        }
    }

    /// Whether the fixture has an object of that name.
    pub fn has(&self, label: &str, name: &Value) -> bool {
        self.0.iter().any(|((model, _), known)| model == label && known == name)
    }

    /// The name for a number; what is a name already, or has none, stays.
    fn named(&self, label: &str, value: &Value) -> Value {
        let name = value.as_i64().and_then(|number| self.0.get(&(label.to_owned(), number)));
        name.unwrap_or(value).clone()
    }
}
