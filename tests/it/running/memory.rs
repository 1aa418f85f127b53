//! How much memory the process takes, whatever is asked of it.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(the_process_stays_small_whatever_is_asked_of_it)]
}

/// Of memory that is not shared with others (`Pss`).
const MOST_MIB: u64 = 96;
const MOST_AFTERWARDS_MIB: u64 = 48;
const AFTERWARDS: Duration = Duration::from_secs(60);

/// Clients that send bodies slowly, and the bytes that each sends.
const SLOW: usize = 3000;
const BODY: usize = 60_000;

/// How long each is asked for: a minute with `MEMORY_SECONDS=60`.
fn asked_for() -> Duration {
    let given = std::env::var("MEMORY_SECONDS").ok().map(|seconds| seconds.parse().expect("a number of seconds"));
    Duration::from_secs(given.unwrap_or(5))
}

/// What is asked, with a person who has logged in.
type Load = fn(&TestApp, &Person, Instant);

fn the_process_stays_small_whatever_is_asked_of_it(setup: Setup) {
    let app = setup.settings("trusted_proxies = [\"127.0.0.1\"]\n[log]\nlevel = \"warn,polls.server=info\"").start();
    fill(&app);
    let loads: [(&str, Load); 5] =
        [("logins", logins), ("exports", exports), ("searches", searches), ("lists", lists), ("slow bodies", bodies)];
    for (what, load) in loads {
        let person = app.administrator("ada");
        let (most, ended) = (AtomicU64::new(0), AtomicBool::new(false));
        thread::scope(|scope| {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    most.fetch_max(pss_mib(&app), Ordering::Relaxed);
                    // Often enough; reading it is work for the kernel.
                    thread::sleep(Duration::from_millis(20));
                }
            });
            load(&app, &person, Instant::now() + asked_for());
            ended.store(true, Ordering::Relaxed);
        });
        let most = most.into_inner();
        println!("{what}: at most {most} MiB, then {} MiB", pss_mib(&app));
        assert!(most <= MOST_MIB, "{what}: {most} MiB");
        let since = Instant::now();
        while pss_mib(&app) > MOST_AFTERWARDS_MIB {
            assert!(since.elapsed() < AFTERWARDS, "{what}: {} MiB a minute later", pss_mib(&app));
            thread::sleep(Duration::from_millis(200));
        }
    }
}

fn pss_mib(app: &TestApp) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", app.id())).expect("the process is there");
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).expect("the kernel says it");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1024
}

/// A million choices of two hundred thousand questions.
fn fill(app: &TestApp) {
    app.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) \
         INSERT INTO polls_question (question_text, pub_date) \
         SELECT 'Question number ' || i || '?', datetime('2020-01-01', '+' || i || ' minutes') FROM n",
    );
    app.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) \
         INSERT INTO polls_choice (question_id, choice_text, votes) \
         SELECT 1 + i % 200000, 'Choice number ' || i, 0 FROM n",
    );
}

/// At the limit of what the throttle lets through, from ever more addresses.
fn logins(app: &TestApp, _: &Person, until: Instant) {
    thread::scope(|scope| {
        for client in 0..40u8 {
            scope.spawn(move || {
                let mut number = 0u16;
                while Instant::now() < until {
                    number += 1;
                    let address = format!("10.{client}.{}.{}", number >> 8, number & 255);
                    let login = app.post("/admin/login/").header("X-Forwarded-For", address);
                    let answer = login.form(&[("username", &format!("u{number}")), ("password", "x")]).send();
                    assert!([400, 429, 503].contains(&answer.status), "{}", answer.status);
                }
            });
        }
    });
}

/// Two at once, each to its end.
fn exports(_: &TestApp, person: &Person, until: Instant) {
    loop {
        for action in ["export_json", "export_csv"] {
            let fields = [("action", action), ("select_across", "1"), ("_selected_action", "1")];
            let file = person.post("/admin/polls/choice/", &fields).expect(200).text();
            assert!(file.contains("Choice number 1000000") && file.contains("Choice number 1"), "{}", file.len());
        }
        if Instant::now() > until {
            return;
        }
    }
}

fn searches(_: &TestApp, person: &Person, until: Instant) {
    // Parts of what is in every text, so that none spares the search from the next.
    let text = "question number";
    let parts = (1..=5).flat_map(|length| (0..text.len() - length).map(move |start| &text[start..start + length]));
    let words: Vec<_> = parts.filter(|part| !part.contains(' ')).take(32).collect();
    let (all, some) = (words.join("+"), words[..2].join("+"));
    while Instant::now() < until {
        for list in ["question", "choice"] {
            // What takes too long is stopped.
            let answer = person.get(&format!("/admin/polls/{list}/?q={all}"));
            assert!([200, 503].contains(&answer.status), "{}", answer.text());
        }
        person.get(&format!("/admin/polls/choice/?q={some}")).expect(200);
    }
}

fn lists(_: &TestApp, person: &Person, until: Instant) {
    while Instant::now() < until {
        for query in ["", "?o=1", "?o=-2", "?p=9999", "?question__id__exact=7"] {
            person.get(&format!("/admin/polls/choice/{query}")).expect(200);
        }
    }
}

/// All begin at once, each sends as much as is taken, and nobody sends the last byte. People vote meanwhile.
fn bodies(app: &TestApp, _: &Person, until: Instant) {
    let mut bytes = format!(
        "POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: http\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        BODY + 1
    )
    .into_bytes();
    bytes.resize(bytes.len() + BODY, b'a');
    let poll = app.poll();
    let mut clients: Vec<_> = (0..SLOW)
        .map(|_| {
            let client = TcpStream::connect(app.tcp()).expect("the program takes connections");
            client.set_nonblocking(true).expect("a connection can be asked not to wait");
            (client, 0)
        })
        .collect();
    while Instant::now() < until {
        for (client, sent) in &mut clients {
            match client.write(&bytes[*sent..]) {
                Ok(more) => *sent += more,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                // Whoever was told to come again is not listened to.
                Err(_) => *sent = bytes.len(),
            }
        }
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    }
}
