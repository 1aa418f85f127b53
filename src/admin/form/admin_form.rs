//! A form as the templates show it: fieldsets, inputs, inlines, and the errors of each.

use diesel::QueryResult;

use crate::admin::form::inline::BoundInline;
use crate::admin::form::related::{Related, search_key};
use crate::admin::paths;
use crate::admin::registry::field::{FieldError, FieldErrors, FieldKind, OptionCache, Select, Value};
use crate::admin::registry::registered::{FieldMeta, Record, RegisteredModel};
use crate::db::Connection;
use crate::web::Reader;
use crate::web::http::forms::Form;

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
    pub errors: Vec<FieldError>,
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

/// Everything that a [`FormView`] is built from.
pub struct FormParts<'a> {
    pub model: &'static dyn RegisteredModel,
    pub contents: &'a FormContents,
    /// The posted form; None if the page was requested by GET.
    pub posted: Option<&'a Form>,
    pub editable: bool,
    pub reader: &'a Reader,
}

impl FormView {
    /// # Errors
    /// If the database does not answer while the options of a relation are read.
    pub fn build(conn: &mut Connection, parts: &FormParts<'_>) -> QueryResult<Self> {
        let mut options = OptionCache::read_by(parts.reader.clone());
        let metas = parts.model.fields();
        let mut fieldsets = Vec::new();
        for fieldset in parts.model.fieldsets(parts.contents.record.pk.is_none()) {
            let mut inputs = Vec::new();
            for name in fieldset.fields {
                if let Some(index) = metas.iter().position(|meta| meta.name == *name) {
                    inputs.push(main_input(conn, parts, &metas, index, &mut options)?);
                }
            }
            let open = inputs.iter().any(|input| !input.errors.is_empty() || input.theirs.is_some());
            fieldsets.push(FieldsetView { title: fieldset.title, collapsed: fieldset.collapsed, open, inputs });
        }
        let mut inlines = Vec::new();
        for inline in parts.contents.inlines.iter().filter(|inline| inline.rights.view || inline.rights.can_write()) {
            inlines.push(inline_view(conn, parts, inline, &mut options)?);
        }
        let errors: Vec<_> =
            parts.contents.errors.iter().filter(|(name, _)| name.is_empty()).map(|(_, error)| error.clone()).collect();
        let has_errors =
            !parts.contents.errors.is_empty() || parts.contents.inlines.iter().any(BoundInline::has_errors);
        let conflict = parts.contents.current.is_some();
        Ok(Self { fieldsets, inlines, errors, has_errors, version: parts.contents.version.clone(), conflict })
    }
}

fn main_input(
    conn: &mut Connection,
    parts: &FormParts<'_>,
    metas: &[FieldMeta],
    index: usize,
    options: &mut OptionCache,
) -> QueryResult<Input> {
    let meta = metas[index];
    let value = &parts.contents.record.values[index];
    let errors =
        parts.contents.errors.iter().filter(|(name, _)| *name == meta.name).map(|(_, error)| error.clone()).collect();
    let raw = parts.posted.map_or_else(|| value.raw(parts.reader.zone()), |form| meta.kind.posted(form, meta.name));
    let current = parts.contents.current.as_ref();
    let theirs = current
        .map(|current| &current.values[index])
        .filter(|current| {
            meta.editable && meta.kind.is_data() && typed(&current.raw(parts.reader.zone())) != typed(&raw)
        })
        .cloned();
    let searched = parts.posted.and_then(|form| form.get(&search_key(meta.name)));
    let chosen = raw.first().and_then(|raw| raw.parse().ok());
    let Select { options, is_searched } = options.select(conn, meta.kind, searched, chosen)?;
    Ok(Input {
        key: meta.name.to_owned(),
        editable: parts.editable && meta.editable,
        raw,
        // In a read-only form a link field shows nothing, because its page is for viewers who may change the object.
        value: if matches!(meta.kind, FieldKind::Link) && !parts.editable { Value::Empty } else { value.clone() },
        errors,
        theirs: theirs.map(|value| by_name(value, &options)),
        options,
        search: is_searched.then(|| Search {
            text: searched.unwrap_or_default().to_owned(),
            path: paths::options(parts.model.meta().app, parts.model.meta().model),
        }),
        related: None,
        meta,
    })
}

