//! Adding and changing an object.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use diesel::OptionalExtension as _;
use diesel::result::{DatabaseErrorKind, Error as Diesel};

use super::session_lost;
use crate::admin::changes::change;
use crate::admin::changes::change::{Attempt, Submitted, Written};
use crate::admin::changes::log;
use crate::admin::changes::snapshot::Snapshot;
use crate::admin::changes::undo;
use crate::admin::changes::undo_button::with_undo;
use crate::admin::form::admin_form::{FormView, Parts};
use crate::admin::form::inline::{BoundInline, Rights};
use crate::admin::form::related::{POPUP, PopupResponse, Related};
use crate::admin::form::session_lost::SessionLost;
use crate::admin::pages::request::{Crumb, Frame, ModelRequest};
use crate::admin::registry::erased::{AdminModel, Bound};
use crate::admin::registry::field::{Kind, Value};
use crate::admin::registry::model::Permission;
use crate::admin::registry::panels::Panel;
use crate::db::{self, Connection, Database};
use crate::web::context::messages::Message;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::pages::submission::Outcome;
use crate::web::{Error, Id, Page, Reader, Result, SeeOther, Submission};

/// Django's buttons, which say where to go after a save: two of them pressed one after the other save once.
const BUTTONS: [&str; 3] = ["_save", "_addanother", "_continue"];

#[derive(Template)]
#[template(path = "admin/change_form.html")]
pub struct ChangeForm {
    frame: Frame,
    form: FormView,
    pk: Option<i64>,
    view_on_site: Option<String>,
    panel: Option<Panel>,
    /// The entry of the log that the viewer can undo from here.
    undo: Option<i32>,
    editable: bool,
    may_add: bool,
    may_delete: bool,
    zone: String,
    /// Where it is posted to, if not to its own address.
    action: Option<String>,
    delete_path: String,
    history_path: String,
    close_path: String,
}

/// Where it goes on once a form is saved.
type Saved = Either<SeeOther, Page<PopupResponse>>;
/// The form again, or what was typed where nobody may send it any more.
type Again = Either<Page<ChangeForm>, Page<SessionLost>>;
type Answer = Result<Either<Saved, Again>>;

/// `GET …/add/`
///
/// # Errors
/// `PermissionDenied`.
pub async fn add(request: ModelRequest, db: Data<Database>) -> Result<Page<ChangeForm>> {
    request.demand(Permission::Add)?;
    show(&request, &db, None).await
}

/// `GET …/{id}/change/`: read-only for who may only view.
///
/// # Errors
/// `PermissionDenied`, or `NotFound`.
pub async fn change(request: ModelRequest, id: Id, db: Data<Database>) -> Result<Page<ChangeForm>> {
    request.demand(Permission::View)?;
    show(&request, &db, Some(id.0)).await
}

/// `POST …/add/`
///
/// # Errors
/// `PermissionDenied`, or what the database says.
pub async fn create(request: Result<ModelRequest>, db: Data<Database>, form: Form) -> Answer {
    let request = match request {
        Err(Error::LoginRequired(_)) => return Ok(Either::Right(Either::Right(session_lost::page(&form)))),
        request => request?,
    };
    request.demand(Permission::Add)?;
    submit(&request, &db, None, form).await
}

/// `POST …/{id}/change/`
///
/// # Errors
/// `PermissionDenied`, `NotFound`, or what the database says.
pub async fn update(request: Result<ModelRequest>, id: Id, db: Data<Database>, form: Form) -> Answer {
    let request = match request {
        Err(Error::LoginRequired(_)) => return Ok(Either::Right(Either::Right(session_lost::page(&form)))),
        request => request?,
    };
    request.demand(Permission::Change)?;
    submit(&request, &db, Some(id.0), form).await
}

