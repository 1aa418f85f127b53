//! Lists: search, filters, order, pages, dates; what is done to what was chosen; exports.

use chrono::TimeDelta;

use super::{BOOKMARKS, CHOICES, QUESTIONS, change, delete, form_of};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(every_word_is_searched_for),
        on_every_database(filters_narrow_and_count),
        on_every_database(columns_are_sorted_several_at_once),
        on_every_database(a_long_list_has_pages_and_can_be_shown_whole),
        on_sqlite(pages_far_apart_have_one_gap_between_them),
        on_every_database(years_months_and_days_lead_through_the_list),
        on_every_database(of_very_many_years_the_last_are_linked),
        on_every_database(an_edit_leads_back_to_the_list_as_it_was),
        on_every_database(actions_are_done_to_what_was_chosen),
        on_every_database(everything_that_matches_can_be_chosen),
        on_every_database(an_export_is_what_the_list_shows),
        on_every_database(users_and_log_entries_are_listed_as_django_does),
    ]
}

/// The first column of a list.
fn rows(person: &Person, list: &str, query: &str) -> Vec<String> {
    person.get(&format!("{list}?{query}")).expect(200).html().texts("#result_list tbody th")
}

fn every_word_is_searched_for(app: &TestApp) {
    let ada = app.administrator("ada");
    app.question("What is Rust?").choices(["A language", "Iron oxide"]).create();
    app.question("Was ist ÄRGER?").choices(["50% Zorn", "Wut_"]).create();
    app.question("봄은 언제 오나요?").choices(["곧"]).create();
    for (query, found) in [
        ("rust", &["What is Rust?"][..]),
        ("RUST what", &["What is Rust?"]),
        ("oxide", &["What is Rust?"]),
        ("rust oxide", &["What is Rust?"]),
        ("rust zorn", &[]),
        ("\"is Rust\"", &["What is Rust?"]),
        ("\"Rust is\"", &[]),
        ("ÄRGER", &["Was ist ÄRGER?"]),
        ("봄은 오나요", &["봄은 언제 오나요?"]),
        ("%", &["Was ist ÄRGER?"]),
        ("50%", &["Was ist ÄRGER?"]),
        ("t_", &["Was ist ÄRGER?"]),
        ("\\", &[]),
        ("'", &[]),
        ("1' OR '1'='1", &[]),
        ("🦀", &[]),
    ] {
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("q", query).finish();
        assert_eq!(rows(&ada, QUESTIONS, &query), found, "{query}");
    }
    assert_eq!(rows(&ada, CHOICES, "q=LANGUAGE"), ["A language"]);
    app.bookmark(Some("Ärzte"), "https://example.com/Path");
    app.bookmark(None, "https://other.example/");
    assert_eq!(rows(&ada, BOOKMARKS, "q=path+%C3%84rzte").len(), 1);
    assert_eq!(rows(&ada, BOOKMARKS, "q=https").len(), 2);
    let page = ada.get(&format!("{BOOKMARKS}?q=path")).expect(200).html();
    assert_eq!(page.attribute("#searchbar", "value").as_deref(), Some("path"));
    assert_eq!(page.text("#changelist-search .quiet"), "1 result (2 total)");
}

