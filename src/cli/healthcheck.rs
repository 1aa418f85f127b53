//! `polls healthcheck`: is a running `polls serve` ready?

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::str::FromStr as _;
use std::time::Duration;

use super::{Context, Failure};
use crate::settings::Bind;
use crate::web::paths;

/// Ask a running `polls serve` whether it is ready: the database answers, has all migrations and takes votes
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls healthcheck
  polls healthcheck unix:/run/polls/polls.sock

Exit codes: 0 it is ready; 1 it is not, or does not answer; the reason is on standard error.
`polls fastcgi` is asked through Apache: curl --fail http://localhost/readyz")]
pub struct HealthcheckArguments {
    /// Where it listens: ADDRESS:PORT or unix:/path [default: the first of server.bind]
    #[arg(value_parser = Bind::from_str)]
    address: Option<Bind>,
    /// How many seconds it may take
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    timeout: u64,
}

trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

pub fn run(context: &Context, arguments: HealthcheckArguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    let address = arguments.address.or_else(|| settings.server.bind.first().cloned());
    let address = address.ok_or("name an address, or set server.bind")?;
    let path = format!("{}{}", settings.site.mount, paths::READYZ);
    let answer = connect(&address, Duration::from_secs(arguments.timeout)).and_then(|conn| ask(conn, &path));
    let answer = answer.map_err(|error| format!("{address}: {error}"))?;
    let said = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).trim();
    if answer.split(' ').nth(1) == Some("200") {
        println!("{said}");
        return Ok(ExitCode::SUCCESS);
    }
    Err(format!("{address}: {}: {said}", answer.lines().next().unwrap_or("no answer")).into())
}

fn connect(address: &Bind, timeout: Duration) -> std::io::Result<Box<dyn Wire>> {
    Ok(match address {
        Bind::Tcp(address) => {
            let stream = TcpStream::connect_timeout(address, timeout)?;
            stream.set_read_timeout(Some(timeout))?;
            Box::new(stream)
        }
        Bind::Unix(path) => {
            let stream = UnixStream::connect(path)?;
            stream.set_read_timeout(Some(timeout))?;
            Box::new(stream)
        }
    })
}

fn ask(mut conn: Box<dyn Wire>, path: &str) -> std::io::Result<String> {
    // Probes are answered under any name.
    write!(conn, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    conn.take(64 * 1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
