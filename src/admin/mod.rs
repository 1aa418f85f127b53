//! The generic admin, modelled on Django's: lists, forms, deletions, history and undo for every registered model.
//!
//! A feature registers a model with one file of descriptors ([`registry::model_admin::ModelAdmin`]). This code knows no
//! single model; the templates distinguish only the kinds of fields.

pub mod changes;
pub mod form;
pub mod list;
pub mod pages;
pub mod paths;
pub mod registry;
pub mod schema;
pub mod urls;

pub use registry::site::AdminSite;

use crate::admin::registry::feature::Feature;
use crate::web::context::installed::HomeCard;
use crate::web::pages::i18n::Locale;

pub const FEATURE: Feature = Feature {
    home_card: Some(HomeCard {
        title: "admin-card",
        about: "admin-card-about",
        path: paths::INDEX,
        icon: "M3 7h9M18 7h3M3 17h3M12 17h9M15 4v6M9 14v6",
        for_staff: true,
        section: None,
    }),
    ..Feature::new(
        Locale { prefix: "admin-", en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") },
        urls::configure,
    )
};
