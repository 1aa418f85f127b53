//! chromedriver, which starts a browser for each session and ends it with the session.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::LazyLock;

use serde_json::Value;

use super::program;
use crate::support::process::{PATIENCE, eventually, tied};
use crate::support::run;

/// One command of the WebDriver protocol: the value of its answer, or the message of what went wrong.
pub fn ask(method: &str, path: &str, body: &Value) -> Result<Value, String> {
    let answer = exchange(method, path, body).map_err(|error| format!("chromedriver: {error}"))?;
    let mut answer: Value = serde_json::from_slice(&answer).map_err(|error| format!("chromedriver: {error}"))?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        None => Ok(value),
        Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or_default())),
    }
}

/// Sends a request on a connection of its own, which chromedriver leaves open after its answer.
fn exchange(method: &str, path: &str, body: &Value) -> std::io::Result<Vec<u8>> {
    let (body, address) = (body.to_string(), server());
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE * 2))?;
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n", body.len());
    (&stream).write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or_default();
        }
        line.clear();
    }
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer)?;
    Ok(answer)
}

fn server() -> SocketAddr {
    static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
        let directory = run::directory("chromedriver");
        let address = SocketAddr::from(([127, 0, 0, 1], run::free_port()));
        let log = std::fs::File::create(directory.join("log")).expect("a log can be made");
        let mut command = tied(program("chromedriver", &[]));
        command.arg(format!("--port={}", address.port())).env("HOME", &directory).env("TMPDIR", &directory);
        command.stdout(log.try_clone().expect("it can be shared")).stderr(log);
        run::keep(command, "TERM");
        eventually("chromedriver takes connections", || TcpStream::connect(address).ok());
        address
    });
    *SERVER
}
