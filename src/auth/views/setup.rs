//! The page that creates the first superuser, in development.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{Either, HttpRequest};
use askama::Template;

use crate::auth::forms::{self, Field, SetupFaults, SetupForm};
use crate::auth::models::NewUser;
use crate::auth::passwords::Hasher;
use crate::auth::renewal::{self, Renewal};
use crate::auth::setup as link;
use crate::auth::{hashers, paths, queries};
use crate::clock;
use crate::db::Database;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::pages::submission::Outcome;
use crate::web::{Ambient, Error, Page, Result, SeeOther, Session, Submission};

#[derive(Template)]
#[template(path = "registration/setup.html")]
pub struct Setup {
    fields: Vec<Field>,
}

/// `GET /admin/setup/{token}/`
///
/// # Errors
/// `NotFound` if the link is not valid (any more).
pub async fn setup(request: HttpRequest, token: Path<String>, db: Data<Database>) -> Result<Page<Setup>> {
    let ambient = Ambient::required(&request)?;
    demand_open(&ambient, &db, &token).await?;
    Ok(page(&ambient, &SetupForm::default(), &SetupFaults::default(), StatusCode::OK))
}

/// `POST /admin/setup/{token}/`: creates the superuser and logs them in.
///
/// # Errors
/// `NotFound` if the link is not valid (any more); `Unavailable` if too many passwords are being hashed.
pub async fn set_up(
    request: HttpRequest,
    token: Path<String>,
    session: Session,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<SeeOther, Page<Setup>>> {
    let ambient = Ambient::required(&request)?;
    let submission = Submission::by_key(&ambient, &form);
    if let Some(answer) = renewal::repeat(&ambient, &db, &submission).await? {
        return Ok(Either::Left(answer));
    }
    let form = SetupForm::read(&form);
    demand_open(&ambient, &db, &token).await?;
    let (username, email) = match form.clean() {
        Ok(clean) => clean,
        Err(faults) => return Ok(Either::Right(page(&ambient, &form, &faults, StatusCode::BAD_REQUEST))),
    };
    let (encoded, now) =
        (hasher.encode(db.read(hashers::PasswordEncoding::of).await?, form.password).await?, clock::now());
    let (from, user) = (session.presented_digest(), username.clone());
    let Outcome { value: renewal, is_repeated } = db
        .write(move |conn| -> Result<_> {
            submission.once(conn, Renewal::still_holds, |conn| {
                let user = NewUser { last_login: Some(now), ..NewUser::superuser(username, email, encoded, now) };
                let id = link::redeem(conn, &token, &user, now)?;
                Ok(Renewal::new(&queries::find(conn, id)?, from, paths::INDEX, None))
            })
        })
        .await?;
    if !is_repeated {
        tracing::info!(target: "polls.security", request_id = ambient.request_id, user, "The first administrator was made, and is logged in.");
    }
    renewal.answer(&ambient, &db).await?.map(Either::Left).ok_or(Error::NotFound)
}

async fn demand_open(ambient: &Ambient, db: &Database, token: &Path<String>) -> Result<()> {
    ambient.make_private();
    let (token, now) = (token.to_string(), clock::now());
    if db.read(move |conn| link::is_open(conn, &token, now)).await? { Ok(()) } else { Err(Error::NotFound) }
}

fn page(ambient: &Ambient, form: &SetupForm, faults: &SetupFaults, status: StatusCode) -> Page<Setup> {
    Page::new(Setup { fields: form.fields(ambient, faults) }).with_status(status)
}
