//! What the installed features add to the site: texts, the names of models, links.

use askama::DynTemplate;
use chrono::NaiveDateTime;
use diesel::QueryResult;
use utoipa::openapi::OpenApi;

use crate::db::Connection;
use crate::web::pages::i18n::Locale;

/// The parts of all installed features, in the order in which pages list them.
#[derive(Debug, Clone, Default)]
pub struct Installed {
    pub locales: Vec<Locale>,
    pub content_types: Vec<ContentType>,
    pub home_cards: Vec<HomeCard>,
    pub navigation: Vec<NavigationLink>,
    /// The descriptions of the features' APIs.
    pub apis: Vec<fn() -> OpenApi>,
}

/// A model as in the table `django_content_type`, and the messages of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentType {
    /// Django's app label: `polls`.
    pub app: &'static str,
    /// Django's model name: `question`.
    pub model: &'static str,
    /// The message for the app's name, "Polls".
    pub app_name: &'static str,
    /// The message for the model's name, "question".
    pub verbose_name: &'static str,
}

/// What the home page shows of a feature: a section, or a link.
#[derive(Debug, Clone, Copy)]
pub struct HomeCard {
    /// The names of messages.
    pub title: &'static str,
    pub about: &'static str,
    pub path: &'static str,
    /// The path of an SVG drawing of 24 by 24 units.
    pub icon: &'static str,
    /// Whether only members of staff see it.
    pub for_staff: bool,
    /// Reads the section; without one there is only a link.
    pub section: Option<ReadSection>,
}

/// Reads what a feature shows on the home page at a time.
pub type ReadSection = fn(&mut Connection, NaiveDateTime) -> QueryResult<HomeSection>;

/// A section of the home page that only has to be rendered.
pub type HomeSection = Box<dyn DynTemplate + Send>;

/// A link in the header of every public page.
#[derive(Debug, Clone, Copy)]
pub struct NavigationLink {
    /// The name of a message.
    pub title: &'static str,
    pub path: &'static str,
}
