//! Questions, choices and bookmarks, written as Django's admin would; and what became of them.

use chrono::TimeDelta;
use diesel::prelude::*;
use polls::bookmark::schema::bookmark_bookmark;
use polls::clock;
use polls::db;
use polls::polls::schema::{polls_ballot, polls_choice, polls_question};

use super::Setup;

/// A question and its choices, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    pub id: i64,
    pub choices: Vec<i64>,
}

impl Poll {
    pub fn detail(&self) -> String {
        format!("/polls/{}/", self.id)
    }

    pub fn vote(&self) -> String {
        format!("/polls/{}/vote/", self.id)
    }

    pub fn results(&self) -> String {
        format!("/polls/{}/results/", self.id)
    }

    /// The results in the order in which the choices are written.
    pub fn results_as_written(&self) -> String {
        format!("/polls/{}/results/?order=written", self.id)
    }

    /// The value of the field `choice` for one of the choices.
    pub fn value(&self, index: usize) -> String {
        self.choices[index].to_string()
    }
}

/// A question to be written.
pub struct QuestionBuilder<'a> {
    setup: &'a Setup,
    text: &'a str,
    age: TimeDelta,
    closed: Option<TimeDelta>,
    choices: Vec<(&'a str, i32)>,
}

impl<'a> QuestionBuilder<'a> {
    pub fn published_ago(self, age: TimeDelta) -> Self {
        Self { age, ..self }
    }

    /// Published only when that much time has passed.
    pub fn upcoming_in(self, time: TimeDelta) -> Self {
        Self { age: -time, ..self }
    }

    /// Without votes since that much time.
    pub fn closed_ago(self, age: TimeDelta) -> Self {
        Self { closed: Some(age), ..self }
    }

    pub fn choices<const N: usize>(mut self, texts: [&'a str; N]) -> Self {
        self.choices.extend(texts.map(|text| (text, 0)));
        self
    }

    /// A choice whose total Django has counted up already.
    pub fn choice_with_votes(mut self, text: &'a str, votes: i32) -> Self {
        self.choices.push((text, votes));
        self
    }

    pub fn create(self) -> Poll {
        let conn = &mut self.setup.open();
        let pub_date = clock::storable(clock::now() - self.age);
        diesel::insert_into(polls_question::table)
            .values((
                polls_question::question_text.eq(self.text),
                polls_question::pub_date.eq(pub_date),
                polls_question::close_date.eq(self.closed.map(|age| clock::storable(clock::now() - age))),
            ))
            .execute(conn)
            .expect("a question can be written");
        let id = db::last_insert_id(conn).expect("it has an id");
        let choices = self.choices.iter().map(|(text, votes)| {
            let row =
                (polls_choice::question_id.eq(id), polls_choice::choice_text.eq(text), polls_choice::votes.eq(votes));
            diesel::insert_into(polls_choice::table).values(row).execute(conn).expect("a choice can be written");
            db::last_insert_id(conn).expect("it has an id")
        });
        Poll { choices: choices.collect(), id }
    }
}

impl Setup {
    /// A question, published an hour ago unless told.
    pub fn question<'a>(&'a self, text: &'a str) -> QuestionBuilder<'a> {
        QuestionBuilder { setup: self, text, age: TimeDelta::hours(1), closed: None, choices: Vec::new() }
    }

    /// A published question with the choices of Django's tutorial.
    pub fn poll(&self) -> Poll {
        self.question("What's new?").choices(["Not much", "The sky", "Just hacking again"]).create()
    }

    pub fn bookmark(&self, title: Option<&str>, url: &str) -> i64 {
        let conn = &mut self.open();
        diesel::insert_into(bookmark_bookmark::table)
            .values((bookmark_bookmark::title.eq(title), bookmark_bookmark::url.eq(url)))
            .execute(conn)
            .expect("a bookmark can be written");
        db::last_insert_id(conn).expect("it has an id")
    }

    /// Changes the database behind the program's back.
    pub fn execute(&self, sql: &str) -> usize {
        diesel::sql_query(sql).execute(&mut self.open()).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The total of every choice of a question.
    pub fn totals(&self, poll: &Poll) -> Vec<i32> {
        let choices = polls_choice::table.filter(polls_choice::question_id.eq(poll.id)).order(polls_choice::id);
        choices.select(polls_choice::votes).load(&mut self.open()).expect("choices can be read")
    }

    /// The ballots of every choice of a question.
    pub fn ballots(&self, poll: &Poll) -> Vec<i64> {
        let conn = &mut self.open();
        let count = |choice: &i64| {
            let ballots = polls_ballot::table.filter(polls_ballot::choice_id.eq(choice)).count();
            ballots.get_result(conn).expect("ballots can be counted")
        };
        poll.choices.iter().map(count).collect()
    }

    /// How many ballots there are at all.
    pub fn all_ballots(&self) -> i64 {
        polls_ballot::table.count().get_result(&mut self.open()).expect("ballots can be counted")
    }
}
