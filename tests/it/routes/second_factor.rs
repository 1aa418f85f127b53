//! The second factor of a login.

use std::process::Command;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_login_asks_for_a_code_that_is_good_once).needing(Need::Python),
        on_every_database(of_several_who_show_one_code_at_once_one_gets_in).needing(Need::Python),
        on_sqlite(a_code_on_paper_is_good_once_and_others_can_be_made).needing(Need::Python),
        on_sqlite(guesses_of_codes_are_limited).needing(Need::Python),
        on_sqlite(a_password_alone_opens_nothing).needing(Need::Python),
        on_sqlite(who_must_have_a_second_factor_reaches_nothing_before),
        on_sqlite(a_lost_second_factor_is_switched_off_by_command).needing(Need::Python),
    ]
}

const PAGE: &str = "/accounts/second_factor/";

/// The present time in steps of 30 seconds.
fn step() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    since.as_secs() / 30
}

/// What an app shows for a secret in a step; Python counts, not the program.
fn code(secret: &str, step: u64) -> String {
    let program = "import base64,hmac,struct,sys\n\
        s=sys.argv[1].replace(' ','');k=base64.b32decode(s+'='*(-len(s)%8))\n\
        h=hmac.new(k,struct.pack('>Q',int(sys.argv[2])),'sha1').digest();o=h[-1]&15\n\
        print('%06d'%((struct.unpack('>I',h[o:o+4])[0]&0x7fffffff)%10**6))";
    let output = Command::new("python3").args(["-c", program, secret, &step.to_string()]).output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("digits").trim().to_owned()
}

/// A member of staff who has switched a second factor on, the secret, and the codes on paper.
struct Enrolled {
    person: Person,
    secret: String,
    step: u64,
    on_paper: Vec<String>,
}

fn enrolled(app: &TestApp, name: &str) -> Enrolled {
    app.user(name).superuser().create();
    let person = app.logged_in(name);
    person.post(PAGE, &[("action", "begin"), ("password", "wrong")]).expect(400);
    let page = person.post(PAGE, &[("action", "begin"), ("password", PASSWORD)]).expect(200).html();
    let (secret, step) = (page.text("main .secret"), step());
    assert_eq!(page.count("main .qr svg"), 1);
    person.post(PAGE, &[("action", "confirm"), ("code", "000000x")]).expect(400);
    let page = person.post(PAGE, &[("action", "confirm"), ("code", &code(&secret, step))]).expect(200).html();
    let on_paper = page.texts("main .codes li");
    assert_eq!(on_paper.len(), 10);
    assert_eq!(person.get(PAGE).expect(200).html().count("main .codes"), 0);
    Enrolled { person, secret, step, on_paper }
}

/// Somebody who has typed the right name and password, and is asked for a code.
fn asked(app: &TestApp, name: &str) -> Person {
    let person = app.person();
    let answer = person.post("/admin/login/", &[("username", name), ("password", PASSWORD), ("next", "/admin/polls/")]);
    assert_eq!(answer.expect(303).location(), "/admin/login/code/");
    person
}

fn a_login_asks_for_a_code_that_is_good_once(app: &TestApp) {
    let Enrolled { secret, step, .. } = enrolled(app, "admin");
    let person = asked(app, "admin");
    let next = code(&secret, step + 1);
    // That of the confirmation is spent.
    person.post("/admin/login/code/", &[("code", &code(&secret, step))]).expect(400);
    let spaced = format!("{} {}", &next[..3], &next[3..]);
    let answer = person.post("/admin/login/code/", &[("code", &spaced)]).expect(303);
    assert_eq!(answer.location(), "/admin/polls/");
    person.get("/admin/").expect(200);
    let other = asked(app, "admin");
    other.post("/admin/login/code/", &[("code", &next)]).expect(400);
    other.get("/admin/").expect(302);
    let logged = app.log.text();
    assert!(!logged.contains(&next) && !logged.contains(&secret.replace(' ', "")), "{logged}");
}

