//! Fields. A field is a column of a list and an input of a form; its kind decides how it is shown, read and compared.

mod options;
mod parse;
mod value;

pub use super::sentence::{FieldError, FieldErrors};
pub use crate::admin::registry::field::options::{OptionCache, Options, RelatedLookup, Select};
pub use crate::admin::registry::field::value::Value;

/// A field of a model whose rows have the type `R`.
pub struct ModelField<R: 'static> {
    /// The field's name. It is also the form key and the key of its errors.
    pub name: &'static str,
    /// The message id of the label.
    pub label: &'static str,
    /// The message id of the help text.
    pub help: Option<&'static str>,
    /// The value of the HTML attribute `autocomplete`.
    pub autocomplete: Option<&'static str>,
    pub kind: FieldKind,
    /// The app label and model name that a relation points to.
    pub related: Option<(&'static str, &'static str)>,
    pub required: bool,
    pub get: fn(&R) -> Value,
    /// Writes a value to the row. None for a read-only field: then posted values are ignored.
    pub set: Option<fn(&mut R, Value)>,
    /// Writes the value of a read-only field to the row when a deleted object is restored.
    pub restore: Option<fn(&mut R, Value)>,
    /// Whether the search of a list looks in this field's column.
    pub is_searched: bool,
    pub sort_key: SortKey,
}

/// What a list is sorted by when the viewer sorts it by a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// The column with the field's name. A field without such a column cannot be sorted by.
    Own,
    /// The column with the field's name. Rows in which it is NULL come last in ascending and first in descending order.
    OwnEmptyLast,
    /// The column of another field, by that column's name.
    Column(&'static str),
    /// An SQL expression that all databases accept. It is a constant of the program and contains no input.
    Expression(&'static str),
    None,
}

/// The kind of a field's value. Templates choose by this alone how a field is shown.
#[derive(Debug, Clone, Copy)]
pub enum FieldKind {
    Text {
        max_length: usize,
    },
    Url {
        max_length: usize,
    },
    Email {
        max_length: usize,
    },
    /// A password: used as it is typed, and never shown, stored in the history or compared.
    Password,
    Paragraph,
    Integer,
    Boolean,
    DateTime,
    /// One of a fixed list of values, each with its message id.
    Choice(Choices),
    /// A value computed from other fields and the time. It is shown, but neither stored in the history nor exported.
    State,
    /// A link to another page about the object, shown to viewers who may change the object.
    Link,
    /// The id of one object, chosen from a list of all.
    ForeignKey(Options),
    /// The id of one object, found by a search, because there may be too many to list.
    Searched(&'static RelatedLookup),
    /// The ids of any number of objects, chosen from a list of all.
    Many(Options),
}

/// A fixed list of values, each with its message id.
pub type Choices = &'static [(&'static str, &'static str)];

impl<R> ModelField<R> {
    /// A read-only field.
    pub const fn shown(name: &'static str, label: &'static str, kind: FieldKind, get: fn(&R) -> Value) -> Self {
        Self {
            name,
            label,
            help: None,
            autocomplete: None,
            kind,
            related: None,
            required: false,
            get,
            set: None,
            restore: None,
            is_searched: false,
            sort_key: SortKey::Own,
        }
    }

    /// Makes a read-only field one that is restored with a deleted object.
    #[must_use]
    pub const fn restored(self, restore: fn(&mut R, Value)) -> Self {
        Self { restore: Some(restore), ..self }
    }

    /// A field that a form can change and that must have a value.
    pub const fn editable(
        name: &'static str,
        label: &'static str,
        kind: FieldKind,
        get: fn(&R) -> Value,
        set: fn(&mut R, Value),
    ) -> Self {
        Self { required: true, set: Some(set), ..Self::shown(name, label, kind, get) }
    }

    #[must_use]
    pub const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    #[must_use]
    pub const fn autocomplete(self, name: &'static str) -> Self {
        Self { autocomplete: Some(name), ..self }
    }

    /// Names the registered model that a relation points to, so that the form can link to it.
    #[must_use]
    pub const fn of(self, app: &'static str, model: &'static str) -> Self {
        Self { related: Some((app, model)), ..self }
    }

    #[must_use]
    pub const fn searched(self) -> Self {
        Self { is_searched: true, ..self }
    }

    #[must_use]
    pub const fn sorted_by(self, sort_key: SortKey) -> Self {
        Self { sort_key, ..self }
    }

    #[must_use]
    pub const fn help(self, message: &'static str) -> Self {
        Self { help: Some(message), ..self }
    }
}

impl FieldKind {
    /// The form keys of a field of this kind, as in Django's widgets.
    pub fn keys(self, name: &str) -> Vec<String> {
        match self {
            Self::DateTime => vec![format!("{name}_0"), format!("{name}_1")],
            _ => vec![name.to_owned()],
        }
    }

    /// Whether values of this kind are stored in the history, compared and exported.
    pub fn is_data(self) -> bool {
        !matches!(self, Self::Password | Self::State | Self::Link)
    }
}