/// Related objects as a list of their names, because the value alone would be shown as a number of objects.
fn by_name(value: Value, options: &[(i64, String)]) -> Value {
    let Value::Many(ids) = value else {
        return value;
    };
    let names = ids.iter().map(|id| {
        let option = options.iter().find(|(known, _)| known == id);
        option.map_or_else(|| format!("#{id}"), |(_, name)| name.clone())
    });
    Value::Text(names.collect::<Vec<_>>().join(", "))
}

fn inline_view(
    conn: &mut Connection,
    parts: &FormParts<'_>,
    inline: &BoundInline,
    options: &mut OptionCache,
) -> QueryResult<InlineView> {
    let columns = inline.model.fields();
    let prefix = inline.model.prefix();
    let mut rows = Vec::new();
    for (index, row) in inline.rows.iter().enumerate() {
        let key = format!("{prefix}-{index}-");
        let editable = parts.editable && if row.was.is_some() { inline.rights.change } else { inline.rights.add };
        let mut inputs = Vec::new();
        for (column, meta) in columns.iter().enumerate() {
            let value = &row.record.values[column];
            let editable = editable && meta.editable;
            let raw = row
                .posted
                .as_ref()
                .map_or_else(|| value.raw(parts.reader.zone()), |form| meta.kind.posted(form, meta.name));
            let saved = row
                .was
                .as_ref()
                .filter(|_| editable && parts.contents.current.is_some())
                .map(|was| &was.values[column]);
            inputs.push(Input {
                key: format!("{key}{}", meta.name),
                editable,
                value: value.clone(),
                options: options.select(conn, meta.kind, None, None)?.options,
                search: None,
                errors: row
                    .errors
                    .iter()
                    .filter(|(name, _)| *name == meta.name)
                    .map(|(_, error)| error.clone())
                    .collect(),
                theirs: saved.filter(|saved| typed(&saved.raw(parts.reader.zone())) != typed(&raw)).cloned(),
                raw,
                related: None,
                meta: *meta,
            });
        }
        let errors = row.errors.iter().filter(|(name, _)| name.is_empty()).map(|(_, error)| error.clone()).collect();
        rows.push(InlineRow {
            index: index.to_string(),
            pk: row.record.pk,
            label: row.record.label.clone(),
            inputs,
            deleted: row.deleted,
            errors,
        });
    }
    let empty = inline.model.empty();
    let mut template = Vec::new();
    for (column, meta) in columns.iter().enumerate() {
        template.push(Input {
            key: format!("{prefix}-__prefix__-{}", meta.name),
            editable: parts.editable && meta.editable,
            raw: empty.values[column].raw(parts.reader.zone()),
            value: empty.values[column].clone(),
            options: options.select(conn, meta.kind, None, None)?.options,
            search: None,
            errors: Vec::new(),
            theirs: None,
            related: None,
            meta: *meta,
        });
    }
    let template = (parts.editable && inline.rights.add).then(|| InlineRow {
        index: "__prefix__".to_owned(),
        pk: None,
        label: String::new(),
        inputs: template,
        deleted: false,
        errors: Vec::new(),
    });
    let meta = inline.model.meta();
    Ok(InlineView {
        prefix,
        verbose_name: meta.verbose_name,
        verbose_name_plural: meta.verbose_name_plural,
        columns,
        rows,
        template,
        initial: inline.initial(),
        editable: parts.editable && inline.rights.can_write(),
        may_delete: parts.editable && inline.rights.delete,
    })
}

/// The typed texts that are not empty.
fn typed(raw: &[String]) -> Vec<&str> {
    raw.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect()
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