fn of_several_who_show_one_code_at_once_one_gets_in(app: &TestApp) {
    let Enrolled { secret, step, on_paper, .. } = enrolled(app, "admin");
    for code in [code(&secret, step + 1), on_paper[0].clone()] {
        let sessions: Vec<_> = (0..4).map(|_| asked(app, "admin").session().expect("a session")).collect();
        let log_in = |session: &String| {
            let request = app.post("/admin/login/code/").header("Cookie", format!("sessionid={session}"));
            request.form(&[("code", &code)]).send().status
        };
        let mut answers = std::thread::scope(|scope| {
            let posts: Vec<_> = sessions.iter().map(|session| scope.spawn(|| log_in(session))).collect();
            posts.into_iter().map(|post| post.join().expect("an answer")).collect::<Vec<_>>()
        });
        answers.sort_unstable();
        assert_eq!(answers, [303, 400, 400, 400]);
    }
}

fn a_code_on_paper_is_good_once_and_others_can_be_made(app: &TestApp) {
    let Enrolled { person, on_paper, .. } = enrolled(app, "admin");
    let typed = on_paper[3].to_uppercase().replace('-', " ");
    let log_in = |code: &str| asked(app, "admin").post("/admin/login/code/", &[("code", code)]).status;
    assert_eq!([log_in(&typed), log_in(&typed), log_in(&on_paper[4])], [303, 400, 303]);
    assert!(person.get(PAGE).expect(200).html().text("main form p").contains("8 codes"));
    let page = person.post(PAGE, &[("action", "codes"), ("password", PASSWORD)]).expect(200).html();
    let made = page.texts("main .codes li");
    assert_eq!([log_in(&on_paper[5]), log_in(&made[0])], [400, 303]);
    let stored = app.count(&format!("auth_recovery_code WHERE digest LIKE '%{}%'", made[1]));
    assert_eq!(stored, 0);
}

fn guesses_of_codes_are_limited(app: &TestApp) {
    let Enrolled { on_paper, .. } = enrolled(app, "admin");
    let person = asked(app, "admin");
    let guess = |code: &str| person.post("/admin/login/code/", &[("code", code)]).status;
    let answers: Vec<_> = (0..11).map(|number| guess(&format!("{number:06}"))).collect();
    assert_eq!((answers[9], answers[10], guess(&on_paper[0])), (400, 429, 429));
    // Another login with the right password does not begin the count anew.
    assert_eq!(asked(app, "admin").post("/admin/login/code/", &[("code", "123456")]).status, 429);
}

fn a_password_alone_opens_nothing(app: &TestApp) {
    enrolled(app, "admin");
    let person = asked(app, "admin");
    for path in ["/admin/", "/admin/tokens/", "/accounts/sessions/", PAGE, "/admin/password_change/"] {
        person.get(path).expect(302);
    }
    person.post(PAGE, &[("action", "off"), ("password", PASSWORD)]).expect(302);
    // A new password ends the login that waits.
    app.execute("UPDATE auth_user SET password = '!'");
    person.post("/admin/login/code/", &[("code", "123456")]).expect(400);
    let stranger = app.person();
    assert_eq!(stranger.get("/admin/login/code/").expect(303).location(), "/admin/login/");
    assert_eq!(stranger.post("/accounts/login/code/", &[("code", "1")]).expect(303).location(), "/accounts/login/");
}

fn who_must_have_a_second_factor_reaches_nothing_before(setup: Setup) {
    let app = setup.settings("second_factor = \"staff\"").start();
    let person = app.administrator("admin");
    for path in ["/admin/", "/admin/polls/question/", "/accounts/sessions/", "/admin/tokens/"] {
        assert_eq!(person.get(path).expect(303).location(), PAGE);
    }
    let page = person.get(PAGE).expect(200).html();
    assert!(page.text("main").contains("requires a second factor"));
    person.get("/polls/").expect(200);
    app.user("reader").create();
    let reader = app.person();
    reader.post("/accounts/login/", &[("username", "reader"), ("password", PASSWORD)]).expect(303);
    reader.get("/accounts/sessions/").expect(200);
}

fn a_lost_second_factor_is_switched_off_by_command(app: &TestApp) {
    let Enrolled { person, .. } = enrolled(app, "admin");
    let said = app.run(&["secondfactor", "admin"]).expect(0).stdout;
    assert!(said.contains("is on"), "{said}");
    app.run(&["secondfactor", "admin", "--off"]).expect(0);
    person.get("/admin/").expect(302);
    app.logged_in("admin").get("/admin/").expect(200);
    app.run(&["secondfactor", "admin", "--off"]).expect(1);
    app.run(&["secondfactor", "nobody", "--off"]).expect(1);
}
