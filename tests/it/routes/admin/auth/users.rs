//! `/admin/auth/user/`, `/admin/auth/group/` and `/admin/admin/logentry/`.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_user_is_added_in_two_steps_and_logs_in),
        on_every_database(groups_and_permissions_are_chosen_among_those_there_are),
        on_every_database(a_new_password_ends_their_sessions),
        on_every_database(a_superuser_is_left),
        on_every_database(nobody_gives_what_he_does_not_have),
        on_every_database(a_deleted_user_leaves_the_log_and_takes_along_what_django_would),
        on_every_database(the_log_is_read_only),
    ]
}

const ADD: &str = "/admin/auth/user/add/";
const JOINED: [(&str, &str); 2] = [("date_joined_0", "2026-03-01"), ("date_joined_1", "09:00")];

fn change(user: i32) -> String {
    format!("/admin/auth/user/{user}/change/")
}

fn form<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain(JOINED).collect()
}

/// The id of an option by its name.
fn option(person: &Person, path: &str, name: &str) -> String {
    let page = person.get(path).expect(200).html();
    let (names, ids) = (page.texts("option"), page.attributes("option", "value"));
    let (_, id) = names.iter().zip(ids).find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no option {name}"));
    id
}

fn a_user_is_added_in_two_steps_and_logs_in(app: &TestApp) {
    let ada = app.administrator("ada");
    let wrong = [("username", "ADA"), ("password1", "12345678"), ("password2", "12345678")];
    let page = ada.post(ADD, &wrong).expect(200).html();
    assert_eq!(page.texts("#id_username_error li"), ["A user with that username already exists."]);
    assert_eq!(
        page.texts("#id_password2_error li"),
        ["This password is too common.", "This password is entirely numeric."]
    );
    assert_eq!(page.attribute("#id_username", "value").as_deref(), Some("ADA"));
    assert_eq!(page.attribute("#id_password1", "value"), None);

    let right = [("username", " béa "), ("password1", PASSWORD), ("password2", PASSWORD)];
    let location = ada.post(ADD, &right).expect(303).location().to_owned();
    assert_eq!(location, change(2));
    let page = ada.get(&location).expect(200).html();
    assert_eq!(page.attribute("#id_username", "value").as_deref(), Some("béa"));
    assert_eq!(page.text(".field-password a"), "Reset password");
    assert_eq!(page.count("[name^=password]") + page.count("[name^=last_login]"), 0);

    let whole = form(&[("username", "béa"), ("first_name", "Bea"), ("is_active", "on"), ("is_staff", "on")]);
    assert_eq!(ada.post(&location, &whole).expect(303).location(), "/admin/auth/user/");
    app.person().log_in("béa", PASSWORD).expect(303);
    let without = [("username", "cy"), ("usable_password", "false"), ("_addanother", "1")];
    assert_eq!(ada.post(ADD, &without).expect(303).location(), ADD);
    assert_eq!(ada.get(&change(3)).expect(200).html().text(".field-password a"), "Set password");
    assert!(!ada.get("/admin/auth/user/2/history/").expect(200).text().contains("argon2"));
}

fn groups_and_permissions_are_chosen_among_those_there_are(app: &TestApp) {
    let (ada, bea) = (app.administrator("ada"), app.user("bea").staff().create());
    let add = "/admin/auth/group/add/";
    let view = option(&ada, add, "Polls | question | Can view question");
    let page = ada.post(add, &[("name", "Editors"), ("permissions", &view), ("permissions", "9999")]).expect(200);
    let invalid = "Select a valid choice. That choice is not one of the available choices.";
    assert_eq!(page.html().texts("#id_permissions_error li"), [invalid]);
    ada.post(add, &[("name", "Editors"), ("permissions", &view)]).expect(303);
    let page = ada.post(add, &[("name", "Editors")]).expect(200).html();
    assert_eq!(page.texts("#id_name_error li"), ["Group with this Name already exists."]);

    let group = option(&ada, &change(bea), "Editors");
    let fields = form(&[("username", "bea"), ("is_active", "on"), ("is_staff", "on"), ("groups", &group)]);
    ada.post(&change(bea), &fields).expect(303);
    app.logged_in("bea").get("/admin/polls/question/").expect(200);
    let history = ada.get(&format!("/admin/auth/user/{bea}/history/")).expect(200).html();
    assert!(history.texts("ins").iter().any(|text| text.contains("Editors")), "{:?}", history.texts("ins"));
    let list = |query: &str| ada.get(&format!("/admin/auth/user/?{query}")).expect(200).html().texts("tbody th");
    assert_eq!(list(&format!("groups__id__exact={group}")), ["bea"]);
    assert_eq!(list("is_superuser__exact=1&q=a"), ["ada"]);
    assert_eq!(list("is_superuser__exact=0"), ["bea"]);
    ada.post("/admin/auth/group/1/delete/", &[("post", "yes")]).expect(303);
    app.logged_in("bea").get("/admin/polls/question/").expect(403);
}

