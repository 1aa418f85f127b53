//! FastCGI connections against a small app that shows what reached it.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use actix_service::{IntoServiceFactory as _, ServiceFactory as _};
use actix_web::dev::AppConfig;
use actix_web::web::{self, Bytes};
use actix_web::{App, HttpMessage as _, HttpRequest, HttpResponse, rt};
use futures_util::stream;
use polls::gateway::drain::Drain;
use polls::gateway::fastcgi::serve_connection;
use polls::web::edge::MalformedRequest;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::fastcgi::{Answer, Request, answers, record};
use crate::support::{Test, on_sqlite};

/// The body limit of these tests.
const LIMIT: usize = 1000;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(what_was_sent_arrives_however_it_is_cut_into_records),
        on_sqlite(garbage_ends_the_connection_and_nothing_else),
        on_sqlite(a_request_that_breaks_off_is_never_answered_as_a_whole_one),
        on_sqlite(a_body_goes_on_after_an_empty_record),
        on_sqlite(a_body_over_the_limit_is_refused_and_the_next_request_served),
        on_sqlite(sixty_kilobytes_of_cookies_arrive),
        on_sqlite(parameters_that_are_too_large_are_a_bad_request),
        on_sqlite(a_parameter_whose_length_lies_is_a_bad_request),
        on_sqlite(a_short_begin_record_ends_the_connection),
        on_sqlite(a_missing_target_is_a_bad_request),
        on_sqlite(another_role_is_declined),
        on_sqlite(a_streaming_answer_arrives_while_it_is_made),
        on_sqlite(a_client_that_leaves_ends_the_answer),
        on_sqlite(head_has_the_length_and_no_body),
        on_sqlite(a_stopping_server_finishes_the_request_and_closes),
        on_sqlite(a_request_that_has_begun_is_finished_by_a_stopping_server),
        on_sqlite(a_web_server_that_asks_for_limits_is_told),
        on_sqlite(a_request_within_another_ends_the_connection),
    ]
}

/// Sends all bytes, closes that half and returns the answers.
async fn talk(chunks: Vec<Vec<u8>>) -> Vec<Answer> {
    let (mut web_server, ours) = tokio::io::duplex(4096);
    let service = rt::spawn(serve(ours));
    let (mut reader, mut writer) = tokio::io::split(&mut web_server);
    let send = async {
        for chunk in chunks {
            // The other side may have closed already: that is an answer too.
            if writer.write_all(&chunk).await.is_err() {
                break;
            }
        }
        let _ = writer.shutdown().await;
    };
    let mut received = Vec::new();
    let ((), read) = futures_util::future::join(send, reader.read_to_end(&mut received)).await;
    read.expect("the stream ends");
    tokio::time::timeout(Duration::from_secs(60), service).await.expect("the connection ends").expect("nothing panics");
    answers(&received)
}

async fn serve(stream: tokio::io::DuplexStream) {
    let app = App::new()
        .app_data(web::PayloadConfig::new(LIMIT * 2))
        .route("/forever", web::get().to(forever))
        .route("/large", web::route().to(|| async { HttpResponse::Ok().body(vec![b'x'; 300_000]) }))
        .default_service(web::to(echo));
    let Ok(service) = app.into_factory().new_service(AppConfig::default()).await else {
        panic!("the app starts");
    };
    serve_connection(stream, &service, LIMIT, &Arc::new(Drain::default()).connection(), pending()).await;
}

/// Target, cookie and body, a line each.
async fn echo(request: HttpRequest, body: Bytes) -> HttpResponse {
    if request.extensions().get::<MalformedRequest>().is_some() {
        return HttpResponse::BadRequest().finish();
    }
    let cookie = request.headers().get("cookie").map_or(&b""[..], |value| value.as_bytes());
    let parts = [request.uri().to_string().as_bytes(), b"\n", cookie, b"\n", &body].concat();
    HttpResponse::Ok().body(parts)
}

