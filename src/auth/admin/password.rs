//! The page that sets another user's password, at Django's address `/admin/auth/user/{id}/password/`.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use diesel::OptionalExtension as _;
use serde_json::json;

use super::{id, rights};
use crate::admin::changes::log;
use crate::admin::changes::log::ActionFlag;
use crate::admin::form::confirm::{self, ConfirmPassword};
use crate::admin::pages::request::{AdminFrame, Crumb, ModelRequest};
use crate::admin::registry::descriptors::Permission;
use crate::auth::forms::{self, Field};
use crate::auth::models::User;
use crate::auth::passwords::Hasher;
use crate::auth::renewal::fingerprint;
use crate::auth::validators::{self, Fault, Owner, PASSWORD_HELP};
use crate::auth::{hashers, paths, queries};
use crate::db::{Connection, Database};
use crate::web::context::messages::Message;
use crate::web::context::session;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::{Id, Page, Result, SeeOther, Submission};

#[derive(Template)]
#[template(path = "registration/set_password_form.html")]
pub struct SetPassword {
    frame: AdminFrame,
    fields: Vec<Field>,
    username: String,
    has_password: bool,
}

/// The form's content: a password typed twice, or that the user gets no usable password.
struct SetPasswordForm {
    new: String,
    again: String,
    disable: bool,
    /// Whether `usable_password` and the pressed button contradict each other.
    conflicting: bool,
}

impl SetPasswordForm {
    fn read(form: &Form) -> Self {
        let text = |name| form.get(name).unwrap_or_default().to_owned();
        let new = text("password1");
        let again = text("password2");
        let unset = form.get("unset-password").is_some();
        let disable = form.get("usable_password").map_or(unset, |usable| usable == "false");
        Self { new, again, disable, conflicting: disable && !unset }
    }
}

/// `GET /admin/auth/user/{id}/password/`: the form.
///
/// # Errors
/// `PermissionDenied` without the permission to change users, and for a user who has permissions that the viewer lacks;
/// `NotFound` if there is no such user.
pub async fn password(
    request: ModelRequest,
    id: Id,
    db: Data<Database>,
) -> Result<Either<SeeOther, Page<SetPassword>>> {
    let user = find(&request, id, &db).await?;
    if user.id == request.admin.staff.viewer.id {
        return Ok(Either::Left(to_own(&request)));
    }
    Ok(Either::Right(page(&request, &user, &[], &[])))
}

/// `POST /admin/auth/user/{id}/password/`: sets the password and ends all sessions of that user.
///
/// # Errors
/// As [`password`]. Errors in the input are not among them: they are shown on the page.
pub async fn set_password(
    request: ModelRequest,
    id: Id,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<SeeOther, Either<Page<SetPassword>, Page<ConfirmPassword>>>> {
    let user = find(&request, id, &db).await?;
    if user.id == request.admin.staff.viewer.id {
        return Ok(Either::Left(to_own(&request)));
    }
    if let Some(question) = confirm::question(&request, &form) {
        return Ok(Either::Right(Either::Right(question)));
    }
    let submission = Submission::new(&request.admin.ambient, &form, &[]);
    let form = SetPasswordForm::read(&form);
    if form.conflicting {
        request.admin.say(Message::error(request.admin.text("auth-conflicting-form")));
        return Ok(Either::Left(SeeOther(paths::user_password(user.id))));
    }
    let (encoded, said) = if form.disable {
        (hashers::unusable()?, "auth-password-disabled")
    } else {
        let User { username, first_name, last_name, email, .. } = &user;
        let owner = Owner { username, first_name, last_name, email };
        let (new, again) = validators::check_twice(&form.new, &form.again, &owner);
        if !new.is_empty() || !again.is_empty() {
            let page = page(&request, &user, &new, &again).with_status(StatusCode::BAD_REQUEST);
            return Ok(Either::Right(Either::Left(page)));
        }
        (hasher.encode(db.read(hashers::PasswordEncoding::of).await?, form.new).await?, "auth-password-set")
    };
    let author = request.admin.staff.viewer.id;
    let meta = request.meta();
    let user_id = user.id;
    let posted = submission.clone();
    let set = db
        .write_unseen(move |conn| -> Result<_> {
            let is_same = |conn: &mut Connection, set: &String| {
                Ok(queries::find(conn, user_id).optional()?.is_some_and(|user| fingerprint(&user) == *set))
            };
            posted.once(conn, is_same, |conn| {
                queries::set_password(conn, user_id, &encoded)?;
                session::end_all(conn, user_id)?;
                let user = queries::find(conn, user_id)?;
                let message = json!([{ "changed": { "fields": ["password"] } }]);
                log::write(conn, author, meta, (id.0, &user.username), ActionFlag::Change, Some(&message))?;
                Ok(fingerprint(&user))
            })
        })
        .await?;
    if !set.is_repeated {
        tracing::info!(
            target: "polls.security",
            request_id = request.admin.ambient.request_id,
            user = request.admin.staff.viewer.username,
            of = user.username,
            usable = !form.disable,
            "Set the password of a user.",
        );
    }
    let message = Message::success(request.admin.text(said));
    submission.tell(&db, &request.admin.ambient.session, set.is_repeated, message).await?;
    Ok(Either::Left(SeeOther(request.object_path(i64::from(user.id), "change"))))
}

/// Redirects to the page where viewers change their own password. It asks for the old one, so a session that was left
/// open is not enough to change the password.
fn to_own(request: &ModelRequest) -> SeeOther {
    request.admin.say(Message::info(request.admin.text("auth-own-password")));
    SeeOther(paths::PASSWORD_CHANGE.to_owned())
}

/// The user, if the viewer may set their password.
async fn find(request: &ModelRequest, pk: Id, db: &Database) -> Result<User> {
    request.demand(Permission::Change)?;
    let viewer = request.admin.staff.viewer.clone();
    let (user, may) = db
        .read(move |conn| {
            let user = queries::find(conn, id(pk.0)?)?;
            let may = rights::may_set_password(conn, &viewer, &user)?;
            Ok((user, may))
        })
        .await?;
    if may { Ok(user) } else { Err(request.admin.staff.deny("auth.change_user")) }
}

fn page(request: &ModelRequest, user: &User, new: &[Fault], again: &[Fault]) -> Page<SetPassword> {
    let ambient = &request.admin.ambient;
    let has_password = user.has_usable_password();
    let title = if has_password { "auth-title-change-password" } else { "auth-title-set-password" };
    let first = Field {
        autofocus: true,
        help: &PASSWORD_HELP,
        ..Field::password("password1", "auth-password", "new-password")
    };
    let second = Field::password("password2", "auth-password-again", "new-password");
    let second = Field { help: &["auth-password-again-help"], ..second };
    let crumbs = vec![
        Crumb::to(user.username.clone(), request.object_path(i64::from(user.id), "change")),
        Crumb::here(request.admin.text(if has_password { "auth-reset-password" } else { "auth-set-password" })),
    ];
    Page::new(SetPassword {
        frame: request.frame(request.admin.text_about(title, request.meta(), &user.username), crumbs),
        fields: vec![first.with_faults(ambient, new), second.with_faults(ambient, again)],
        username: user.username.clone(),
        has_password,
    })
}
