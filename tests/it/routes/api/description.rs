//! `/api/openapi.json` and `/api/`.

use super::Program;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(the_description_names_every_address_and_no_other)]
}

fn the_description_names_every_address_and_no_other(app: &TestApp) {
    let program = Program::of_administrator(app);
    let document = app.get("/api/openapi.json").expect(200);
    assert_eq!(document.header("content-type"), Some("application/json"));
    let description = document.json();
    assert!(
        description["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")),
        "{}",
        description["openapi"]
    );
    let paths = description["paths"].as_object().expect("the addresses");
    let mut operations = 0;
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().expect("the methods") {
            operations += 1;
            assert!(operation["responses"]["401"].is_object(), "{method} {path}");
            let asked = app.request(&method.to_uppercase(), &path.replace("{id}", "1")).send();
            assert_eq!(asked.status, 401, "{method} {path}");
            let known = program.ask(&method.to_uppercase(), &path.replace("{id}", "99"));
            assert!(![401, 405].contains(&known.status), "{method} {path}: {}", known.status);
        }
    }
    assert_eq!((paths.len(), operations), (9, 15));
    let index = app.get("/api/").expect(200).json();
    assert_eq!(index["addresses"].as_array().map(Vec::len), Some(5), "{index}");
    assert!(index["openapi"].as_str().is_some_and(|address| address.ends_with("/api/openapi.json")));
}