fn filters_narrow_and_count(app: &TestApp) {
    let ada = app.administrator("ada");
    let ago = |text, age| app.question(text).published_ago(age).choices(["One"]).create();
    let closed = app.question("Closed").published_ago(TimeDelta::days(400)).closed_ago(TimeDelta::days(1)).create();
    let now = ago("Now", TimeDelta::seconds(1));
    ago("Days ago", TimeDelta::days(5));
    app.question("Soon").upcoming_in(TimeDelta::days(800)).create();
    for (query, found) in [
        ("pub_date=past_7_days", &["Now", "Days ago"][..]),
        ("pub_date=upcoming", &["Soon"]),
        ("state=closed", &["Closed"]),
        ("state=open", &["Now", "Days ago"]),
        ("state=open&pub_date=past_7_days", &["Now", "Days ago"]),
        ("state=closed&pub_date=past_7_days", &[]),
        ("state=open&q=days", &["Days ago"]),
    ] {
        assert_eq!(rows(&ada, QUESTIONS, query), found, "{query}");
    }
    // "Today" and the like begin at midnight, which may be while this runs: who is in them is not held here.
    for period in ["today", "this_month", "this_year"] {
        let found = rows(&ada, QUESTIONS, &format!("pub_date={period}"));
        assert!(
            found.len() <= 2 && !found.iter().any(|text| text == "Soon" || text == "Closed"),
            "{period}: {found:?}"
        );
    }
    assert_eq!(rows(&ada, CHOICES, &format!("question__id__exact={}", now.id)).len(), 1);
    assert_eq!(rows(&ada, CHOICES, &format!("question__id__exact={}", closed.id)).len(), 0);
    // Counts on request, beside the links and not in them.
    let page = ada.get(&format!("{QUESTIONS}?state=open")).expect(200).html();
    assert_eq!(page.count("#changelist-filter .count"), 0);
    let page = ada.get(&format!("{QUESTIONS}?state=open&_facets=True")).expect(200).html();
    let counts: Vec<_> = page.texts("#changelist-filter details:nth-of-type(2) .count");
    assert_eq!(counts, ["(2)", "(1)", "(0)"]);
    assert_eq!(page.count("#changelist-filter a .count"), 0);
    assert_eq!(page.text("#changelist-filter details:nth-of-type(2) [aria-current]"), "Open");
    let hide = page.attribute("#changelist-filter .hidelink", "href").expect("a link");
    assert_eq!(hide, "?state=open");
}

fn columns_are_sorted_several_at_once(app: &TestApp) {
    let ada = app.administrator("ada");
    for (text, days) in [("b", 2), ("a", 2), ("b", 1), ("c", 3)] {
        app.question(text).published_ago(TimeDelta::days(days)).create();
    }
    app.execute("UPDATE polls_question SET pub_date = '2026-03-01 00:00:00' WHERE id IN (1, 2)");
    app.execute("UPDATE polls_question SET pub_date = '2026-03-02 00:00:00' WHERE id = 3");
    app.execute("UPDATE polls_question SET pub_date = '2026-02-01 00:00:00' WHERE id = 4");
    let ids = |query: &str| -> Vec<String> {
        let page = ada.get(&format!("{QUESTIONS}?{query}")).expect(200).html();
        page.attributes("[name=_selected_action]", "value")
    };
    for (query, order) in [
        ("", ["3", "2", "1", "4"]),
        ("o=1", ["2", "3", "1", "4"]),
        ("o=-1.2", ["4", "1", "3", "2"]),
        ("o=2.1", ["4", "2", "1", "3"]),
        ("o=-2.-1", ["3", "1", "2", "4"]),
        ("o=3.1", ["4", "2", "1", "3"]),
        ("o=1.-1.1", ["2", "3", "1", "4"]),
    ] {
        assert_eq!(ids(query), order, "{query}");
    }
    let page = ada.get(&format!("{QUESTIONS}?o=-1.2&q=b")).expect(200).html();
    assert_eq!(page.attribute("th.column-question_text", "aria-sort").as_deref(), Some("descending"));
    assert_eq!(page.attribute("th.column-question_text a.toggle", "href").as_deref(), Some("?q=b&o=1.2"));
    assert_eq!(page.attribute("th.column-question_text a.sortremove", "href").as_deref(), Some("?q=b&o=2"));
    assert_eq!(page.attribute("th.column-pub_date a.toggle", "href").as_deref(), Some("?q=b&o=-2.-1"));
    assert_eq!(page.texts("th sub"), ["1", "2"]);
    assert_eq!(page.count("th.column-votes a"), 0);
}

/// Questions by their numbers, one a minute.
fn many(app: &TestApp, count: usize) {
    let row = |number| format!("('Question {number:03}', '2026-03-01 {:02}:{:02}:00')", number / 60, number % 60);
    let rows: Vec<_> = (1..=count).map(row).collect();
    app.execute(&format!("INSERT INTO polls_question (question_text, pub_date) VALUES {}", rows.join(", ")));
}

