//! The forms of a new password by mail.

use super::mails::normal;
use crate::auth::forms::Field;
use crate::auth::validators::{self, Fault, Owner, PASSWORD_HELP};
use crate::web::Ambient;
use crate::web::http::forms::Form;

/// `email`, as Django's `PasswordResetForm`.
#[derive(Debug, Default)]
pub struct PasswordResetForm {
    email: String,
}

impl PasswordResetForm {
    pub fn read(form: &Form) -> Self {
        Self { email: form.get("email").unwrap_or_default().trim().to_owned() }
    }

    /// The address.
    ///
    /// # Errors
    /// If it is missing or not valid.
    pub fn clean(&self) -> Result<String, Fault> {
        match validators::clean_email(&self.email)? {
            empty if empty.is_empty() => Err(Fault::Required),
            email if email.contains('\0') => Err(Fault::Null),
            email => Ok(email),
        }
    }

    /// The name under which its requests are counted, the same for every spelling of an address.
    pub fn account(&self) -> String {
        format!("password reset of {}", normal(&self.email))
    }

    pub fn fields(&self, ambient: &Ambient, fault: Option<Fault>) -> Vec<Field> {
        let faults: Vec<_> = fault.into_iter().collect();
        vec![Field { autofocus: true, ..Field::email(self.email.clone()) }.with_faults(ambient, &faults)]
    }
}

/// `new_password1` and `new_password2`, as Django's `SetPasswordForm`.
#[derive(Debug, Default)]
pub struct NewPasswordForm {
    pub new: String,
    again: String,
}

impl NewPasswordForm {
    pub fn read(form: &Form) -> Self {
        let text = |name| form.get(name).unwrap_or_default().to_owned();
        Self { new: text("new_password1"), again: text("new_password2") }
    }

    /// The errors of the first and of the second input.
    pub fn faults(&self, owner: &Owner<'_>) -> (Vec<Fault>, Vec<Fault>) {
        validators::check_twice(&self.new, &self.again, owner)
    }

    pub fn fields(ambient: &Ambient, (new, again): &(Vec<Fault>, Vec<Fault>)) -> Vec<Field> {
        let first = Field::password("new_password1", "auth-new-password", "new-password");
        let second = Field::password("new_password2", "auth-new-password-again", "new-password");
        vec![
            Field { help: &PASSWORD_HELP, autofocus: true, ..first }.with_faults(ambient, new),
            second.with_faults(ambient, again),
        ]
    }
}
