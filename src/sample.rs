//! The sample data for a new database in development.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use crate::bookmark::schema::bookmark_bookmark;
use crate::clock;
use crate::db::{self, Connection};
use crate::polls::schema::{polls_choice, polls_question};

struct Poll {
    text: &'static str,
    opens: TimeDelta,
    choices: &'static [&'static str],
}

const POLLS: &[Poll] = &[
    Poll { text: "What's new?", opens: TimeDelta::days(-1), choices: &["Not much", "The sky", "Just hacking again"] },
    Poll {
        text: "이번 주말에 무엇을 하고 싶으세요?",
        opens: TimeDelta::hours(-1),
        choices: &["집에서 푹 쉬기", "가까운 산에 오르기", "보고 싶던 영화 보기", "친구들과 맛있는 것 먹기"],
    },
    Poll {
        text: "Which language should the next workshop teach?",
        opens: TimeDelta::days(7),
        choices: &["Rust", "Python", "JavaScript"],
    },
];

const BOOKMARKS: &[(&str, &str)] = &[
    ("The Rust Programming Language", "https://www.rust-lang.org/"),
    ("Apache HTTP Server", "https://httpd.apache.org/"),
    ("장고 문서", "https://docs.djangoproject.com/ko/"),
];

/// Writes two open polls, an upcoming one and three bookmarks.
///
/// # Errors
/// If the database refuses them or does not answer; then nothing is written.
pub fn load(conn: &mut Connection) -> QueryResult<()> {
    let now = clock::now();
    db::write(conn, |conn| {
        for poll in POLLS {
            insert_poll(conn, poll, now)?;
        }
        for (title, url) in BOOKMARKS {
            let added_at = bookmark_bookmark::added_at.eq(now);
            diesel::insert_into(bookmark_bookmark::table)
                .values((bookmark_bookmark::title.eq(title), bookmark_bookmark::url.eq(url), added_at))
                .execute(conn)?;
        }
        Ok(())
    })
}

fn insert_poll(conn: &mut Connection, poll: &Poll, now: NaiveDateTime) -> QueryResult<()> {
    diesel::insert_into(polls_question::table)
        .values((polls_question::question_text.eq(poll.text), polls_question::pub_date.eq(now + poll.opens)))
        .execute(conn)?;
    let question = db::last_insert_id(conn)?;
    for choice in poll.choices {
        diesel::insert_into(polls_choice::table)
            .values((
                polls_choice::question_id.eq(question),
                polls_choice::choice_text.eq(choice),
                polls_choice::votes.eq(0),
            ))
            .execute(conn)?;
    }
    Ok(())
}
