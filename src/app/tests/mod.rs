//! A fourth model in the admin takes one file (`shelf.rs`), and no HTML.

mod reads;
mod shelf;

use std::collections::BTreeMap;

use actix_http::Request;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HOST, LOCATION, SET_COOKIE};
use actix_web::test;
use actix_web::web::Data;

use super::App;
use crate::admin::AdminSite;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::auth::models::NewUser;
use crate::auth::{hashers, queries};
use crate::db::{Connection, Create, migrate};
use crate::settings::{Purpose, Settings, Sources};

const LIST: &str = "/admin/library/shelf/";

/// A client that is logged in as an administrator.
struct Administrator<S> {
    service: S,
    cookie: String,
}

impl<S> Administrator<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    async fn ask(&self, request: test::TestRequest) -> (StatusCode, String, ServiceResponse<BoxBody>) {
        let request = request
            .insert_header((HOST, "localhost:8000"))
            .insert_header(("Accept-Language", "en"))
            .insert_header(("Cookie", self.cookie.as_str()))
            .peer_addr(([127, 0, 0, 1], 50000).into())
            .to_request();
        let response = self.service.call(request).await.expect("the app answers");
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        (response.status(), location.to_owned(), response)
    }

    async fn get(&self, path: &str) -> String {
        let (status, _, response) = self.ask(test::TestRequest::get().uri(path)).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        String::from_utf8(test::read_body(response).await.to_vec()).expect("pages are UTF-8")
    }

    /// Posts a form. Returns the address of the redirect, or the page with the errors.
    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Result<String, String> {
        let (status, location, response) = self.ask(test::TestRequest::post().uri(path).set_form(form)).await;
        if status == StatusCode::SEE_OTHER {
            return Ok(location);
        }
        assert_eq!(status, StatusCode::OK, "{path}");
        Err(String::from_utf8(test::read_body(response).await.to_vec()).expect("pages are UTF-8"))
    }
}

fn settings(directory: &std::path::Path) -> Settings {
    let url = format!("sqlite://{}", directory.join("test.sqlite3").display());
    let environment = BTreeMap::from([("POLLS_DATABASE_URL".to_owned(), url)]);
    let sources = Sources { environment, default_bind: "127.0.0.1:8000".to_owned(), ..Sources::default() };
    Settings::load(&sources, Purpose::Serve { inherited_loopback: None }).expect("these settings are complete")
}

#[actix_web::test]
async fn a_fourth_model_takes_one_file() {
    reads::count();
    let directory = tempfile::tempdir().expect("a directory can be made");
    let settings = settings(directory.path());
    let mut conn = Connection::open(&settings.database.url, Create::IfMissing).expect("a file can be made");
    migrate::run(&mut conn).expect("it can be migrated");
    shelf::create_table(&mut conn).expect("a table can be made");
    let encoded = hashers::PasswordEncoding::Argon2.encode("correct horse battery").expect("a password can be hashed");
    let ada = NewUser::superuser("ada".to_owned(), String::new(), encoded, crate::clock::now());
    queries::insert(&mut conn, &ada).expect("a user can be written");

    let site = AdminSite::default().register::<shelf::ShelfAdmin>();
    assert_eq!(site.check(&[shelf::ShelfAdmin::META.content_type()]), Vec::<String>::new());
    let app = App { admin: Data::new(site), ..App::open(&settings).expect("the app can be made") };
    let service = test::init_service(app.service()).await;
    let mut ada = Administrator { service, cookie: String::new() };
    let login = [("username", "ada"), ("password", "correct horse battery")];
    let (_, _, response) = ada.ask(test::TestRequest::post().uri("/admin/login/").set_form(login)).await;
    let cookie = response.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ada.cookie = cookie.split(';').next().unwrap_or_default().to_owned();

    // The list, adding, searching.
    assert!(ada.get("/admin/").await.contains("href=\"/admin/library/shelf/add/\""));
    assert_eq!(ada.post("/admin/library/shelf/add/", &[("name", "Poetry")]).await.unwrap(), LIST);
    let added = ada.post("/admin/library/shelf/add/", &[("name", "Maps"), ("above", "1"), ("_continue", "1")]).await;
    assert_eq!(added.unwrap(), "/admin/library/shelf/2/change/");
    // The message names the object, with a link.
    assert!(ada.get("/admin/library/shelf/2/change/").await.contains(">Maps</a>"));
    let list = ada.get(&format!("{LIST}?q=poe")).await;
    assert!(list.contains(">Poetry<") && !list.contains(">Maps<"), "{list}");

    // A value that is not among the options is refused; what was typed is still there.
    let valid = "Select a valid choice. That choice is not one of the available choices.";
    let change = "/admin/library/shelf/2/change/";
    for wrong in [("above", "99"), ("above", "x"), ("beside", "99"), ("beside", "1x")] {
        let page = ada.post(change, &[("name", "Atlases"), wrong]).await.expect_err("it is refused");
        let id = format!("id=\"id_{}_error\"", wrong.0);
        assert!(page.contains(valid) && page.contains(&id) && page.contains("value=\"Atlases\""), "{wrong:?}: {page}");
    }
    let page = ada.post(change, &[("name", "taken")]).await.expect_err("it is refused");
    assert!(page.contains("id=\"id_name_error\""), "{page}");

    // Changing, with names in the history; undoing; deleting.
    let form = [("name", "Atlases"), ("beside", "2"), ("beside", "1"), ("beside", "1")];
    reads::taken();
    assert_eq!(ada.post(change, &form).await.unwrap(), LIST);
    // As it was, and as it is then.
    assert_eq!(reads::taken(), 2);
    let history = ada.get("/admin/library/shelf/2/history/").await;
    assert!(history.contains("Maps") && history.contains("Poetry, Atlases"), "{history}");
    assert_eq!(ada.post("/admin/undo/3/", &[]).await.unwrap(), change);
    assert!(ada.get(change).await.contains("value=\"Maps\""));
    let delete = "/admin/library/shelf/2/delete/";
    assert!(ada.get(delete).await.contains("Maps"));
    assert_eq!(ada.post(delete, &[("post", "yes")]).await.unwrap(), LIST);
    assert!(!ada.get(LIST).await.contains(">Maps<"));
    app.close(std::time::Duration::from_secs(5));
}
