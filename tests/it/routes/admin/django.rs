//! The same posts to Django's admin and to ours: the same answers, the same rows, the same log.

use diesel::prelude::*;
use polls::admin::schema::django_admin_log;
use polls::polls::schema::{polls_choice, polls_question};
use serde_json::{Value, json};

use super::{BOOKMARKS, CHOICES, QUESTIONS, change, delete};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_every_database(the_same_addresses_list_the_same_objects),
        on_every_database(the_same_forms_write_the_same_rows_and_the_same_log),
        on_every_database(the_same_permissions_open_the_same_pages),
    ];
    tests.map(|test| test.needing(Need::Django)).into()
}

/// A post, as Django's own forms make it.
type Step = (String, Vec<(&'static str, &'static str)>);

/// Posts each step as the superuser, and prints the status and where it leads.
const POST: &str = r#"
import json, sys
from django.contrib.auth.models import User
from django.test import Client
client, answers = Client(SERVER_NAME="localhost"), []
client.force_login(User.objects.get(username="admin"))
for path, fields in json.loads(STEPS):
    data = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    answer = client.post(path, data)
    answers.append([answer.status_code, answer.headers.get("Location", "")])
print(json.dumps(answers))
"#;

/// Prints the statuses of pages for users with one permission each.
const STATUSES: &str = r#"
import json
from django.contrib.auth.models import Permission, User
from django.test import Client
answers = []
for number, (permission, requests) in enumerate(json.loads(STEPS)):
    user = User.objects.create_user(f"user{number}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename=permission))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    for method, path in requests:
        answer = client.post(path, {"x": "y"}) if method == "POST" else client.get(path)
        answers.append(answer.status_code)
print(json.dumps(answers))
"#;

/// Prints the ids that lists show in the order of their ids; null where the address cannot be asked.
const LISTS: &str = r#"
import json, re
from django.contrib.auth.models import User
from django.test import Client
client, answers = Client(SERVER_NAME="localhost"), []
client.force_login(User.objects.get(username="admin"))
for path in json.loads(STEPS):
    answer = client.get(path)
    ids = re.findall(r'name="_selected_action" value="(\d+)"', answer.content.decode())
    answers.append(sorted(map(int, ids)) if answer.status_code == 200 else None)
print(json.dumps(answers))
"#;

fn run(setup: &Setup, script: &str, steps: &Value) -> Value {
    let steps = format!("STEPS = {:?}\n", steps.to_string());
    let printed = setup.django().run(&["shell", "--command", &format!("{steps}{script}")]);
    serde_json::from_str(printed.lines().last().unwrap_or_default())
        .unwrap_or_else(|error| panic!("{error}: {printed}"))
}

const MANAGEMENT: [(&str, &str); 2] = [("choice_set-MIN_NUM_FORMS", "0"), ("choice_set-MAX_NUM_FORMS", "1000")];

fn steps() -> Vec<Step> {
    let date = [("pub_date_0", "2026-03-01"), ("pub_date_1", "09:00:00")];
    let later = [("pub_date_0", "2026-03-02"), ("pub_date_1", "09:00")];
    let total = |total, initial| [("choice_set-TOTAL_FORMS", total), ("choice_set-INITIAL_FORMS", initial)];
    let question = |date: [(&'static str, &'static str); 2], total: [(&'static str, &'static str); 2], fields: &[_]| {
        [&date[..], &total, &MANAGEMENT, fields].concat()
    };
    let row = |id, key: [&'static str; 4], text, more: &[(&'static str, &'static str)]| {
        [&[(key[0], id), (key[1], "7"), (key[2], text), (key[3], "0")][..], more].concat()
    };
    let first = ["choice_set-0-id", "choice_set-0-question", "choice_set-0-choice_text", "choice_set-0-votes"];
    let second = ["choice_set-1-id", "choice_set-1-question", "choice_set-1-choice_text", "choice_set-1-votes"];
    let third = ["choice_set-2-id", "choice_set-2-question", "choice_set-2-choice_text", "choice_set-2-votes"];
    let added = [
        &[("question_text", "Warum nicht, 왜?")][..],
        &[(first[2], "Eins"), (first[3], "0"), (second[2], "\"Zwei\""), (second[3], "0")],
    ]
    .concat();
    let same = [
        &[("question_text", "Warum nicht, 왜?")][..],
        &row("14", first, "Eins", &[]),
        &row("15", second, "\"Zwei\"", &[]),
    ]
    .concat();
    let rows = [
        &[("question_text", "Warum?")][..],
        &row("14", first, "Neu", &[]),
        &row("15", second, "\"Zwei\"", &[("choice_set-1-DELETE", "on")]),
        &[(third[2], "Drei"), (third[3], "0")],
    ]
    .concat();
    let only_rows = [&[("question_text", "Warum?")][..], &row("14", first, "Alt", &[])].concat();
    let bookmark = |title, url| vec![("title", title), ("url", url)];
    vec![
        (format!("{QUESTIONS}add/"), question(date, total("2", "0"), &[&added[..], &[("_continue", "1")]].concat())),
        (change(QUESTIONS, 7), question(date, total("2", "2"), &same)),
        (change(QUESTIONS, 7), question(later, total("3", "2"), &rows)),
        (change(QUESTIONS, 7), question(later, total("1", "1"), &only_rows)),
        (
            format!("{CHOICES}add/"),
            vec![("question", "7"), ("choice_text", "Vier"), ("votes", "0"), ("_addanother", "1")],
        ),
        (change(CHOICES, 16), vec![("question", "5"), ("choice_text", "Fünf"), ("votes", "0"), ("_continue", "1")]),
        (format!("{BOOKMARKS}add/"), bookmark("", "https://neu.example/")),
        (change(BOOKMARKS, 6), bookmark("Titel", "https://neu.example/")),
        (change(BOOKMARKS, 6), bookmark("Titel", "https://neu.example/")),
        (change(BOOKMARKS, 6), bookmark("T".repeat(100).leak(), "https://anders.example/")),
        (delete(BOOKMARKS, 6), vec![("post", "yes")]),
        (delete(QUESTIONS, 7), vec![("post", "yes")]),
        (
            BOOKMARKS.to_owned(),
            vec![("action", "delete_selected"), ("_selected_action", "1"), ("_selected_action", "2"), ("post", "yes")],
        ),
        (BOOKMARKS.to_owned(), vec![("action", "delete_selected"), ("index", "0")]),
        (format!("{BOOKMARKS}add/?_changelist_filters=q%3Dx"), bookmark("Titel", "https://neu.example/")),
    ]
}

type Entry = (i16, Option<String>, String, String);
/// Log entries, questions, and choices with their questions.
type Written = (Vec<Value>, Vec<(i64, String)>, Vec<(i64, i64, String)>);

/// The log that was written since Django filled the database, and the questions and choices.
fn written(setup: &Setup) -> Written {
    let conn = &mut setup.open();
    let entries: Vec<Entry> = django_admin_log::table
        .filter(django_admin_log::id.gt(6))
        .order(django_admin_log::id)
        .select((
            django_admin_log::action_flag,
            django_admin_log::object_id,
            django_admin_log::object_repr,
            django_admin_log::change_message,
        ))
        .load(conn)
        .expect("the log can be read");
    let entry = |(flag, id, repr, message): Entry| {
        // The fixture's bookmarks shout the names of their fields.
        let message = message.replace("\"TITLE\"", "\"Title\"");
        let message = serde_json::from_str(&message).unwrap_or(Value::String(message));
        json!([flag, id, repr, message])
    };
    let questions = polls_question::table.order(polls_question::id);
    let choices = polls_choice::table.order(polls_choice::id);
    (
        entries.into_iter().map(entry).collect(),
        questions.select((polls_question::id, polls_question::question_text)).load(conn).expect("questions"),
        choices
            .select((polls_choice::id, polls_choice::question_id, polls_choice::choice_text))
            .load(conn)
            .expect("choices"),
    )
}

fn the_same_forms_write_the_same_rows_and_the_same_log(setup: Setup) {
    let djangos = Setup::new(setup.engine()).filled_by_django();
    let answers = run(&djangos, POST, &json!(steps()));
    let app = setup.adopted_from_django().start();
    let admin = app.person();
    admin.log_in("admin", "admin-password-1").expect(303);
    for ((path, fields), answer) in steps().iter().zip(answers.as_array().expect("a list")) {
        let response = admin.post(path, fields);
        assert_eq!((response.status, &answer[0]), (303, &json!(302)), "{path}: {}", response.text());
        assert_eq!(Some(response.location()), answer[1].as_str(), "{path}");
    }
    let (ours, theirs) = (written(&app), written(&djangos));
    assert_eq!(ours.0, theirs.0);
    assert_eq!((ours.1, ours.2), (theirs.1, theirs.2));
}

fn the_same_permissions_open_the_same_pages(setup: Setup) {
    let setup = setup.adopted_from_django();
    let models = [(QUESTIONS, "question", 5), (CHOICES, "choice", 1), (BOOKMARKS, "bookmark", 1)];
    let mut cases: Vec<(String, Vec<(&str, String)>)> = Vec::new();
    for (list, model, pk) in models {
        let pages = [
            list.to_owned(),
            format!("{list}add/"),
            change(list, pk),
            delete(list, pk),
            format!("{list}{pk}/history/"),
        ];
        let gets = pages.iter().map(|path| ("GET", path.clone()));
        // Without the fields a form is shown again; without the permission it is refused.
        let posts = [format!("{list}add/"), change(list, pk)].map(|path| ("POST", path));
        let requests: Vec<_> = gets.chain(posts).collect();
        cases.extend(["add", "change", "view", "delete"].map(|action| (format!("{action}_{model}"), requests.clone())));
    }
    let theirs = run(&setup, STATUSES, &json!(cases));
    let app = setup.start();
    let mut ours = Vec::new();
    for (number, (permission, requests)) in cases.iter().enumerate() {
        let app_label = if permission.ends_with("bookmark") { "bookmark" } else { "polls" };
        let permission = format!("{app_label}.{permission}");
        let name = format!("ours{number}");
        app.user(&name).staff().may(&permission).create();
        let person = app.logged_in(&name);
        ours.extend(requests.iter().map(|(method, path)| match *method {
            "POST" => person.post(path, &[("x", "y")]).status,
            _ => person.get(path).status,
        }));
    }
    let requests =
        || cases.iter().flat_map(|(permission, requests)| requests.iter().map(move |request| (permission, request)));
    let theirs = theirs.as_array().expect("a list").iter().filter_map(Value::as_u64);
    for ((case, ours), theirs) in requests().zip(ours).zip(theirs) {
        assert_eq!(u64::from(ours), theirs, "{case:?}");
    }
}

/// Lookups of bookmarks that people have made in Django's admin. The site is in Seoul.
const ADDRESSES: &[(&str, &[&str])] = &[
    (
        QUESTIONS,
        &[
            "pub_date__gte=2024-03-01+00%3A00%3A00%2B09%3A00&pub_date__lt=2024-03-02+00%3A00%3A00%2B09%3A00",
            "pub_date__gte=2024-03-01+09%3A00%3A00%2B09%3A00&pub_date__lt=2024-07-15T09%3A30%3A15.12Z",
            "pub_date__gte=2023-12-31&pub_date__lt=2024-01-01",
            "pub_date__gte=2024-01-01&pub_date__lt=2024-01-02",
            "pub_date__gt=2024-03-01T00:00:00Z",
            "pub_date__lte=2024-07-15+18:30:15.120000",
            "pub_date__lt=2024-07-15+18:30:15.120000",
            "pub_date__gte=2020-03-01+08:59:59.999999",
            "pub_date__gt=2020-03-01+08:59:59.999999",
            "pub_date__exact=2025-01-31+14:59:59.123456%2B00:00",
            "pub_date__gte=0001-02-03&pub_date__lt=9999-12-31",
            "pub_date__isnull=True",
            "pub_date__isnull=False",
            "pub_date__isnull=0",
            "pub_date__gte=2024-01-01&q=new&o=-2",
            "pub_date__gte=tomorrow",
            "pub_date__gte=2024-02-30",
            "pub_date__lt=",
            "id__exact=2",
            "pk=2",
            "id__in=1,2,99",
            "pk__in=3&id__exact=3",
            "id__exact=x",
            "id__in=1,x",
            "id__in=",
        ],
    ),
    (
        CHOICES,
        &[
            "question__id__exact=1",
            "question=1",
            "question__exact=2",
            "question__pk=2",
            "question__id=99",
            "question=x",
        ],
    ),
    (BOOKMARKS, &["id__in=1,3", "id=4"]),
    (
        "/admin/auth/user/",
        &[
            "is_staff__exact=1",
            "is_staff=1",
            "is_staff=0&is_active__exact=1",
            "groups__id__exact=1",
            "groups=1",
            "groups__isnull=True",
            "date_joined__gte=2021-01-01&date_joined__lt=2022-01-01",
            "last_login__isnull=True",
            "last_login__isnull=False&date_joined__lt=2019-05-02",
            "last_login__gte=2025-06-01",
        ],
    ),
];

fn the_same_addresses_list_the_same_objects(setup: Setup) {
    let setup = setup.adopted_from_django();
    let paths =
        || ADDRESSES.iter().flat_map(|(list, queries)| queries.iter().map(move |query| format!("{list}?{query}")));
    let theirs = run(&setup, LISTS, &json!(paths().collect::<Vec<_>>()));
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    let admin = app.person();
    admin.log_in("admin", "admin-password-1").expect(303);
    // Our login has rehashed the password; the log in itself is later than all that is asked.
    for (path, theirs) in paths().zip(theirs.as_array().expect("a list")) {
        let answer = admin.get(&path);
        let ours = (answer.status == 200).then(|| {
            let ids = answer.html().attributes("[name=_selected_action]", "value");
            let mut ids: Vec<i64> = ids.iter().map(|id| id.parse().expect("an id")).collect();
            ids.sort_unstable();
            ids
        });
        assert_eq!(json!(ours), *theirs, "{path}");
    }
}
