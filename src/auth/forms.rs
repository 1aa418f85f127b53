//! The forms of this module: their inputs, and how posted values are read.

use super::validators::{self, Fault, Owner, PASSWORD_HELP};
use crate::web::Ambient;
use crate::web::http::forms::Form;

/// An input with the typed value and its errors.
pub struct Field {
    /// The name, as in Django's forms; the id of the input is `id_` and the name.
    pub name: &'static str,
    /// The name of a message.
    pub label: &'static str,
    /// `text`, `email` or `password`.
    pub kind: &'static str,
    pub autocomplete: &'static str,
    pub required: bool,
    pub autofocus: bool,
    /// The names of messages.
    pub help: &'static [&'static str],
    /// The typed value; always empty for a password.
    pub value: String,
    /// The errors in the reader's language.
    pub errors: Vec<String>,
}

impl Field {
    fn text(name: &'static str, label: &'static str, autocomplete: &'static str) -> Self {
        let (help, value, errors): (&[&str], _, _) = (&[], String::new(), Vec::new());
        Self { name, label, kind: "text", autocomplete, required: true, autofocus: false, help, value, errors }
    }

    pub(super) fn password(name: &'static str, label: &'static str, autocomplete: &'static str) -> Self {
        Self { kind: "password", ..Self::text(name, label, autocomplete) }
    }

    /// An input for a code of the second factor, with the message that says which codes are meant.
    pub(super) fn code(help: &'static [&'static str]) -> Self {
        Self { autofocus: true, help, ..Self::text("code", "auth-code", "one-time-code") }
    }

    pub(super) fn email(value: String) -> Self {
        Self { kind: "email", value, ..Self::text("email", "auth-email", "email") }
    }

    pub(super) fn with_faults(self, ambient: &Ambient, faults: &[Fault]) -> Self {
        let errors = faults.iter().map(|fault| fault.text(&ambient.site.catalogue, ambient.language)).collect();
        Self { errors, ..self }
    }

    /// The ids of the elements that describe the input, for `aria-describedby`.
    pub fn described_by(&self) -> String {
        let help = (!self.help.is_empty()).then(|| format!("id_{}_helptext", self.name));
        let errors = (!self.errors.is_empty()).then(|| format!("id_{}_error", self.name));
        errors.into_iter().chain(help).collect::<Vec<_>>().join(" ")
    }
}

/// Whether any of the fields has an error.
pub fn any_wrong(fields: &[Field]) -> bool {
    fields.iter().any(|field| !field.errors.is_empty())
}

/// The number of errors of all fields, for the choice of "error" or "errors".
pub fn error_count(fields: &[Field]) -> i64 {
    fields.iter().map(|field| i64::try_from(field.errors.len()).unwrap_or(i64::MAX)).sum()
}

/// `username` and `password`, as Django's `AdminAuthenticationForm`.
#[derive(Debug, Default)]
pub struct LoginForm {
    pub username: String,
    pub password: String,
    pub next: String,
}

impl LoginForm {
    pub fn read(form: &Form) -> Self {
        let text = |name| form.get(name).unwrap_or_default().to_owned();
        Self { username: text("username").trim().to_owned(), password: text("password"), next: text("next") }
    }

    pub fn is_complete(&self) -> bool {
        !self.username.is_empty() && !self.password.is_empty()
    }

    /// The inputs. If `posted`, empty ones have an error.
    pub fn fields(&self, ambient: &Ambient, posted: bool) -> Vec<Field> {
        let missing = |text: &str| -> &[Fault] { if posted && text.is_empty() { &[Fault::Required] } else { &[] } };
        let username = Field::text("username", "auth-username", "username");
        let password = Field::password("password", "auth-password", "current-password");
        vec![
            Field { value: self.username.clone(), autofocus: self.username.is_empty(), ..username }
                .with_faults(ambient, missing(&self.username)),
            Field { autofocus: !self.username.is_empty(), ..password }.with_faults(ambient, missing(&self.password)),
        ]
    }
}

