//! The addresses of the admin, which are the same as Django's. They are relative to the mount.

pub const INDEX: &str = "/admin/";
pub const THEME: &str = "/admin/theme.css";
pub const UNDO: &str = "/admin/undo/{id}/";
pub const PROGRESS: &str = "/admin/progress/{id}/";
pub const STATUS: &str = "/admin/status/";
pub const APP: &str = "/admin/{app}/";
pub const LIST: &str = "/admin/{app}/{model}/";
pub const ADD: &str = "/admin/{app}/{model}/add/";
pub const OPTIONS: &str = "/admin/{app}/{model}/options/";
pub const OBJECT: &str = "/admin/{app}/{model}/{id}/";
pub const CHANGE: &str = "/admin/{app}/{model}/{id}/change/";
pub const DELETE: &str = "/admin/{app}/{model}/{id}/delete/";
pub const DUPLICATE: &str = "/admin/{app}/{model}/{id}/duplicate/";
pub const HISTORY: &str = "/admin/{app}/{model}/{id}/history/";

/// The address that undoes an entry of the log.
pub fn undo(entry: i32) -> String {
    format!("/admin/undo/{entry}/")
}

/// The page that shows the progress of a task.
pub fn progress(task: i64) -> String {
    format!("/admin/progress/{task}/")
}

pub fn app(app: &str) -> String {
    format!("/admin/{app}/")
}

pub fn list(app: &str, model: &str) -> String {
    format!("/admin/{app}/{model}/")
}

pub fn add(app: &str, model: &str) -> String {
    format!("/admin/{app}/{model}/add/")
}

pub fn options(app: &str, model: &str) -> String {
    format!("/admin/{app}/{model}/options/")
}

/// A page of an object; `view` is `change`, `delete`, `duplicate` or `history`.
pub fn object(app: &str, model: &str, pk: &str, view: &str) -> String {
    format!("/admin/{app}/{model}/{pk}/{view}/")
}
