//! Parameters as a request: whatever they hold, nothing panics and what is well-formed arrives.

use actix_http::HttpMessage as _;
use polls::gateway::params::{Body, request};
use polls::web::context::client::Peer;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{Test, on_sqlite};

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(no_parameters_make_it_panic),
        on_sqlite(what_is_well_formed_arrives),
        on_sqlite(a_client_cannot_speak_for_the_web_server),
    ]
}

fn no_parameters_make_it_panic() {
    let name = prop_oneof![
        Just("REQUEST_METHOD".to_owned()),
        Just("REQUEST_URI".to_owned()),
        Just("CONTENT_LENGTH".to_owned()),
        Just("CONTENT_TYPE".to_owned()),
        Just("REMOTE_ADDR".to_owned()),
        Just("HTTP_HOST".to_owned()),
        Just("HTTP_".to_owned()),
        any::<String>(),
        any::<String>().prop_map(|rest| format!("HTTP_{rest}")),
    ];
    let params = vec((name, vec(any::<u8>(), 0..50)), 0..20);
    proptest!(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() }, |(params in params)| {
        let _ = request(params.iter().map(|(name, value)| (name.as_str(), value.as_slice())), Body::Whole(vec![].into()));
    });
}

fn what_is_well_formed_arrives() {
    let strategy = (
        "[A-Z]{1,10}",
        "(/[a-z0-9%_.~-]{0,8}){1,5}(\\?[a-z0-9=&%]{0,20})?",
        "[a-z]{1,8}(_[a-z]{1,8}){0,2}",
        vec(0x20u8..=0xff, 0..40),
    );
    proptest!(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() }, |((method, target, name, value) in strategy)| {
        let own = ["content_length", "content_type", "transfer_encoding", "connection", "keep_alive", "upgrade", "proxy"];
        prop_assume!(!own.contains(&name.as_str()) && !value.contains(&0x7f));
        let param = format!("HTTP_{}", name.to_uppercase());
        let params = [("REQUEST_METHOD", method.as_bytes()), ("REQUEST_URI", target.as_bytes()), (&param, &value)];
        let request = request(params.into_iter(), Body::Whole(vec![].into())).unwrap();
        prop_assert_eq!(request.method().as_str(), method);
        prop_assert_eq!(request.uri().to_string(), target);
        prop_assert_eq!(request.headers().get(name.replace('_', "-")).unwrap().as_bytes(), value);
    });
}

/// `HTTPS` and `REMOTE_ADDR` are the web server's; a client's header can only become `HTTP_HTTPS`.
fn a_client_cannot_speak_for_the_web_server() {
    let params: [(&str, &[u8]); 4] =
        [("REQUEST_METHOD", b"GET"), ("REQUEST_URI", b"/"), ("HTTP_HTTPS", b"on"), ("HTTP_REMOTE_ADDR", b"10.0.0.1")];
    let request = request(params.into_iter(), Body::Whole(vec![].into())).unwrap();
    let peer = request.extensions().get::<Peer>().unwrap().clone();
    assert!(!peer.secure && !peer.local && peer.address.is_none());
}
