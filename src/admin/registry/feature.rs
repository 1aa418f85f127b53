//! What a feature adds to the site. `app/features.rs` lists all features.

use actix_web::web::ServiceConfig;
use chrono::NaiveDateTime;
use diesel::QueryResult;
use utoipa::openapi::OpenApi;

use crate::admin::AdminSite;
use crate::db::Connection;
use crate::outbound::worker::OutboundHandler;
use crate::web::context::installed::{ContentType, HomeCard, NavigationLink};
use crate::web::pages::i18n::Locale;

/// Everything that the site needs from a feature. Outside the feature's folder only `app/features.rs` and `lib.rs` name
/// the feature.
#[derive(Clone, Copy)]
pub struct Feature {
    pub locale: Locale,
    /// Registers the feature's addresses.
    pub urls: fn(&mut ServiceConfig),
    /// The feature's models, also those that the admin does not show. Each gets Django's four permissions.
    pub content_types: &'static [ContentType],
    /// Registers the feature's models in the admin.
    pub register: fn(AdminSite) -> AdminSite,
    pub home_card: Option<HomeCard>,
    pub navigation: Option<NavigationLink>,
    /// What `polls outbound` does for the feature.
    pub outbound: &'static [OutboundHandler],
    /// What `polls purge` deletes of the feature.
    pub expired: &'static [ExpiredRows],
    /// The description of the feature's API, whose addresses are among `urls`.
    pub api: Option<fn() -> OpenApi>,
}

/// Rows that are of no use after some time.
#[derive(Clone, Copy)]
pub struct ExpiredRows {
    /// What they are, in English and in the plural.
    pub what: &'static str,
    /// Deletes a part of them in its transaction, so few that no vote waits long for it, and returns how many; 0 if none
    /// is left.
    pub delete_some: fn(&mut Connection, NaiveDateTime) -> QueryResult<usize>,
}

impl Feature {
    /// A feature with texts and addresses only; the other parts are empty.
    pub const fn new(locale: Locale, urls: fn(&mut ServiceConfig)) -> Self {
        Self {
            locale,
            urls,
            content_types: &[],
            register: |site| site,
            home_card: None,
            navigation: None,
            outbound: &[],
            expired: &[],
            api: None,
        }
    }
}
