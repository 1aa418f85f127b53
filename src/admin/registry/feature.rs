//! What a part of the site brings along. `app/features.rs` lists those that there are.

use actix_web::web::ServiceConfig;

use crate::admin::AdminSite;
use crate::web::context::installed::{ContentType, HomeCard, NavigationLink};
use crate::web::pages::i18n::Locale;

/// A feature, whole: nothing outside its folder names it but `app/features.rs` and `lib.rs`.
#[derive(Clone, Copy)]
pub struct Feature {
    pub locale: Locale,
    /// Registers its addresses.
    pub urls: fn(&mut ServiceConfig),
    /// Its models, whether the admin has them or not: each gets Django's four permissions.
    pub content_types: &'static [ContentType],
    /// Registers its models in the admin.
    pub register: fn(AdminSite) -> AdminSite,
    pub home_card: Option<HomeCard>,
    pub navigation: Option<NavigationLink>,
}

impl Feature {
    /// A feature with texts and addresses, and nothing else yet.
    pub const fn new(locale: Locale, urls: fn(&mut ServiceConfig)) -> Self {
        Self { locale, urls, content_types: &[], register: |site| site, home_card: None, navigation: None }
    }
}