fn a_long_list_has_pages_and_can_be_shown_whole(app: &TestApp) {
    let ada = app.administrator("ada");
    many(app, 150);
    for (query, first, count, page) in [
        ("", "Question 150", 100, "1"),
        ("p=2", "Question 050", 50, "2"),
        ("p=0", "Question 150", 100, "1"),
        ("p=-7", "Question 150", 100, "1"),
        ("p=1000000000", "Question 050", 50, "2"),
        ("p=99999999999999999999999", "Question 150", 100, "1"),
        ("p=x", "Question 150", 100, "1"),
        ("p=2&o=1", "Question 101", 50, "2"),
    ] {
        let html = ada.get(&format!("{QUESTIONS}?{query}")).expect(200).html();
        let rows = html.texts("#result_list tbody th");
        assert_eq!((rows[0].as_str(), rows.len()), (first, count), "{query}");
        assert_eq!(html.text(".paginator [aria-current=page]"), page, "{query}");
    }
    let page = ada.get(&format!("{QUESTIONS}?o=1")).expect(200).html();
    assert_eq!(page.attribute(".paginator a.showall", "href").as_deref(), Some("?o=1&all="));
    let page = ada.get(&format!("{QUESTIONS}?o=1&all=")).expect(200).html();
    assert_eq!((page.count("#result_list tbody tr"), page.count(".paginator li")), (150, 0));
    many(app, 60);
    let page = ada.get(&format!("{QUESTIONS}?all=")).expect(200).html();
    assert_eq!(page.count("#result_list tbody tr"), 100, "more than 200 are not shown at once");
}

fn pages_far_apart_have_one_gap_between_them(app: &TestApp) {
    let ada = app.administrator("ada");
    let rows: Vec<_> = (0..2000).map(|number| format!("('https://example.com/{number}')")).collect();
    app.execute(&format!("INSERT INTO bookmark_bookmark (url) VALUES {}", rows.join(", ")));
    for (page, numbers) in
        [(1, "1 2 3 … 19 20"), (4, "1 2 3 4 5 6 … 19 20"), (10, "1 2 … 8 9 10 11 12 … 19 20"), (20, "1 2 … 18 19 20")]
    {
        let html = ada.get(&format!("{BOOKMARKS}?p={page}")).expect(200).html();
        assert_eq!(html.texts(".paginator li").join(" "), numbers, "{page}");
    }
}

fn of_very_many_years_the_last_are_linked(app: &TestApp) {
    let ada = app.administrator("ada");
    let rows: Vec<_> = (1500..1750).chain([9998]).map(|year| format!("('Why?', '{year}-06-30 00:00:00')")).collect();
    app.execute(&format!("INSERT INTO polls_question (question_text, pub_date) VALUES {}", rows.join(", ")));
    let links = ada.get(QUESTIONS).expect(200).html().attributes(".toplinks a", "href");
    assert_eq!((links.len(), links[0].as_str()), (200, "?pub_date__year=1551"));
    assert_eq!(links[198..], ["?pub_date__year=1749", "?pub_date__year=9998"]);
}

fn years_months_and_days_lead_through_the_list(setup: Setup) {
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    let ada = app.administrator("ada");
    for (text, date) in [
        ("Eve", "2025-12-31 14:59:59"),
        ("New year", "2025-12-31 15:00:00"),
        ("March", "2026-03-01 00:00:00"),
        ("Later", "2999-06-30 00:00:00"),
    ] {
        app.execute(&format!("INSERT INTO polls_question (question_text, pub_date) VALUES ('{text}', '{date}')"));
    }
    let links = |query: &str| {
        let page = ada.get(&format!("{QUESTIONS}?{query}")).expect(200).html();
        page.attributes(".toplinks li:not(.date-back) a", "href")
    };
    assert_eq!(links(""), ["?pub_date__year=2025", "?pub_date__year=2026", "?pub_date__year=2999"]);
    let year = "pub_date__year=2026";
    assert_eq!(links(year), [format!("?{year}&pub_date__month=1"), format!("?{year}&pub_date__month=3")]);
    assert_eq!(rows(&ada, QUESTIONS, "pub_date__year=2999&pub_date__month=6"), ["Later"]);
    assert_eq!(rows(&ada, QUESTIONS, "pub_date__year=2025"), ["Eve"]);
    assert_eq!(rows(&ada, QUESTIONS, &format!("{year}&pub_date__month=1")), ["New year"]);
    assert_eq!(rows(&ada, QUESTIONS, &format!("{year}&pub_date__month=1&pub_date__day=1")), ["New year"]);
    assert_eq!(rows(&ada, QUESTIONS, &format!("{year}&pub_date__month=2")), [""; 0]);
    assert_eq!(links(&format!("{year}&q=march&o=1")), [format!("?q=march&o=1&{year}&pub_date__month=3")]);
    let page = ada.get(&format!("{QUESTIONS}?{year}&pub_date__month=1&q=e")).expect(200).html();
    assert_eq!(page.attribute(".toplinks .date-back a", "href"), Some(format!("?q=e&{year}")));
}

