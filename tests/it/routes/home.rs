//! `/`

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(the_home_page_links_every_app_with_a_line_on_what_it_is)]
}

fn the_home_page_links_every_app_with_a_line_on_what_it_is(app: &TestApp) {
    let page = app.get("/").expect(200).html();
    assert_eq!(page.attributes("main li a", "href"), ["/polls/", "/bookmark/", "/admin/"]);
    assert_eq!(page.texts("main li h2"), ["Polls", "Bookmarks", "Administration"]);
    let lines = page.texts("main li p");
    assert!(lines.len() == 3 && lines.iter().all(|line| line.ends_with('.')), "{lines:?}");
}
