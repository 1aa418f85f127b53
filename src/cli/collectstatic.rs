//! `polls collectstatic`: writes the static files for the web server in front, by their hashed names and with
//! compressed copies, and pages for the errors that the web server answers by itself.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::{Context, Failure};
use crate::app::features;
use crate::web::context::client::Client;
use crate::web::pages::error_page;
use crate::web::pages::i18n::Language;
use crate::web::{Ambient, Site};

#[derive(Debug, clap::Args)]
pub struct CollectstaticArguments {
    /// The directory to write to [default: the setting static_root]
    directory: Option<PathBuf>,
}

pub fn run(context: &Context, arguments: CollectstaticArguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    let directory = arguments
        .directory
        .or_else(|| settings.site.static_root.clone())
        .ok_or("name a directory, or set static_root")?;
    let site = Arc::new(Site::new(&settings, features::installed()));
    let mut written = 0;
    for file in site.static_files.iter() {
        let path = directory.join(&file.hashed_name);
        written += usize::from(write(&path, file.content())?);
        if let Some(packed) = file.gzip() {
            let mut name = path.into_os_string();
            name.push(".gz");
            write(Path::new(&name), packed)?;
        }
    }
    println!(
        "{written} static files written to {}, {} unchanged.",
        directory.display(),
        site.static_files.iter().count() - written
    );
    write_error_pages(&site, &directory.join("errors"))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes one page for each status and language, `404.ko.html`, and `404.html` in the default language of the site. The
/// pages use nothing but static files, as the web server shows them also when the program does not answer.
fn write_error_pages(site: &Arc<Site>, directory: &Path) -> Result<(), Failure> {
    for language in Language::ALL {
        let client = Client { address: None, secure: false, request_id: None };
        let home = site.url("/");
        let ambient = Ambient::new(Arc::clone(site), language, client, String::new(), home.clone(), home);
        for status in error_page::OF_WEB_SERVER {
            let page = error_page::page_of_web_server(&ambient, status)?;
            let code = language.code();
            replace(&directory.join(format!("{status}.{code}.html")), page.as_bytes())?;
            if language == site.settings.language_code {
                replace(&directory.join(format!("{status}.html")), page.as_bytes())?;
            }
        }
    }
    Ok(())
}

/// Writes a file unless it exists; returns whether it was written. The name contains a hash of the content, so an
/// existing file has the same content.
fn write(path: &Path, content: &[u8]) -> Result<bool, Failure> {
    if fs::metadata(path).is_ok_and(|found| found.len() == content.len() as u64) {
        return Ok(false);
    }
    replace(path, content)?;
    Ok(true)
}

/// Writes a file under another name and renames it, since a web server may be reading the old one.
fn replace(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let failed = |error| format!("cannot write {}: {error}", path.display());
    let directory = path.parent().unwrap_or(Path::new("."));
    make_directory(directory).map_err(failed)?;
    let mut nascent = path.as_os_str().to_owned();
    nascent.push(".new");
    let nascent = Path::new(&nascent);
    fs::write(nascent, content)
        .and_then(|()| readable(nascent, 0o644))
        .and_then(|()| fs::rename(nascent, path))
        .map_err(failed)?;
    Ok(())
}

/// Makes a directory, and those above it, unless they are there.
fn make_directory(directory: &Path) -> std::io::Result<()> {
    if directory.as_os_str().is_empty() || directory.exists() {
        return Ok(());
    }
    make_directory(directory.parent().unwrap_or(Path::new("")))?;
    fs::create_dir(directory).and_then(|()| readable(directory, 0o755))
}

/// Lets the web server read it, whatever the umask of this process is.
fn readable(path: &Path, mode: u32) -> std::io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}
