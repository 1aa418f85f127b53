//! Builds the form that the templates show from an object's values, or from what was typed.

use diesel::QueryResult;

use crate::admin::form::admin_form::{
    FieldsetView, FormContents, FormView, InlineRow, InlineView, Input, Place, Search,
};
use crate::admin::form::arrange::saved_position;
use crate::admin::form::inline::{BoundInline, BoundRow};
use crate::admin::form::paste;
use crate::admin::form::related::search_key;
use crate::admin::paths;
use crate::admin::registry::field::{FieldKind, OptionCache, Select, Value};
use crate::admin::registry::registered::{FieldMeta, RegisteredModel};
use crate::db::Connection;
use crate::web::Reader;
use crate::web::http::forms::Form;

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
    let order = inline.model.order().filter(|_| parts.editable && inline.rights.change);
    let apart = [inline.model.order(), inline.model.withdrawal().map(|withdrawal| withdrawal.field)];
    // A column in which nothing can be typed is left out where it is empty in every row.
    let is_blank = |column: usize| inline.rows.iter().all(|row| row.record.values[column] == Value::Empty);
    let blank = columns.iter().enumerate().filter(|(column, meta)| !meta.editable && is_blank(*column));
    let blank: Vec<_> = blank.map(|(_, meta)| meta.name).collect();
    let is_shown = |meta: &FieldMeta| !apart.contains(&Some(meta.name)) && !blank.contains(&meta.name);
    let mut rows = Vec::new();
    for (index, row) in inline.rows.iter().enumerate() {
        let key = format!("{prefix}-{index}-");
        let editable = parts.editable && if row.was.is_some() { inline.rights.change } else { inline.rights.add };
        let mut inputs = Vec::new();
        for (column, meta) in columns.iter().enumerate().filter(|(_, meta)| is_shown(meta)) {
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
            withdrawal: row.withdrawal_box(inline, &key),
            errors,
            place: order.map(|name| place(inline, index, format!("{key}{name}"))),
        });
    }
    let empty = inline.model.empty();
    let mut template = Vec::new();
    for (column, meta) in columns.iter().enumerate().filter(|(_, meta)| is_shown(meta)) {
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
        withdrawal: None,
        errors: Vec::new(),
        place: order.map(|name| Place { key: format!("{prefix}-__prefix__-{name}"), ..Place::default() }),
    });
    let has_textarea = parts.editable && inline.rights.add && inline.model.pasted_into().is_some();
    let meta = inline.model.meta();
    Ok(InlineView {
        prefix,
        verbose_name: meta.verbose_name,
        verbose_name_plural: meta.verbose_name_plural,
        columns: columns.into_iter().filter(is_shown).collect(),
        rows,
        template,
        initial: inline.initial(),
        editable: parts.editable && inline.rights.can_write(),
        may_delete: parts.editable && inline.rights.delete,
        may_withdraw: parts.editable && inline.rights.change,
        is_ordered: order.is_some(),
        is_moved: inline.is_moved(),
        pasted: has_textarea.then(|| (paste::key(prefix), inline.pasted.clone())),
    })
}

/// The buttons of a row, which holds its position under a key.
fn place(inline: &BoundInline, index: usize, key: String) -> Place {
    let row = &inline.rows[index];
    let is_row = |row: &BoundRow| !row.is_blank;
    let position = row.position.or_else(|| saved_position(inline, row));
    Place {
        key,
        position: position.map_or_else(String::new, |position| position.to_string()),
        up: is_row(row) && inline.rows[..index].iter().any(is_row),
        down: is_row(row) && inline.rows[index + 1..].iter().any(is_row),
        pressed: row.moved,
    }
}

/// The typed texts that are not empty.
fn typed(raw: &[String]) -> Vec<&str> {
    raw.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect()
}
