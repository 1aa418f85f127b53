//! What happens to a form posted to `…/add/` or `…/{id}/change/`. `submit` checks and saves the object, step by step;
//! `respond` makes the HTTP answer from the result.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder};
use diesel::result::{DatabaseErrorKind, Error as Diesel};
use diesel::{OptionalExtension as _, QueryResult};

use crate::admin::changes::log::{self, ActionFlag, Author, Details, LoggedChange};
use crate::admin::changes::snapshot::{self, InlineRows, Snapshot};
use crate::admin::form::admin_form::FormContents;
use crate::admin::form::change_form::{ChangeForm, DrawnForm, Saved};
use crate::admin::form::confirm::{self, ConfirmPassword};
use crate::admin::form::inline::{BoundInline, MOST_ROWS, Rights};
use crate::admin::form::related::{FIND, PopupResponse};
use crate::admin::form::session_lost::{self, SessionLost};
use crate::admin::pages::request::{ModelRequest, POPUP};
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::field::FieldError;
use crate::admin::registry::registered::{Record, RegisteredInline, RegisteredModel};
use crate::admin::registry::site;
use crate::db::{self, Connection, Database};
use crate::web::context::messages::Message;
use crate::web::http::forms::Form;
use crate::web::{Error, Id, Page, Result, SeeOther, Submission};

/// The names of Django's save buttons, which say which page comes after the save. They do not belong to a submission's
/// identity: a form that is sent again with another of these buttons is saved once.
const BUTTONS: [&str; 3] = ["_save", "_addanother", "_continue"];

/// The HTTP answer to a posted form.
pub enum ChangeAnswer {
    /// The object is saved: a redirect to the next page.
    SeeOther(SeeOther),
    /// The object is saved, and the form was in a pop-up: a page whose script closes the window.
    Closing(Page<PopupResponse>),
    /// The object is not saved: the form again, with its errors.
    Form(Box<Page<ChangeForm>>),
    /// The viewer's password is asked for first.
    Confirm(Page<ConfirmPassword>),
    /// The viewer's session has ended: a page that shows what was typed.
    SessionLost(Page<SessionLost>),
}

impl Responder for ChangeAnswer {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match self {
            Self::SeeOther(answer) => answer.respond_to(request),
            Self::Closing(answer) => answer.respond_to(request),
            Self::Form(answer) => answer.respond_to(request),
            Self::Confirm(answer) => answer.respond_to(request),
            Self::SessionLost(answer) => answer.respond_to(request),
        }
    }
}

/// The result of a form's transaction.
pub(super) enum Submitted {
    Saved(LoggedChange),
    /// The same form was sent before and is not saved again, because its result is still in the database.
    Repeated(LoggedChange),
    /// Not saved: the form is shown again with its errors.
    Invalid(Box<FormContents>, Saved),
    /// Not saved: the object was deleted after the form was made. The form is shown as one that adds a new object.
    Gone(Box<FormContents>),
}

/// `POST …/add/`: adds an object.
///
/// # Errors
/// `PermissionDenied` without the permission to add, or the database's error.
pub async fn create(request: Result<ModelRequest>, db: Data<Database>, form: Form) -> Result<ChangeAnswer> {
    respond(request, Permission::Add, None, &db, form).await
}

/// `POST …/{id}/change/`: changes an object.
///
/// # Errors
/// `PermissionDenied` without the permission to change, `NotFound` if the object is deleted and cannot be added anew
/// from this form, or the database's error.
pub async fn update(request: Result<ModelRequest>, id: Id, db: Data<Database>, form: Form) -> Result<ChangeAnswer> {
    respond(request, Permission::Change, Some(id.0), &db, form).await
}

