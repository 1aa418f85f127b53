//! Validates passwords, names and e-mail addresses of users, as Django's `AUTH_PASSWORD_VALIDATORS` and `User` do.

use std::collections::HashMap;

use fluent_bundle::FluentArgs;
use unicode_normalization::UnicodeNormalization as _;

use crate::web::http::validators::is_email;
use crate::web::pages::i18n::{Catalogue, Language};

pub(super) const SHORTEST: usize = 8;
const MOST_SIMILAR: f64 = 0.7;
const LONGEST_USERNAME: usize = 150;
const LONGEST_EMAIL: usize = 254;
/// Common passwords in lower case, one on each line (the licence is in the same directory).
const COMMON: &str = include_str!("common_passwords/list.txt");

/// The messages that explain the rules of [`check_password`] beside an input.
pub const PASSWORD_HELP: [&str; 4] = [
    "auth-password-help-similar",
    "auth-password-help-short",
    "auth-password-help-common",
    "auth-password-help-numeric",
];

/// The user for whom a password is checked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Owner<'a> {
    pub username: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub email: &'a str,
}

/// What is wrong with an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Required,
    Null,
    TooLong {
        most: usize,
        length: usize,
    },
    Username,
    UsernameTaken,
    Email,
    Mismatch,
    /// The message for the name of the attribute to which the password is similar.
    Similar(&'static str),
    Short,
    Common,
    Numeric,
    OldPassword,
}

impl Fault {
    /// The error message in a language.
    pub fn text(self, catalogue: &Catalogue, language: Language) -> String {
        let mut args = FluentArgs::new();
        let id = match self {
            Self::Required => "auth-error-required",
            Self::Null => "auth-error-null",
            Self::TooLong { most, length } => {
                args.set("most", most);
                args.set("length", length);
                "auth-error-too-long"
            }
            Self::Username => "auth-error-username",
            Self::UsernameTaken => "auth-error-username-taken",
            Self::Email => "auth-error-email",
            Self::Mismatch => "auth-error-mismatch",
            Self::Similar(attribute) => {
                args.set("attribute", catalogue.text(language, attribute, None));
                "auth-error-similar"
            }
            Self::Short => {
                args.set("least", SHORTEST);
                "auth-error-short"
            }
            Self::Common => "auth-error-common",
            Self::Numeric => "auth-error-numeric",
            Self::OldPassword => "auth-error-old-password",
        };
        catalogue.text(language, id, Some(&args))
    }
}

/// Everything that is wrong with a new password, in Django's order.
pub fn check_password(password: &str, owner: &Owner<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    faults.extend(similar_attribute(password, owner).map(Fault::Similar));
    if password.chars().count() < SHORTEST {
        faults.push(Fault::Short);
    }
    let lower = password.to_lowercase();
    if COMMON.lines().any(|common| common == lower.trim()) {
        faults.push(Fault::Common);
    }
    if !password.is_empty() && password.chars().all(char::is_numeric) {
        faults.push(Fault::Numeric);
    }
    faults
}

/// Checks a new password that was typed twice. Returns the errors of the first and of the second input, as Django's
/// forms do.
pub fn check_twice(password: &str, again: &str, owner: &Owner<'_>) -> (Vec<Fault>, Vec<Fault>) {
    let missing = |text: &str| if text.is_empty() { vec![Fault::Required] } else { Vec::new() };
    let (first, mut second) = (missing(password), missing(again));
    if first.is_empty() && second.is_empty() && password != again {
        second.push(Fault::Mismatch);
    } else if second.is_empty() {
        second.extend(check_password(again, owner));
    }
    (first, second)
}

/// A name in the form in which it is stored: without white space around it, in Unicode's form NFKC.
///
/// # Errors
/// If the name is empty, too long or has characters that are not allowed.
pub fn clean_username(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let length = text.chars().count();
    if length > LONGEST_USERNAME {
        return Err(Fault::TooLong { most: LONGEST_USERNAME, length });
    }
    let name: String = text.nfkc().collect();
    let length = name.chars().count();
    match () {
        () if name.is_empty() => Err(Fault::Required),
        () if name.contains('\0') => Err(Fault::Null),
        () if length > LONGEST_USERNAME => Err(Fault::TooLong { most: LONGEST_USERNAME, length }),
        () if !name.chars().all(|c| is_word(c) || ".@+-".contains(c)) => Err(Fault::Username),
        () => Ok(name),
    }
}

/// An e-mail address, which may be left out; the domain in lower case.
///
/// # Errors
/// If the address is too long or not valid.
pub fn clean_email(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let length = text.chars().count();
    if text.is_empty() {
        return Ok(String::new());
    }
    if length > LONGEST_EMAIL {
        return Err(Fault::TooLong { most: LONGEST_EMAIL, length });
    }
    let (local, domain) = text.rsplit_once('@').filter(|_| is_email(text)).ok_or(Fault::Email)?;
    Ok(format!("{local}@{}", domain.to_lowercase()))
}

