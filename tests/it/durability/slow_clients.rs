//! Five hundred clients that send a byte a second.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use crate::support::*;

const CLIENTS: usize = 500;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(slow_clients_are_answered_and_hold_nobody_up)]
}

/// A client, and what it has not sent yet.
struct Client {
    stream: TcpStream,
    left: std::vec::IntoIter<u8>,
}

/// Half of them are within the head of their request, half within the body of a vote.
fn slow_clients_are_answered_and_hold_nobody_up(app: &TestApp) {
    let poll = app.poll();
    let mut clients: Vec<_> = (0..CLIENTS).map(|number| Client::begin(app, &poll, number % 2 == 0)).collect();
    let mut others = 0;
    while clients.iter().any(|client| client.left.len() > 0) {
        clients.iter_mut().for_each(Client::send_a_byte);
        app.get("/healthz").expect(200);
        app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
        others += 1;
        // How slow they are is what is tested; nothing is waited for.
        std::thread::sleep(Duration::from_secs(1));
    }
    let answers: Vec<_> = clients.into_iter().map(Client::answer).collect();
    for (number, answer) in answers.iter().enumerate() {
        let expected = if number % 2 == 0 { 303 } else { 408 };
        assert_eq!(answer.status, expected, "client {number}");
    }
    let slow = i32::try_from(CLIENTS / 2).expect("a small number");
    assert_eq!(app.totals(&poll), [slow, others, 0]);
    app.run(&["recount"]).expect(0);
}

impl Client {
    fn begin(app: &TestApp, poll: &Poll, in_body: bool) -> Self {
        let request = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).bytes();
        let body = request.windows(4).position(|four| four == b"\r\n\r\n").expect("the head ends") + 4;
        // A body takes eight seconds; of a head there is more than anybody waits for.
        let at_once = if in_body { body } else { 20 };
        let mut stream = TcpStream::connect(app.tcp()).expect("the program takes connections");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit can be set");
        stream.write_all(&request[..at_once]).expect("the beginning can be sent");
        let slowly = if in_body { request[body..].to_vec() } else { request[at_once..at_once + 8].to_vec() };
        Self { stream, left: slowly.into_iter() }
    }

    /// Whoever has an answer says no more.
    fn send_a_byte(&mut self) {
        self.stream.set_nonblocking(true).expect("a mode can be set");
        if self.stream.peek(&mut [0]).is_ok() {
            self.left = Vec::new().into_iter();
        } else if let Some(byte) = self.left.next() {
            let _ = self.stream.write_all(&[byte]);
        }
        self.stream.set_nonblocking(false).expect("a mode can be set");
    }

    fn answer(mut self) -> Response {
        let mut answer = Vec::new();
        let _ = std::io::Read::read_to_end(&mut self.stream, &mut answer);
        Response::parse(&answer, false)
    }
}