fn an_edit_leads_back_to_the_list_as_it_was(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let filters = "_changelist_filters=state%3Dopen%26q%3Dnew%2520%2526";
    let list = format!("{QUESTIONS}?state=open&q=new+%26");
    app.execute("UPDATE polls_question SET question_text = 'What is new & good?'");
    let page = ada.get(&format!("{QUESTIONS}?state=open&q=new%20%26")).expect(200).html();
    let link = page.attribute("#result_list tbody th a", "href").expect("a link");
    let same = |link: &str| assert!(link.contains("_changelist_filters=state%3Dopen%26q%3Dnew%2B%2526"), "{link}");
    same(&link);
    same(&page.attribute(".object-tools .addlink", "href").expect("a link"));
    let page = ada.get(&link).expect(200).html();
    same(&page.attribute(".deletelink", "href").expect("a link"));
    same(&page.attribute(".historylink", "href").expect("a link"));
    for (button, leads_to) in [
        ("_save", list.clone()),
        ("_continue", format!("{}?_changelist_filters=state%3Dopen%26q%3Dnew%2B%2526", form_of(&poll))),
        ("_addanother", format!("{QUESTIONS}add/?_changelist_filters=state%3Dopen%26q%3Dnew%2B%2526")),
    ] {
        let path = format!("{}?{filters}", form_of(&poll));
        assert_eq!(ada.submit(&path, &[(button, "1")]).expect(303).location(), leads_to, "{button}");
        let path = format!("{QUESTIONS}add/?{filters}");
        let location = ada.submit(&path, &[("question_text", "More"), (button, "1")]).expect(303).location().to_owned();
        assert_eq!(location.split_once('?').map(|(_, query)| query), leads_to.split_once('?').map(|(_, query)| query));
    }
    let path = format!("{}?{filters}", delete(QUESTIONS, poll.id));
    let page = ada.get(&path).expect(200).html();
    same(&page.attribute(".cancel-link", "href").expect("a link"));
    assert_eq!(ada.post(&path, &[("post", "yes")]).expect(303).location(), list);
}

