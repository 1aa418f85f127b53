//! The logged-in user of a request and their permissions. `auth` fills it; other features know nothing else of users.

use std::collections::HashSet;
use std::sync::Arc;

/// A user who is logged in and active.
///
/// As a handler's argument use `Option<Viewer>`, or [`super::staff::Staff`] for pages of the admin.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    pub id: i32,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub is_staff: bool,
    pub is_superuser: bool,
    pub has_usable_password: bool,
    /// `app.codename` of every permission, from the user and the user's groups; empty for a superuser, who has all.
    pub permissions: Arc<HashSet<String>>,
}

impl Viewer {
    /// Whether they have a permission, such as `polls.change_question`.
    pub fn can(&self, permission: &str) -> bool {
        self.is_superuser || self.permissions.contains(permission)
    }

    /// The name to show on pages: the first name, or the username if that is empty.
    pub fn short_name(&self) -> &str {
        if self.first_name.is_empty() { &self.username } else { &self.first_name }
    }

    /// First and last name, or the username if both are empty.
    pub fn full_name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        match name.trim() {
            "" => self.username.clone(),
            name => name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(is_superuser: bool) -> Viewer {
        let permissions = Arc::new(HashSet::from(["polls.change_question".to_owned()]));
        Viewer { username: "ada".to_owned(), is_superuser, permissions, ..Viewer::default() }
    }

    #[test]
    fn a_superuser_may_all_and_others_what_they_were_given() {
        assert!(viewer(false).can("polls.change_question"));
        assert!(!viewer(false).can("polls.delete_question"));
        assert!(viewer(true).can("polls.delete_question"));
    }

    #[test]
    fn a_viewer_without_names_goes_by_the_username() {
        let ada = viewer(false);
        assert_eq!((ada.short_name(), ada.full_name().as_str()), ("ada", "ada"));
        let named = Viewer { first_name: "Ada".to_owned(), last_name: "Lovelace".to_owned(), ..ada };
        assert_eq!((named.short_name(), named.full_name().as_str()), ("Ada", "Ada Lovelace"));
    }
}
