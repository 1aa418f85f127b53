//! `/healthz` and `/readyz`

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_migrated_site_is_alive_and_ready),
        on_every_database(without_its_tables_a_site_is_alive_and_not_ready),
        on_sqlite(without_its_database_a_site_is_alive_and_not_ready),
        on_sqlite(probes_may_ask_by_any_name),
    ]
}

fn a_migrated_site_is_alive_and_ready(app: &TestApp) {
    for path in ["/healthz", "/readyz"] {
        let response = app.get(path).expect(200);
        assert_eq!(response.header("cache-control"), Some("no-store"));
        assert_eq!(response.header("content-type"), Some("text/plain; charset=utf-8"));
        app.request("HEAD", path).expect(200);
    }
}

fn without_its_tables_a_site_is_alive_and_not_ready(setup: Setup) {
    let setup = setup.without_tables();
    // On SQLite, an empty file in the place of none.
    drop(setup.open());
    let app = setup.start();
    app.get("/healthz").expect(200);
    let response = app.get("/readyz").expect(503);
    assert!(response.text().contains("polls migrate"), "{}", response.text());
}

fn without_its_database_a_site_is_alive_and_not_ready(setup: Setup) {
    let app = setup.without_tables().start();
    app.get("/healthz").expect(200);
    app.get("/readyz").expect(503);
}

fn probes_may_ask_by_any_name(app: &TestApp) {
    for host in ["10.0.0.7:8000", "anything.example"] {
        app.get("/healthz").host(host).expect(200);
        app.get("/readyz").host(host).expect(200);
        app.get("/").host(host).expect(400);
    }
}
