//! Requests as CGI hands them over, answered by the whole app.

use polls::gateway::cgi;

use super::site;

/// The limit of a body's size.
const LIMIT: usize = 4096;

/// Variables that each end with a NUL, as in a process's environment, an empty one, then standard input.
///
/// Whatever they are, the answer is a whole one and no failure of ours.
pub fn cgi_environment(data: &[u8]) {
    let mut rest = data;
    let mut variables = Vec::new();
    while let Some(end) = rest.iter().position(|byte| *byte == 0) {
        let variable = &rest[..end];
        rest = &rest[end + 1..];
        let Some(equals) = variable.iter().position(|byte| *byte == b'=') else { break };
        let name = String::from_utf8_lossy(&variable[..equals]).into_owned();
        variables.push((name, variable[equals + 1..].to_vec()));
    }
    ask(&variables, rest);
}

/// Fields `Cookie`, a line each, of somebody who looks at a page.
pub fn cookies(data: &[u8]) {
    let fixed = [
        ("REQUEST_METHOD", "GET"),
        ("REQUEST_URI", "/polls/"),
        ("SERVER_PROTOCOL", "HTTP/1.1"),
        ("REMOTE_ADDR", "127.0.0.1"),
        ("HTTP_HOST", "localhost:8000"),
    ];
    let mut variables: Vec<_> =
        fixed.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    variables.extend(data.split(|byte| *byte == b'\n').map(|line| ("HTTP_COOKIE".to_owned(), line.to_vec())));
    ask(&variables, b"");
}

fn ask(variables: &[(String, Vec<u8>)], body: &[u8]) {
    let mut answer = Vec::new();
    let answered = site::with(async |site| {
        let request = cgi::request(variables, body, LIMIT).expect("memory can be read");
        cgi::exchange(&site.service, request, &mut answer).await
    });
    answered.expect("an answer can be written to memory");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("the head ends");
    let head = std::str::from_utf8(&answer[..end]).expect("our heads are text");
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("Status: ")).expect("a status");
    assert!(!status.starts_with('5'), "{head}");
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header field");
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{line:?}");
        assert!(!value.bytes().any(|byte| byte.is_ascii_control()), "{line:?}");
    }
}
