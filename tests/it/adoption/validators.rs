//! E-mail and web addresses are what Django takes them for.

use polls::web::http::validators::{is_email, web_address};
use serde_json::{Value, json};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(addresses_are_taken_as_django_takes_them).needing(Need::Django)]
}

const EMAILS: [&str; 31] = [
    "ada@example.org",
    "root@localhost",
    "a@LOCALHOST",
    "ada@-b.org",
    "ada@b-.org",
    "a@b",
    "@b.org",
    "ada",
    "",
    "a b@c.org",
    "a@b..org",
    "a@b.o",
    "a@b.1",
    "ada+x@한국.kr",
    "ada@xn--3e0b707e.xn--3e0b707e",
    "\"a b\"@c.org",
    "\"a\\\"b\"@c.org",
    "\"a\\ b\"@c.org",
    "\"ab\"@c.org",
    "a@[127.0.0.1]",
    "a@[::1]",
    "a@[1.2.3]",
    "a..b@c.org",
    ".a@c.org",
    "a@c.org.",
    "ada@example.c0m",
    "ada@exa_mple.org",
    "ada@example.org\n",
    "é@example.org",
    "a@b.xn--x",
    "a@b.xn--",
];

const WEB: [&str; 44] = [
    "https://example.com",
    "HTTP://EXAMPLE.COM/",
    "http://localhost:8000/a?b#c",
    "example.com/abc",
    "example.com",
    "example.com:8000/abc",
    "//example.com/x",
    "/abc",
    "https://한국.example/길",
    "http://a..b/",
    "http://x:99999/",
    "http://x:80/",
    "http://example.com:99/",
    "http://[::1/",
    "http://[::1]/",
    "http://[::1]:8000/",
    "http://[zz]/",
    "http://1.2.3.4/",
    "http://1.2.3.456/",
    "http://a/",
    "http://-a.com/",
    "http://a-.com/",
    "http://a.b-/",
    "https://",
    "http://.com",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://user:pass@example.com/",
    "http://user@example.com/",
    "http://u:p:q@example.com/",
    "http://@example.com/",
    "http://example.com:/",
    "http://example.com:80x/",
    "http://example.com.",
    "localhost",
    "localhost/x",
    "mailto:a@b.c",
    "http://example.c0m/",
    "http://a_b.com/",
    "http://example.com?x=1",
    "http://example.com#x",
    "https://a b",
    "http://xn--fiqs8s/",
    "http://x.xn--fiqs8s/",
];

fn addresses_are_taken_as_django_takes_them(setup: Setup) {
    let script = "import json, sys\n\
        from django import forms\n\
        from django.core.exceptions import ValidationError\n\
        from django.core.validators import URLValidator, validate_email\n\
        def read(clean, text):\n\
        \x20   try: return clean(text)\n\
        \x20   except ValidationError: return None\n\
        def email(text):\n\
        \x20   validate_email(text); return True\n\
        def web(text):\n\
        \x20   text = forms.URLField(assume_scheme='https').to_python(text)\n\
        \x20   URLValidator(['http', 'https'])(text); return text\n\
        emails, webs = json.loads(EMAILS), json.loads(WEBS)\n\
        print(json.dumps([[read(email, e) for e in emails], [read(web, w) for w in webs]]))";
    let literal = |texts: &[&str]| json!(json!(texts).to_string()).to_string();
    let script = script.replace("EMAILS", &literal(&EMAILS)).replace("WEBS", &literal(&WEB));
    // The shell first says what it has imported.
    let said = setup.django().run(&["shell", "--command", &script]);
    let django: Value = serde_json::from_str(said.trim().lines().last().unwrap_or_default()).expect("JSON");
    for (email, taken) in EMAILS.iter().zip(django[0].as_array().expect("a list")) {
        assert_eq!(is_email(email), !taken.is_null(), "{email}");
    }
    for (web, taken) in WEB.iter().zip(django[1].as_array().expect("a list")) {
        assert_eq!(web_address(web).as_deref(), taken.as_str(), "{web}");
    }
    // Where our rule is narrower: no such port, and characters that no browser sends as they are.
    for wrong in ["http://example.com:99999/", "http://example.com/\"onclick", "http://example.com/<b>"] {
        assert_eq!(web_address(wrong), None, "{wrong}");
    }
}
