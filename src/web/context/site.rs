//! What every request may know of the site: its settings, its texts, its static files.

use crate::settings::{self, Settings};

use crate::web::pages::i18n::{Catalogue, Locale};
use crate::web::pages::static_files::StaticFiles;

pub struct Site {
    pub settings: settings::Site,
    pub security: settings::Security,
    pub session: settings::Session,
    pub admin: settings::Admin,
    pub catalogue: Catalogue,
    pub static_files: StaticFiles,
}

impl Site {
    pub fn new(settings: &Settings, locales: &[Locale]) -> Self {
        Self {
            catalogue: Catalogue::new(locales),
            static_files: StaticFiles::new(&settings.site.static_url),
            settings: settings.site.clone(),
            security: settings.security.clone(),
            session: settings.session.clone(),
            admin: settings.admin.clone(),
        }
    }

    /// The address of a path of this site, which starts with a slash: the mount comes before it.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.mount)
    }
}
