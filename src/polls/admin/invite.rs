//! The page of the admin that makes links of a poll by invitation, to be printed or as a CSV file. The links are in that
//! one answer only: the database has hashes of them.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder as _};
use askama::Template;
use diesel::QueryResult;

use super::invitation_sheet::InvitationSheet;
use super::{InvitationAdmin, QuestionAdmin};
use crate::admin::changes::log;
use crate::admin::pages::request::{AdminFrame, AdminRequest, Crumb};
use crate::admin::paths as admin_paths;
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::admin::registry::sentence::{FieldError, Sentence};
use crate::db::{Connection, Database};
use crate::polls::eligibility::invitation::{self, InvitationCounts, InvitationToken, LABEL_LENGTH};
use crate::polls::invitation_batch::{self, LinksChange};
use crate::polls::models::Question;
use crate::polls::rules::WhoVotes;
use crate::polls::turnout::PollTurnout;
use crate::polls::{paths, queries};
use crate::web::context::messages::Message;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::pages::submission::Outcome;
use crate::web::{Id, Page, Result, SeeOther, Submission};

/// The most links that one form makes. `polls question invite` makes any number.
const MOST: usize = 500;
/// The button that answers with a CSV file.
const CSV: &str = "csv";

#[derive(Template)]
#[template(path = "polls/invite.html")]
pub struct InviteForm {
    frame: AdminFrame,
    is_by_invitation: bool,
    turnout: Vec<Sentence>,
    list_path: String,
    count: String,
    names: String,
    /// The id of the input that an error is about, and the error.
    error: Option<(&'static str, FieldError)>,
}

/// `GET /admin/polls/question/{id}/invite/`
///
/// # Errors
/// `PermissionDenied` without the permission to change questions, `NotFound` if there is no such question.
pub async fn form(admin: AdminRequest, id: Id, db: Data<Database>) -> Result<Page<InviteForm>> {
    let (question, counts) = read(&admin, id, &db).await?;
    Ok(Page::new(InviteForm::new(&admin, &question, counts, ["", ""], None)))
}

/// `POST /admin/polls/question/{id}/invite/`: makes links for `count` voters, or for each line of `names`. If the same
/// form is sent again, nothing is made, and the answer says so.
///
/// # Errors
/// As of [`form`]; or if the database refuses it.
pub async fn make(
    admin: AdminRequest,
    request: HttpRequest,
    id: Id,
    db: Data<Database>,
    form: Form,
) -> Result<HttpResponse> {
    let (question, counts) = read(&admin, id, &db).await?;
    let typed = ["count", "names"].map(|name| form.get(name).unwrap_or_default());
    let wanted = match WantedLinks::read(typed) {
        Ok(wanted) => wanted,
        Err(error) => {
            let page = InviteForm::new(&admin, &question, counts, typed, Some(error));
            return Ok(Page::new(page).respond_to(&request));
        }
    };
    let submission = Submission::new(&admin.ambient, &form, &[]);
    let (site, viewer, text) = (admin.web_site(), admin.staff.viewer.clone(), question.question_text.clone());
    let posted = submission.clone();
    let (made, links) = db
        .write(move |conn| -> Result<_> {
            let mut links = (Vec::new(), Vec::new());
            let made = posted.once(
                conn,
                |_, _: &usize| Ok(true),
                |conn| -> Result<usize> {
                    let labels = wanted.labels(conn, id.0)?;
                    links = (invitation::make(conn, id.0, &labels)?, labels);
                    let number = links.0.len();
                    let change = (LinksChange::Made, &*number.to_string());
                    invitation_batch::note(conn, &site.catalogue, viewer.id, (id.0, &text), change)?;
                    Ok(number)
                },
            )?;
            Ok((made, links))
        })
        .await?;
    if let Outcome { is_repeated: true, value: number } = made {
        let told = Sentence::with_count("polls-invite-repeated", number).text(&admin.ambient);
        admin.say(Message::warning(told));
        return Ok(SeeOther(paths::invite(id.0)).respond_to(&request));
    }
    let user = &admin.staff.viewer.username;
    log::report(
        &admin.ambient.request_id,
        user,
        QuestionAdmin::META,
        "invited voters to",
        id.0,
        &question.question_text,
    );
    let is_csv = form.get("as") == Some(CSV);
    answer(&admin, &request, question, links, is_csv).await
}

/// The links as a file or as a page. They are secrets, so neither is stored anywhere.
async fn answer(
    admin: &AdminRequest,
    request: &HttpRequest,
    question: Question,
    (tokens, labels): (Vec<InvitationToken>, Vec<String>),
    is_csv: bool,
) -> Result<HttpResponse> {
    let site = format!("{}{}", admin.ambient.origin(), admin.ambient.site.settings.mount);
    let mut response = if is_csv {
        // The byte order mark: without it, spreadsheets do not read the file as UTF-8.
        let mut file = format!("\u{feff}{}\r\n", invitation_batch::CSV_HEAD.join(",")).into_bytes();
        let lines = invitation_batch::csv_lines(&site, question.id, &labels, &tokens);
        file.extend(lines.map_err(|error| crate::web::Error::Internal(error.into()))?);
        HttpResponse::Ok()
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"invitations-{}.csv\"", question.id)))
            .content_type("text/csv; charset=utf-8")
            .body(file)
    } else {
        let title = admin.text("polls-invitation-plural");
        let frame = frame(admin, &question, title);
        Page::new(InvitationSheet::draw(frame, question, site, labels, tokens).await?).respond_to(request)
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn read(admin: &AdminRequest, id: Id, db: &Database) -> Result<(Question, InvitationCounts)> {
    admin.staff.demand(&QuestionAdmin::META.permission(Permission::Change))?;
    Ok(db.read(move |conn| Ok((queries::question(conn, id.0)?, InvitationCounts::of(conn, id.0)?))).await?)
}

/// What a form asks for.
enum WantedLinks {
    Numbered(usize),
    Named(Vec<String>),
}

impl WantedLinks {
    /// # Errors
    /// The id of the input that is wrong, and what is wrong.
    fn read([count, names]: [&str; 2]) -> std::result::Result<Self, (&'static str, FieldError)> {
        let (count, many) = (count.trim(), FieldError::with_count("polls-invite-error-count", MOST));
        let labels = invitation_batch::labels(names);
        let labels =
            labels.map_err(|_| ("id_names", FieldError::with_count("polls-invite-error-label", LABEL_LENGTH)))?;
        match (count.is_empty(), labels.len()) {
            (true, 0) => Err(("id_count", FieldError::new("polls-invite-error-nothing"))),
            (false, 1..) => Err(("id_count", FieldError::new("polls-invite-error-both"))),
            (true, number) if number > MOST => Err(("id_names", many)),
            (true, _) => Ok(Self::Named(labels)),
            (false, _) => match count.parse() {
                Ok(number @ 1..=MOST) => Ok(Self::Numbered(number)),
                _ => Err(("id_count", many)),
            },
        }
    }

    fn labels(self, conn: &mut Connection, question: i64) -> QueryResult<Vec<String>> {
        match self {
            Self::Numbered(count) => invitation_batch::numbers(conn, question, count),
            Self::Named(labels) => Ok(labels),
        }
    }
}

impl InviteForm {
    fn new(
        admin: &AdminRequest,
        question: &Question,
        counts: InvitationCounts,
        [count, names]: [&str; 2],
        error: Option<(&'static str, FieldError)>,
    ) -> Self {
        Self {
            frame: frame(admin, question, admin.text("polls-invite")),
            is_by_invitation: question.who_votes() == WhoVotes::Invitation,
            turnout: PollTurnout::Invitations(counts).sentences(),
            list_path: format!("{}?question__id__exact={}", InvitationAdmin::META.list_path(), question.id),
            count: count.to_owned(),
            names: names.to_owned(),
            error,
        }
    }

    /// Whether the error is about this input.
    fn is_wrong(&self, input: &str) -> bool {
        self.error.as_ref().is_some_and(|(wrong, _)| *wrong == input)
    }
}

/// The frame of a page about the invitations to a poll.
fn frame(admin: &AdminRequest, question: &Question, title: String) -> AdminFrame {
    let meta = QuestionAdmin::META;
    let change = admin_paths::object(meta.app, meta.model, &question.id.to_string(), "change");
    let crumbs = vec![
        Crumb::to(admin.text(meta.app_name), admin_paths::app(meta.app)),
        Crumb::to(admin.text(meta.verbose_name_plural), meta.list_path()),
        Crumb::to(&question.question_text, change),
        Crumb::here(&title),
    ];
    let here = (meta.app, meta.model);
    AdminFrame { here, subtitle: question.question_text.clone(), ..admin.frame(title, crumbs) }
}
