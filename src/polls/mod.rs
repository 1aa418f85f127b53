//! The polls app: questions with choices, and the votes for them.

pub mod admin;
pub mod ballot;
pub mod ballot_box;
pub mod eligibility;
pub mod export;
pub mod idempotency_key;
pub mod invitation_batch;
mod listing;
mod models;
mod outcome;
mod page_view;
pub mod paths;
mod queries;
pub mod recount;
pub mod rules;
pub mod schema;
mod shares;
mod sources;
mod stage;
mod turnout;
pub mod urls;
mod views;
pub mod wording;
mod write_in;

use crate::admin::registry::feature::{ExpiredRows, Feature};
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::web::context::installed::{HomeCard, NavigationLink};
use crate::web::pages::i18n::Locale;

pub const FEATURE: Feature = Feature {
    content_types: &[
        admin::QuestionAdmin::META.content_type(),
        admin::ChoiceAdmin::META.content_type(),
        admin::InvitationAdmin::META.content_type(),
    ],
    register: |site| {
        site.register::<admin::QuestionAdmin>()
            .register::<admin::ChoiceAdmin>()
            .register::<admin::InvitationAdmin>()
            .with_dashboard("polls.view_question", admin::dashboard)
    },
    home_card: Some(HomeCard {
        title: "polls-app",
        about: "polls-about",
        path: paths::INDEX,
        icon: "M5 20v-7M12 20V4M19 20v-11",
        for_staff: false,
        section: Some(views::home_section),
    }),
    navigation: Some(NavigationLink { title: "polls-back", path: paths::INDEX }),
    expired: &[
        ExpiredRows { what: "deleted choices and ballots", delete_some: admin::forget_old },
        ExpiredRows { what: "voters of deleted secret polls", delete_some: admin::forget_voters },
    ],
    ..Feature::new(
        Locale { prefix: "polls-", en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") },
        urls::configure,
    )
};
