//! The home page, which shows something of every installed feature.

pub mod urls;
mod views;

use crate::admin::registry::feature::Feature;
use crate::web::pages::i18n::Locale;

pub const FEATURE: Feature = Feature::new(
    Locale { prefix: "home-", en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") },
    urls::configure,
);
