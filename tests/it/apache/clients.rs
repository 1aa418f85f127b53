//! The clients that people have: a socket and patience, curl, Python. Each through the program itself and
//! through Apache.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use super::bounds::own_page;
use crate::support::servers::{Door, Site, Way};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(http_1_0_without_a_host).needing(Need::Apache),
        on_sqlite(http_1_1_typed_by_hand).needing(Need::Apache),
        on_sqlite(curl).needing(Need::Apache).needing(Need::Curl),
        on_sqlite(python_urllib).needing(Need::Apache).needing(Need::Python),
        on_sqlite(python_http_client).needing(Need::Apache).needing(Need::Python),
    ]
}

/// Votes by a client at each door, with a poll of its own and the votes it shall have afterwards.
fn at_every_door(setup: Setup, votes: [i32; 3], client: fn(&Door, &Poll)) {
    let site = Site::new(setup, "/");
    let (_daemon, direct) = site.direct();
    let visit = |door: &Door| {
        let poll = site.poll();
        client(door, &poll);
        assert_eq!(site.totals(&poll), votes);
    };
    visit(&direct);
    for way in [Way::EmbeddedUnix, Way::FastcgiUnix, Way::Fcgid, Way::Cgi] {
        let front = site.open_by(way);
        visit(&front.door);
        assert_eq!(front.apache.errors(), [""; 0], "{way:?}");
    }
    site.run(&["recount"]).expect(0);
}

fn http_1_0_without_a_host(setup: Setup) {
    at_every_door(setup, [1, 0, 0], |door, poll| {
        let ask = |request: String| Response::parse(&door.visitor.raw(request.as_bytes()), false);
        let page = ask(format!("GET {} HTTP/1.0\r\n\r\n", poll.detail())).expect(200);
        assert_eq!(page.header("transfer-encoding"), None);
        assert_eq!(page.html().attributes("main input", "value").len(), 3);
        let form = format!("choice={}", poll.value(0));
        let head = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length";
        let answer = ask(format!("POST {} HTTP/1.0\r\n{head}: {}\r\n\r\n{form}", poll.vote(), form.len())).expect(303);
        assert_eq!(answer.location(), poll.results());
        own_page(&ask("GET /nothing/ HTTP/1.0\r\n\r\n".to_owned()).expect(404));
        assert_eq!(ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned()).status, 400);
    });
}

fn http_1_1_typed_by_hand(setup: Setup) {
    at_every_door(setup, [0, 1, 0], |door, poll| {
        let address = door.origin.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).expect("the server takes connections");
        stream.set_nodelay(true).expect("every key is sent at once");
        let mut type_slowly = |text: String| {
            for line in text.split_inclusive('\n') {
                let (start, end) = line.split_at(line.len() / 2);
                stream.write_all(start.as_bytes()).expect("half a line");
                stream.flush().expect("it is on its way");
                stream.write_all(end.as_bytes()).expect("the other half");
            }
        };
        let form = format!("choice={}", poll.value(1));
        type_slowly(format!("GET {} HTTP/1.1\r\nHost: {address}\r\n\r\n", poll.detail()));
        type_slowly(format!(
            "POST {} HTTP/1.1\r\nhOST:{address}\r\ncontent-type:\tapplication/x-www-form-urlencoded\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{form}",
            poll.vote(),
            form.len()
        ));
        let mut answers = String::new();
        stream.read_to_string(&mut answers).expect("the answers are text");
        let statuses: Vec<_> = answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
        assert_eq!(statuses, ["200", "303"], "{answers}");
    });
}

fn curl(setup: Setup) {
    at_every_door(setup, [1, 2, 1], |door, poll| {
        let (detail, vote, results) = (poll.detail(), poll.vote(), poll.results());
        let curl = |arguments: &[&str], path: &str| {
            let mut command = Command::new("curl");
            command.args(["--silent", "--show-error", "--noproxy", "*", "--max-time", "30"]).args(arguments);
            said(command.arg(format!("{}{path}", door.origin)))
        };
        let status = ["--output", "/dev/null", "--write-out", "%{http_code} %{redirect_url}"];
        let leads_to_results = format!("303 {}{results}", door.origin);
        let choice = |index: usize| format!("choice={}", poll.value(index));
        let voting = |how: &[&str]| assert_eq!(curl(&[how, &status].concat(), &vote), leads_to_results, "{how:?}");
        assert!(curl(&[], &detail).contains("Just hacking again"));
        assert!(curl(&["--http1.0"], &detail).contains("Just hacking again"));
        assert!(curl(&["--compressed"], &detail).contains("Just hacking again"));
        voting(&["--data", &choice(0)]);
        voting(&["--form", &choice(1)]);
        voting(&["--http1.0", "--data-urlencode", &choice(1)]);
        voting(&["--header", "Expect: 100-continue", "--header", "Transfer-Encoding: chunked", "--data", &choice(2)]);
        let shown = curl(&["--location"], results.trim_end_matches('/'));
        assert!(shown.contains("4 votes in all"), "{shown}");
        assert!(curl(&["--head"], &detail).starts_with("HTTP/1.1 200"));
    });
}

fn python_urllib(setup: Setup) {
    at_every_door(setup, [0, 0, 1], |door, _| {
        python("vote_with_urllib.py", &[&format!("{}/", door.origin)]);
    });
}

fn python_http_client(setup: Setup) {
    at_every_door(setup, [0, 2, 0], |door, poll| {
        let host = door.origin.trim_start_matches("http://");
        python("vote_with_http_client.py", &[host, &poll.detail(), &poll.value(1)]);
    });
}

fn python(script: &str, arguments: &[&str]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/clients").join(script);
    assert_eq!(said(Command::new("python3").arg("-I").arg(script).args(arguments)), "voted\n");
}

/// What a command that succeeds writes.
#[track_caller]
pub fn said(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}
