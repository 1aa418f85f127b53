//! Texts that nobody could see, or tell from another.

use super::{BOOKMARKS, CHOICES, QUESTIONS, change, form_of};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_text_that_shows_nothing_is_refused),
        on_sqlite(what_was_there_before_can_be_edited),
        on_every_database(choices_that_look_alike_are_refused_at_the_second),
        on_every_database(choices_that_look_alike_are_refused_in_their_own_form),
        on_every_database(of_two_that_add_the_same_choice_at_once_one_is_refused),
        on_sqlite(both_languages_say_why),
    ]
}

const GROUPS: &str = "/admin/auth/group/";
const INVISIBLE: &str = "Nothing of this text can be seen. Enter at least one visible character.";
const ALIKE: &str = "This looks the same as another choice. Voters could not tell them apart.";

/// White space alone is told as no text, as before.
const BLANK: [&str; 12] = [
    "\u{200b}",
    "\u{3164}",
    "\u{ad}",
    "\u{2800}",
    "\u{115f}\u{1160}",
    "\u{ffa0}",
    "\u{e0041}\u{e007f}",
    "\u{fe0f}",
    "\u{200f}",
    "\u{202e}",
    "\u{feff}",
    "\u{200b} \u{3164}",
];

fn a_text_that_shows_nothing_is_refused(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let question = poll.id.to_string();
    for text in BLANK {
        for (path, field, others) in [
            (format!("{QUESTIONS}add/"), "question_text", vec![]),
            (format!("{QUESTIONS}add/"), "choice_set-0-choice_text", vec![("question_text", "Why?")]),
            (form_of(&poll), "question_text", vec![]),
            (form_of(&poll), "choice_set-1-choice_text", vec![]),
            (format!("{CHOICES}add/"), "choice_text", vec![("question", question.as_str())]),
            (change(CHOICES, poll.choices[0]), "choice_text", vec![]),
            (format!("{GROUPS}add/"), "name", vec![]),
        ] {
            let page = ada.submit(&path, &[&[(field, text)], &others[..]].concat()).expect(200).html();
            assert_eq!(page.text(&format!("[id='id_{field}_error']")), INVISIBLE, "{path} {}", text.escape_unicode());
            assert_eq!(page.attribute(&format!("[name='{field}']"), "value").as_deref(), Some(text));
        }
        // A bookmark goes by its address where it has no title that can be seen.
        let url = format!("https://example.org/{}", text.escape_unicode().to_string().replace(['\\', '{', '}'], ""));
        ada.submit(&format!("{BOOKMARKS}add/"), &[("title", text), ("url", &url)]).expect(303);
        assert_eq!(app.get("/bookmark/").expect(200).html().texts(".cards li:first-child h2"), [url]);
    }
    assert_eq!((app.count("polls_question"), app.count("polls_choice"), app.count("auth_group")), (1, 3, 0));
    // What has something to see beside it is a text.
    ada.submit(&form_of(&poll), &[("question_text", "👩\u{200d}👩 or ❤\u{fe0f}?")]).expect(303);
    assert_eq!(app.count("polls_question WHERE question_text = '👩\u{200d}👩 or ❤\u{fe0f}?'"), 1);
}

fn what_was_there_before_can_be_edited(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = app.question("\u{3164}").choices(["Yes", "Yes", "\u{200b}"]).create();
    let date = [("close_date_0", "2099-01-01"), ("close_date_1", "00:00")];
    ada.submit(&form_of(&poll), &date).expect(303);
    ada.submit(&form_of(&poll), &[("choice_set-2-choice_text", "No")]).expect(303);
    ada.submit(&change(CHOICES, poll.choices[1]), &[]).expect(303);
    assert_eq!(app.count("polls_choice WHERE choice_text = 'Yes'"), 2);
    assert_eq!(app.count("polls_question WHERE question_text = '\u{3164}' AND close_date IS NOT NULL"), 1);
    app.get(&poll.detail()).expect(200);
    let page = ada.submit(&form_of(&poll), &[("choice_set-2-choice_text", "Yes")]).expect(200).html();
    assert_eq!(page.texts(".errorlist li"), [ALIKE]);
    // Nothing stands in the way of putting it right.
    ada.submit(&form_of(&poll), &[("choice_set-1-choice_text", "Perhaps"), ("question_text", "Well?")]).expect(303);
}

const LOOK_ALIKE: [&str; 7] = ["Yes", " Yes ", "Ye\u{200b}s", "Yes\u{3164}", "\u{202e}Yes", "Yes\u{a0}", "Y\u{ad}es"];

