//! `polls apache-config`: the site file for Apache.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr as _;

use super::{Context, Failure};
use crate::ops::apache_config::{ApacheCache, ApacheMode, SiteFile, Wanted};
use crate::settings::{Bind, Mount, find_file, parse_network};

/// Print the site file for Apache, made for this installation
///
/// The settings say where the site lives, where the program listens and where the static files are; the flags say how
/// Apache comes to the program and its visitors to Apache. What has to be loaded stands at the head of the file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  polls apache-config --mode embedded --server-name vote.example.org --tls \\
      > /etc/apache2/sites-available/polls.conf
  a2enmod headers http2 proxy_http rewrite ssl unique_id && a2ensite polls && systemctl reload apache2")]
pub struct ApacheConfigArguments {
    /// How Apache and the program speak to each other
    #[arg(long, value_enum)]
    mode: ApacheMode,
    /// The name of the site [default: the first of allowed_hosts]
    #[arg(long, value_name = "NAME")]
    server_name: Option<String>,
    /// Where Apache listens [default: 80, with --tls 443]
    #[arg(long)]
    port: Option<u16>,
    /// The path at which the site lives; the settings have to say the same [default: script_name]
    #[arg(long, value_name = "PATH", value_parser = Mount::parse)]
    mount: Option<Mount>,
    /// Serve HTTPS, and send plain HTTP there
    #[arg(long)]
    tls: bool,
    /// The certificate with those between [default: where certbot puts it]
    #[arg(long, value_name = "FILE", requires = "tls", requires = "certificate_key")]
    certificate: Option<String>,
    /// Its key [default: where certbot puts it]
    #[arg(long, value_name = "FILE", requires = "certificate")]
    certificate_key: Option<String>,
    /// Have Apache keep pages for readers without a session for a second; quick: before any rule of yours is looked at
    #[arg(long, value_name = "WHEN", require_equals = true, num_args = 0..=1, default_missing_value = "on")]
    cache: Option<ApacheCache>,
    /// A process of the program; several share the requests: ADDRESS:PORT or unix:/path
    #[arg(long, value_name = "ADDRESS", num_args = 1.., value_parser = Bind::from_str)]
    balancer: Vec<Bind>,
    /// So many processes on this machine share the requests: polls-1.sock, polls-2.sock, or one port after the other
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64),
          conflicts_with = "balancer")]
    instances: u16,
    /// The address or network of a proxy in front of Apache that ends TLS
    #[arg(long, value_name = "ADDRESS", num_args = 1.., value_parser = address)]
    behind: Vec<String>,
}

pub fn run(context: &Context, arguments: ApacheConfigArguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    if let Some(mount) = arguments.mount.as_ref().filter(|mount| **mount != settings.site.mount) {
        eprintln!("polls: the settings have to say script_name = \"{mount}\" too, or the site does not answer there");
    }
    let wanted = Wanted {
        mode: arguments.mode,
        server_name: arguments.server_name,
        port: arguments.port,
        mount: arguments.mount,
        tls: arguments.tls,
        certificate: arguments.certificate,
        certificate_key: arguments.certificate_key,
        cache: arguments.cache.unwrap_or_default(),
        behind: arguments.behind,
        balancer: arguments.balancer,
        instances: arguments.instances,
        command: command_line(),
        settings_file: find_file(context.config.as_deref(), &context.environment).and_then(|file| absolute(&file)),
        program: std::env::current_exe().ok().filter(|program| is_installed(program)),
    };
    println!("{}", SiteFile::new(&settings, wanted)?);
    Ok(ExitCode::SUCCESS)
}

/// Checks an address or a network, and keeps it as it was written.
fn address(text: &str) -> Result<String, String> {
    parse_network(text).map(|_| text.to_owned())
}

/// The command line of this process, quoted for a shell.
fn command_line() -> String {
    let quoted = |word: String| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._/:=,".contains(c);
        if word.chars().all(is_plain) { word } else { format!("'{}'", word.escape_debug()) }
    };
    std::iter::once("polls".to_owned()).chain(std::env::args().skip(1).map(quoted)).collect::<Vec<_>>().join(" ")
}

fn absolute(path: &Path) -> Option<PathBuf> {
    std::path::absolute(path).ok()
}

/// Whether the program is installed, and not in its build directory.
fn is_installed(program: &Path) -> bool {
    ["/usr", "/opt"].iter().any(|system| program.starts_with(system))
}
