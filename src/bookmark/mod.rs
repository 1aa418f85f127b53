//! The bookmark app: a public list of links.

mod actions;
mod address;
pub mod admin;
pub mod api;
pub mod editing;
pub mod errand_handlers;
pub mod errands;
pub mod exchange;
mod fields;
mod folder;
pub mod links;
pub mod models;
pub mod page;
pub mod paths;
pub mod queries;
pub mod schema;
pub mod search;
pub mod shown;
mod tagging;
mod tags;
pub mod urls;
mod views;

use utoipa::OpenApi as _;

use crate::admin::registry::feature::Feature;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::web::context::installed::{HomeCard, NavigationLink};
use crate::web::pages::i18n::Locale;

pub const FEATURE: Feature = Feature {
    content_types: &[admin::BookmarkAdmin::META.content_type()],
    register: |site| site.register::<admin::BookmarkAdmin>(),
    home_card: Some(HomeCard {
        title: "bookmark-title",
        about: "bookmark-about",
        path: paths::INDEX,
        icon: "M6 21V5a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v16l-6-4z",
        for_staff: false,
        section: Some(views::home_section),
    }),
    outbound: errand_handlers::HANDLERS,
    api: Some(api::BookmarkApi::openapi),
    navigation: Some(NavigationLink { title: "bookmark-title", path: paths::INDEX }),
    ..Feature::new(
        Locale { prefix: "bookmark-", en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") },
        urls::configure,
    )
};
