//! Adding a copy of an object, with copies of its inline rows.

use actix_web::web::Data;
use diesel::{OptionalExtension as _, QueryResult};

use crate::admin::changes::log::{self, ActionFlag, Author, Details, LoggedChange};
use crate::admin::changes::snapshot::{self, Snapshot};
use crate::admin::form::inline::RowChanges;
use crate::admin::pages::request::ModelRequest;
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::field::{FieldKind, Value};
use crate::admin::registry::registered::{Record, RegisteredModel};
use crate::db::{self, Connection, Database};
use crate::web::context::messages::Message;
use crate::web::http::forms::Form;
use crate::web::pages::i18n::Language;
use crate::web::pages::submission::Outcome;
use crate::web::{Error, Id, Result, SeeOther, Submission};

/// `POST …/{id}/duplicate/`: adds a copy of an object; the answer leads to the copy's form.
///
/// # Errors
/// `PermissionDenied` without the permissions to add, `NotFound` if there is no such object or the model's objects are
/// not duplicated, or the database's error.
pub async fn duplicate(request: ModelRequest, id: Id, db: Data<Database>, form: Form) -> Result<SeeOther> {
    request.demand(Permission::View)?;
    if !is_allowed(&request)? {
        return Err(Error::NotFound);
    }
    let admin = &request.admin;
    let submission = Submission::new(&admin.ambient, &form, &[]);
    let (model, site, viewer) = (request.model, admin.web_site(), admin.staff.viewer.clone());
    let (posted, language) = (submission.clone(), admin.ambient.language);
    let Outcome { value: copy, is_repeated } = db
        .write(move |conn| -> std::result::Result<_, db::DatabaseError> {
            let author = Author { language, ..Author::new(&viewer, &site) };
            let is_there =
                |conn: &mut Connection, copy: &LoggedChange| Ok(model.find(conn, copy.pk).optional()?.is_some());
            posted.once(conn, is_there, |conn| Ok(add_copy(conn, model, id.0, &author)?))
        })
        .await?;
    if !is_repeated {
        let user = &admin.staff.viewer.username;
        log::report(&admin.ambient.request_id, user, request.meta(), "added", copy.pk, &copy.label);
    }
    let text = admin.text_about("admin-message-added-continue", request.meta(), &copy.label);
    submission.tell(&db, &admin.ambient.session, is_repeated, Message::success(text)).await?;
    Ok(SeeOther(request.preserving(request.object_path(copy.pk, "change"))))
}

/// Whether the model's objects are duplicated, by a viewer who may do so.
///
/// # Errors
/// `PermissionDenied` without the permissions to add the model's objects and their rows.
pub fn is_allowed(request: &ModelRequest) -> Result<bool> {
    if request.model.copied_title().is_none() {
        return Ok(false);
    }
    request.demand(Permission::Add)?;
    match lacking(request) {
        Some(permission) => Err(request.admin.staff.deny(&permission)),
        None => Ok(true),
    }
}

/// Whether a page offers to duplicate objects.
pub fn is_offered(request: &ModelRequest) -> bool {
    request.model.copied_title().is_some() && request.may(Permission::Add) && lacking(request).is_none()
}

/// A permission to add inline rows that the viewer lacks.
fn lacking(request: &ModelRequest) -> Option<String> {
    let needed = request.model.inlines().iter().map(|inline| inline.meta().permission(Permission::Add));
    needed.into_iter().find(|permission| !request.admin.staff.viewer.can(permission))
}

/// Adds a copy and logs that. It is not validated: it is as valid as the object that is copied. Must run in a
/// transaction.
///
/// # Errors
/// `NotFound` if there is no such object, or the database's error.
pub fn add_copy(
    conn: &mut Connection,
    model: &'static dyn RegisteredModel,
    pk: i64,
    author: &Author<'_>,
) -> QueryResult<LoggedChange> {
    let mut session = model.copy(conn, pk)?;
    if let Some((name, title)) = title(conn, model, &session.record(), author)? {
        session.assign(vec![(name, Value::Text(title))]);
    }
    let copy = session.save(conn)?;
    let mut added = Vec::new();
    for inline in model.inlines() {
        let names: Vec<_> = inline.fields().iter().map(|field| field.name).collect();
        let rows = inline.copied(conn, pk)?;
        let mut changes = RowChanges::default();
        for Record { label, values, .. } in rows {
            inline.save(conn, copy, None, names.iter().copied().zip(values).collect())?;
            changes.added.push(label);
        }
        added.push((inline.meta(), changes));
    }
    let Record { label, .. } = session.record();
    let message = log::added(&added, |message| author.english(message));
    let object = (copy, label.as_str());
    let entry = log::write(conn, author.viewer.id, model.meta(), object, ActionFlag::Addition, Some(&message))?;
    let after = Snapshot::of(model, &session.record(), &snapshot::inline_rows(conn, model, copy)?);
    log::keep(conn, entry, &Details { before: None, after: Some(after) })?;
    Ok(LoggedChange { pk: copy, label, entry })
}

/// The field with the copy's title, and the title: that of the object, cut if it is too long, and "(copy)" in the
/// author's language, or in English if the column cannot store that.
fn title(
    conn: &mut Connection,
    model: &dyn RegisteredModel,
    record: &Record,
    author: &Author<'_>,
) -> QueryResult<Option<(&'static str, String)>> {
    let fields = model.fields();
    let place = fields.iter().position(|field| model.copied_title() == Some(field.name));
    let Some((field, Value::Text(title))) = place.map(|place| (fields[place], &record.values[place])) else {
        return Ok(None);
    };
    let most = if let FieldKind::Text { max_length } = field.kind { max_length } else { usize::MAX };
    let with = |language: Language| {
        let copied = author.catalogue.text(language, "admin-copied", None);
        let kept: String = title.chars().take(most.saturating_sub(copied.chars().count() + 1)).collect();
        format!("{} {copied}", kept.trim_end())
    };
    let title = with(author.language);
    let is_storable = db::unstorable(conn, &model.meta().table(), field.name, &title)?.is_empty();
    Ok(Some((field.name, if is_storable { title } else { with(Language::English) })))
}
