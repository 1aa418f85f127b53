//! A form as the templates show it: fieldsets, inputs, inlines, and the errors of each.

use crate::admin::form::inline::BoundInline;
use crate::admin::form::order::Move;
use crate::admin::form::related::{Related, search_key};
use crate::admin::form::withdrawal::WithdrawalBox;
use crate::admin::registry::field::{FieldError, FieldErrors, FieldKind, Value};
use crate::admin::registry::registered::{FieldMeta, Record};

/// One field of a form, with its current content. A date and time has two HTML inputs, every other field one.
pub struct Input {
    /// The form key, with the prefix of its formset.
    pub key: String,
    pub meta: FieldMeta,
    /// Whether the viewer can change it on this page.
    pub editable: bool,
    /// The texts in the HTML inputs, as they were typed or as they are made from the saved value.
    pub raw: Vec<String>,
    /// The value, for a field that is only shown.
    pub value: Value,
    pub options: Vec<(i64, String)>,
    /// The search, if there are too many options to list all of them.
    pub search: Option<Search>,
    pub errors: Vec<FieldError>,
    /// The value that somebody else has saved since the form was made, if it differs from the typed one.
    pub theirs: Option<Value>,
    /// The links to the model that the field's relation points to.
    pub related: Option<Related>,
}

/// A search for the options of a relation.
pub struct Search {
    pub text: String,
    /// The path that a script requests with the same search.
    pub path: String,
}

pub struct FieldsetView {
    pub title: Option<&'static str>,
    pub collapsed: bool,
    pub open: bool,
    pub inputs: Vec<Input>,
}

/// One row of an inline's formset.
pub struct InlineRow {
    pub index: String,
    pub pk: Option<i64>,
    pub label: String,
    pub inputs: Vec<Input>,
    pub deleted: bool,
    /// The box that withdraws the row, in place of the one that deletes it.
    pub withdrawal: Option<WithdrawalBox>,
    pub errors: Vec<FieldError>,
    /// The row's place in an inline whose rows can be moved.
    pub place: Option<Place>,
}

/// The buttons that move a row.
#[derive(Default)]
pub struct Place {
    /// The key of the row's position, and what the form holds of it.
    pub key: String,
    pub position: String,
    pub up: bool,
    pub down: bool,
    /// The button that has the focus, because it was pressed.
    pub pressed: Option<Move>,
}

impl Place {
    pub fn is_focused(&self, way: Move) -> bool {
        match self.pressed {
            // At the end of its way the button is not there any more.
            Some(pressed) => (pressed == way) == (if pressed == Move::Up { self.up } else { self.down }),
            None => false,
        }
    }
}

pub struct InlineView {
    pub prefix: &'static str,
    pub verbose_name: &'static str,
    pub verbose_name_plural: &'static str,
    pub columns: Vec<FieldMeta>,
    pub rows: Vec<InlineRow>,
    /// The empty row that the script copies to add a row.
    pub template: Option<InlineRow>,
    pub initial: usize,
    /// Whether the viewer can change anything in this inline, and whether they can delete its rows.
    pub editable: bool,
    pub may_delete: bool,
    pub may_withdraw: bool,
    /// Whether the viewer can move the rows.
    pub is_ordered: bool,
    /// Whether a row has just been moved.
    pub is_moved: bool,
    /// The name and the content of the textarea for many rows.
    pub pasted: Option<(String, String)>,
}

impl InlineView {
    /// The message id of the last column's head; None without that column, if rows can be neither deleted nor
    /// withdrawn, and none is withdrawn.
    pub fn last_column(&self) -> Option<&'static str> {
        if self.may_delete {
            return Some("admin-delete-question");
        }
        let mut boxes = self.rows.iter().filter_map(|row| row.withdrawal.as_ref());
        boxes.find(|row| self.may_withdraw || row.is_ticked).map(|row| row.label)
    }
}

