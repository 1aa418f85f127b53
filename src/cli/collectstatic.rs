//! `polls collectstatic`: the static files for the web server in front, by their hashed names, with
//! compressed copies beside them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Context, Failure};
use crate::web::static_files::StaticFiles;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where to write them [default: the setting static_root]
    directory: Option<PathBuf>,
}

pub fn run(context: &Context, arguments: Arguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    let directory = arguments
        .directory
        .or_else(|| settings.site.static_root.clone())
        .ok_or("name a directory, or set static_root")?;
    let files = StaticFiles::new(&settings.site.static_url);
    let mut written = 0;
    for file in files.iter() {
        let path = directory.join(&file.hashed_name);
        written += usize::from(write(&path, file.content())?);
        for (suffix, packed) in [("br", file.brotli()), ("gz", file.gzip())] {
            if let Some(packed) = packed {
                let mut name = path.clone().into_os_string();
                name.push(format!(".{suffix}"));
                write(Path::new(&name), packed)?;
            }
        }
    }
    println!(
        "{written} static files written to {}, {} unchanged.",
        directory.display(),
        files.iter().count() - written
    );
    Ok(ExitCode::SUCCESS)
}

/// Writes a file whole or not at all, since a web server may be reading it; says whether it was new.
/// A name holds its content's hash, so a file that is there is the same.
fn write(path: &Path, content: &[u8]) -> Result<bool, Failure> {
    let failed = |error| format!("cannot write {}: {error}", path.display());
    if fs::metadata(path).is_ok_and(|found| found.len() == content.len() as u64) {
        return Ok(false);
    }
    let directory = path.parent().unwrap_or(Path::new("."));
    // For the web server, whatever the umask of who collects.
    let readable = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    if !directory.exists() {
        fs::create_dir_all(directory).and_then(|()| readable(directory, 0o755)).map_err(failed)?;
    }
    let mut nascent = path.as_os_str().to_owned();
    nascent.push(".new");
    let nascent = Path::new(&nascent);
    fs::write(nascent, content)
        .and_then(|()| readable(nascent, 0o644))
        .and_then(|()| fs::rename(nascent, path))
        .map_err(failed)?;
    Ok(true)
}
