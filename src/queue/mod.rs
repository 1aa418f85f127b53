//! The queue of outbound work as staff see it: what waits, and what failed and why. Errors of the program are mailed from
//! here.

mod admin;
mod report_handlers;

use crate::admin::registry::feature::Feature;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::web::pages::i18n::Locale;

pub const FEATURE: Feature = Feature {
    content_types: &[admin::TaskAdmin::META.content_type()],
    register: |site| site.register::<admin::TaskAdmin>(),
    outbound: report_handlers::HANDLERS,
    ..Feature::new(
        Locale { prefix: "queue-", en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") },
        |_| {},
    )
};
