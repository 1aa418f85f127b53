//! Values that every page may use without an argument: site, language, client, session (Django's context processors).
//! They are stored in the request's extensions and reach templates as a runtime value.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::{HttpMessage as _, HttpRequest};
use askama::Values;
use fluent_bundle::FluentArgs;

use super::messages;
use crate::clock::TimeZone;
use crate::web::context::client::Client;
use crate::web::context::messages::Message;
use crate::web::context::session::Session;
use crate::web::context::site::Site;
use crate::web::context::viewer::Viewer;
use crate::web::pages::i18n::Language;
use crate::web::{Error, Result};

pub struct Ambient {
    pub site: Arc<Site>,
    pub language: Language,
    pub client: Client,
    /// Identifies this request in the log and on error pages.
    pub request_id: String,
    /// The path and query of the request.
    pub target: String,
    /// Loaded if the request has a session cookie, and stored if it was changed.
    pub session: Session,
    viewer: RefCell<Option<Rc<Viewer>>>,
    messages: OnceCell<Vec<Message>>,
    private: Cell<bool>,
    origin: OnceCell<String>,
    /// The address to which the language switch returns: this page; for the answer to a write, which no link leads to,
    /// the page that it was sent from; the home page if that is unknown.
    pub here: String,
}

/// The site and language for translating texts, in a form that can be sent to the thread that reads the database.
#[derive(Clone)]
pub struct Reader {
    site: Arc<Site>,
    language: Language,
}

impl Reader {
    /// A text of the catalogue.
    pub fn text(&self, id: &str) -> String {
        self.site.catalogue.text(self.language, id, None)
    }

    /// A text of the catalogue with a value put in by name.
    pub fn text_with(&self, id: &str, name: &str, value: &str) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value);
        self.site.catalogue.text(self.language, id, Some(&args))
    }

    /// The translated name of an app; None if no feature has it.
    pub fn app_name(&self, app: &str) -> Option<String> {
        self.site.app_name(app).map(|message| self.text(message))
    }

    /// The translated name of a model; None if no feature has it.
    pub fn model_name(&self, app: &str, model: &str) -> Option<String> {
        self.site.content_type(app, model).map(|known| self.text(known.verbose_name))
    }

    /// The English name of a model, as in the names of permissions in the database; None if no feature has it.
    pub fn english_model_name(&self, app: &str, model: &str) -> Option<String> {
        let known = self.site.content_type(app, model)?;
        Some(self.site.catalogue.text(Language::English, known.verbose_name, None))
    }

    /// The time zone in which times are shown.
    pub fn zone(&self) -> &TimeZone {
        &self.site.settings.time_zone
    }
}

impl Ambient {
    pub fn new(
        site: Arc<Site>,
        language: Language,
        client: Client,
        request_id: String,
        here: String,
        target: String,
    ) -> Self {
        Self {
            site,
            language,
            client,
            request_id,
            here,
            target,
            session: Session::default(),
            viewer: RefCell::default(),
            messages: OnceCell::new(),
            private: Cell::new(false),
            origin: OnceCell::new(),
        }
    }

    /// The ambient values of a request that came through [`crate::web::edge`].
    pub fn of(request: &HttpRequest) -> Option<Rc<Self>> {
        request.extensions().get::<Rc<Self>>().cloned()
    }

    /// The same for a handler, which is only called with ambient values.
    ///
    /// # Errors
    /// `Internal` if the request has none, so if a handler was called without the middleware.
    pub fn required(request: &HttpRequest) -> Result<Rc<Self>> {
        Self::of(request).ok_or_else(|| Error::Internal("a handler was called outside the app".into()))
    }

    /// The languages of the switch.
    pub fn languages(&self) -> &'static [Language] {
        &Language::ALL
    }

    /// The user who is logged in.
    pub fn viewer(&self) -> Option<Rc<Viewer>> {
        self.viewer.borrow().clone()
    }

    /// Sets the user who is logged in; called by `auth`'s middleware.
    pub fn set_viewer(&self, viewer: Option<Viewer>) {
        *self.viewer.borrow_mut() = viewer.map(Rc::new);
    }

    /// The messages for the visitor. They are removed from the session, so a page that calls this must show them.
    pub fn messages(&self) -> &[Message] {
        self.messages.get_or_init(|| messages::take(&self.session, &self.target))
    }

    /// Marks the answer as depending on the visitor, so that no cache keeps it.
    pub fn make_private(&self) {
        self.private.set(true);
    }

    pub fn is_private(&self) -> bool {
        self.private.get()
    }

    /// The scheme and host that the visitor uses, such as `https://vote.example.org`, for addresses that leave the site;
    /// empty for a page that answers no request.
    pub fn origin(&self) -> &str {
        self.origin.get().map_or("", String::as_str)
    }

    /// Sets the origin, when the host is known to be one of the site's.
    pub fn set_origin(&self, origin: String) {
        self.origin.get_or_init(|| origin);
    }

    /// The [`Reader`] for this request's site and language.
    pub fn reader(&self) -> Reader {
        Reader { site: Arc::clone(&self.site), language: self.language }
    }

    /// A text of the catalogue.
    pub fn text(&self, id: &str) -> String {
        self.site.catalogue.text(self.language, id, None)
    }

    /// A text of the catalogue with values put in.
    pub fn text_with(&self, id: &str, args: &FluentArgs<'_>) -> String {
        self.site.catalogue.text(self.language, id, Some(args))
    }
}

impl Values for Ambient {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == "ambient").then_some(self as &dyn Any)
    }
}
