//! The parts of the site that every request may use: settings, texts, static files, installed features.

use crate::settings::{self, Settings};
use crate::web::context::installed::{ContentType, Installed};
use crate::web::pages::i18n::Catalogue;
use crate::web::pages::static_files::StaticFiles;

pub struct Site {
    pub settings: settings::SiteSettings,
    pub security: settings::SecuritySettings,
    pub session: settings::SessionSettings,
    pub admin: settings::AdminSettings,
    pub mail: settings::MailSettings,
    pub catalogue: Catalogue,
    pub static_files: StaticFiles,
    pub installed: Installed,
}

impl Site {
    pub fn new(settings: &Settings, installed: Installed) -> Self {
        Self {
            catalogue: Catalogue::new(&installed.locales),
            static_files: StaticFiles::new(&settings.site.static_url),
            settings: settings.site.clone(),
            security: settings.security.clone(),
            session: settings.session.clone(),
            admin: settings.admin.clone(),
            mail: settings.mail.clone(),
            installed,
        }
    }

    /// The address of a path of this site: the mount and then `path`, which starts with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.mount)
    }

    /// A model by its names in the database; None if no feature has it.
    pub fn content_type(&self, app: &str, model: &str) -> Option<&ContentType> {
        self.installed.content_types.iter().find(|known| known.app == app && known.model == model)
    }

    /// The message of an app's name.
    pub fn app_name(&self, app: &str) -> Option<&'static str> {
        self.installed.content_types.iter().find(|known| known.app == app).map(|known| known.app_name)
    }
}
