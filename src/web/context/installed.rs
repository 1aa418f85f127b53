//! What the installed features bring to every page: texts, the names of models, links.

use crate::web::pages::i18n::Locale;

/// What is installed, in the order in which pages list it.
#[derive(Debug, Clone, Default)]
pub struct Installed {
    pub locales: Vec<Locale>,
    pub content_types: Vec<ContentType>,
    pub home_cards: Vec<HomeCard>,
    pub navigation: Vec<NavigationLink>,
}

/// A model as `django_content_type` has it, and the messages of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentType {
    /// Django's app label: `polls`.
    pub app: &'static str,
    /// Django's model name: `question`.
    pub model: &'static str,
    /// A message: "Polls".
    pub app_name: &'static str,
    /// A message: "question".
    pub verbose_name: &'static str,
}

/// A way from the home page to a feature.
#[derive(Debug, Clone, Copy)]
pub struct HomeCard {
    /// Messages.
    pub title: &'static str,
    pub about: &'static str,
    pub path: &'static str,
    /// The path of an SVG drawing of 24 by 24 units.
    pub icon: &'static str,
}

/// A link at the head of every public page.
#[derive(Debug, Clone, Copy)]
pub struct NavigationLink {
    /// A message.
    pub title: &'static str,
    pub path: &'static str,
}
