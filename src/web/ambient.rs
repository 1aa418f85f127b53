//! What every page may use without being handed it: site, language, visitor's address (Django's
//! context processors). It travels with the request and reaches templates as a runtime value.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::{HttpMessage as _, HttpRequest};
use askama::Values;
use fluent_bundle::FluentArgs;

use super::client::Client;
use super::i18n::Language;
use super::site::Site;

pub struct Ambient {
    pub site: Arc<Site>,
    pub language: Language,
    pub client: Client,
    /// Names this request in the log and on error pages.
    pub request_id: String,
    /// The path and query asked for.
    pub target: String,
    /// Where the language switch leads back to: this page, or home from the answer to a write, which no
    /// link leads to.
    pub here: String,
}

impl Ambient {
    /// The ambient values of a request that came through [`super::edge`].
    pub fn of(request: &HttpRequest) -> Option<Rc<Self>> {
        request.extensions().get::<Rc<Self>>().cloned()
    }

    /// The languages of the switch.
    pub fn languages(&self) -> &'static [Language] {
        &Language::ALL
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
