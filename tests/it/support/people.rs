//! Users, and people at their browsers, who keep the session they are given.

use std::cell::RefCell;
use std::sync::LazyLock;

use diesel::prelude::*;
use polls::admin::schema::django_content_type;
use polls::auth::models::NewUser;
use polls::auth::schema::{auth_permission, auth_user_user_permissions};
use polls::auth::{hashers, permissions, queries};
use polls::clock;

use super::client::Request;
use super::{Html, Response, Setup, TestApp, Visitor};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// Hashing is costly; one hash is enough for all.
static ENCODED: LazyLock<String> =
    LazyLock::new(|| hashers::PasswordEncoding::Argon2.encode(PASSWORD).expect("a password can be hashed"));

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

/// A user to be written.
pub struct UserBuilder<'a> {
    setup: &'a Setup,
    user: NewUser,
    permissions: Vec<&'a str>,
}

impl<'a> UserBuilder<'a> {
    pub fn staff(mut self) -> Self {
        self.user.is_staff = true;
        self
    }

    pub fn superuser(mut self) -> Self {
        self.user.is_superuser = true;
        self.staff()
    }

    pub fn inactive(mut self) -> Self {
        self.user.is_active = false;
        self
    }

    pub fn email(mut self, address: &str) -> Self {
        address.clone_into(&mut self.user.email);
        self
    }

    /// Another password than everybody's, encoded.
    pub fn encoded(mut self, password: &str) -> Self {
        password.clone_into(&mut self.user.password);
        self
    }

    /// A permission such as `polls.view_question`.
    pub fn may(mut self, permission: &'a str) -> Self {
        self.permissions.push(permission);
        self
    }

    pub fn create(self) -> i32 {
        let conn = &mut self.setup.open();
        permissions::create(conn, &polls::app::features::installed()).expect("permissions can be written");
        let user = queries::insert(conn, &self.user).expect("a user can be written");
        for permission in self.permissions {
            let (app, codename) = permission.split_once('.').expect("app.codename");
            let permission: i32 = auth_permission::table
                .inner_join(django_content_type::table)
                .filter(django_content_type::app_label.eq(app))
                .filter(auth_permission::codename.eq(codename))
                .select(auth_permission::id)
                .first(conn)
                .expect("there is such a permission");
            diesel::insert_into(auth_user_user_permissions::table)
                .values((
                    auth_user_user_permissions::user_id.eq(user),
                    auth_user_user_permissions::permission_id.eq(permission),
                ))
                .execute(conn)
                .expect("it can be given");
        }
        user
    }
}

impl Setup {
    /// An active user who may nothing yet.
    pub fn user<'a>(&'a self, username: &str) -> UserBuilder<'a> {
        let user = NewUser::superuser(username.to_owned(), String::new(), ENCODED.clone(), clock::now());
        let user = NewUser { is_staff: false, is_superuser: false, ..user };
        UserBuilder { setup: self, user, permissions: Vec::new() }
    }

    /// How many rows a table has, or `table WHERE …`.
    #[track_caller]
    pub fn count(&self, rows: &str) -> i64 {
        let query = diesel::sql_query(format!("SELECT COUNT(*) AS count FROM {rows}"));
        query.get_result::<Count>(&mut self.open()).unwrap_or_else(|error| panic!("{rows}: {error}")).count
    }
}

/// Somebody at a browser.
pub struct Person {
    visitor: Visitor,
    session: RefCell<Option<String>>,
}

impl TestApp {
    /// Somebody who has not been here.
    pub fn person(&self) -> Person {
        Person { visitor: self.visitor(), session: RefCell::default() }
    }

    /// A superuser of that name, made if needed, who has logged in.
    #[track_caller]
    pub fn administrator(&self, username: &str) -> Person {
        if queries::by_username(&mut self.open(), username).expect("users can be read").is_none() {
            self.user(username).superuser().create();
        }
        self.logged_in(username)
    }

    /// A user there is, logged in.
    #[track_caller]
    pub fn logged_in(&self, username: &str) -> Person {
        let person = self.person();
        person.log_in(username, PASSWORD).expect(303);
        assert!(person.session().is_some(), "a login makes a session");
        person
    }
}

impl Person {
    #[track_caller]
    pub fn get(&self, path: &str) -> Response {
        self.send(self.visitor.get(path))
    }

    #[track_caller]
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.send(self.visitor.post(path).form(fields))
    }

    /// Opens a page and posts its form there, with some fields typed over.
    #[track_caller]
    pub fn submit(&self, path: &str, typed: &[(&str, &str)]) -> Response {
        self.submit_page(path, &self.get(path).expect(200).html(), typed)
    }

    /// Posts the form of a page that was opened before.
    #[track_caller]
    pub fn submit_page(&self, path: &str, page: &Html, typed: &[(&str, &str)]) -> Response {
        let kept = page.fields("#change-form");
        let kept = kept.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = kept.filter(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
        self.post(path, &kept.chain(typed.iter().copied()).collect::<Vec<_>>())
    }

    /// Presses the button beside the message on the admin's first page.
    #[track_caller]
    pub fn undo(&self) -> Response {
        let page = self.get("/admin/").expect(200).html();
        let path = page.attribute(".messagelist form", "action").expect("a button");
        let fields = page.fields(".messagelist form");
        self.post(&path, &fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>())
    }

    /// Watches work on many objects until it is over, where the answer leads to the page about that.
    #[track_caller]
    pub fn watch(&self, answer: &Response) {
        let since = std::time::Instant::now();
        while answer.location().starts_with("/admin/progress/") && self.get(answer.location()).status != 303 {
            assert!(since.elapsed().as_secs() < 1200, "it does not end");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// The messages that the next page shows.
    #[track_caller]
    pub fn messages(&self) -> Vec<String> {
        self.get("/admin/").expect(200).html().texts(".messagelist li > span")
    }

    pub fn log_in(&self, username: &str, password: &str) -> Response {
        self.post("/admin/login/", &[("username", username), ("password", password)])
    }

    /// Sends any request with the session, and keeps the one that comes back.
    #[track_caller]
    pub fn send(&self, request: Request) -> Response {
        let request = match &*self.session.borrow() {
            Some(key) => request.header("Cookie", format!("sessionid={key}")),
            None => request,
        };
        let response = request.send();
        for cookie in response.headers("set-cookie") {
            if let Some(value) = cookie.strip_prefix("sessionid=") {
                let key = value.split(';').next().unwrap_or_default();
                *self.session.borrow_mut() = (!key.is_empty()).then(|| key.to_owned());
            }
        }
        response
    }

    /// The key of the session, as the browser has it.
    pub fn session(&self) -> Option<String> {
        self.session.borrow().clone()
    }

    /// Whether the person is logged in: the page for changing the password is theirs.
    #[track_caller]
    pub fn is_logged_in(&self) -> bool {
        self.get("/admin/password_change/").status == 200
    }
}
