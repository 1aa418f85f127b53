//! The ways beside a relation's select, and the pop-ups they open.

use serde_json::{Value, json};

use super::{CHOICES, QUESTIONS, change, form_of};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_select_leads_where_the_viewer_may_go),
        on_sqlite(a_pop_up_stays_one_until_it_is_saved),
        on_every_database(one_of_many_is_searched),
        on_every_database(what_is_saved_in_a_pop_up_is_told_to_the_window_before),
    ]
}

fn a_select_leads_where_the_viewer_may_go(app: &TestApp) {
    let poll = app.poll();
    let choice = change(CHOICES, poll.choices[0]);
    let question = format!("/admin/polls/question/{}/change/", poll.id);
    for (number, permission, ways) in [
        (0, "", &[][..]),
        (1, "polls.view_question", &["view"]),
        (2, "polls.add_question", &["add"]),
        (3, "polls.change_question", &["change", "view"]),
        (4, "polls.delete_question", &[]),
    ] {
        let name = format!("user{number}");
        let user = app.user(&name).staff().may("polls.change_choice");
        if permission.is_empty() {
            user.create()
        } else {
            user.may(permission).create()
        };
        let page = app.logged_in(&name).get(&choice).expect(200).html();
        let links = page.attributes(".related-widget-wrapper-link", "id");
        assert_eq!(links, ways.iter().map(|way| format!("{way}_id_question")).collect::<Vec<_>>(), "{permission}");
        assert_eq!(page.count("select#id_question"), 1);
    }
    let ada = app.administrator("ada");
    let page = ada.get(&choice).expect(200).html();
    assert_eq!(page.attribute("#add_id_question", "href").as_deref(), Some("/admin/polls/question/add/"));
    for (way, name) in [("change", "Change selected question"), ("view", "View selected question")] {
        let link = format!("#{way}_id_question");
        assert_eq!(page.attribute(&link, "href"), Some(question.clone()));
        assert_eq!(
            page.attribute(&link, "data-href-template").as_deref(),
            Some("/admin/polls/question/__fk__/change/")
        );
        assert_eq!(page.text(&link), name);
    }
    // Of many none is the one to change; permissions are nothing that can be added.
    let page = ada.get(&change("/admin/auth/user/", 1)).expect(200).html();
    assert_eq!(page.attributes(".related-widget-wrapper-link", "id"), ["add_id_groups"]);
    // Where it is only shown, its name leads there, for who may see it.
    app.user("reader").staff().may("polls.view_choice").may("polls.view_question").create();
    app.user("other").staff().may("polls.view_choice").create();
    let shown = |name: &str| {
        let page = app.logged_in(name).get(&choice).expect(200).html();
        page.attributes(".field-question .readonly a", "href")
    };
    assert_eq!((shown("reader"), shown("other")), (vec![question], Vec::new()));
}

