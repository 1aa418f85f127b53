//! What a user of the API may do with bookmarks.

use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::bookmark::admin::BookmarkAdmin;
use crate::web::api::ApiUser;
use crate::web::{Result, Viewer};

pub fn may(viewer: &Viewer, permission: Permission) -> bool {
    viewer.can(&BookmarkAdmin::META.permission(permission))
}

/// Whether a user sees private bookmarks, tags that only those have, and notes.
pub fn sees_private(viewer: &Viewer) -> bool {
    may(viewer, Permission::View)
}

/// # Errors
/// `PermissionDenied` without the permission for bookmarks, which is logged.
pub fn demand(user: &ApiUser, permission: Permission) -> Result<()> {
    user.demand(&BookmarkAdmin::META.permission(permission))
}
