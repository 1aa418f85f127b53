//! Fields: one column of a list, one input of a form. What can be done with a field follows from its kind.

mod options;
mod parse;
mod value;

pub use super::sentence::{FieldError, FieldErrors};
pub use crate::admin::registry::field::options::{Lookup, OptionCache, Options, Select};
pub use crate::admin::registry::field::value::Value;

/// A column of a list or an input of a form.
pub struct ModelField<R: 'static> {
    /// Also the form key and the error key.
    pub name: &'static str,
    /// A message.
    pub label: &'static str,
    /// A message.
    pub help: Option<&'static str>,
    /// What a browser may fill in, by HTML's name for it.
    pub autocomplete: Option<&'static str>,
    pub kind: FieldKind,
    /// Django's app and name of the model that a relation chooses among.
    pub related: Option<(&'static str, &'static str)>,
    pub required: bool,
    pub get: fn(&R) -> Value,
    /// None where no form can change it, whatever is posted.
    pub set: Option<fn(&mut R, Value)>,
    /// Gives a deleted object that comes back the value of a read-only field.
    pub restore: Option<fn(&mut R, Value)>,
    /// Whether a list's search looks into its column.
    pub is_searched: bool,
    pub sort_key: SortKey,
}

/// What a list is ordered by where somebody sorts it by a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// The field's own column, if it has one; otherwise nothing.
    Own,
    /// The field's own column, with those that have no value at the end.
    OwnEmptyLast,
    /// The column of another field.
    Column(&'static str),
    /// An expression in the SQL of all databases, which is of the program alone.
    Expression(&'static str),
    None,
}

/// What a field holds. Templates match on this and on nothing else.
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
    /// What is typed is taken as it is, and never shown, kept or compared.
    Password,
    Paragraph,
    Integer,
    Boolean,
    DateTime,
    /// One of these values; with their messages.
    Choice(Choices),
    /// What follows from other fields and from the time: shown, and neither kept nor exported.
    State,
    /// The way to a page of the field's own, for who may change it.
    Link,
    /// One of these, by id.
    ForeignKey(Options),
    /// One of any number, by id.
    Searched(&'static Lookup),
    /// Any of these, by id.
    Many(Options),
}

/// Values that are always the same, and their messages.
pub type Choices = &'static [(&'static str, &'static str)];

impl<R> ModelField<R> {
    /// A field that a form cannot change.
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

    /// What no form can change, and yet comes back with a deleted object.
    #[must_use]
    pub const fn restored(self, restore: fn(&mut R, Value)) -> Self {
        Self { restore: Some(restore), ..self }
    }

    /// A field that a form can change, and must have a value.
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

    /// The registered model that a relation chooses among, so that the form can lead there.
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
    /// The names under which a form posts a field of this kind, as Django's widgets do.
    pub fn keys(self, name: &str) -> Vec<String> {
        match self {
            Self::DateTime => vec![format!("{name}_0"), format!("{name}_1")],
            _ => vec![name.to_owned()],
        }
    }

    /// Whether a value of this kind is one to keep, compare and export.
    pub fn is_data(self) -> bool {
        !matches!(self, Self::Password | Self::State | Self::Link)
    }
}
