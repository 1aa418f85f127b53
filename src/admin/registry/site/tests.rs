//! Tests that faults in a model's description are found at start.

use diesel::prelude::*;

use super::*;
use crate::admin::registry::descriptors::Fieldset;
use crate::admin::registry::field::{FieldKind, ModelField, SortKey, Value};
use crate::admin::registry::table::table_row;

diesel::table! {
    notes_note (id) {
        id -> BigInt,
        title -> Text,
        body -> Text,
    }
}

#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = notes_note)]
struct NoteRow {
    #[diesel(skip_insertion)]
    id: i64,
    title: String,
}

table_row!(NoteRow: notes_note, i64);

/// A row of the same table that the admin cannot write.
#[derive(Debug, Clone, Default, Queryable, Selectable)]
#[diesel(table_name = notes_note)]
struct PrintedNote {
    id: i64,
}

table_row!(read PrintedNote: notes_note, i64);

/// A model. With `FAULTY` its description has faults.
struct Note<const FAULTY: bool>;

const TITLE: ModelField<NoteRow> = ModelField::editable(
    "title",
    "t",
    FieldKind::Text { max_length: 9 },
    |note: &NoteRow| Value::Text(note.title.clone()),
    |note: &mut NoteRow, value| note.title = value.text(),
);
/// Faulty: it is required although nothing sets it, and its relation points to a model that is not registered.
const STUCK: ModelField<NoteRow> = ModelField {
    required: true,
    ..ModelField::shown("stuck", "t", FieldKind::Integer, |_| Value::Empty).of("notes", "pile")
};
/// Faulty: it is sorted by, and searched in, a column that the table does not have.
const ASTRAY: ModelField<NoteRow> = ModelField::shown("astray", "t", FieldKind::Integer, |_| Value::Empty)
    .sorted_by(SortKey::Column("weight"))
    .searched();

impl<const FAULTY: bool> ModelAdmin for Note<FAULTY> {
    type Columns = NoteRow;
    type Row = NoteRow;
    const META: Meta = Meta { app: "notes", model: "note", verbose_name: "n", verbose_name_plural: "n", app_name: "n" };

    fn fields() -> &'static [ModelField<NoteRow>] {
        if FAULTY { &[TITLE, TITLE, STUCK, ASTRAY] } else { &[TITLE] }
    }

    fn fieldsets() -> &'static [Fieldset] {
        if FAULTY {
            &[Fieldset { title: None, fields: &["title", "stuck", "colour"], collapsed: true }]
        } else {
            &[Fieldset { title: None, fields: &["title"], collapsed: false }]
        }
    }

    fn add_fieldsets() -> Option<&'static [Fieldset]> {
        FAULTY.then_some(&[Fieldset { title: None, fields: &["first"], collapsed: false }])
    }

    fn list_display() -> &'static [&'static str] {
        if FAULTY { &["title", "size"] } else { &["title"] }
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        if FAULTY { &[("rank", true), ("stuck", false)] } else { &[] }
    }

    fn date_hierarchy() -> Option<&'static str> {
        FAULTY.then_some("day")
    }

    fn can_be_undone() -> bool {
        FAULTY
    }

    fn label(note: &NoteRow) -> String {
        note.title.clone()
    }
}

/// Faulty: it may be edited, but its rows can be neither locked nor written.
struct Printed;

impl ModelAdmin for Printed {
    type Columns = PrintedNote;
    type Row = PrintedNote;
    const META: Meta = Note::<false>::META;

    fn fields() -> &'static [ModelField<PrintedNote>] {
        &[]
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[]
    }

    fn list_display() -> &'static [&'static str] {
        &[]
    }

    fn label(_: &PrintedNote) -> String {
        String::new()
    }
}

const NOTES: &[ContentType] = &[Note::<false>::META.content_type()];

#[test]
fn what_holds_together_has_no_faults() {
    assert_eq!(AdminSite::default().register::<Note<false>>().check(NOTES), Vec::<String>::new());
}

#[test]
fn a_model_is_registered_once() {
    let twice = AdminSite::default().register::<Note<false>>().register::<Note<false>>();
    assert_eq!(twice.check(NOTES), ["notes.note is registered twice"]);
}

#[test]
fn a_model_that_nobody_could_be_permitted_is_refused() {
    let faults = AdminSite::default().register::<Note<false>>().check(&[]);
    assert_eq!(faults, ["notes.note is among no feature's content_types, so that it has no permissions"]);
}

#[test]
fn every_fault_is_named() {
    let faults = AdminSite::default().register::<Note<true>>().check(NOTES);
    for fault in [
        "notes.note: there are two fields title",
        "notes.note: list_display names size, which is no field",
        "notes.note: ordering names stuck, by which no list can be sorted",
        "notes.note: astray is sorted by a column that the table does not have",
        "notes.note: astray is searched, and is no column of the table",
        "notes.note: it can be undone, and no field brings body back",
        "notes.note: ordering names rank, which is no field",
        "notes.note: date_hierarchy names day, which is no field",
        "notes.note: fieldsets names colour, which is no field",
        "notes.note: fieldsets names first, which is no field",
        "notes.note: the form's field stuck is required and has no setter",
        "notes.note: stuck is of notes.pile, which is not registered",
        "notes.note: a collapsed fieldset of [\"title\", \"stuck\", \"colour\"] has no title to open it by",
    ] {
        assert!(faults.iter().any(|found| found == fault), "{fault}: {faults:#?}");
    }
    assert_eq!(faults.len(), 13, "{faults:#?}");
}

#[test]
fn a_model_that_is_edited_can_be_locked_and_written() {
    let faults = AdminSite::default().register::<Printed>().check(NOTES);
    assert_eq!(faults, ["notes.note: it can be edited, and its rows can be neither locked nor written"]);
}

/// Adding in two steps changes the object in the second step, so it needs both permissions.
#[test]
fn two_steps_take_two_permissions() {
    let viewer = |permissions: &[&str]| Viewer {
        is_staff: true,
        permissions: std::sync::Arc::new(permissions.iter().map(|name| (*name).to_owned()).collect()),
        ..Viewer::default()
    };
    let (one, two) = (Registration::<Note<false>>::new(), Registration::<Note<true>>::new());
    let adder = viewer(&["notes.add_note"]);
    assert!(may(&adder, &one, Permission::Add) && !may(&adder, &two, Permission::Add));
    assert!(may(&viewer(&["notes.add_note", "notes.change_note"]), &two, Permission::Add));
}