/// A first chunk, and then nothing more for as long as the client waits.
async fn forever() -> HttpResponse {
    let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"first"))]);
    HttpResponse::Ok().streaming(futures_util::StreamExt::chain(first, stream::pending()))
}

fn run<T>(future: impl Future<Output = T>) -> T {
    rt::System::new().block_on(future)
}

/// Runs a property in one runtime; a failing case is shrunk and shown.
fn property<S: Strategy>(cases: u32, strategy: &S, holds: impl AsyncFn(S::Value) -> Result<(), TestCaseError>) {
    let runtime = rt::System::new();
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    if let Err(failure) = runner.run(strategy, |value| runtime.block_on(holds(value))) {
        panic!("{failure}");
    }
}

/// The bytes in pieces, as a network may deliver them.
fn pieces(bytes: &[u8], size: usize) -> Vec<Vec<u8>> {
    bytes.chunks(size.max(1)).map(<[u8]>::to_vec).collect()
}

fn what_was_sent_arrives_however_it_is_cut_into_records() {
    let strategy = (vec(any::<u8>(), 0..LIMIT), "[ -~]{0,300}", 1usize..400, 1usize..700);
    property(300, &strategy, async |(body, cookie, record_size, piece_size)| {
        let request = Request::post("/a%20b/?c=%2F", &body).param("HTTP_COOKIE", cookie.trim()).keep();
        let mut bytes = request.bytes(record_size);
        bytes.extend(Request::get("/next").bytes(record_size));
        let answers = talk(pieces(&bytes, piece_size)).await;
        prop_assert_eq!(answers.len(), 2);
        let expected = [b"/a%20b/?c=%2F\n", cookie.trim().as_bytes(), b"\n", &body].concat();
        prop_assert_eq!(answers[0].body(), expected.as_slice());
        prop_assert_eq!(answers[1].body(), b"/next\n\n");
        Ok(())
    });
}

fn garbage_ends_the_connection_and_nothing_else() {
    let any_record = (0u8..12, vec(any::<u8>(), 0..40)).prop_map(|(kind, content)| record(kind, &content));
    let strategy = prop_oneof![vec(any::<u8>(), 0..200).prop_map(|bytes| vec![bytes]), vec(any_record, 0..12)];
    property(1000, &strategy, async |records| {
        talk(records).await;
        let after = talk(vec![Request::get("/").bytes(100)]).await;
        prop_assert_eq!(after.len(), 1);
        Ok(())
    });
}

fn a_request_that_breaks_off_is_never_answered_as_a_whole_one() {
    let whole = Request::post("/vote", b"choice=12").bytes(7);
    let strategy = 0..whole.len();
    property(300, &strategy, async |length| {
        let answers = talk(vec![whole[..length].to_vec()]).await;
        prop_assert!(answers.iter().all(|answer| answer.status() != "200"), "{answers:?}");
        Ok(())
    });
    // A body that the records end early, against what CONTENT_LENGTH said.
    let mut short = Request::post("/vote", b"choice=12");
    short.body.pop();
    assert_eq!(run(talk(vec![short.bytes(100)]))[0].status(), "400");
}

/// mod_fcgid writes an empty record for every empty frame that came by HTTP/2, the first of them before the body.
fn a_body_goes_on_after_an_empty_record() {
    let empty = record(5, &[]);
    let mut head = Request::post("/", b"choice=12").keep();
    head.body.clear();
    let head = head.bytes(100);
    let head = head.strip_suffix(empty.as_slice()).expect("a request ends with an empty record");
    let part = |text: &str| record(5, text.as_bytes());
    let next = Request::get("/next").bytes(100);
    for parts in [
        vec![empty.clone(), part("choice=12"), empty.clone()],
        vec![part("choice="), empty.clone(), empty.clone(), part("12"), empty.clone()],
        vec![empty.clone(), empty.clone(), part("c"), empty.clone(), part("hoice=12"), empty.clone()],
    ] {
        let bytes = [head, &parts.concat(), &next].concat();
        for size in [1, 7, 1000] {
            let answers = run(talk(pieces(&bytes, size)));
            assert_eq!(answers.iter().map(Answer::body).collect::<Vec<_>>(), [&b"/\n\nchoice=12"[..], b"/next\n\n"]);
        }
    }
    // Less than was announced is no shorter body, wherever it stops.
    for parts in
        [vec![empty.clone()], vec![part("choice=1"), empty.clone()], vec![empty.clone(), part("choice=1"), empty]]
    {
        let answers = run(talk(vec![[head, &parts.concat()].concat()]));
        assert_eq!(answers.iter().map(Answer::status).collect::<Vec<_>>(), ["400"]);
    }
}