async fn respond(
    request: Result<ModelRequest>,
    permission: Permission,
    pk: Option<i64>,
    db: &Database,
    form: Form,
) -> Result<ChangeAnswer> {
    let request = match request {
        Err(Error::LoginRequired(_)) => return Ok(ChangeAnswer::SessionLost(session_lost::page(&form))),
        request => request?,
    };
    request.demand(permission)?;
    if let Some(question) = confirm::question(&request, &form) {
        return Ok(ChangeAnswer::Confirm(question));
    }
    let submission = Submission::new(&request.admin.ambient, &form, &BUTTONS);
    let submitted = match write(&request, db, pk, &form, &submission).await {
        // Another transaction has saved the same unique value after `clean` had looked. The second try finds it and
        // reports it at its field.
        Err(db::DatabaseError::Query(Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _))) => {
            write(&request, db, pk, &form, &submission).await
        }
        submitted => submitted,
    };
    let is_popup = form.get(POPUP).is_some();
    let (saved, is_repeated) = match submitted? {
        Submitted::Saved(saved) => (saved, false),
        Submitted::Repeated(saved) => (saved, true),
        Submitted::Invalid(contents, saved) => {
            let drawn = draw(&request, db, contents, saved, form, true).await?;
            let page = drawn.into_page(&request, true).in_popup(is_popup);
            return Ok(ChangeAnswer::Form(Box::new(Page::new(page))));
        }
        // The form of the second step lacks fields of the first (a user's password), so it cannot add the object anew.
        Submitted::Gone(_) if request.model.is_added_in_two_steps() => return Err(Error::NotFound),
        Submitted::Gone(contents) => {
            let may_add = request.may(Permission::Add);
            let drawn = draw(&request, db, contents, Saved::default(), form, may_add).await?;
            let page = drawn.into_page(&request, may_add).in_popup(is_popup);
            let page = page.posted_to(request.preserving(request.add_path()));
            return Ok(ChangeAnswer::Form(Box::new(Page::new(page).with_status(StatusCode::NOT_FOUND))));
        }
    };
    if !is_repeated {
        let user = &request.admin.staff.viewer.username;
        let verb = if pk.is_some() { "changed" } else { "added" };
        log::report(&request.admin.ambient.request_id, user, request.meta(), verb, saved.pk, &saved.label);
    }
    if is_popup {
        let page = PopupResponse::new(&request, pk.is_none(), saved.pk, &saved.label);
        return Ok(ChangeAnswer::Closing(Page::new(page)));
    }
    let (message, location) = next_page(&request, pk, &saved, &form);
    submission.tell(db, &request.admin.ambient.session, is_repeated, message).await?;
    Ok(ChangeAnswer::SeeOther(SeeOther(location)))
}

/// One transaction: notes the form's key, saves the object with its inline rows, writes the log.
async fn write(
    request: &ModelRequest,
    db: &Database,
    pk: Option<i64>,
    form: &Form,
    submission: &Submission,
) -> std::result::Result<Submitted, db::DatabaseError> {
    let model = request.model;
    let site = request.admin.web_site();
    let form = form.clone();
    let viewer = request.admin.staff.viewer.clone();
    let submission = submission.clone();
    db.write(move |conn| -> std::result::Result<_, db::DatabaseError> {
        if let Some(saved) = submission.begin::<LoggedChange>(conn)? {
            // A repeated "add" is ignored as long as the added object exists. A repeated "change" is ignored only if
            // the object still has the values of that change: if it was changed again since, the person means the
            // change anew.
            let holds = match pk {
                None => model.find(conn, saved.pk).optional()?.is_some(),
                Some(_) => saved.still_holds(conn, model)?,
            };
            if holds {
                return Ok(Submitted::Repeated(saved));
            }
        }
        let submitted = submit(conn, model, pk, &form, &Author::new(&viewer, &site))?;
        if let Submitted::Saved(saved) = &submitted {
            submission.end(conn, saved)?;
        }
        Ok(submitted)
    })
    .await
}

/// Checks a form and saves it over the object `pk`, or as a new object without `pk`.
pub(super) fn submit(
    conn: &mut Connection,
    model: &'static dyn RegisteredModel,
    pk: Option<i64>,
    form: &Form,
    author: &Author<'_>,
) -> QueryResult<Submitted> {
    // Other transactions cannot change the object from here until this transaction ends.
    if let Some(pk) = pk {
        model.lock(conn, pk)?;
    }
    let Some(mut session) = model.edit(conn, pk).optional()? else {
        return gone(conn, model, form, author).map(|contents| Submitted::Gone(Box::new(contents)));
    };
    let saved = session.record();
    let rows = match pk {
        Some(pk) => snapshot::inline_rows(conn, model, pk)?,
        None => no_rows(model),
    };
    let before = pk.map(|_| Snapshot::of(model, &saved, &rows));

    let mut errors = session.bind(conn, form, author.zone)?;
    if errors.is_empty() {
        errors = session.clean(conn)?;
    }
    let mut inlines = bind_inlines(conn, model, &rows, form, author)?;
    if inlines.iter().any(|inline| inline.has_too_many) {
        errors.push(("", FieldError::with_count("admin-error-too-many-rows", MOST_ROWS)));
    }
    if errors.is_empty() {
        errors = session.forbids(conn, author.viewer)?;
    }

    // A form without a version, as a script may post, is saved without a check for newer changes.
    let posted_version = form.get("_version").filter(|version| !version.is_empty());
    let stale = before.as_ref().zip(posted_version).is_some_and(|(before, version)| before.is_newer_than(version));
    // The buttons that search a relation's options and that move a row save nothing, so the form is shown without errors:
    // required fields may still be empty.
    let is_shown_only = form.get(FIND).is_some() || inlines.iter().any(BoundInline::is_moved);
    if is_shown_only && !inlines.iter().any(|inline| inline.has_too_many) {
        errors.clear();
        inlines.iter_mut().for_each(BoundInline::forgive);
    }
    if is_shown_only || stale || !errors.is_empty() || inlines.iter().any(BoundInline::has_errors) {
        let is_shown_beside = stale && !is_shown_only;
        if is_shown_beside {
            inlines.iter_mut().zip(&rows).for_each(|(inline, rows)| inline.show_newer(rows));
        }
        // A form that shows nothing of a newer change stays as old as it is.
        let kept = posted_version.filter(|_| stale && is_shown_only).map(str::to_owned);
        let version = kept.or_else(|| before.as_ref().map(Snapshot::version)).unwrap_or_default();
        let current = is_shown_beside.then(|| saved.clone());
        let contents = FormContents { record: session.record(), errors, inlines, current, version };
        return Ok(Submitted::Invalid(Box::new(contents), Saved::of(pk, &saved)));
    }

    let pk = session.save(conn)?;
    let mut row_changes = Vec::new();
    for inline in &inlines {
        row_changes.push((inline.model.meta(), inline.save(conn, pk)?));
    }

    let Record { label, .. } = session.record();
    let after = Snapshot::of(model, &session.record(), &snapshot::inline_rows(conn, model, pk)?);
    let (flag, message) = match &before {
        None => (ActionFlag::Addition, log::added(&row_changes, |message| author.english(message))),
        Some(before) => {
            let differences = before.differences(&after, model).into_iter();
            let of_object = differences.filter(|difference| difference.row.is_empty());
            let fields: Vec<_> = of_object.map(|difference| difference.label).collect();
            (ActionFlag::Change, log::changed(&fields, &row_changes, |message| author.english(message)))
        }
    };
    let entry = log::write(conn, author.viewer.id, model.meta(), (pk, &label), flag, Some(&message))?;
    // An undo writes the values in `before` back.
    log::keep(conn, entry, &Details { before, after: Some(after) })?;
    Ok(Submitted::Saved(LoggedChange { pk, label, entry }))
}

