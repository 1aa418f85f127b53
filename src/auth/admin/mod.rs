//! Users, groups and the admin's own log, as models of the admin.

mod deletion;
mod group;
mod log_entry;
mod password;
mod relations;
mod rights;
mod user;
mod user_fields;
mod user_queries;

pub use group::GroupAdmin;
pub use log_entry::LogEntryAdmin;
pub(super) use password::{password, set_password};
pub use user::UserAdmin;

use diesel::QueryResult;
use diesel::result::Error;

/// Converts a primary key to Django's 32 bits. A number that does not fit is an object that does not exist.
fn id(pk: i64) -> QueryResult<i32> {
    i32::try_from(pk).map_err(|_| Error::NotFound)
}

fn ids(pks: &[i64]) -> Vec<i32> {
    pks.iter().filter_map(|pk| i32::try_from(*pk).ok()).collect()
}