async fn show(request: &ModelRequest, db: &Database, pk: Option<i64>) -> Result<Page<ChangeForm>> {
    let may_change = pk.is_none() || request.may(Permission::Change);
    let viewer = request.admin.staff.viewer.clone();
    let (model, reader, site) = (request.model, request.admin.ambient.reader(), request.admin.site.clone());
    let (page, editable) = db
        .read_aside(move |conn| {
            let record = pk.map_or_else(|| Ok(model.initial()), |pk| model.find(conn, pk))?;
            let forbidden = pk.is_some() && !model.forbids(conn, &viewer, pk, Some(&record.values))?.is_empty();
            let editable = may_change && !forbidden;
            let mut inlines = Vec::new();
            for inline in model.inlines() {
                inlines.push(BoundInline::load(conn, *inline, pk, Rights::of(&viewer, *inline, editable))?);
            }
            let version = pk.map(|pk| Snapshot::take(conn, model, pk)).transpose()?;
            let version = version.as_ref().map(Snapshot::version).unwrap_or_default();
            let attempt = Attempt { bound: Bound { record, errors: Vec::new() }, inlines, current: None, version };
            let mut drawn = Drawn::draw(conn, model, pk, &attempt, None, editable, &reader)?;
            if let Some(entry) = pk.and_then(|pk| model.undoes(pk)) {
                let about = undo::model_of(conn, entry)?.and_then(|(app, model)| site.model(&app, &model));
                let is_open = about.map_or(Ok(false), |about| undo::is_open(conn, about, entry, &viewer))?;
                drawn.undo = is_open.then_some(entry);
            }
            Ok((drawn, editable))
        })
        .await?;
    Ok(Page::new(page.into_page(request, pk, editable)))
}

async fn submit(request: &ModelRequest, db: &Database, pk: Option<i64>, form: Form) -> Answer {
    let submission = Submission::new(&request.admin.ambient, &form, &BUTTONS);
    let outcome = match write(request, db, pk, &form, &submission).await {
        // Somebody has saved the same at the same moment; now it is found and said at its field.
        Err(db::DatabaseError::Query(Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _))) => {
            write(request, db, pk, &form, &submission).await
        }
        outcome => outcome,
    };
    let is_popup = form.get(POPUP).is_some();
    match outcome? {
        Attempted::Saved(Outcome { value: saved, is_repeated }) => {
            if !is_repeated {
                log_write(request, if pk.is_some() { "changed" } else { "added" }, saved.pk, &saved.label);
            }
            if is_popup {
                let page = PopupResponse::new(request, pk.is_none(), saved.pk, &saved.label);
                return Ok(Either::Left(Either::Right(Page::new(page))));
            }
            let (message, location) = saved_redirect(request, pk, &saved, &form);
            submission.tell(db, &request.admin.ambient.session, is_repeated, message).await?;
            Ok(Either::Left(Either::Left(SeeOther(location))))
        }
        Attempted::Invalid(drawn) => {
            let page = drawn.into_page(request, pk, true);
            Ok(Either::Right(Either::Left(Page::new(if is_popup { page.in_popup() } else { page }))))
        }
        // What is made in two steps cannot be made anew from the form of the second.
        Attempted::Gone(_) if request.model.is_added_in_two_steps() => Err(Error::NotFound),
        Attempted::Gone(drawn) => {
            let page = drawn.into_page(request, None, request.may(Permission::Add));
            let page = if is_popup { page.in_popup() } else { page };
            let action = Some(request.preserving(format!("{}add/", request.list_path())));
            let page = Page::new(ChangeForm { action, ..page }).with_status(StatusCode::NOT_FOUND);
            Ok(Either::Right(Either::Left(page)))
        }
    }
}

/// What became of a form, ready to be told.
enum Attempted {
    Saved(Outcome<Written>),
    Invalid(Drawn),
    Gone(Drawn),
}

async fn write(
    request: &ModelRequest,
    db: &Database,
    pk: Option<i64>,
    form: &Form,
    submission: &Submission,
) -> std::result::Result<Attempted, db::DatabaseError> {
    let (model, site, form) = (request.model, request.admin.web_site(), form.clone());
    let (viewer, may_add) = (request.admin.staff.viewer.clone(), request.may(Permission::Add));
    let reader = request.admin.ambient.reader();
    let (posted, submission) = (form.clone(), submission.clone());
    let (submitted, is_repeated) = db
        .write(move |conn| -> std::result::Result<_, db::DatabaseError> {
            if let Some(saved) = submission.begin::<Written>(conn)? {
                // What was added is not added again while it is there; a change may be meant again after others.
                let holds = match pk {
                    None => model.find(conn, saved.pk).optional()?.is_some(),
                    Some(_) => saved.still_holds(conn, model)?,
                };
                if holds {
                    return Ok((Submitted::Saved(saved), true));
                }
            }
            let author = change::Author::new(&viewer, &site);
            let submitted = change::submit(conn, model, pk, &form, &author)?;
            if let Submitted::Saved(saved) = &submitted {
                submission.end(conn, saved)?;
            }
            Ok((submitted, false))
        })
        .await?;
    // Drawn when nobody waits for the locks of the write any more.
    let draw = |pk, attempt: Box<Attempt>, editable| {
        db.read_aside(move |conn| Drawn::draw(conn, model, pk, &attempt, Some(&posted), editable, &reader))
    };
    Ok(match submitted {
        Submitted::Saved(value) => Attempted::Saved(Outcome { value, is_repeated }),
        Submitted::Invalid(attempt) => Attempted::Invalid(draw(pk, attempt, true).await?),
        Submitted::Gone(attempt) => Attempted::Gone(draw(None, attempt, may_add).await?),
    })
}