fn a_new_password_ends_their_sessions(app: &TestApp) {
    let (ada, bea) = (app.administrator("ada"), app.administrator("bea"));
    let path = "/admin/auth/user/2/password/";
    let page = ada.post(path, &[("password1", "12345"), ("password2", "12346")]).expect(400).html();
    assert_eq!(page.texts("#id_password2_error li"), ["The two password fields didn’t match."]);
    assert!(bea.is_logged_in());
    let new = [("password1", "another good phrase"), ("password2", "another good phrase")];
    assert_eq!(ada.post(path, &new).expect(303).location(), change(2));
    assert!(!bea.is_logged_in() && ada.is_logged_in());
    app.person().log_in("bea", "another good phrase").expect(303);
    assert_eq!(ada.post("/admin/auth/user/1/password/", &new).expect(303).location(), "/admin/password_change/");
    assert!(ada.is_logged_in(), "one's own session goes on");
    app.logged_in("ada");
    ada.post(path, &[("usable_password", "false"), ("set-password", "1")]).expect(303);
    assert!(app.log.wait_for("Set the password of a user").contains("of=\"bea\""));
    app.person().log_in("bea", "another good phrase").expect(303);
    ada.post(path, &[("unset-password", "1")]).expect(303);
    app.person().log_in("bea", "another good phrase").expect(400);
}

fn a_superuser_is_left(app: &TestApp) {
    let ada = app.administrator("ada");
    app.user("bea").staff().create();
    let last = "This is the last active superuser with staff status: without them nobody could manage the site. \
                Make somebody else a superuser first.";
    let all = [("is_active", "on"), ("is_staff", "on"), ("is_superuser", "on")];
    for missing in all {
        let kept = all.iter().copied().filter(|kept| *kept != missing);
        let fields: Vec<_> = form(&[("username", "ada")]).into_iter().chain(kept).collect();
        assert_eq!(ada.post(&change(1), &fields).expect(200).html().texts("#form_errors li"), [last], "{missing:?}");
    }
    assert_eq!(ada.get("/admin/auth/user/1/delete/").expect(200).html().texts(".errorlist li"), [last]);
    let page = ada.post("/admin/auth/user/1/delete/", &[("post", "yes")]).expect(200).html();
    assert_eq!(page.texts(".errorlist li"), [last]);
    let both = [("action", "delete_selected"), ("post", "yes"), ("_selected_action", "2"), ("_selected_action", "1")];
    ada.post("/admin/auth/user/", &both).expect(303);
    assert_eq!(ada.get("/admin/").expect(200).html().texts(".messagelist li"), [last]);
    assert_eq!(app.count("auth_user"), 2, "all or none");

    app.user("cy").superuser().create();
    let fields: Vec<_> = form(&[("username", "ada")]).into_iter().chain([all[0], all[1]]).collect();
    ada.post(&change(1), &fields).expect(303);
    ada.get("/admin/auth/user/").expect(403);
    let cy = app.logged_in("cy");
    cy.post("/admin/auth/user/3/delete/", &[("post", "yes")]).expect(200);
}

