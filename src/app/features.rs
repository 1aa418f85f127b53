//! The features that there are. Permissions, the home page, the navigation, the catalogues, the admin and the check at
//! the start read this list.

use actix_web::web::ServiceConfig;

use crate::admin::registry::feature::Feature;
use crate::web::context::installed::Installed;
use crate::{admin, auth, bookmark, home, polls, web};

/// In the order in which addresses are tried (votes come in crowds, so polls are first) and pages list them.
pub const FEATURES: &[Feature] = &[polls::FEATURE, bookmark::FEATURE, home::FEATURE, auth::FEATURE, admin::FEATURE];

/// What the features bring to every page.
pub fn installed() -> Installed {
    Installed {
        locales: [web::LOCALE].into_iter().chain(FEATURES.iter().map(|feature| feature.locale)).collect(),
        content_types: FEATURES.iter().flat_map(|feature| feature.content_types).copied().collect(),
        home_cards: FEATURES.iter().filter_map(|feature| feature.home_card).collect(),
        navigation: FEATURES.iter().filter_map(|feature| feature.navigation).collect(),
    }
}

/// Registers the addresses of every feature.
pub fn urls(config: &mut ServiceConfig) {
    for feature in FEATURES {
        config.configure(feature.urls);
    }
}

/// The admin with the models of every feature.
///
/// # Errors
/// What is wrong with the registrations, if anything is.
pub fn admin_site() -> Result<admin::Site, String> {
    let site = FEATURES.iter().fold(admin::Site::default(), |site, feature| (feature.register)(site));
    let faults = site.check(&installed().content_types);
    if faults.is_empty() { Ok(site) } else { Err(format!("the admin's registrations: {}", faults.join("; "))) }
}