fn choices_that_look_alike_are_refused_at_the_second(app: &TestApp) {
    let ada = app.administrator("ada");
    for text in LOOK_ALIKE {
        let typed = [
            ("question_text", "Well?"),
            ("choice_set-0-choice_text", "Yes"),
            ("choice_set-1-choice_text", "yes"),
            ("choice_set-2-choice_text", text),
        ];
        let page = ada.submit(&format!("{QUESTIONS}add/"), &typed).expect(200).html();
        assert_eq!(page.texts(".errorlist li"), [ALIKE], "{}", text.escape_unicode());
        assert_eq!(page.text("[id='id_choice_set-2-choice_text_error']"), ALIKE);
    }
    let poll = app.question("Well?").choices(["Yes", "No", "e\u{301}"]).create();
    // One that comes before what stays is the one that is wrong.
    let page = ada.submit(&form_of(&poll), &[("choice_set-0-choice_text", "No")]).expect(200).html();
    assert_eq!(page.text("[id='id_choice_set-0-choice_text_error']"), ALIKE);
    let page = ada.submit(&form_of(&poll), &[("choice_set-3-choice_text", "é")]).expect(200).html();
    assert_eq!(page.text("[id='id_choice_set-3-choice_text_error']"), ALIKE);
    // What goes, or changes places, is in nobody's way.
    ada.submit(&form_of(&poll), &[("choice_set-0-choice_text", "No"), ("choice_set-1-choice_text", "Yes")]).expect(303);
    ada.submit(&form_of(&poll), &[("choice_set-0-DELETE", "on"), ("choice_set-3-choice_text", "No")]).expect(303);
    assert_eq!(app.count(&format!("polls_choice WHERE question_id = {}", poll.id)), 3);
}

fn choices_that_look_alike_are_refused_in_their_own_form(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = app.question("Well?").choices(["Yes", "No"]).create();
    let other = app.question("Well?").choices(["Yes"]).create();
    let question = poll.id.to_string();
    for text in LOOK_ALIKE {
        let typed = [("question", question.as_str()), ("choice_text", text)];
        for path in [format!("{CHOICES}add/"), change(CHOICES, poll.choices[1]), change(CHOICES, other.choices[0])] {
            let page = ada.submit(&path, &typed).expect(200).html();
            assert_eq!(page.text("#id_choice_text_error"), ALIKE, "{path} {}", text.escape_unicode());
        }
    }
    ada.submit(&change(CHOICES, poll.choices[0]), &[("choice_text", "YES")]).expect(303);
    ada.submit(&format!("{CHOICES}add/"), &[("question", &question), ("choice_text", "Yes")]).expect(303);
}

fn of_two_that_add_the_same_choice_at_once_one_is_refused(app: &TestApp) {
    let poll = app.question("Well?").create();
    let question = poll.id.to_string();
    let people = ["ada", "bea", "cleo", "dora"].map(|name| app.administrator(name));
    let mut saved = 0;
    for text in ["Yes", "No", "Perhaps"] {
        let pages = people
            .each_ref()
            .map(|person| person.get(&format!("{CHOICES}add/")).expect(200).html().fields("#change-form"));
        std::thread::scope(|scope| {
            for (index, fields) in pages.iter().enumerate() {
                let (visitor, question, app) = (people[index].session(), question.clone(), app);
                scope.spawn(move || {
                    let key = fields.iter().find(|(name, _)| name == "_form_key").map(|(_, key)| key.as_str());
                    let form = [("_form_key", key.unwrap_or_default()), ("question", &question), ("choice_text", text)];
                    let cookie = format!("sessionid={}", visitor.unwrap_or_default());
                    let answer = app.post(&format!("{CHOICES}add/")).header("Cookie", cookie).form(&form).send();
                    assert!([200, 303].contains(&answer.status), "{}", answer.status);
                });
            }
        });
        saved += 1;
        assert_eq!(app.count("polls_choice"), saved, "{text}");
    }
}

fn both_languages_say_why(app: &TestApp) {
    let ada = app.administrator("ada");
    let typed = [("question_text", "\u{200b}"), ("choice_set-0-choice_text", "예"), ("choice_set-1-choice_text", "예")];
    let request = app.post(&format!("{QUESTIONS}add/")).header("Accept-Language", "ko").form(&typed);
    let page = ada.send(request).expect(200).html();
    assert_eq!(
        page.texts(".errorlist li"),
        [
            "화면에 보이는 글자가 없습니다. 보이는 글자를 하나 이상 입력해 주세요.",
            // Of the date, which is not posted here.
            "필수 항목입니다.",
            "다른 선택지와 똑같이 보입니다. 투표하는 사람이 구별할 수 있게 적어 주세요.",
        ]
    );
}
