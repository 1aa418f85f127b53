//! Content types and permissions, as Django's `migrate` leaves them.

use diesel::prelude::*;
use polls::admin::schema::django_content_type;
use polls::auth::schema::auth_permission;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_every_database(migrating_writes_what_django_would_and_once)]
}

const MODELS: [(&str, &str, &str); 11] = [
    ("admin", "logentry", "log entry"),
    ("auth", "group", "group"),
    ("auth", "permission", "permission"),
    ("auth", "user", "user"),
    ("bookmark", "bookmark", "bookmark"),
    ("contenttypes", "contenttype", "content type"),
    ("outbound", "task", "outbound task"),
    ("polls", "choice", "choice"),
    ("polls", "invitation", "invitation"),
    ("polls", "question", "question"),
    ("sessions", "session", "session"),
];

fn migrating_writes_what_django_would_and_once(setup: Setup) {
    let setup = setup.without_tables();
    setup.run(&["migrate"]).expect(0);
    setup.execute("DELETE FROM auth_permission WHERE codename = 'view_question'");
    setup.execute("UPDATE auth_permission SET name = 'May vote' WHERE codename = 'add_question'");
    setup.run(&["migrate"]).expect(0);
    setup.run(&["migrate"]).expect(0);
    let written: Vec<(String, String, String, String)> = auth_permission::table
        .inner_join(django_content_type::table)
        .select((
            django_content_type::app_label,
            django_content_type::model,
            auth_permission::codename,
            auth_permission::name,
        ))
        .order((django_content_type::app_label, django_content_type::model, auth_permission::codename))
        .load(&mut setup.open())
        .expect("permissions can be read");
    let expected: Vec<_> = MODELS
        .iter()
        .flat_map(|(app, model, name)| {
            ["add", "change", "delete", "view"].map(|action| {
                let name = match (action, *model) {
                    ("add", "question") => "May vote".to_owned(),
                    _ => format!("Can {action} {name}"),
                };
                ((*app).to_owned(), (*model).to_owned(), format!("{action}_{model}"), name)
            })
        })
        .collect();
    assert_eq!(written, expected);
}