/// A whole form.
pub struct FormView {
    pub fieldsets: Vec<FieldsetView>,
    pub inlines: Vec<InlineView>,
    /// The errors that belong to no single field.
    pub errors: Vec<FieldError>,
    pub has_errors: bool,
    /// The version of the object when the form was made ([`crate::admin::changes::snapshot::Snapshot::version`]).
    pub version: String,
    pub conflict: bool,
}

/// The content of a form: an object's values as they were read, or as they were typed.
pub struct FormContents {
    pub record: Record,
    pub errors: FieldErrors,
    pub inlines: Vec<BoundInline>,
    /// The saved object, if somebody else has changed it since the form was made.
    pub current: Option<Record>,
    /// [`crate::admin::changes::snapshot::Snapshot::version`] of the saved object.
    pub version: String,
}

impl FormView {
    /// Puts the links to the related model beside each relation's input; `ways` makes them.
    pub fn relate(&mut self, ways: impl Fn(&FieldMeta) -> Option<Related>) {
        for input in self.fieldsets.iter_mut().flat_map(|fieldset| &mut fieldset.inputs) {
            input.related = ways(&input.meta);
        }
    }

    /// Whether there are too many options to list, so that they must be searched.
    pub fn is_searched(&self) -> bool {
        let mut inputs = self.fieldsets.iter().flat_map(|fieldset| &fieldset.inputs);
        inputs.any(|input| input.editable && input.search.is_some())
    }

    /// Whether a button stands before those that save.
    pub fn has_other_buttons(&self) -> bool {
        self.is_searched() || self.inlines.iter().any(|inline| inline.is_ordered)
    }

    pub fn is_moved(&self) -> bool {
        self.inlines.iter().any(|inline| inline.is_moved)
    }

    /// Whether the form has a date and time, so that the page names the time zone.
    pub fn has_times(&self) -> bool {
        let inputs = self.fieldsets.iter().flat_map(|fieldset| &fieldset.inputs);
        let rows = self.inlines.iter().flat_map(|inline| &inline.rows).flat_map(|row| &row.inputs);
        inputs.chain(rows).any(|input| matches!(input.meta.kind, FieldKind::DateTime))
    }
}

impl InlineRow {
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.inputs.iter().any(|input| !input.errors.is_empty())
    }
}

impl Input {
    pub fn id(&self) -> String {
        format!("id_{}", self.key)
    }

    /// The name of the HTML input with the search text.
    pub fn search_key(&self) -> String {
        search_key(&self.key)
    }

    /// The content of the first HTML input.
    pub fn first(&self) -> &str {
        self.raw.first().map_or("", String::as_str)
    }

    /// The content of the second HTML input: the time of a date and time.
    pub fn second(&self) -> &str {
        self.raw.get(1).map_or("", String::as_str)
    }

    pub fn is_chosen(&self, id: &i64) -> bool {
        let id = id.to_string();
        self.raw.contains(&id)
    }

    /// The path of the chosen object, for a relation that cannot be changed on this page.
    pub fn shown_path(&self) -> Option<String> {
        let view = self.related.as_ref()?.view.as_ref()?;
        if let Value::Related(id, _) = self.value { Some(Related::at(view, &id.to_string())) } else { None }
    }

    /// The names of the chosen options.
    pub fn chosen(&self) -> impl Iterator<Item = &str> {
        self.options.iter().filter(|(id, _)| self.is_chosen(id)).map(|(_, name)| name.as_str())
    }

    /// Whether an error of a date and time is about the date (or about both inputs), and not about the time alone.
    pub fn has_wrong_date(&self) -> bool {
        self.errors.iter().any(|error| !matches!(error.message, "admin-error-time" | "admin-error-no-such-time"))
    }

    pub fn has_wrong_time(&self) -> bool {
        self.errors.iter().any(|error| error.message != "admin-error-date")
    }

    /// The ids of the elements that describe the input, for `aria-describedby`.
    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.errors.is_empty() {
            ids.push(format!("{}_error", self.id()));
        }
        if self.meta.help.is_some() {
            ids.push(format!("{}_help", self.id()));
        }
        if self.theirs.is_some() {
            ids.push(format!("{}_theirs", self.id()));
        }
        ids.join(" ")
    }
}
