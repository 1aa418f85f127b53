//! Hashes that Django made, and hashes that are broken.

use super::*;

const PASSWORD: &str = "인천 correct horse";

/// `make_password(PASSWORD)` of Django 5.2 with these hashers.
const PBKDF2: &str = "pbkdf2_sha256$3000$seasalt12seasalt12sea22$YNvznDJ6hoKLDqGHd9dqPrGbT9Y3i+t8X4b/nxKo0Ew=";
const ARGON2: &str =
    "argon2$argon2id$v=19$m=20000,t=2,p=8$QWJDZEVmR2hJaktsTW5PcFFyU3RVdg$wlhfITEdezVMMQ6WQ5a7s7xVIq+V7z3fQTjqNgSjRN4";

const BCRYPT_SHA256: &str = "bcrypt_sha256$$2b$05$fIKn3ZtdwLO276xRz55z4e/jLkkgZfZUBE75vWiOOGft8GX3fdZHW";
const BCRYPT: &str = "bcrypt$$2b$05$EYCHM4jFHb9J.houNuywKOsXNUeyEMVLp840V.Ajr.uD0zM8jEwiW";
/// A password of 72 letters, the most that bcrypt reads.
const BCRYPT_LONG: &str = "bcrypt$$2b$05$SDbqI0C3DRnsv00/F2rvzuTtnUWpokLb0SZXCgRKHymP.e.Bkj5Rq";

/// `make_password(PASSWORD, …)` of Django 5.2 with each of its hashers, some at a smaller cost.
const ENCODED: [&str; 7] = [
    "pbkdf2_sha256$3000$seasalt12seasalt12sea22$YNvznDJ6hoKLDqGHd9dqPrGbT9Y3i+t8X4b/nxKo0Ew=",
    "pbkdf2_sha1$3000$seasalt12seasalt12sea22$6kcDDIE/u4cOqUKrQ2luOg57cKM=",
    "scrypt$16384$seasalt12seasalt12sea22$8$5$7wTANBWq9z7tYbtOXbXyTDMSw7UV3N7MTqFtNr9mLOqY2j9qzzzRoXSBeAi57hg/8D/BjuaQtyD9nyPGdINv8g==",
    "md5$seasalt12seasalt12sea22$b07b6e8e396e663a32382ccbb1455e39",
    BCRYPT_SHA256,
    BCRYPT,
    BCRYPT_LONG,
];

#[test]
fn what_django_encoded_is_verified() {
    for encoded in ENCODED {
        let password = if encoded == BCRYPT_LONG { "a".repeat(80) } else { PASSWORD.to_owned() };
        assert_eq!(try_verify(&password, encoded), Some(true), "{encoded}");
        assert_eq!(try_verify("인천 correct house", encoded), Some(false), "{encoded}");
        assert_eq!(try_verify("", encoded), Some(false), "{encoded}");
    }
}

#[test]
fn what_is_broken_or_costs_too_much_is_not_verified() {
    for encoded in [
        "",
        "plain",
        "md5$",
        "md5$salt",
        "crypt$$abc",
        "pbkdf2_sha256$",
        "pbkdf2_sha256$x$s$aGFzaA==",
        "pbkdf2_sha256$4000000000$s$aGFzaA==",
        "pbkdf2_sha1$1$s",
        "scrypt$16384$s$8$1",
        "scrypt$16383$s$8$1$aGFzaA==",
        "scrypt$1073741824$s$8$1$aGFzaA==",
        "scrypt$16384$s$8$1000000$aGFzaA==",
        "bcrypt$$2b$31$aaa",
        "bcrypt$x",
        "bcrypt_sha256$$2b$12$short",
        "sha1$salt$hash",
    ] {
        assert_eq!(try_verify(PASSWORD, encoded), None, "{encoded}");
    }
}

#[test]
fn beside_django_passwords_are_in_its_own_form() {
    let encoded = PasswordEncoding::Pbkdf2.encode(PASSWORD).unwrap();
    assert!(encoded.starts_with("pbkdf2_sha256$1000000$") && encoded.len() <= 128, "{encoded}");
    assert_eq!(try_verify(PASSWORD, &encoded), Some(true));
    assert!(!PasswordEncoding::Pbkdf2.is_outdated(&encoded) && PasswordEncoding::Argon2.is_outdated(&encoded));
    let later = encoded.replace("$1000000$", "$1800000$");
    assert!(!PasswordEncoding::Pbkdf2.is_outdated(&later), "a later Django's is left to it");
    let ours = PasswordEncoding::Argon2.encode(PASSWORD).unwrap();
    assert!(PasswordEncoding::Pbkdf2.is_outdated(&ours) && !PasswordEncoding::Argon2.is_outdated(&ours));
    for (encoded, is_outdated) in ENCODED.iter().zip([true, true, false, true, false, false, false]) {
        assert_eq!(PasswordEncoding::Pbkdf2.is_outdated(encoded), is_outdated, "{encoded}");
    }
    assert!(
        !PasswordEncoding::Pbkdf2.is_outdated("argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA"),
        "Django's own"
    );
}

#[test]
fn what_django_encoded_with_pbkdf2_and_argon2_is_verified() {
    for encoded in [PBKDF2, ARGON2] {
        assert!(verify("인천 correct horse", encoded), "{encoded}");
        assert!(!verify("인천 correct house", encoded), "{encoded}");
    }
}

#[test]
fn what_we_encode_is_django_s_form_and_each_time_another() {
    let (one, two) = (
        PasswordEncoding::Argon2.encode("secret words").unwrap(),
        PasswordEncoding::Argon2.encode("secret words").unwrap(),
    );
    assert!(one.starts_with("argon2$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
    assert!(one.len() <= 128 && one != two);
    assert!(verify("secret words", &one) && !verify("secret word", &one));
    assert_eq!(kind(&one), kind(DECOY));
}

#[test]
fn hashes_that_cost_too_much_are_refused_at_once() {
    for costly in [
        ARGON2.replace("m=20000", "m=4000000"),
        ARGON2.replace("t=2", "t=100000"),
        PBKDF2.replace("$3000$", "$4000000000$"),
    ] {
        assert!(!verify("인천 correct horse", &costly), "{costly}");
    }
}

#[test]
fn nobody_enters_an_unusable_or_broken_password() {
    for encoded in [unusable().unwrap().as_str(), "", "!", "plain", "argon2$x", "pbkdf2_sha256$1$s", "md5$s$h", DECOY] {
        for password in ["", "plain", encoded] {
            assert!(!verify(password, encoded), "{encoded}");
        }
    }
}

#[test]
fn weaker_encodings_are_outdated_and_stronger_ones_not() {
    assert!(PasswordEncoding::Argon2.is_outdated(PBKDF2));
    assert!(!PasswordEncoding::Argon2.is_outdated(ARGON2) && !PasswordEncoding::Argon2.is_outdated(DECOY));
    assert!(
        PasswordEncoding::Argon2.is_outdated(&DECOY.replace("m=19456", "m=8192"))
            && PasswordEncoding::Argon2.is_outdated(&DECOY.replace("argon2id", "argon2i"))
    );
}
