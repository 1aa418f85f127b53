//! The site that is being replaced: Django 5.2 on the database of a test.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::content::finished;
use super::process::tied;
use super::{Poll, Setup};

/// The commands of `tests/django`, with the settings of a test's database.
pub struct Django<'a>(&'a Setup);

impl Setup {
    /// Django on the same database.
    pub fn django(&self) -> Django<'_> {
        Django(self)
    }

    /// A database that Django alone has made and filled.
    #[track_caller]
    pub fn filled_by_django(self) -> Self {
        let setup = self.without_tables();
        setup.django().run(&["migrate"]);
        setup.django().run(&["fill"]);
        setup
    }

    /// A database that Django has made and filled and that is ours now.
    #[track_caller]
    pub fn adopted_from_django(self) -> Self {
        let setup = self.filled_by_django();
        setup.run(&["migrate"]).expect(0);
        setup
    }
}

impl Django<'_> {
    /// Runs a command of `manage.py` and hands back what it printed.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> String {
        let manage = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/django/manage.py");
        let mut command = tied(python());
        command.env("DJANGO_DATABASE", &self.0.database().url).env("PYTHONDONTWRITEBYTECODE", "1");
        finished(command.env("PYTHONUTF8", "1").arg(manage).args(arguments)).expect(0).stdout
    }

    /// Every row that Django knows of, as it reads it.
    #[track_caller]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(serde_json::from_str(&self.run(&["snapshot"])).expect("a snapshot is JSON"))
    }

    /// Renames a choice, adds a question, edits a bookmark and deletes a question; what became of each.
    #[track_caller]
    pub fn write(&self, deleted: &Poll) -> Value {
        let output = self.run(&["write", "--delete", &deleted.id.to_string()]);
        serde_json::from_str(&output).expect("what was written is JSON")
    }

    /// A vote as Django's tutorial counts it, without a ballot.
    #[track_caller]
    pub fn vote(&self, choice: i64) {
        let statement = format!("Choice.objects.filter(pk={choice}).update(votes=F('votes') + 1)");
        let imports = "from django.db.models import F; from polls.models import Choice; ";
        self.run(&["shell", "--command", &(imports.to_owned() + &statement)]);
    }

    /// Neither Django's migrations nor its models see a difference.
    #[track_caller]
    pub fn has_nothing_to_migrate(&self) {
        self.run(&["migrate", "--check"]);
        self.run(&["makemigrations", "--check"]);
    }
}

/// What Django reads: questions, choices, bookmarks, users and groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot(Value);

impl Snapshot {
    #[track_caller]
    pub fn rows(&self, kind: &str) -> &[Value] {
        self.0[kind].as_array().expect("a snapshot has rows of this kind")
    }

    #[track_caller]
    pub fn poll(&self, question_text: &str) -> Poll {
        let question = self.rows("questions").iter().find(|question| question["question_text"] == question_text);
        let id = question.and_then(|question| question["id"].as_i64()).expect("Django has filled in this question");
        let choices = self.rows("choices").iter().filter(|choice| choice["question_id"] == id);
        Poll { id, choices: choices.filter_map(|choice| choice["id"].as_i64()).collect() }
    }

    /// The same with more votes on a choice.
    #[track_caller]
    pub fn with_more_votes(mut self, choice: i64, more: i64) -> Self {
        let choices = self.0["choices"].as_array_mut().expect("a snapshot has choices");
        let choice = choices.iter_mut().find(|row| row["id"] == choice).expect("it has this choice");
        choice["votes"] = (choice["votes"].as_i64().expect("a total is a number") + more).into();
        self
    }

    /// The same without the passwords, which are salted anew each time.
    #[track_caller]
    pub fn without_passwords(mut self) -> Self {
        for user in self.0["users"].as_array_mut().expect("a snapshot has users") {
            user.as_object_mut().and_then(|user| user.remove("password")).expect("a user has a password");
        }
        self
    }
}

/// Where `tests/run` installs `tests/django/requirements.txt`.
#[track_caller]
fn python() -> PathBuf {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/django-venv/bin/python");
    assert!(python.is_file(), "Django is not installed in {}; tests/run installs it", python.display());
    python
}
