//! Checks of the running site, asked as visitors ask it, with curl: that Apache passes on what the program has to know,
//! takes nothing out of the answers, and believes no visitor.

use std::net::{IpAddr, UdpSocket};
use std::process::Command;

use super::CheckLevel::{Critical, Error, Info, Warning};
use super::{Finding, Subject};
use crate::web::paths::READYZ;

/// What every answer has to have: the program's, static files and Apache's own errors.
const HEADERS: [&str; 5] = [
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
];
const HSTS: &str = "strict-transport-security";

/// An answer, and between which addresses it came.
struct CurlAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    local: Option<IpAddr>,
    remote: Option<IpAddr>,
}

impl CurlAnswer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    fn missing(&self) -> Vec<&'static str> {
        HEADERS.into_iter().filter(|name| self.header(name).is_none()).collect()
    }
}

fn ask(url: &str, options: &[&str]) -> Result<CurlAnswer, String> {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--include", "--http1.1", "--noproxy", "*", "--max-time", "10"]);
    let output = curl.args(["--write-out", "\n%{local_ip} %{remote_ip}"]).args(options).arg(url).output();
    let output = output.map_err(|error| format!("curl cannot be started: {error}; apt install curl"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let (text, addresses) = text.rsplit_once('\n').unwrap_or_default();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let mut addresses = addresses.split(' ').map(|address| address.parse().ok());
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    Ok(CurlAnswer {
        status: head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0),
        headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(),
        body: body.to_owned(),
        local: addresses.next().flatten(),
        remote: addresses.next().flatten(),
    })
}

/// Asks the site at its address, such as `https://vote.example.org/`.
pub fn check(subject: &Subject<'_>, url: &str) -> Vec<Finding> {
    let url = url.trim_end_matches('/');
    let failed = |error: String| {
        let hint = "Look at whether Apache runs, at its error log, and at `polls healthcheck`.";
        vec![Finding::new("polls.E011", Critical, format!("{url}/ does not answer: {error}."), hint)]
    };
    let page = match ask(&format!("{url}/"), &[]) {
        Ok(page) if page.status < 500 => page,
        Ok(page) => return failed(format!("it says {}", page.status)),
        Err(error) => return failed(error),
    };
    let origin = url
        .split_once("://")
        .map_or(url, |(scheme, rest)| &url[..scheme.len() + 3 + rest.find('/').unwrap_or(rest.len())]);
    let mount = &subject.settings.site.mount;
    let style = subject.site.static_files.url("css/base.css");
    if url[origin.len()..] != *mount.as_str() || page.status != 200 || !page.body.contains(&style) {
        let message = format!(
            "{url}/ is not the home page of this program with script_name = \"{mount}\" (status {}).",
            page.status
        );
        let hint = "Ask for the address below which the site is; POLLS_MOUNT in Apache, script_name in polls.toml and the running program must fit.";
        return vec![Finding::new("polls.E014", Error, message, hint)];
    }
    let mut findings = answers(url, origin, &style, &page);
    findings.extend(scheme(url, &page, subject.settings.security.secure_hsts_seconds.is_zero()));
    findings.extend(forged(url));
    findings.extend(probe(&format!("{url}{READYZ}"), &page));
    findings
}

/// The headers of pages, files and errors; how long files are kept.
fn answers(url: &str, origin: &str, style: &str, page: &CurlAnswer) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut incomplete = |what: &str, answer: &CurlAnswer| {
        let missing = answer.missing();
        if !missing.is_empty() {
            let message = format!("{what} lacks {}.", missing.join(", "));
            let hint = "Apache takes it out, or does not add it: look for `Header unset` and the lines `Header always set` of the site file.";
            findings.push(Finding::new("polls.E012", Error, message, hint));
        }
    };
    incomplete(&format!("{url}/"), page);
    let style = if style.starts_with('/') { format!("{origin}{style}") } else { style.to_owned() };
    let folder = style.rfind('/').map_or("", |at| &style[..at]);
    if let Ok(error) = ask(&format!("{folder}/none.css"), &[]) {
        incomplete("Apache's page for an error (404)", &error);
    }
    let Ok(file) = ask(&style, &[]) else { return findings };
    incomplete("A static file", &file);
    if file.status != 200 || !file.header("cache-control").is_some_and(|value| value.contains("immutable")) {
        let kept = file.header("cache-control").unwrap_or("no Cache-Control");
        findings.push(Finding::new(
            "polls.W011",
            Warning,
            format!("{style} is not kept by browsers (status {}, {kept}).", file.status),
            "Files with a hash in their names never change: see `Header set Cache-Control` and `Alias` in the site file.",
        ));
    }
    findings
}