fn a_body_over_the_limit_is_refused_and_the_next_request_served() {
    for (length, status) in [(LIMIT, "200"), (LIMIT + 1, "413"), (100 * LIMIT, "413")] {
        let mut bytes = Request::post("/", &vec![b'x'; length]).keep().bytes(300);
        bytes.extend(Request::post("/", b"small").bytes(300));
        let answers = run(talk(pieces(&bytes, 1000)));
        assert_eq!(answers.iter().map(Answer::status).collect::<Vec<_>>(), [status, "200"], "{length} bytes");
    }
}

fn sixty_kilobytes_of_cookies_arrive() {
    let cookie = vec![b'c'; 60_000];
    for record_size in [8_000, 65_535] {
        let request = Request::get("/").param("HTTP_COOKIE", cookie.clone()).param("HTTP_X", "after");
        let answers = run(talk(vec![request.bytes(record_size)]));
        assert!(answers[0].body().windows(60_000).any(|window| window == cookie), "records of {record_size}");
    }
}

fn parameters_that_are_too_large_are_a_bad_request() {
    let one = Request::get("/").param("HTTP_X", vec![b'x'; 70_000]);
    let many = (0..20_000).fold(Request::get("/"), |mut request, n| {
        request.params.push((format!("HTTP_X_{n}"), b"value".to_vec()));
        request
    });
    for request in [one, many] {
        let bytes = [request.keep().bytes(60_000), Request::get("/").bytes(100)].concat();
        assert_eq!(run(talk(vec![bytes])).iter().map(Answer::status).collect::<Vec<_>>(), ["400", "200"]);
    }
}

fn a_parameter_whose_length_lies_is_a_bad_request() {
    let begin = record(1, &[0, 1, 0, 0, 0, 0, 0, 0]);
    let end = [record(4, &[]), record(5, &[])].concat();
    let two_gigabytes = record(4, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, b'A']);
    let unfinished = record(4, &[4, 100, b'N', b'A', b'M', b'E']);
    for params in [two_gigabytes, unfinished] {
        let answers = run(talk(vec![begin.clone(), params, end.clone()]));
        assert_eq!(answers.iter().map(Answer::status).collect::<Vec<_>>(), ["400"]);
    }
}

fn a_short_begin_record_ends_the_connection() {
    for length in 0..8 {
        assert_eq!(run(talk(vec![record(1, &vec![0; length])])), []);
    }
}

fn a_missing_target_is_a_bad_request() {
    let mut request = Request::get("/").keep();
    request.params.retain(|(name, _)| name != "REQUEST_URI");
    let bytes = [request.bytes(100), Request::get("/").bytes(100)].concat();
    assert_eq!(run(talk(vec![bytes])).iter().map(Answer::status).collect::<Vec<_>>(), ["400", "200"]);
}

fn another_role_is_declined() {
    let mut bytes = Request::get("/").bytes(100);
    bytes[9] = 3; // filter, which also waits for a data stream
    bytes.extend(record(8, &[]));
    let answers = run(talk(vec![bytes]));
    assert_eq!(answers[0].protocol_status, 3, "UNKNOWN_ROLE");
}

