//! Authentication and authorisation: users, groups and permissions, login, passwords.

pub mod admin;
mod device;
mod door;
mod forms;
pub mod hashers;
pub mod middleware;
pub mod models;
pub mod passwords;
pub mod paths;
pub mod permissions;
pub mod queries;
mod refusals;
mod renewal;
mod reset;
pub mod schema;
pub mod second_factor;
pub mod setup;
mod throttle;
mod token_login;
pub mod tokens;
pub mod urls;
pub mod validators;
mod views;

use crate::admin::registry::feature::{ExpiredRows, Feature};
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::web::context::installed::ContentType;
use crate::web::pages::i18n::Locale;

pub const FEATURE: Feature = Feature {
    content_types: &[
        admin::LogEntryAdmin::META.content_type(),
        ContentType { app: "auth", model: "permission", app_name: "auth-app", verbose_name: "auth-permission" },
        admin::GroupAdmin::META.content_type(),
        admin::UserAdmin::META.content_type(),
        ContentType {
            app: "contenttypes",
            model: "contenttype",
            app_name: "auth-content-types-app",
            verbose_name: "auth-content-type",
        },
        ContentType { app: "sessions", model: "session", app_name: "auth-sessions-app", verbose_name: "auth-session" },
    ],
    register: |site| {
        site.register::<admin::GroupAdmin>().register::<admin::UserAdmin>().register::<admin::LogEntryAdmin>()
    },
    expired: &[ExpiredRows { what: "failed logins", delete_some: throttle::forget_old }],
    outbound: reset::errand_handlers::HANDLERS,
    ..Feature::new(
        Locale { prefix: "auth-", en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") },
        urls::configure,
    )
};