/// Whether the program learns how visitors come, and whether they come by HTTPS only.
fn scheme(url: &str, page: &CurlAnswer, has_no_hsts: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(rest) = url.strip_prefix("https://") else { return findings };
    match page.header(HSTS) {
        None if !has_no_hsts => findings.push(Finding::new(
            "polls.E015",
            Error,
            "The program does not learn that visitors come by HTTPS: cookies are not Secure, and HSTS is not sent.",
            "Apache must send X-Forwarded-Proto by `RequestHeader set`, or HTTPS over FastCGI; behind a balancer, POLLS_BALANCER.",
        )),
        Some(value) => {
            for (id, word, what) in [
                ("security.W005", "includeSubDomains", "subdomains of the site may be visited by plain HTTP"),
                ("security.W021", "preload", "browsers do not know of HTTPS before the first visit"),
            ] {
                if !value.contains(word) {
                    let hint = "A decision about the whole domain; if it is made, add the word to POLLS_HSTS in Apache.";
                    findings.push(Finding::new(id, Info, format!("HSTS has no {word}: {what}."), hint));
                }
            }
        }
        None => {}
    }
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    // Where nothing listens, nothing is sent in the clear.
    if let Ok(plain) = ask(&format!("http://{host}{path}/"), &[])
        && !(plain.status / 100 == 3 && plain.header("location").is_some_and(|to| to.starts_with("https://")))
    {
        findings.push(Finding::new(
            "polls.E013",
            Error,
            format!("http://{host}{path}/ does not lead to HTTPS (status {}).", plain.status),
            "Print the site file with --tls, or set secure_ssl_redirect = true.",
        ));
    }
    findings
}

/// Whether a visitor can say where they come from, and how.
fn forged(url: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let page = format!("{url}/");
    let other = if url.starts_with("https:") { "http" } else { "https" };
    let has_hsts = |answer: &CurlAnswer| answer.header(HSTS).is_some();
    if let (Ok(honest), Ok(lying)) =
        (ask(&page, &[]), ask(&page, &["--header", &format!("X-Forwarded-Proto: {other}")]))
        && (honest.status != lying.status || has_hsts(&honest) != has_hsts(&lying))
    {
        let message = "A visitor's own X-Forwarded-Proto is believed.";
        let hint = "Apache must replace it: `RequestHeader set X-Forwarded-Proto`, not `setifempty` or `add`.";
        findings.push(Finding::new("polls.E015", Error, message, hint));
    }
    let probe = format!("{url}{READYZ}");
    let status = |url: &str, address: &str| {
        let header = format!("X-Forwarded-For: {address}");
        let options: &[&str] = if address.is_empty() { &[] } else { &["--header", &header] };
        ask(url, options).map_or(0, |answer| answer.status)
    };
    // The program refuses what is no address; Apache lets this machine ask for /readyz and strangers not.
    let is_passed_on = status(&page, "") != status(&page, "nonsense");
    let is_believed = ["127.0.0.1", "203.0.113.7"].iter().any(|address| status(&probe, address) != status(&probe, ""));
    if is_passed_on || is_believed {
        findings.push(Finding::new(
            "polls.E016",
            Error,
            "A visitor's own X-Forwarded-For is believed.",
            "Apache must replace it (`RequestHeader set X-Forwarded-For`), and POLLS_BALANCER name no address that visitors come from. Asked from the proxy itself, this is as it should be.",
        ));
    }
    findings
}

/// Whether strangers may make the program write to the database by asking whether it is ready. On the site's own
/// machine it is asked from another of its addresses, if that is possible.
fn probe(url: &str, page: &CurlAnswer) -> Option<Finding> {
    let is_here = page.local == page.remote || page.remote.is_some_and(|address| address.is_loopback());
    let answer = if !is_here {
        ask(url, &[])
    } else if page.remote.is_some_and(|address| address.is_loopback() && address.is_ipv4()) {
        ask(url, &["--interface", &outer_address()?.to_string()])
    } else {
        return None;
    };
    let message = format!("{url} answers strangers.");
    let hint = "`Require local` in the site file, in <Location \"${POLLS_MOUNT}readyz\">; POLLS_PROBES lets others in.";
    answer.is_ok_and(|answer| answer.status == 200).then(|| Finding::new("polls.E017", Error, message, hint))
}

/// The address by which this machine reaches others; nothing is sent.
fn outer_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("203.0.113.7:9").ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|address| !address.is_loopback())
}
