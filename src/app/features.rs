//! The list of features. Permissions, the home page, the navigation, the catalogues, the admin and the start-up check
//! read it.

use actix_web::web::ServiceConfig;

use crate::admin::registry::feature::{ExpiredRows, Feature};
use crate::outbound::worker::OutboundHandler;
use crate::web::context::installed::Installed;
use crate::{admin, auth, bookmark, home, polls, queue, web};

/// In the order in which addresses are matched and pages list them. Polls are first, because most requests are votes.
pub const FEATURES: &[Feature] =
    &[polls::FEATURE, bookmark::FEATURE, home::FEATURE, queue::FEATURE, auth::FEATURE, admin::FEATURE];

/// The texts, models, home cards and links of all features.
pub fn installed() -> Installed {
    Installed {
        locales: [web::LOCALE].into_iter().chain(FEATURES.iter().map(|feature| feature.locale)).collect(),
        content_types: FEATURES.iter().flat_map(|feature| feature.content_types).copied().collect(),
        home_cards: FEATURES.iter().filter_map(|feature| feature.home_card).collect(),
        navigation: FEATURES.iter().filter_map(|feature| feature.navigation).collect(),
        apis: FEATURES.iter().filter_map(|feature| feature.api).collect(),
    }
}

/// Registers the addresses of every feature.
pub fn urls(config: &mut ServiceConfig) {
    for feature in FEATURES {
        config.configure(feature.urls);
    }
}

/// What `polls outbound` does for the features.
pub fn outbound() -> Vec<OutboundHandler> {
    FEATURES.iter().flat_map(|feature| feature.outbound).copied().collect()
}

/// What `polls purge` deletes.
pub fn expired() -> Vec<ExpiredRows> {
    FEATURES.iter().flat_map(|feature| feature.expired).copied().collect()
}

/// The admin with the models of every feature.
///
/// # Errors
/// If a registration is invalid; the text names every fault.
pub fn admin_site() -> Result<admin::AdminSite, String> {
    let site = FEATURES.iter().fold(admin::AdminSite::default(), |site, feature| (feature.register)(site));
    let faults = site.check(&installed().content_types);
    if faults.is_empty() { Ok(site) } else { Err(format!("the admin's registrations: {}", faults.join("; "))) }
}
