//! A registration whose descriptors do not hold together is found at start.

use diesel::QueryResult;
use diesel::result::Error;

use super::*;
use crate::admin::list::query::ListQuery;
use crate::admin::registry::field::{Field, Kind, Value};
use crate::admin::registry::model::{DeletePlan, Fieldset};

/// A model without rows; `FAULTY` ones say in their descriptors what does not hold.
struct Note<const FAULTY: bool>;

const TITLE: Field<()> =
    Field::editable("title", "t", Kind::Text { max_length: 9 }, |()| Value::Empty, |(), value| drop(value));
/// Required, and nothing can set it; of a model that there is not.
const STUCK: Field<()> =
    Field { required: true, ..Field::shown("stuck", "t", Kind::Integer, |()| Value::Empty).of("notes", "pile") };

impl<const FAULTY: bool> ModelAdmin for Note<FAULTY> {
    type Row = ();
    const META: Meta = Meta { app: "notes", model: "note", verbose_name: "n", verbose_name_plural: "n", app_name: "n" };

    fn fields() -> &'static [Field<()>] {
        if FAULTY { &[TITLE, TITLE, STUCK] } else { &[TITLE] }
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

    fn sortable() -> &'static [&'static str] {
        if FAULTY { &["age"] } else { &["title"] }
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        if FAULTY { &[("rank", true)] } else { &[] }
    }

    fn date_hierarchy() -> Option<&'static str> {
        FAULTY.then_some("day")
    }

    fn pk((): &()) -> i64 {
        1
    }

    fn label((): &()) -> String {
        String::new()
    }

    fn count(_: &mut Connection, _: &ListQuery) -> QueryResult<i64> {
        Ok(0)
    }

    fn rows(_: &mut Connection, _: &ListQuery) -> QueryResult<Vec<()>> {
        Ok(Vec::new())
    }

    fn find(_: &mut Connection, _: i64) -> QueryResult<()> {
        Err(Error::NotFound)
    }

    fn save(_: &mut Connection, _: Option<i64>, (): &()) -> QueryResult<i64> {
        Err(Error::NotFound)
    }

    fn delete_plan(_: &mut Connection, _: i64) -> QueryResult<DeletePlan> {
        Err(Error::NotFound)
    }

    fn delete(_: &mut Connection, _: i64) -> QueryResult<()> {
        Err(Error::NotFound)
    }
}

const NOTES: &[ContentType] = &[Note::<false>::META.content_type()];

#[test]
fn what_holds_together_has_no_faults() {
    assert_eq!(Site::default().register::<Note<false>>().check(NOTES), Vec::<String>::new());
}

#[test]
fn a_model_is_registered_once() {
    let twice = Site::default().register::<Note<false>>().register::<Note<false>>();
    assert_eq!(twice.check(NOTES), ["notes.note is registered twice"]);
}

#[test]
fn a_model_that_nobody_could_be_permitted_is_refused() {
    let faults = Site::default().register::<Note<false>>().check(&[]);
    assert_eq!(faults, ["notes.note is among no feature's content_types, so that it has no permissions"]);
}

#[test]
fn every_fault_is_named() {
    let faults = Site::default().register::<Note<true>>().check(NOTES);
    for fault in [
        "notes.note: there are two fields title",
        "notes.note: list_display names size, which is no field",
        "notes.note: sortable names age, which is no field",
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
    assert_eq!(faults.len(), 10, "{faults:#?}");
}

/// What is added in two steps is changed in the second, so that adding takes both permissions.
#[test]
fn two_steps_take_two_permissions() {
    let viewer = |permissions: &[&str]| Viewer {
        is_staff: true,
        permissions: std::sync::Arc::new(permissions.iter().map(|name| (*name).to_owned()).collect()),
        ..Viewer::default()
    };
    let (one, two) = (Registered::<Note<false>>::new(), Registered::<Note<true>>::new());
    let adder = viewer(&["notes.add_note"]);
    assert!(may(&adder, &one, Permission::Add) && !may(&adder, &two, Permission::Add));
    assert!(may(&viewer(&["notes.add_note", "notes.change_note"]), &two, Permission::Add));
}