/// `old_password`, `new_password1` and `new_password2`, as Django's `PasswordChangeForm`.
#[derive(Debug, Default)]
pub struct PasswordChangeForm {
    pub old: String,
    pub new: String,
    again: String,
}

/// The errors of the three inputs.
#[derive(Debug, Default)]
pub struct PasswordChangeFaults {
    pub old: Vec<Fault>,
    new: Vec<Fault>,
    again: Vec<Fault>,
}

impl PasswordChangeForm {
    pub fn read(form: &Form) -> Self {
        let text = |name| form.get(name).unwrap_or_default().to_owned();
        Self { old: text("old_password"), new: text("new_password1"), again: text("new_password2") }
    }

    pub fn faults(&self, owner: &Owner<'_>) -> PasswordChangeFaults {
        let (new, again) = validators::check_twice(&self.new, &self.again, owner);
        let old = if self.old.is_empty() { vec![Fault::Required] } else { Vec::new() };
        PasswordChangeFaults { old, new, again }
    }
}

impl PasswordChangeFaults {
    pub fn is_empty(&self) -> bool {
        self.old.is_empty() && self.new.is_empty() && self.again.is_empty()
    }

    pub fn fields(&self, ambient: &Ambient) -> Vec<Field> {
        let old = Field::password("old_password", "auth-old-password", "current-password");
        let new = Field::password("new_password1", "auth-new-password", "new-password");
        let again = Field::password("new_password2", "auth-new-password-again", "new-password");
        vec![
            Field { autofocus: true, ..old }.with_faults(ambient, &self.old),
            Field { help: &PASSWORD_HELP, ..new }.with_faults(ambient, &self.new),
            again.with_faults(ambient, &self.again),
        ]
    }
}

/// `username`, `email`, `password1` and `password2` of the first superuser.
#[derive(Debug, Default)]
pub struct SetupForm {
    username: String,
    email: String,
    pub password: String,
    again: String,
}

#[derive(Debug, Default)]
pub struct SetupFaults {
    username: Vec<Fault>,
    email: Vec<Fault>,
    password: Vec<Fault>,
    again: Vec<Fault>,
}

impl SetupForm {
    pub fn read(form: &Form) -> Self {
        let text = |name| form.get(name).unwrap_or_default().to_owned();
        Self { username: text("username"), email: text("email"), password: text("password1"), again: text("password2") }
    }

    /// The name and the address in the form in which they are stored.
    ///
    /// # Errors
    /// If an input is invalid: the errors of each.
    pub fn clean(&self) -> Result<(String, String), SetupFaults> {
        let (username, email) = (validators::clean_username(&self.username), validators::clean_email(&self.email));
        let owner = Owner { username: &self.username, email: &self.email, ..Owner::default() };
        let (password, again) = validators::check_twice(&self.password, &self.again, &owner);
        match (username, email) {
            (Ok(username), Ok(email)) if password.is_empty() && again.is_empty() => Ok((username, email)),
            (username, email) => Err(SetupFaults {
                username: username.err().into_iter().collect(),
                email: email.err().into_iter().collect(),
                password,
                again,
            }),
        }
    }

    pub fn fields(&self, ambient: &Ambient, faults: &SetupFaults) -> Vec<Field> {
        let username = Field::text("username", "auth-username", "username");
        let email = Field::text("email", "auth-email", "email");
        let password = Field::password("password1", "auth-password", "new-password");
        let again = Field::password("password2", "auth-password-again", "new-password");
        vec![
            Field { value: self.username.clone(), autofocus: true, help: &["auth-username-help"], ..username }
                .with_faults(ambient, &faults.username),
            Field { value: self.email.clone(), kind: "email", required: false, help: &["auth-email-help"], ..email }
                .with_faults(ambient, &faults.email),
            Field { help: &PASSWORD_HELP, ..password }.with_faults(ambient, &faults.password),
            Field { help: &["auth-password-again-help"], ..again }.with_faults(ambient, &faults.again),
        ]
    }
}