fn a_streaming_answer_arrives_while_it_is_made() {
    run(async {
        let (mut web_server, ours) = tokio::io::duplex(4096);
        let service = rt::spawn(serve(ours));
        web_server.write_all(&Request::get("/forever").bytes(100)).await.unwrap();
        let mut received = Vec::new();
        while !received.ends_with(b"first") {
            let read = web_server.read_buf(&mut received);
            tokio::time::timeout(Duration::from_secs(60), read)
                .await
                .expect("the first chunk is not held back")
                .unwrap();
        }
        service.abort();
    });
}

fn a_client_that_leaves_ends_the_answer() {
    run(async {
        let (mut web_server, ours) = tokio::io::duplex(64);
        let service = rt::spawn(serve(ours));
        web_server.write_all(&Request::get("/large").bytes(100)).await.unwrap();
        let mut first = [0; 10];
        web_server.read_exact(&mut first).await.unwrap();
        drop(web_server);
        tokio::time::timeout(Duration::from_secs(60), service).await.expect("the answer is given up").unwrap();
    });
}

fn head_has_the_length_and_no_body() {
    let answers = run(talk(vec![Request::get("/large").param("REQUEST_METHOD", "HEAD").bytes(100)]));
    assert!(String::from_utf8_lossy(&answers[0].stdout).contains("content-length: 300000\r\n"));
    assert_eq!(answers[0].body(), b"");
}

fn a_stopping_server_finishes_the_request_and_closes() {
    run(async {
        let (mut web_server, ours) = tokio::io::duplex(1 << 20);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let service = rt::spawn(async move {
            let app = App::new().default_service(web::to(echo)).into_factory();
            let Ok(service) = app.new_service(AppConfig::default()).await else { panic!("the app starts") };
            serve_connection(ours, &service, LIMIT, &Arc::new(Drain::default()).connection(), async {
                stopped.await.unwrap_or_default();
            })
            .await;
        });
        web_server.write_all(&Request::get("/").keep().bytes(100)).await.unwrap();
        let mut received = Vec::new();
        while answers(&received).is_empty() {
            web_server.read_buf(&mut received).await.unwrap();
        }
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(60), service).await.expect("an idle connection is closed").unwrap();
    });
}

fn a_request_that_has_begun_is_finished_by_a_stopping_server() {
    run(async {
        let (mut web_server, ours) = tokio::io::duplex(1 << 20);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let service = rt::spawn(async move {
            let app = App::new().default_service(web::to(echo)).into_factory();
            let Ok(service) = app.new_service(AppConfig::default()).await else { panic!("the app starts") };
            // Told at the first chance that it has, which is after the first part of the request.
            serve_connection(ours, &service, LIMIT, &Arc::new(Drain::default()).connection(), async {
                stopped.await.unwrap_or_default();
            })
            .await;
        });
        let bytes = Request::post("/", b"body").keep().bytes(100);
        web_server.write_all(&bytes[..40]).await.unwrap();
        // What was written is read before anything else happens on this one thread.
        tokio::task::yield_now().await;
        stop.send(()).unwrap();
        tokio::task::yield_now().await;
        web_server.write_all(&bytes[40..]).await.unwrap();
        let mut received = Vec::new();
        web_server.read_to_end(&mut received).await.unwrap();
        assert_eq!(answers(&received).len(), 1);
        service.await.unwrap();
    });
}

fn a_web_server_that_asks_for_limits_is_told() {
    run(async {
        let (mut web_server, ours) = tokio::io::duplex(4096);
        let service = rt::spawn(serve(ours));
        let mut question = record(9, b"\x0e\x00FCGI_MAX_CONNS");
        question[3] = 0; // of the connection, not of a request
        web_server.write_all(&question).await.unwrap();
        let mut answer = [0; 8];
        let read = web_server.read_exact(&mut answer);
        tokio::time::timeout(Duration::from_secs(60), read).await.expect("it is answered at once").unwrap();
        assert_eq!(answer[1], 10, "GET_VALUES_RESULT");
        service.abort();
    });
}

fn a_request_within_another_ends_the_connection() {
    let begin = record(1, &[0, 1, 1, 0, 0, 0, 0, 0]);
    assert_eq!(run(talk(vec![begin.clone(), begin])), []);
}
