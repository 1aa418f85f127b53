//! Validates e-mail and web addresses by the rules of Django 5.2 (`django.core.validators`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest host name in characters, without a final dot (RFC 1034 §3.1).
const LONGEST_HOST: usize = 253;
const LONGEST_LABEL: usize = 63;
/// The longest e-mail address in characters (RFC 3696 §3).
const LONGEST_EMAIL: usize = 320;

/// Django's `EmailValidator`.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    text.chars().count() <= LONGEST_EMAIL
        && (is_dot_atom(local) || is_quoted(local))
        && (domain == "localhost" || is_domain(domain) || literal.is_some_and(|ip| ip.parse::<IpAddr>().is_ok()))
}

/// Django's `URLField` with the schemes `http` and `https`. Returns the address, with `https://` put before one that
/// has no scheme, or None if it is not a web address.
pub fn web_address(text: &str) -> Option<String> {
    let (scheme, separator) = text.split_once(':').map_or((text, false), |(scheme, _)| (scheme, true));
    let has_scheme = separator && scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && !scheme.contains('/');
    let address = match (has_scheme, text.starts_with("//")) {
        (true, _) => text.to_owned(),
        (false, true) => format!("https:{text}"),
        (false, false) => format!("https://{text}"),
    };
    is_web_address(&address).then_some(address)
}

fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    // Stricter than Django's rule, which allows every character but white space in a path: no characters that browsers
    // never send unencoded or that could end an HTML attribute or a header.
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"\\^`{|}".contains(c);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.rsplit_once('@') {
        None => authority,
        Some((user, host)) if is_user(user) => host,
        Some(_) => return false,
    };
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        && text.chars().all(is_plain)
        && is_host_with_port(host)
}

/// `name` or `name:password`.
fn is_user(text: &str) -> bool {
    let mut parts = text.split(':');
    let (name, _, rest) = (parts.next(), parts.next(), parts.next());
    name.is_some_and(|name| !name.is_empty()) && rest.is_none() && !text.contains('@')
}

fn is_host_with_port(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((ip, port)) => (ip.parse::<Ipv6Addr>().is_ok(), port),
        None => {
            let (host, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            (is_host(host), port)
        }
    };
    // Stricter than Django's rule, which checks for five digits: the port must be at most 65535.
    host && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

fn is_port(text: &str) -> bool {
    text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

fn is_host(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    text.eq_ignore_ascii_case("localhost") || text.parse::<Ipv4Addr>().is_ok() || is_domain(name)
}

/// Labels with dots between them, the last of which is a top-level domain.
fn is_domain(text: &str) -> bool {
    let Some((labels, top)) = text.rsplit_once('.') else {
        return false;
    };
    let punycode = top.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--"));
    let length = top.chars().count();
    let is_top = if punycode {
        length > 4 && top.bytes().skip(4).all(|byte| byte.is_ascii_alphanumeric())
    } else {
        length >= 2 && !top.contains(|c: char| c.is_ascii_digit())
    };
    text.chars().count() <= LONGEST_HOST && is_top && is_label(top) && labels.split('.').all(is_label)
}

fn is_label(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || ('\u{a1}'..='\u{ffff}').contains(&c);
    (1..=LONGEST_LABEL).contains(&text.chars().count())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.chars().all(|c| c == '-' || is_letter(c))
}

/// RFC 5322's dot-atom.
fn is_dot_atom(text: &str) -> bool {
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{}|~-".contains(c);
    text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
}

/// A quoted string by RFC 5322, without its obsolete parts.
fn is_quoted(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return false;
    };
    let is_quotable = |c: char| matches!(c, '\u{1}'..='\u{9}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{7f}');
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        let is_text = match c {
            '\\' => characters.next().is_some_and(is_quotable),
            '"' | '\t' | ' ' => false,
            c => is_quotable(c),
        };
        if !is_text {
            return false;
        }
    }
    true
}
