//! The first start on somebody's own machine, with nothing set.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(the_first_start_makes_a_site_with_a_sample),
        on_sqlite(a_second_start_keeps_the_data_and_loads_nothing),
        on_sqlite(without_arguments_the_program_serves),
        on_sqlite(the_address_and_what_to_do_next_are_printed),
        on_sqlite(only_the_machine_itself_is_served),
        on_sqlite(a_settings_file_may_say_debug),
    ]
}

fn the_first_start_makes_a_site_with_a_sample(setup: Setup) {
    let app = setup.development().start();
    assert!(app.path("polls.sqlite3").is_file());
    let polls = app.get("/polls/").expect(200).html();
    assert_eq!(polls.count("main li"), 3);
    let korean = |text: &String| text.chars().any(|c| ('가'..='힣').contains(&c));
    assert_eq!(polls.texts("main li h2").iter().filter(|text| korean(text)).count(), 1);
    assert_eq!(polls.texts("main li .badge"), ["Open", "Open", "Upcoming"]);
    for poll in &polls.attributes("main li a", "href")[..2] {
        assert!(app.get(poll).expect(200).html().count("input[type=radio]") >= 2);
    }
    app.get("/polls/3/").expect(404);
    assert_eq!(app.get("/bookmark/").expect(200).html().count("main li"), 3);
    app.run(&["migrate", "--check"]).expect(0);
}

fn a_second_start_keeps_the_data_and_loads_nothing(setup: Setup) {
    let app = setup.development().start();
    let poll = app.get("/polls/").expect(200).html().attributes("main li a", "href").remove(0);
    let choice = app.get(&poll).expect(200).html().attributes("input[type=radio]", "value").remove(0);
    app.post(&format!("{poll}vote/")).form(&[("choice", &choice)]).expect(303);
    app.execute("DELETE FROM bookmark_bookmark");
    let app = app.stop().start();
    assert_eq!(app.get("/polls/").expect(200).html().count("main li"), 3);
    assert_eq!(app.get("/bookmark/").expect(200).html().count("main li"), 0);
    assert_eq!(app.get(&format!("{poll}results/")).expect(200).html().text("main .total"), "1 vote in all");
}

fn without_arguments_the_program_serves(setup: Setup) {
    let setup = setup.development().variable("POLLS_SERVER__BIND", "127.0.0.1:0");
    let mut command = setup.command(&[]);
    let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn();
    let app = TestApp::adopt(child.expect("polls can be started"), setup);
    app.get("/").expect(200);
}

fn the_address_and_what_to_do_next_are_printed(setup: Setup) {
    let app = setup.development().start();
    app.stdout.wait_for(&format!("http://127.0.0.1:{}/", app.port()));
    app.stdout.wait_for("sample");
    app.stdout.wait_for("Next");
}

fn only_the_machine_itself_is_served(setup: Setup) {
    let app = setup.development().start();
    for host in ["localhost", "127.0.0.1:8000", "[::1]:8000", "polls.localhost"] {
        app.get("/").host(host).expect(200);
    }
    app.get("/").host("polls.example.org").expect(400);
    app.raw("GET / HTTP/1.0\r\n\r\n").expect(200);
}

fn a_settings_file_may_say_debug(setup: Setup) {
    let app = setup.development().settings("debug = true\ntime_zone = \"Asia/Seoul\"").start();
    assert_eq!(app.get("/polls/").expect(200).html().count("main li"), 3);
}
