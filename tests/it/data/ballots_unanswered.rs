//! A commit whose answer never came has happened all the same: nothing is counted twice.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_servers(a_commit_whose_answer_is_lost_counts_once),
        on_servers(a_vote_that_was_given_up_counts_once_when_it_comes_again),
    ]
}

/// A network between the program and its database that breaks after a commit, before its answer.
struct Network {
    address: SocketAddr,
    /// How many more commits go unanswered.
    losses: Arc<AtomicUsize>,
}

impl Network {
    fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let losses = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&losses);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(server).expect("the database takes connections");
                let (losses, client, server) = (Arc::clone(&counter), Arc::new(client), Arc::new(server));
                let committed = Arc::new(AtomicUsize::new(0));
                let (to, from) = ((Arc::clone(&client), Arc::clone(&server)), (server, client));
                let sent = Arc::clone(&committed);
                std::thread::spawn(move || {
                    let mut commits = Commits::default();
                    carry(&to.0, &to.1, |bytes| {
                        if commits.has_one(bytes) && take_one(&losses) {
                            sent.store(1, Ordering::SeqCst);
                        }
                        true
                    });
                });
                std::thread::spawn(move || carry(&from.0, &from.1, |_| committed.load(Ordering::SeqCst) == 0));
            }
        });
        Self { address, losses }
    }

    fn lose(&self, answers: usize) {
        self.losses.store(answers, Ordering::SeqCst);
    }

    fn lost(&self, answers: usize) -> bool {
        self.losses.load(Ordering::SeqCst) == 0 && answers > 0
    }
}

/// Knows what commits in what one connection sends.
#[derive(Default)]
struct Commits {
    /// On PostgreSQL the names, and the zeros around them, of the prepared statements that put ballots in and that
    /// wait for the disk: each is a transaction by itself.
    statements: Vec<Vec<u8>>,
}

impl Commits {
    fn has_one(&mut self, bytes: &[u8]) -> bool {
        match bytes {
            // Parse: its length, the name, the text. Bind: its length, no portal, the name.
            [b'P', _, _, _, _, rest @ ..] => {
                if has(rest, b"WITH inserted") || has(rest, b"pg_logical_emit_message") {
                    let name = rest.split(|byte| *byte == 0).next().unwrap_or_default();
                    self.statements.push([b"\0", name, b"\0"].concat());
                }
                false
            }
            [b'B', _, _, _, _, rest @ ..] => self.statements.iter().any(|name| rest.starts_with(name)),
            _ => bytes.strip_suffix(b"\0").unwrap_or(bytes).ends_with(b"COMMIT"),
        }
    }
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

fn take_one(counter: &AtomicUsize) -> bool {
    counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

/// Passes bytes on until either end hangs up or `pass` says no.
fn carry(mut from: &TcpStream, mut to: &TcpStream, mut pass: impl FnMut(&[u8]) -> bool) {
    let mut buffer = [0; 8 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer)
        && pass(&buffer[..read])
        && to.write_all(&buffer[..read]).is_ok()
    {}
    for end in [from, to] {
        let _ = end.shutdown(Shutdown::Both);
    }
}

/// The app behind such a network.
fn start(setup: Setup) -> (TestApp, Network) {
    let url = setup.database().url.clone();
    let server = url.split('@').nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
    let network = Network::to(server.parse().expect("an address"));
    let url = url.replace(server, &network.address.to_string());
    (setup.variable("POLLS_DATABASE_URL", &url).start(), network)
}

fn a_commit_whose_answer_is_lost_counts_once(setup: Setup) {
    let (app, network) = start(setup);
    let poll = app.poll();
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    for losses in [1, 2] {
        network.lose(losses);
        std::thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303));
            }
        });
        assert!(network.lost(losses), "the answers were not lost");
    }
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![1, 20, 0], vec![1, 20, 0]));
    app.run(&["recount"]).expect(0);
}

fn a_vote_that_was_given_up_counts_once_when_it_comes_again(setup: Setup) {
    let (app, network) = start(setup);
    let poll = app.poll();
    let vote = |choice: usize| {
        let request = app.post(&poll.vote()).header("Idempotency-Key", "the key of a patient client");
        request.form(&[("choice", &poll.value(choice))])
    };
    // As many as the ballot box tries.
    network.lose(3);
    assert_eq!(vote(2).expect(503).header("retry-after"), Some("2"));
    assert!(network.lost(3), "the answers were not lost");
    vote(2).expect(303);
    vote(0).expect(422);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 0, 1], vec![0, 0, 1]));
    app.run(&["recount"]).expect(0);
}