fn actions_are_done_to_what_was_chosen(app: &TestApp) {
    let (ada, first, second) = (app.administrator("ada"), app.poll(), app.poll());
    let later = app.question("Later").upcoming_in(TimeDelta::hours(1)).create();
    let ids = [first.id.to_string(), later.id.to_string()];
    let chosen = [("_selected_action", ids[0].as_str()), ("_selected_action", ids[1].as_str())];
    let run = |list: &str, action: &str, more: &[(&str, &str)]| {
        ada.post(list, &[&[("action", action)], &chosen[..], more].concat())
    };
    assert_eq!(run(&format!("{QUESTIONS}?o=1"), "publish_now", &[]).expect(303).location(), format!("{QUESTIONS}?o=1"));
    assert_eq!(ada.messages(), ["2 questions are public."]);
    app.get(&later.detail()).expect(200);
    run(QUESTIONS, "close_now", &[]).expect(303);
    assert_eq!(ada.messages(), ["2 questions are closed."]);
    app.post(&first.vote()).form(&[("choice", &first.value(0))]).expect(409);
    app.post(&second.vote()).form(&[("choice", &second.value(0))]).expect(303);
    // Once more changes nothing, and nothing is logged.
    let written = app.count("django_admin_log");
    run(QUESTIONS, "close_now", &[]).expect(303);
    assert_eq!((written, app.count("django_admin_log")), (3, 3));
    // What is still to appear cannot end before that.
    ada.messages();
    let upcoming = app.question("Upcoming").upcoming_in(TimeDelta::hours(1)).create();
    let pk = upcoming.id.to_string();
    run(QUESTIONS, "close_now", &[("_selected_action", pk.as_str())]).expect(303);
    let skipped = "1 question is still to be published and stays as it was.";
    assert_eq!(ada.messages(), [format!("2 questions are closed. {skipped}")]);
    ada.post(QUESTIONS, &[("action", "close_now"), ("_selected_action", pk.as_str())]).expect(303);
    assert_eq!(ada.messages(), [skipped]);
    assert_eq!(app.count("django_admin_log"), written);
    ada.submit(&form_of(&upcoming), &[]).expect(303);
    app.execute(&format!("DELETE FROM polls_question WHERE id = {pk}"));
    app.execute(&format!("DELETE FROM django_admin_log WHERE object_id = '{pk}' AND object_repr = 'Upcoming'"));

    let page = run(QUESTIONS, "delete_selected", &[]).expect(200).html();
    assert_eq!(page.text("h1"), "Are you sure?");
    assert_eq!(page.texts(".summary li"), ["Questions: 2", "Choices: 3", "Ballots: 0"]);
    assert_eq!(page.texts(".doomed > li > ul > li").len(), 3);
    assert_eq!(app.count("polls_question"), 3, "asked about first");
    let fields = page.fields("#content form[method=post]:has(.danger)");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    ada.post(QUESTIONS, &fields).expect(303);
    assert_eq!(ada.messages(), ["Successfully deleted 2 objects."]);
    assert_eq!((app.count("polls_question"), app.count("polls_choice")), (1, 3));
    assert_eq!(app.count("django_admin_log WHERE action_flag = 3"), 2);
}

fn everything_that_matches_can_be_chosen(app: &TestApp) {
    let ada = app.administrator("ada");
    many(app, 150);
    app.question("Other").create();
    let page = ada.get(&format!("{QUESTIONS}?q=question")).expect(200).html();
    assert_eq!(page.text("label.across"), "Select all 150");
    let across = [("action", "close_now"), ("select_across", "1"), ("_selected_action", "1")];
    ada.watch(&ada.post(&format!("{QUESTIONS}?q=question"), &across).expect(303));
    assert_eq!(ada.messages(), ["150 questions are closed."]);
    assert_eq!(app.count("polls_question WHERE close_date IS NULL"), 1);
    let across = [("action", "delete_selected"), ("select_across", "1")];
    let page = ada.post(&format!("{QUESTIONS}?q=question"), &across).expect(200).html();
    assert_eq!(page.count("[name=_selected_action]"), 150);
    // Only the page's own are chosen without it.
    let fields = [("action", "delete_selected"), ("select_across", "0"), ("_selected_action", "1"), ("post", "yes")];
    ada.post(&format!("{QUESTIONS}?q=question"), &fields).expect(303);
    assert_eq!(app.count("polls_question"), 150);
}

