//! The files of `deploy/prometheus`, with Debian's Prometheus.

use serde_json::Value as Json;

use crate::support::servers::prometheus::{Prometheus, files, promtool};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [on_sqlite(every_query_of_the_board_finds_numbers), on_sqlite(the_alerts_are_for_what_their_names_say)];
    tests.map(|test| test.needing(Need::Prometheus)).into()
}

fn every_query_of_the_board_finds_numbers(setup: Setup) {
    let app = setup.settings("metrics_allowed = [\"127.0.0.1\"]").start();
    let poll = app.poll();
    let prometheus = Prometheus::start(app.port());
    assert_eq!(prometheus.eventually("up{job=\"polls\"} == 1").len(), 1);
    let board = std::fs::read_to_string(files().join("grafana.json")).expect("it can be read");
    let board: Json = serde_json::from_str(&board).expect("JSON");
    let panels = board["panels"].as_array().expect("panels");
    let mut queries = 0;
    for target in panels.iter().flat_map(|panel| panel["targets"].as_array().expect("queries")) {
        let query = target["expr"].as_str().expect("a query");
        // As Grafana fills them in.
        let query = query.replace("$__rate_interval", "10s").replace("$instance", ".+");
        queries += 1;
        // Rates are there when a number has been asked for twice.
        eventually(&query, || {
            app.get(&poll.detail()).expect(200);
            app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
            prometheus.ask(&query).iter().any(|line| !line.contains("=> NaN")).then_some(())
        });
    }
    assert!(queries >= 10, "{queries}");
    assert_eq!(prometheus.ask("ALERTS{alertstate=\"firing\"}"), Vec::<String>::new());
}

fn the_alerts_are_for_what_their_names_say() {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/prometheus/alerts_test.yml");
    let tested = promtool(&["test", "rules", cases]);
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));
    // Every alert has a case in which it rings.
    let alerts = std::fs::read_to_string(files().join("alerts.yml")).expect("it can be read");
    let cases = std::fs::read_to_string(cases).expect("it can be read");
    for alert in alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(cases.contains(&format!("alertname: {alert}\n        exp_alerts:\n          - ")), "{alert}");
    }
}