/// The first attribute of the user to which the password is similar.
fn similar_attribute(password: &str, owner: &Owner<'_>) -> Option<&'static str> {
    let password: Vec<char> = password.to_lowercase().chars().collect();
    let attributes = [
        (owner.username, "auth-attribute-username"),
        (owner.first_name, "auth-attribute-first-name"),
        (owner.last_name, "auth-attribute-last-name"),
        (owner.email, "auth-attribute-email"),
    ];
    let is_similar = |value: &str| {
        let value = value.to_lowercase();
        let words = value.split(|c| !is_word(c)).chain([value.as_str()]);
        words.map(|word| word.chars().collect::<Vec<_>>()).any(|word| resembles(&password, &word))
    };
    attributes.into_iter().find(|(value, _)| !value.is_empty() && is_similar(value)).map(|(_, name)| name)
}

/// What Python's `\w` matches.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// `difflib.SequenceMatcher(a, b).quick_ratio() >= 0.7`: whether the two share enough letters, in any order.
#[expect(clippy::cast_precision_loss, reason = "lengths of what people type")]
fn resembles(password: &[char], word: &[char]) -> bool {
    // A word this much shorter cannot reach the ratio.
    if password.len() >= 10 * word.len() && (word.len() as f64) < MOST_SIMILAR / 2.0 * password.len() as f64 {
        return false;
    }
    let mut available: HashMap<char, usize> = HashMap::new();
    for c in word {
        *available.entry(*c).or_default() += 1;
    }
    let shared = password
        .iter()
        .filter(|c| match available.get_mut(c) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        })
        .count();
    let length = password.len() + word.len();
    length == 0 || 2.0 * shared as f64 / length as f64 >= MOST_SIMILAR
}

#[cfg(test)]
mod tests {
    use super::*;
    use Fault::{Common, Numeric, Short, Similar};

    const ADA: Owner<'_> = Owner {
        username: "ada_admin",
        first_name: "Augusta",
        last_name: "러브레이스",
        email: "ada@lovelace.example.org",
    };

    /// What `validate_password` of Django 5.2 says, with its default validators.
    #[test]
    fn passwords_are_judged_as_django_judges_them() {
        let username = || Similar("auth-attribute-username");
        let cases: Vec<(&str, Vec<Fault>)> = vec![
            ("ada_admin", vec![username()]),
            ("Ada_Admin1", vec![username()]),
            ("nimda_ada", vec![username()]),
            ("ada", vec![Similar("auth-attribute-email"), Short, Common]),
            ("adminada99", vec![username()]),
            ("administrator", vec![Common]),
            ("lovelace!", vec![Similar("auth-attribute-email")]),
            ("lovelace!xyz", vec![Similar("auth-attribute-email")]),
            ("LOVELACE.example", vec![Similar("auth-attribute-email")]),
            ("example.org1", vec![Similar("auth-attribute-email")]),
            ("ada@lovelace", vec![Similar("auth-attribute-email")]),
            ("augusta99", vec![Similar("auth-attribute-first-name")]),
            ("gustaau", vec![Similar("auth-attribute-first-name"), Short]),
            ("ugus-taa", vec![Similar("auth-attribute-first-name")]),
            ("러브레이스님입니다", vec![Similar("auth-attribute-last-name")]),
            ("러브레이스 백작부인", vec![]),
            ("password", vec![Common]),
            ("Password ", vec![Common]),
            ("12345678", vec![Common, Numeric]),
            ("123456789012345", vec![Numeric]),
            ("９９９９９９９９９９", vec![Numeric]),
            ("1234567", vec![Short, Common, Numeric]),
            ("correct horse battery", vec![]),
            ("trustno1", vec![Common]),
            ("iloveyou2", vec![Common]),
            ("q1w2e3r4t5", vec![Common]),
            ("맥주한잔하실래요", vec![]),
            ("짧아요", vec![Short]),
            ("adaadaadaadaadaada", vec![]),
            ("org org org", vec![]),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", vec![]),
            ("ada_admin_ada_admin_ada_admin", vec![]),
            ("x", vec![Short, Common]),
            ("lovelaceexampleorgada", vec![Similar("auth-attribute-email")]),
            ("exmaple", vec![Similar("auth-attribute-email"), Short]),
            ("p@ssw0rd", vec![Common]),
            ("        ", vec![]),
            ("", vec![Short]),
        ];
        for (password, faults) in cases {
            assert_eq!(check_password(password, &ADA), faults, "{password:?}");
        }
    }

    #[test]
    fn a_username_is_kept_in_one_spelling() {
        assert_eq!(clean_username("ada.b+c@d-e_9"), Ok("ada.b+c@d-e_9".to_owned()));
        assert_eq!(clean_username(" 관리자 "), Ok("관리자".to_owned()));
        assert_eq!(clean_username("ﬀ"), Ok("ff".to_owned()));
        assert_eq!(clean_username(&"a".repeat(151)), Err(Fault::TooLong { most: 150, length: 151 }));
        assert_eq!(clean_username(" "), Err(Fault::Required));
        for wrong in ["a b", "a/b", "<b>", "a\nb", "a'"] {
            assert_eq!(clean_username(wrong), Err(Fault::Username), "{wrong:?}");
        }
    }

    #[test]
    fn an_email_address_is_one_or_nothing() {
        assert_eq!(clean_email(""), Ok(String::new()));
        assert_eq!(clean_email("Ada@Example.ORG"), Ok("Ada@example.org".to_owned()));
        assert_eq!(clean_email("ada+x@한국.kr"), Ok("ada+x@한국.kr".to_owned()));
        assert_eq!(clean_email("root@localhost"), Ok("root@localhost".to_owned()));
        for wrong in ["ada", "@b.org", "a@b", "a@-b.org", "a b@c.org", "a@b..org", "a@b.o", "a\0@b.org", "a@b.1"] {
            assert_eq!(clean_email(wrong), Err(Fault::Email), "{wrong:?}");
        }
    }

    #[test]
    fn two_passwords_must_be_there_and_be_the_same() {
        let owner = Owner::default();
        assert_eq!(check_twice("", "", &owner), (vec![Fault::Required], vec![Fault::Required]));
        assert_eq!(check_twice("long enough", "long enouhg", &owner), (vec![], vec![Fault::Mismatch]));
        assert_eq!(check_twice("12345", "12345", &owner), (vec![], vec![Short, Common, Numeric]));
        assert_eq!(check_twice("long enough", "long enough", &owner), (vec![], vec![]));
    }
}