fn an_export_is_what_the_list_shows(app: &TestApp) {
    let ada = app.administrator("ada");
    app.question("=1+1").choice_with_votes("＝cmd", 3).choices(["@x, \"y\"\r\nz"]).create();
    app.question("봄").closed_ago(TimeDelta::seconds(1)).create();
    app.execute("UPDATE polls_question SET pub_date = '2026-03-01 00:00:00', close_date = NULL WHERE id = 1");
    let export = |list: &str, query: &str, action: &str| {
        let response = ada.post(&format!("{list}?{query}"), &[("action", action), ("select_across", "1")]).expect(200);
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("cache-control"), Some("private, no-store"));
        response
    };
    let csv = export(QUESTIONS, "state=open", "export_csv");
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"question.csv\""));
    let rules = "description,sources,kind,min_choices,max_choices,write_ins,choice_order,ties,lot_seed,voters,results,may_change,\
        is_secret,is_draft";
    let head = format!("\u{feff}id,question_text,pub_date,close_date,{rules},was_published_recently,votes\n");
    let set = ",,single,0,0,false,written,tie,,open,always,false,false,false";
    assert_eq!(csv.text(), format!("{head}1,'=1+1,2026-03-01T00:00:00Z,,{set},false,3\n"));
    assert!(export(QUESTIONS, "q=%EB%B4%84", "export_csv").text().contains("\n2,봄,"));
    assert_eq!(export(QUESTIONS, "o=1&q=nothing", "export_csv").text(), head);
    let choices = export(CHOICES, "o=1", "export_csv").text();
    assert!(
        choices.contains(",'=1+1,") && choices.contains(",'＝cmd,,false,3") && choices.contains("\"'@x, \"\"y\"\""),
        "{choices}"
    );
    let json = export(QUESTIONS, "o=1", "export_json");
    assert_eq!(json.header("content-disposition"), Some("attachment; filename=\"question.json\""));
    let json = json.json();
    assert_eq!((&json[0]["question_text"], &json[0]["votes"]), (&"=1+1".into(), &3.into()));
    assert_eq!((json.as_array().map(Vec::len), &json[1]["question_text"]), (Some(2), &"봄".into()));
    assert!(json[1]["close_date"].as_str().is_some_and(|date| date.ends_with('Z')));
    // Those alone that were chosen; of users nothing that opens their account.
    let one = [("action", "export_json"), ("_selected_action", "2")];
    assert_eq!(ada.post(QUESTIONS, &one).expect(200).json().as_array().map(Vec::len), Some(1));
    for action in ["export_csv", "export_json"] {
        let users = export("/admin/auth/user/", "", action).text();
        assert!(users.contains("ada") && !users.contains("argon2") && !users.contains("password1"), "{users}");
    }
    app.user("bea").staff().may("polls.view_choice").create();
    let across = [("action", "export_csv"), ("select_across", "1")];
    app.logged_in("bea").post(CHOICES, &across).expect(200);
    app.logged_in("bea").post(QUESTIONS, &across).expect(403);
}

fn users_and_log_entries_are_listed_as_django_does(app: &TestApp) {
    let zoe = app.administrator("zoe");
    let (users, log) = ("/admin/auth/user/", "/admin/admin/logentry/");
    zoe.post("/admin/auth/group/add/", &[("name", "Editors")]).expect(303);
    let anna = app.administrator("anna");
    let bea = app.user("bea").create();
    let member = [("username", "bea"), ("groups", "1"), ("date_joined_0", "2026-03-01"), ("date_joined_1", "09:00")];
    anna.post(&change(users, bea.into()), &member).expect(303);
    // Those in no group.
    assert_eq!(rows(&anna, users, "groups__isnull=True"), ["anna", "zoe"]);
    assert_eq!(rows(&anna, users, "groups__id__exact=1"), ["bea"]);
    let page = anna.get(&format!("{users}?groups__isnull=True&_facets=True&q=a")).expect(200).html();
    let groups = "#changelist-filter details:last-of-type";
    assert_eq!(page.texts(&format!("{groups} a")), ["All", "Editors", "Empty"]);
    assert_eq!(page.texts(&format!("{groups} .count")), ["(1)", "(1)"]);
    assert_eq!(page.text(&format!("{groups} [aria-current]")), "Empty");
    let links = page.attributes(&format!("{groups} a"), "href");
    assert_eq!(
        links,
        ["?_facets=True&q=a", "?_facets=True&q=a&groups__id__exact=1", "?_facets=True&q=a&groups__isnull=True"]
    );
    // By the name that is shown, not by a number that is not.
    let authors = |query: &str| anna.get(&format!("{log}?{query}")).expect(200).html().texts("td.field-user");
    assert_eq!(authors("o=2"), ["anna", "zoe"]);
    assert_eq!(authors("o=-2"), ["zoe", "anna"]);
}