fn no_rows(model: &dyn RegisteredModel) -> InlineRows {
    vec![Vec::new(); model.inlines().len()]
}

fn bind_inlines(
    conn: &mut Connection,
    model: &'static dyn RegisteredModel,
    rows: &[Vec<Record>],
    form: &Form,
    author: &Author<'_>,
) -> QueryResult<Vec<BoundInline>> {
    let mut bind = |inline: &'static dyn RegisteredInline, rows: &[Record]| {
        BoundInline::bind(conn, inline, rows, Rights::of(author.viewer, inline, true), form, author.zone)
    };
    model.inlines().iter().zip(rows).map(|(inline, rows)| bind(*inline, rows)).collect()
}

/// The typed values of a form whose object was deleted meanwhile, as the form of a new object.
fn gone(
    conn: &mut Connection,
    model: &'static dyn RegisteredModel,
    form: &Form,
    author: &Author<'_>,
) -> QueryResult<FormContents> {
    let mut session = model.edit(conn, None)?;
    session.bind(conn, form, author.zone)?;
    let may_add = site::may(author.viewer, model, Permission::Add);
    let error = FieldError::new(if may_add { "admin-error-gone" } else { "admin-error-gone-for-good" });
    let mut inlines = bind_inlines(conn, model, &no_rows(model), form, author)?;
    inlines.iter_mut().for_each(BoundInline::begin_anew);
    let record = session.record();
    let errors = vec![("", error)];
    Ok(FormContents { record, errors, inlines, current: None, version: String::new() })
}

/// Reads what the form page needs, after the write transaction has ended, so that its locks are not held meanwhile.
async fn draw(
    request: &ModelRequest,
    db: &Database,
    contents: Box<FormContents>,
    saved: Saved,
    posted: Form,
    editable: bool,
) -> std::result::Result<DrawnForm, db::DatabaseError> {
    let model = request.model;
    let reader = request.admin.ambient.reader();
    db.read_aside(move |conn| DrawnForm::draw(conn, model, &contents, saved.clone(), Some(&posted), editable, &reader))
        .await
}

/// Django's message after a save, with the button that undoes it, and the address of the next page, which depends on
/// the button that was pressed.
fn next_page(request: &ModelRequest, pk: Option<i64>, saved: &LoggedChange, form: &Form) -> (Message, String) {
    let new = pk.is_none();
    let label = saved.label.as_str();
    let (added, changed, location) = if form.get("_addanother").is_some() && request.may(Permission::Add) {
        let location = request.preserving(request.add_path());
        ("admin-message-added-add-another", "admin-message-changed-add-another", location)
    } else if (form.get("_continue").is_some() || (new && request.model.is_added_in_two_steps())) && request.may_see() {
        let location = request.preserving(request.object_path(saved.pk, "change"));
        ("admin-message-added-continue", "admin-message-changed-continue", location)
    } else {
        ("admin-message-added", "admin-message-changed", request.way_back())
    };
    let text = request.admin.text_about(if new { added } else { changed }, request.meta(), label);
    let undone = if new { Vec::new() } else { vec![saved.entry] };
    let mut message = Message::success(text);
    if request.may_see() {
        message = message.with_link(label, request.preserving(request.object_path(saved.pk, "change")));
    }
    (request.with_undo(message, &undone), location)
}
