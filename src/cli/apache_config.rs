//! `polls apache-config`: the site file for Apache.

use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr as _;

use super::{Context, Failure};
use crate::ops::apache_config::{ApacheCache, ApacheMode, SiteFile, Wanted};
use crate::settings::{Bind, Mount, find_file, parse_network};

/// Print the site file for Apache, made for this installation
///
/// The addresses of the site, of the program and of the static files are taken from the settings; the options say how
/// Apache connects to the program and how visitors connect to Apache. The modules that Apache must load are named at
/// the head of the file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  polls apache-config --mode embedded --server-name vote.example.org --tls \\
      > /etc/apache2/sites-available/polls.conf
  a2enmod headers http2 proxy_http rewrite ssl unique_id && a2ensite polls && systemctl reload apache2")]
pub struct ApacheConfigArguments {
    /// The protocol between Apache and the program
    #[arg(long, value_enum)]
    mode: ApacheMode,
    /// The name of the site [default: the first of allowed_hosts]
    #[arg(long, value_name = "NAME")]
    server_name: Option<String>,
    #[command(flatten)]
    site: SiteArguments,
}

/// How visitors reach Apache, and Apache the program; for `polls setup` too.
#[derive(Debug, Clone, clap::Args)]
pub struct SiteArguments {
    /// The port at which Apache listens [default: 80, with --tls 443]
    #[arg(long)]
    port: Option<u16>,
    /// The path at which the site is mounted; the settings must name the same path [default: script_name]
    #[arg(long, value_name = "PATH", value_parser = Mount::parse)]
    pub mount: Option<Mount>,
    /// Serve HTTPS, and redirect plain HTTP to it. Without --certificate, Apache starts before there is a certificate
    #[arg(long)]
    pub tls: bool,
    /// The file of the certificate and its intermediate certificates [default: where certbot puts it]
    #[arg(long, value_name = "FILE", requires = "tls", requires = "certificate_key")]
    pub certificate: Option<String>,
    /// The file of the certificate's key [default: where certbot puts it]
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub certificate_key: Option<String>,
    /// Let Apache cache pages for readers without a session for a second; quick: answer from the cache before your own
    /// rules (Require, RewriteRule) are applied
    #[arg(long, value_name = "WHEN", require_equals = true, num_args = 0..=1, default_missing_value = "on")]
    cache: Option<ApacheCache>,
    /// The address of a process of the program, ADDRESS:PORT or unix:/path; several processes share the requests
    #[arg(long, value_name = "ADDRESS", num_args = 1.., value_parser = Bind::from_str)]
    balancer: Vec<Bind>,
    /// The number of processes on this machine that share the requests, at polls-1.sock, polls-2.sock, or at one port
    /// after the other
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64),
          conflicts_with = "balancer")]
    pub instances: u16,
    /// The address or network of a proxy in front of Apache that ends TLS
    #[arg(long, value_name = "ADDRESS", num_args = 1.., value_parser = address)]
    pub behind: Vec<String>,
}

pub fn run(context: &Context, arguments: ApacheConfigArguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    if let Some(mount) = arguments.site.mount.as_ref().filter(|mount| **mount != settings.site.mount) {
        eprintln!("polls: the settings have to say script_name = \"{mount}\" too, or the site does not answer there");
    }
    let file = find_file(context.config.as_deref(), &context.environment);
    let wanted = arguments.site.wanted(arguments.mode, arguments.server_name, file.as_deref());
    println!("{}", SiteFile::new(&settings, wanted)?);
    Ok(ExitCode::SUCCESS)
}

impl SiteArguments {
    /// Whether one of them is given.
    pub fn say_something(&self) -> bool {
        self.tls
            || self.port.is_some()
            || self.mount.is_some()
            || self.cache.is_some()
            || self.instances > 1
            || !self.behind.is_empty()
            || !self.balancer.is_empty()
    }

    pub fn wanted(self, mode: ApacheMode, server_name: Option<String>, settings_file: Option<&Path>) -> Wanted {
        Wanted {
            mode,
            server_name,
            port: self.port,
            mount: self.mount,
            tls: self.tls,
            certificate: self.certificate,
            certificate_key: self.certificate_key,
            cache: self.cache.unwrap_or_default(),
            behind: self.behind,
            balancer: self.balancer,
            instances: self.instances,
            command: command_line(),
            settings_file: settings_file.and_then(|file| std::path::absolute(file).ok()),
            program: std::env::current_exe().ok().filter(|program| is_installed(program)),
        }
    }
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

/// Whether the program is installed, and not in its build directory.
fn is_installed(program: &Path) -> bool {
    ["/usr", "/opt"].iter().any(|system| program.starts_with(system))
}