/// 228 kB with 2,000 questions, 16 MB with 200,000, where all were listed.
fn one_of_many_is_searched(app: &TestApp) {
    const MOST_BYTES: usize = 40_000;
    let ada = app.administrator("ada");
    let wanted = app.question("Äpfel oder Birnen?").create();
    app.question("What now?").create();
    let add = format!("{CHOICES}add/");
    let select = "#id_question option:not([value=''])";
    let few = ada.get(&add).expect(200).html();
    assert_eq!((few.count(select), few.count("[type=search][name=question__q]")), (2, 0));

    for _ in 0..7 {
        app.execute(&format!(
            "INSERT INTO polls_question (question_text, pub_date) SELECT question_text, pub_date FROM polls_question \
             WHERE id <> {}",
            wanted.id
        ));
    }
    let page = ada.get(&add).expect(200);
    assert!(page.text().len() < MOST_BYTES, "{}", page.text().len());
    let page = page.html();
    assert_eq!((page.count(select), page.count("[type=search][name=question__q]")), (20, 1));

    // Without a script, by the button; what is typed stays, and nothing is saved or called wrong.
    let typed = [("question__q", "birnen oder"), ("choice_text", "Birnen"), ("_find", "question")];
    let found = ada.submit_page(&add, &page, &typed).expect(200).html();
    assert_eq!(found.attributes(select, "value"), [wanted.id.to_string()]);
    assert_eq!(found.attribute("#id_choice_text", "value").as_deref(), Some("Birnen"));
    assert_eq!(found.attribute("#id_question__q", "value").as_deref(), Some("birnen oder"));
    assert_eq!((found.count(".errorlist"), found.count(".errornote"), app.count("polls_choice")), (0, 0, 0));
    let none =
        ada.submit_page(&add, &page, &[("question__q", "nobody asks"), ("_find", "question")]).expect(200).html();
    assert_eq!((none.count(select), none.text(".related-search .help")), (0, "Nothing was found.".to_owned()));

    // With one, as one types.
    let options = |person: &Person, query: &str| person.get(&format!("{CHOICES}options/?{query}"));
    let results = options(&ada, "field=question&q=birnen").expect(200).json();
    assert_eq!(results, json!({ "results": [{ "id": wanted.id, "text": "Äpfel oder Birnen?" }] }));
    let newest = options(&ada, "field=question&q=").expect(200).json();
    assert_eq!(newest["results"].as_array().map(Vec::len), Some(20));
    for query in ["", "field=choice_text&q=a", "field=votes", "q=a"] {
        options(&ada, query).expect(404);
    }
    ada.get("/admin/polls/question/options/?field=question_text").expect(404);
    app.user("bob").staff().may("polls.view_choice").create();
    options(&app.logged_in("bob"), "field=question&q=a").expect(403);

    // What is chosen need not be among those that are offered.
    let typed = |question: String| [("question", question), ("choice_text", "Birnen".to_owned())];
    let save = |question: String| {
        let typed = typed(question);
        ada.submit_page(&add, &page, &typed.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    assert_eq!(save("999999".to_owned()).expect(200).html().count(".errorlist"), 1);
    save(wanted.id.to_string()).expect(303);
    let choice = ada.get(CHOICES).expect(200).html().attribute("#result_list tbody th a", "href").expect("a choice");
    let page = ada.get(&choice).expect(200).html();
    assert_eq!(page.attributes("#id_question option[selected]", "value"), [wanted.id.to_string()]);
    assert_eq!(page.count(select), 21);
}

fn a_pop_up_stays_one_until_it_is_saved(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let around =
        ["#header", "#footer", "#nav-sidebar", ".breadcrumbs", ".object-tools", "[name=_continue]", ".deletelink"];
    let is_bare = |page: &Html| {
        assert_eq!(around.map(|selector| page.count(selector)), [0; 7]);
        assert_eq!(page.count("body.popup"), 1);
        assert_eq!(page.attributes("#change-form [name=_popup]", "value"), ["1"]);
    };
    let query = "_to_field=id&_popup=1";
    for path in [format!("{QUESTIONS}add/?{query}"), format!("{}?{query}", form_of(&poll))] {
        let page = ada.get(&path).expect(200).html();
        is_bare(&page);
        let page = ada.submit_page(&path, &page, &[("question_text", "")]).expect(200).html();
        is_bare(&page);
        assert_eq!(page.count("#id_question_text_error"), 1);
        // Also where only the form says so, as Django's own does.
        let path = path.split('?').next().expect("a path");
        is_bare(&ada.submit_page(path, &page, &[]).expect(200).html());
    }
    let gone = change(QUESTIONS, 99);
    is_bare(&ada.post(&gone, &[("question_text", "Why?"), ("_popup", "1")]).expect(404).html());
    let page = ada.get(&form_of(&poll)).expect(200).html();
    assert!(around.iter().all(|selector| page.count(selector) > 0));
}

fn what_is_saved_in_a_pop_up_is_told_to_the_window_before(app: &TestApp) {
    let ada = app.administrator("ada");
    let save = |path: &str, text: &str| {
        let response = ada.submit(&format!("{path}?_to_field=id&_popup=1"), &[("question_text", text)]).expect(200);
        // A pop-up and its opener know each other when both say that they are of one origin.
        assert_eq!(response.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(response.header("cache-control"), Some("private, no-store"));
        let page = response.html();
        let data = page.attribute("#django-admin-popup-response-constants", "data-popup-response").expect("data");
        (serde_json::from_str::<Value>(&data).expect("it is JSON"), page.text("main"))
    };
    let (data, said) = save(&format!("{QUESTIONS}add/"), "</script><script>alert(\"1\")</script>");
    assert_eq!(data, json!({"value": "1", "obj": "</script><script>alert(\"1\")</script>"}));
    assert!(said.contains("was added successfully") && said.contains("You can close this window."), "{said}");
    let (data, said) = save(&change(QUESTIONS, 1), "Why?");
    assert_eq!(data, json!({"action": "change", "value": "1", "obj": "Why?", "new_value": "1"}));
    assert!(said.contains("was changed successfully"), "{said}");
    assert_eq!((app.count("django_admin_log"), ada.messages().len()), (2, 0));
    // The first of two steps is enough for an account to be chosen.
    let user = [("username", "bea"), ("password1", "a quite long one"), ("password2", "a quite long one")];
    let page = ada.post("/admin/auth/user/add/", &[&user[..], &[("_popup", "1")]].concat()).expect(200).html();
    assert_eq!(page.count("#django-admin-popup-response-constants"), 1);
}