fn nobody_gives_what_he_does_not_have(app: &TestApp) {
    let ada = app.administrator("ada");
    let rights = ["auth.add_user", "auth.change_user", "auth.delete_user", "auth.change_group", "polls.view_choice"];
    rights.iter().fold(app.user("bea").staff(), |user, right| user.may(right)).create();
    let cy = app.user("cy").create();
    let person = app.logged_in("bea");
    let view = option(&ada, &change(cy), "Polls | choice | Can view choice");
    let add = option(&ada, &change(cy), "Polls | choice | Can add choice");
    ada.post("/admin/auth/group/add/", &[("name", "Authors"), ("permissions", &add)]).expect(303);
    let group = option(&ada, &change(cy), "Authors");

    let give = |field: &str, id: &str| person.post(&change(cy), &form(&[("username", "cy"), (field, id)]));
    give("user_permissions", &view).expect(303);
    let refused = |field: &str, id: &str| give(field, id).expect(200).html().texts(&format!("#id_{field}_error li"));
    assert_eq!(refused("user_permissions", &add), ["You can only give permissions that you have yourself."]);
    assert_eq!(refused("is_superuser", "on"), ["Only a superuser can make somebody a superuser."]);
    assert_eq!(
        refused("groups", &group),
        ["You can only add somebody to groups whose permissions you all have yourself."]
    );
    let path = format!("/admin/auth/group/{group}/change/");
    let page = person.post(&path, &[("name", "Authors"), ("permissions", &add), ("permissions", &view)]).expect(303);
    assert_eq!(page.location(), "/admin/auth/group/");

    // A superuser is shown to him, and no more.
    let page = person.get(&change(1)).expect(200).html();
    assert_eq!(page.count("[name=username]") + page.count("[name=_save]"), 0);
    let page = person.post(&change(1), &form(&[("username", "eve")])).expect(200).html();
    assert_eq!(page.texts("#form_errors li"), ["Only a superuser can change or delete a superuser."]);
    person.get("/admin/auth/user/1/password/").expect(403);
    person.post("/admin/auth/user/1/delete/", &[("post", "yes")]).expect(200);
    assert_eq!(app.count("auth_user WHERE username = 'ada'"), 1);
    // Nor may he log in as somebody who may do more.
    let password = format!("/admin/auth/user/{cy}/password/");
    person.post(&password, &[("unset-password", "1")]).expect(303);
    ada.post(&change(cy), &form(&[("username", "cy"), ("is_active", "on"), ("groups", &group)])).expect(303);
    person.get(&password).expect(403);
    person.post(&password, &[("unset-password", "1")]).expect(403);
}

fn a_deleted_user_leaves_the_log_and_takes_along_what_django_would(app: &TestApp) {
    let ada = app.administrator("ada");
    let bea = app.user("bea").superuser().may("polls.view_question").create();
    let person = app.logged_in("bea");
    person.post("/admin/auth/group/add/", &[("name", "Editors")]).expect(303);
    ada.post(&change(bea), &form(&[("username", "bea"), ("is_active", "on"), ("is_staff", "on"), ("groups", "1")]))
        .expect(303);
    let path = format!("/admin/auth/user/{bea}/delete/");
    let counted = ada.get(&path).expect(200).html().texts("main li").concat();
    assert!(counted.contains("User-group relationships") && !counted.contains("Log entries"), "{counted}");
    ada.post(&path, &[("post", "yes")]).expect(303);
    assert!(!person.is_logged_in());
    for rows in ["auth_user_groups", "auth_user_user_permissions", "django_admin_log WHERE user_id = 2"] {
        assert_eq!(app.count(rows), 0, "{rows}");
    }
    assert_eq!(app.count("django_admin_log WHERE action_flag = 3"), 1);
    assert_eq!(app.count("django_admin_log WHERE author = 'bea' AND object_repr = 'Editors'"), 1);
    // Nobody deletes himself.
    let cy = app.administrator("cy");
    let own = app.count("auth_user u JOIN auth_user v ON v.id <= u.id WHERE u.username = 'cy'");
    assert_eq!(own, 3);
    let users = app.count("auth_user");
    for id in 1..6 {
        let _ = cy.post(&format!("/admin/auth/user/{id}/delete/"), &[("post", "yes")]);
    }
    assert!(cy.is_logged_in());
    assert_eq!(app.count("auth_user"), users - 1);
}

fn the_log_is_read_only(app: &TestApp) {
    let ada = app.administrator("ada");
    ada.post("/admin/auth/group/add/", &[("name", "Editors")]).expect(303);
    ada.post("/admin/auth/group/1/change/", &[("name", "Authors")]).expect(303);
    ada.post("/admin/auth/group/1/delete/", &[("post", "yes")]).expect(303);
    let list = |query: &str| {
        let page = ada.get(&format!("/admin/admin/logentry/?{query}")).expect(200).html();
        page.texts(".field-change_message").into_iter().map(|text| text.trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list("o=-1"), ["–", "Changed Name.", "Added."]);
    assert_eq!(list("action_flag__exact=2"), ["Changed Name."]);
    assert_eq!(list("user__id__exact=1&q=editors"), ["Added."]);
    let entry = "/admin/admin/logentry/1/change/";
    let page = ada.get(entry).expect(200).html();
    assert_eq!(page.count("[name=_save]") + page.count(".deletelink"), 0);
    ada.post(entry, &[("object_repr", "x")]).expect(403);
    ada.get("/admin/admin/logentry/add/").expect(403);
    ada.post("/admin/admin/logentry/1/delete/", &[("post", "yes")]).expect(403);
    let delete = [("action", "delete_selected"), ("_selected_action", "1"), ("post", "yes")];
    ada.post("/admin/admin/logentry/", &delete).expect(403);
    assert_eq!(app.count("django_admin_log"), 3);
    app.user("bea").staff().create();
    app.logged_in("bea").get("/admin/admin/logentry/").expect(403);
}
