//! A form as templates show it: fieldsets, inputs, inlines, and what is wrong with each.

use diesel::QueryResult;

use crate::admin::form::inline::BoundInline;
use crate::admin::form::related::{Related, search_key};
use crate::admin::paths;
use crate::admin::registry::field::{FieldError, FieldErrors, FieldKind, OptionCache, Select, Value};
use crate::admin::registry::registered::{FieldMeta, Record, RegisteredModel};
use crate::db::Connection;
use crate::web::Reader;
use crate::web::http::forms::Form;

/// One input.
pub struct Input {
    /// The name it is posted under, with the formset's prefix.
    pub key: String,
    pub meta: FieldMeta,
    /// Whether it can be changed here.
    pub editable: bool,
    /// What the inputs hold.
    pub raw: Vec<String>,
    /// The value, where it is only shown.
    pub value: Value,
    pub options: Vec<(i64, String)>,
    /// Where there are too many options to be listed.
    pub search: Option<Search>,
    pub errors: Vec<FieldError>,
    /// What somebody else has saved meanwhile, if that is something else.
    pub theirs: Option<Value>,
    /// The ways to what it chooses among.
    pub related: Option<Related>,
}

/// A search for what can be chosen.
pub struct Search {
    pub text: String,
    /// Where a script finds the same.
    pub path: String,
}

pub struct FieldsetView {
    pub title: Option<&'static str>,
    pub collapsed: bool,
    pub open: bool,
    pub inputs: Vec<Input>,
}

/// One row of a formset.
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
    /// The row that a script copies.
    pub template: Option<InlineRow>,
    pub initial: usize,
    /// Whether anything can be changed here, and whether rows can be deleted.
    pub editable: bool,
    pub may_delete: bool,
}

/// The whole form.
pub struct FormView {
    pub fieldsets: Vec<FieldsetView>,
    pub inlines: Vec<InlineView>,
    /// What is wrong with the form as a whole.
    pub errors: Vec<FieldError>,
    pub has_errors: bool,
    /// What the object was when the form was made.
    pub version: String,
    pub conflict: bool,
}

/// What stands in a form: an object as it was read, or as somebody wants it.
pub struct FormContents {
    pub record: Record,
    pub errors: FieldErrors,
    pub inlines: Vec<BoundInline>,
    /// What is saved, where somebody else has changed it since the form was made.
    pub current: Option<Record>,
    /// [`crate::admin::changes::snapshot::Snapshot::version`] of what is saved.
    pub version: String,
}

/// What a form is made of.
pub struct FormParts<'a> {
    pub model: &'static dyn RegisteredModel,
    pub contents: &'a FormContents,
    /// What was posted, where something was.
    pub posted: Option<&'a Form>,
    pub editable: bool,
    pub reader: &'a Reader,
}

impl FormView {
    /// # Errors
    /// If the options of a relation cannot be read.
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
    let raw =
        parts.posted.map(|form| meta.kind.posted(form, meta.name)).unwrap_or_else(|| value.raw(parts.reader.zone()));
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
        // Where nothing can be changed, there is nothing to follow a link for.
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

/// Objects by their names, where a value would only say how many.
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
                .map(|form| meta.kind.posted(form, meta.name))
                .unwrap_or_else(|| value.raw(parts.reader.zone()));
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

/// The parts of an input that hold something.
fn typed(raw: &[String]) -> Vec<&str> {
    raw.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect()
}

impl FormView {
    /// Puts beside the form's relations the ways to what they choose among.
    pub fn relate(&mut self, ways: impl Fn(&FieldMeta) -> Option<Related>) {
        for input in self.fieldsets.iter_mut().flat_map(|fieldset| &mut fieldset.inputs) {
            input.related = ways(&input.meta);
        }
    }

    /// Whether what can be chosen is searched.
    pub fn is_searched(&self) -> bool {
        let mut inputs = self.fieldsets.iter().flat_map(|fieldset| &fieldset.inputs);
        inputs.any(|input| input.editable && input.search.is_some())
    }

    /// Whether a date is entered or shown, and so something to say about the time zone.
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

    /// The name of the input that searches what can be chosen.
    pub fn search_key(&self) -> String {
        search_key(&self.key)
    }

    /// The first input's content.
    pub fn first(&self) -> &str {
        self.raw.first().map_or("", String::as_str)
    }

    /// The second input's content: the time of a date and time.
    pub fn second(&self) -> &str {
        self.raw.get(1).map_or("", String::as_str)
    }

    pub fn is_chosen(&self, id: &i64) -> bool {
        let id = id.to_string();
        self.raw.contains(&id)
    }

    /// Where the one object is seen that is chosen and cannot be changed here.
    pub fn shown_path(&self) -> Option<String> {
        let view = self.related.as_ref()?.view.as_ref()?;
        if let Value::Related(id, _) = self.value { Some(Related::at(view, &id.to_string())) } else { None }
    }

    /// The names of what is chosen.
    pub fn chosen(&self) -> impl Iterator<Item = &str> {
        self.options.iter().filter(|(id, _)| self.is_chosen(id)).map(|(_, name)| name.as_str())
    }

    /// Of a date and a time, which of the two inputs is wrong.
    pub fn has_wrong_date(&self) -> bool {
        self.errors.iter().any(|error| !matches!(error.message, "admin-error-time" | "admin-error-no-such-time"))
    }

    pub fn has_wrong_time(&self) -> bool {
        self.errors.iter().any(|error| error.message != "admin-error-date")
    }

    /// The ids of what describes the input, for `aria-describedby`.
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
