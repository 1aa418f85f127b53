//! Who is believed what: Apache is, the client is not.

use super::bounds::own_page;
use crate::support::servers::Front;
use crate::support::*;

/// Another site's page cannot vote in a visitor's name, and another host's name is not answered.
pub fn other_sites_and_other_hosts_are_refused(front: &Front<'_>) {
    let (door, poll) = (&front.door, front.site.poll());
    let vote = || door.post(&poll.vote()).form(&[("choice", &poll.value(0))]);
    own_page(&vote().header("Sec-Fetch-Site", "cross-site").expect(403));
    own_page(&vote().header("Origin", "https://evil.example").expect(403));
    own_page(&vote().header("Origin", "null").expect(403));
    let same_in_tls = door.origin.replace("http:", "https:");
    own_page(&vote().header("Origin", &same_in_tls).expect(403));
    assert_eq!(front.site.totals(&poll), [0, 0, 0]);
    vote().header("Origin", &door.origin).expect(303);
    vote().header("Sec-Fetch-Site", "same-origin").header("Origin", &door.origin).expect(303);
    vote().host(HOST).header("Origin", format!("http://{HOST}")).expect(303);
    assert_eq!(front.site.totals(&poll), [3, 0, 0]);
    for host in ["evil.example", "polls.example.org.evil.example", "evil.example:80"] {
        own_page(&door.get("/polls/").host(host).expect(400));
    }
}

/// The id on an error page is the one in Apache's log, and never the client's.
pub fn apache_names_the_request(front: &Front<'_>) {
    let door = &front.door;
    for client in [None, Some("chosen-by-the-client"), Some("<script>")] {
        let path = format!("/nothing-{}/", client.map_or("plain", |client| &client[1..4]));
        let request = door.get(&path);
        let request = match client {
            Some(id) => request.header("X-Request-Id", id),
            None => request,
        };
        let page = own_page(&request.expect(404));
        let id = page.text("main code");
        assert!(id.len() >= 20 && Some(id.as_str()) != client, "{id}");
        let line = front.apache.access_log(&door.path(&path));
        let fields: Vec<_> = line.split_whitespace().collect();
        assert_eq!(fields[fields.len() - 2], id, "{line}");
        let logged = || front.program_log().lines().any(|line| line.contains(&id)).then_some(());
        eventually("the id is in the program's log", logged);
    }
}

/// Who has the link of an invitation has its vote, and who has that of a mail the account, so their secrets are logged
/// neither by Apache nor by the program.
pub fn the_secret_of_an_invitation_is_in_no_log(front: &Front<'_>) {
    let (door, poll, token) = (&front.door, front.site.poll(), "AAAAAAAAAAAAAAAAAAAAAA");
    for (before, user) in [(format!("{}i/", poll.detail()), ""), ("/accounts/reset/".to_owned(), "MQ/")] {
        door.get(&format!("{before}{user}{token}/")).expect(404);
        assert!(!front.apache.access_log(&door.path(&before)).contains(token));
        eventually("the program has logged it", || front.program_log().contains(&before).then_some(()));
        assert!(!front.program_log().contains(token));
    }
}

/// A client's own word on how it came, and to which host, changes nothing.
pub fn forwarded_headers_of_a_client_are_not_believed(front: &Front<'_>) {
    let (door, poll) = (&front.door, front.site.poll());
    let liars = [
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-For", "192.0.2.7"),
        ("X-Forwarded-For", "127.0.0.1, 127.0.0.1"),
        ("Forwarded", "for=192.0.2.7;host=evil.example;proto=https"),
        ("X-Forwarded-Ssl", "on"),
        ("Front-End-Https", "on"),
        ("X-Forwarded-Scheme", "https"),
        ("HTTPS", "on"),
        ("Proxy", "http://evil.example/"),
        ("X-Script-Name", "/evil"),
    ];
    let honest = door.get(&poll.detail()).expect(200);
    assert_eq!(honest.header("strict-transport-security"), None);
    for (name, value) in liars {
        let answer = door.get(&poll.detail()).header(name, value).expect(200);
        assert_eq!(answer.body, honest.body, "{name}: {value}");
        assert_eq!(answer.header("strict-transport-security"), None, "{name}: {value}");
        let form = [("language", "en")];
        let switched = door.post("/i18n/setlang/").header(name, value).form(&form).expect(303);
        assert_eq!(switched.location(), door.path("/"), "{name}: {value}");
        let cookie = switched.header("set-cookie").expect("a cookie");
        assert!(!cookie.contains("Secure") && !cookie.contains("__Host-"), "{name}: {value}: {cookie}");
        let vote = || door.post(&poll.vote()).header(name, value).form(&[("choice", &poll.value(0))]);
        vote().header("Origin", "https://evil.example").expect(403);
        vote().header("Origin", "http://evil.example").expect(403);
        vote().header("Origin", &door.origin).expect(303);
        own_page(&door.get("/").host("evil.example").header(name, value).expect(400));
    }
    assert_eq!(front.site.totals(&poll)[0].cast_unsigned() as usize, liars.len());
}

/// Apache says no more of itself than its name, and echoes nothing.
pub fn apache_says_little(front: &Front<'_>) {
    let door = &front.door;
    for path in ["/", "/nothing/", "/static/nothing"] {
        let answer = door.get(path).send();
        assert_eq!(answer.header("server"), Some("Apache"), "{path}");
        assert_eq!(answer.header("x-powered-by"), None);
        assert!(!answer.text().contains("Apache/") && !answer.text().contains("Debian"), "{path}");
    }
    let traced = door.request("TRACE", "/polls/").header("X-Secret", "do not echo").expect(405);
    assert!(!traced.text().contains("do not echo"));
    let malformed = Response::parse(&door.visitor.raw(b"GET / HTTP/1.1\nHost: x\n y\n\n"), false);
    assert_eq!(malformed.status, 400);
}