/// What a form page takes from the database.
struct Drawn {
    form: FormView,
    label: String,
    view_on_site: Option<String>,
    panel: Option<Panel>,
    undo: Option<i32>,
}

impl Drawn {
    fn draw(
        conn: &mut Connection,
        model: &'static dyn AdminModel,
        pk: Option<i64>,
        attempt: &Attempt,
        posted: Option<&Form>,
        editable: bool,
        reader: &Reader,
    ) -> diesel::QueryResult<Self> {
        let parts = Parts {
            model,
            bound: &attempt.bound,
            inlines: &attempt.inlines,
            posted,
            current: attempt.current.as_ref(),
            editable,
            version: attempt.version.clone(),
            reader,
        };
        let panel = match pk {
            Some(pk) => model.panel(conn, pk, reader.zone())?,
            None => None,
        };
        // The page is named by what is saved, not by what somebody is typing.
        let saved = pk.map(|pk| model.find(conn, pk)).transpose()?;
        let (label, view_on_site) = saved.map_or_else(Default::default, |record| (record.label, record.view_on_site));
        Ok(Self { form: FormView::build(conn, &parts)?, label, view_on_site, panel, undo: None })
    }

    fn into_page(mut self, request: &ModelRequest, pk: Option<i64>, editable: bool) -> ChangeForm {
        self.form.relate(|field| Related::of(&request.admin, field));
        let title = match (pk, editable) {
            (None, _) => "admin-title-add",
            (Some(_), true) => "admin-title-change",
            (Some(_), false) => "admin-title-view",
        };
        let here = if pk.is_some() {
            self.label.clone()
        } else {
            request.admin.text_about("admin-title-add", request.meta(), "")
        };
        let frame =
            request.frame(request.admin.text_about(title, request.meta(), &self.label), vec![Crumb::here(here)]);
        ChangeForm {
            frame: Frame { subtitle: self.label, ..frame },
            form: self.form,
            pk,
            view_on_site: self.view_on_site,
            panel: self.panel,
            undo: self.undo,
            editable,
            may_add: request.may(Permission::Add),
            may_delete: pk.is_some() && request.may(Permission::Delete),
            zone: request.admin.ambient.site.settings.time_zone.to_string(),
            action: None,
            delete_path: request.preserving(request.object_path(pk.unwrap_or_default(), "delete")),
            history_path: request.preserving(request.object_path(pk.unwrap_or_default(), "history")),
            close_path: request.way_back(),
        }
    }
}

impl ChangeForm {
    /// A form that was posted as one in a pop-up stays one.
    fn in_popup(self) -> Self {
        Self { frame: Frame { is_popup: true, ..self.frame }, ..self }
    }
}

/// What Django says after a save and where it goes, by the button that was pressed.
fn saved_redirect(request: &ModelRequest, pk: Option<i64>, saved: &Written, form: &Form) -> (Message, String) {
    let (new, label) = (pk.is_none(), saved.label.as_str());
    let (added, changed, location) = if form.get("_addanother").is_some() && request.may(Permission::Add) {
        let location = request.preserving(format!("{}add/", request.list_path()));
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
    (with_undo(request, message, &undone), location)
}

/// One line for every write.
pub fn log_write(request: &ModelRequest, verb: &str, pk: i64, label: &str) {
    let (ambient, user) = (&request.admin.ambient, &request.admin.staff.viewer.username);
    log::report(&ambient.request_id, user, request.meta(), verb, pk, label);
}

/// `GET …/{id}/`, which Django sends on to the form.
///
/// # Errors
/// None.
pub async fn object(request: ModelRequest, id: Id) -> Result<SeeOther> {
    Ok::<_, Error>(SeeOther(request.object_path(id.0, "change")))
}
