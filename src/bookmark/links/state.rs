//! What an answer says of a link.

use url::Url;

use crate::admin::registry::field::Choices;
use crate::outbound::{FetchError, Probe};

/// What was found when the page of a bookmark was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    Ok,
    /// It is there, at another address for good.
    Moved,
    Gone,
    /// It is not for everybody: 401, 403.
    Refused,
    /// Its certificate cannot be trusted.
    Unsafe,
    /// Its name is not known, nothing answers there, or not in time.
    Unreachable,
    /// Any other answer than a page.
    Faulty,
    /// This program may not ask there: the address is not public, or no address of the web.
    NotAllowed,
    /// The site asks programs to stay away from the page.
    Robots,
}

/// A state with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLink {
    pub state: LinkState,
    pub status: Option<u16>,
    pub new_address: Option<String>,
    /// Why nothing was answered, for administrators.
    pub reason: String,
}

impl LinkState {
    pub const ALL: [Self; 9] = [
        Self::Ok,
        Self::Moved,
        Self::Gone,
        Self::Refused,
        Self::Unsafe,
        Self::Unreachable,
        Self::Faulty,
        Self::NotAllowed,
        Self::Robots,
    ];

    /// As they are stored, with their message ids.
    pub const CHOICES: Choices = &[
        ("ok", "bookmark-link-ok"),
        ("moved", "bookmark-link-moved"),
        ("gone", "bookmark-link-gone"),
        ("refused", "bookmark-link-refused"),
        ("unsafe", "bookmark-link-unsafe"),
        ("unreachable", "bookmark-link-unreachable"),
        ("faulty", "bookmark-link-faulty"),
        ("not-allowed", "bookmark-link-not-allowed"),
        ("robots", "bookmark-link-robots"),
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Moved => "moved",
            Self::Gone => "gone",
            Self::Refused => "refused",
            Self::Unsafe => "unsafe",
            Self::Unreachable => "unreachable",
            Self::Faulty => "faulty",
            Self::NotAllowed => "not-allowed",
            Self::Robots => "robots",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether readers find no page there.
    pub fn is_dead(self) -> bool {
        matches!(self, Self::Gone | Self::Unsafe | Self::Unreachable | Self::Faulty)
    }
}

impl FoundLink {
    pub fn new(state: LinkState, reason: impl Into<String>) -> Self {
        Self { state, status: None, new_address: None, reason: reason.into() }
    }

    /// Judges the answer to a question for `url`.
    pub fn of(url: &str, answer: &Result<Probe, FetchError>) -> Self {
        match answer {
            Ok(probe) => {
                let (state, new_address) = match probe.status {
                    200..=299 => match probe.moved_to.as_ref().map(|new| with_fragment(url, new)) {
                        Some(new) if new != url => (LinkState::Moved, Some(new)),
                        _ => (LinkState::Ok, None),
                    },
                    404 | 410 => (LinkState::Gone, None),
                    401 | 403 => (LinkState::Refused, None),
                    _ => (LinkState::Faulty, None),
                };
                Self { state, status: Some(probe.status), new_address, reason: String::new() }
            }
            Err(error) => Self::new(of_error(error), error.to_string()),
        }
    }
}

fn of_error(error: &FetchError) -> LinkState {
    match error {
        FetchError::NoWebAddress(_) | FetchError::NotPublic(..) | FetchError::Port(..) => LinkState::NotAllowed,
        FetchError::Tls(..) => LinkState::Unsafe,
        FetchError::UnknownName(_) | FetchError::Unreachable(..) | FetchError::TooLong(_) => LinkState::Unreachable,
        FetchError::TooManyRedirects
        | FetchError::Status(_)
        | FetchError::TooLarge
        | FetchError::LongHeaders
        | FetchError::Broken(_) => LinkState::Faulty,
    }
}

/// The new address with the part of the page that the old one names.
fn with_fragment(old: &str, new: &Url) -> String {
    let mut new = new.clone();
    if let Ok(old) = Url::parse(old) {
        new.set_fragment(old.fragment());
    }
    new.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(url: &str, status: u16, moved_to: Option<&str>) -> FoundLink {
        let moved_to = moved_to.map(|url| Url::parse(url).unwrap());
        FoundLink::of(url, &Ok(Probe { status, moved_to, retry_after: None }))
    }

    #[test]
    fn an_answer_is_judged_by_its_status() {
        for (status, state) in [
            (200, LinkState::Ok),
            (204, LinkState::Ok),
            (301, LinkState::Faulty),
            (304, LinkState::Faulty),
            (400, LinkState::Faulty),
            (401, LinkState::Refused),
            (403, LinkState::Refused),
            (404, LinkState::Gone),
            (410, LinkState::Gone),
            (429, LinkState::Faulty),
            (500, LinkState::Faulty),
            (999, LinkState::Faulty),
        ] {
            let found = answered("https://example.com/", status, None);
            assert_eq!((found.state, found.status), (state, Some(status)));
        }
    }

    #[test]
    fn a_page_that_has_moved_keeps_its_fragment() {
        for (old, new, state, address) in [
            ("http://a.example/#x", "https://a.example/", LinkState::Moved, Some("https://a.example/#x")),
            ("http://a.example/", "https://b.example/y", LinkState::Moved, Some("https://b.example/y")),
            ("http://a.example/x#y", "http://a.example/x", LinkState::Ok, None),
        ] {
            let found = answered(old, 200, Some(new));
            assert_eq!((found.state, found.new_address.as_deref()), (state, address), "{old}");
        }
        // Where it leads to is gone, too.
        let found = answered("http://a.example/", 404, Some("http://b.example/"));
        assert_eq!((found.state, found.new_address), (LinkState::Gone, None));
    }

    #[test]
    fn an_error_is_judged_by_its_kind() {
        let host = || "a.example".to_owned();
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        for (error, state) in [
            (FetchError::NoWebAddress(host()), LinkState::NotAllowed),
            (FetchError::NotPublic(host(), "127.0.0.1".parse().unwrap()), LinkState::NotAllowed),
            (FetchError::Port(host(), 22), LinkState::NotAllowed),
            (FetchError::UnknownName(host()), LinkState::Unreachable),
            (FetchError::Unreachable(host(), refused), LinkState::Unreachable),
            (FetchError::TooLong(std::time::Duration::from_secs(10)), LinkState::Unreachable),
            (FetchError::Tls(host(), "expired".to_owned()), LinkState::Unsafe),
            (FetchError::TooManyRedirects, LinkState::Faulty),
            (FetchError::LongHeaders, LinkState::Faulty),
            (FetchError::Broken("nonsense".to_owned()), LinkState::Faulty),
        ] {
            let found = FoundLink::of("https://a.example/", &Err(error));
            assert_eq!(found.state, state, "{found:?}");
            assert!(!found.reason.is_empty() && found.status.is_none());
        }
    }

    #[test]
    fn each_state_has_a_name() {
        for (state, (name, _)) in LinkState::ALL.into_iter().zip(LinkState::CHOICES) {
            assert_eq!((state.name(), LinkState::named(name)), (*name, Some(state)));
        }
        assert_eq!((LinkState::ALL.len(), LinkState::named("?")), (LinkState::CHOICES.len(), None));
    }
}
