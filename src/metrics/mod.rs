//! Numbers about the running process, for Prometheus: counters that any room raises, and their text
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
//!
//! They are atomics in fixed places: to count neither locks nor allocates.

pub mod history;

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{LazyLock, OnceLock};
use std::time::Duration;

use crate::clock;

/// When the process began.
pub static BEGAN: LazyLock<chrono::NaiveDateTime> = LazyLock::new(clock::now);

static ON: AtomicBool = AtomicBool::new(false);

/// Notes that the process begins.
pub fn begin() {
    LazyLock::force(&BEGAN);
}

/// Begins to count requests; nothing is counted where nobody may read it.
pub fn enable() {
    ON.store(true, Relaxed);
}

pub fn is_on() -> bool {
    ON.load(Relaxed)
}

/// A number for each of the names of a label.
pub struct Counters<const N: usize> {
    names: [&'static str; N],
    values: [AtomicU64; N],
}

impl<const N: usize> Counters<N> {
    const fn new(names: [&'static str; N]) -> Self {
        Self { names, values: [const { AtomicU64::new(0) }; N] }
    }

    /// The numbers, in the order of the names.
    pub fn numbers(&self) -> [u64; N] {
        std::array::from_fn(|at| self.values[at].load(Relaxed))
    }

    /// Raises the number of a name; of the last name if it has none of its own.
    pub fn count(&self, name: &str) {
        let at = self.names.iter().position(|known| *known == name).unwrap_or(N - 1);
        self.values[at].fetch_add(1, Relaxed);
    }
}

/// Votes by what became of them.
pub static VOTES: Counters<5> = Counters::new(["counted", "refused", "queue full", "late", "failed"]);
/// Errors of the database that are not the statement's own.
pub static DATABASE_ERRORS: Counters<4> = Counters::new(["busy", "unreachable", "too slow", "other"]);
/// Requests for pages that the page memory may hold.
pub static PAGE_MEMORY: Counters<2> = Counters::new(["hit", "miss"]);
pub static PAGE_MEMORY_BYTES: AtomicI64 = AtomicI64::new(0);
/// Votes that wait for the writer.
pub static VOTES_WAITING: AtomicI64 = AtomicI64::new(0);
/// Votes that were committed together.
pub static BATCHES: Histogram<6> = Histogram::new([1, 4, 16, 64, 256, 1000]);

/// How many of the observed numbers are at most so large.
pub struct Histogram<const N: usize> {
    bounds: [u64; N],
    counts: [AtomicU64; N],
    count: AtomicU64,
    sum: AtomicU64,
}

impl<const N: usize> Histogram<N> {
    const fn new(bounds: [u64; N]) -> Self {
        let counts = [const { AtomicU64::new(0) }; N];
        Self { bounds, counts, count: AtomicU64::new(0), sum: AtomicU64::new(0) }
    }

    pub fn observe(&self, value: u64) {
        if let Some(at) = self.bounds.iter().position(|bound| value <= *bound) {
            self.counts[at].fetch_add(1, Relaxed);
        }
        self.count.fetch_add(1, Relaxed);
        self.sum.fetch_add(value, Relaxed);
    }

    /// Its lines; `unit` is the size of a 1 in what is written.
    fn write(&self, text: &mut String, name: &str, labels: &str, unit: f64) {
        let (mut below, comma) = (0, if labels.is_empty() { "" } else { "," });
        let real = |value: u64| f64::from(u32::try_from(value).unwrap_or(u32::MAX)) * unit;
        for (bound, count) in self.bounds.iter().zip(&self.counts) {
            below += count.load(Relaxed);
            let _ = writeln!(text, "{name}_bucket{{{labels}{comma}le=\"{}\"}} {below}", real(*bound));
        }
        let count = self.count.load(Relaxed);
        let _ = writeln!(text, "{name}_bucket{{{labels}{comma}le=\"+Inf\"}} {count}");
        let braces = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = writeln!(
            text,
            "{name}_sum{braces} {}",
            Duration::from_micros(self.sum.load(Relaxed)).as_secs_f64() * 1e6 * unit
        );
        let _ = writeln!(text, "{name}_count{braces} {count}");
    }
}

/// What is known of one route; the first is for addresses that do not exist.
struct RouteNumbers {
    pattern: OnceLock<String>,
    statuses: [AtomicU64; STATUSES.len() + 1],
    /// In microseconds.
    durations: Histogram<10>,
}

const STATUSES: [u16; 17] = [200, 301, 302, 303, 304, 308, 400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503];

static ROUTES: [RouteNumbers; 192] = [const {
    RouteNumbers {
        pattern: OnceLock::new(),
        statuses: [const { AtomicU64::new(0) }; STATUSES.len() + 1],
        durations: Histogram::new([100, 250, 1000, 2500, 10_000, 25_000, 100_000, 250_000, 1_000_000, 10_000_000]),
    }
}; 192];

/// A route of the app, by its place among those that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RouteNumber(u8);

impl RouteNumber {
    /// The route of a pattern such as `/polls/{id}/`; addresses without a pattern are all one.
    pub fn of(pattern: Option<String>) -> Self {
        let Some(pattern) = pattern else { return Self::default() };
        let is_it = |route: &RouteNumbers| *route.pattern.get_or_init(|| pattern.clone()) == pattern;
        let at = ROUTES.iter().skip(1).position(is_it).map_or(0, |at| at + 1);
        Self(u8::try_from(at).unwrap_or(0))
    }
}

/// Counts a request that was answered.
pub fn count_request(route: RouteNumber, status: u16, duration: Duration) {
    history::REQUESTS.count();
    let numbers = &ROUTES[usize::from(route.0)];
    let at = STATUSES.iter().position(|known| *known == status).unwrap_or(STATUSES.len());
    numbers.statuses[at].fetch_add(1, Relaxed);
    numbers.durations.observe(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX));
}

/// All numbers, in Prometheus' text format.
pub fn text() -> String {
    let mut text = String::with_capacity(16 << 10);
    let head = |text: &mut String, name: &str, kind: &str, help: &str| {
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    };
    head(&mut text, "polls_build_info", "gauge", "The version of the program.");
    let _ = writeln!(
        text,
        "polls_build_info{{version=\"{}\",pid=\"{}\"}} 1",
        env!("CARGO_PKG_VERSION"),
        std::process::id()
    );
    let asked = || ROUTES.iter().filter(|route| route.durations.count.load(Relaxed) > 0);
    let labels = |route: &RouteNumbers| {
        let pattern = route.pattern.get().map_or("unknown", String::as_str);
        format!("route=\"{}\"", pattern.replace('\\', "\\\\").replace('"', "\\\""))
    };
    head(&mut text, "polls_http_requests_total", "counter", "Requests that were answered.");
    for route in asked() {
        for (at, count) in route.statuses.iter().enumerate().filter(|(_, count)| count.load(Relaxed) > 0) {
            let status = STATUSES.get(at).map_or("other".to_owned(), ToString::to_string);
            let _ = writeln!(
                text,
                "polls_http_requests_total{{{},status=\"{status}\"}} {}",
                labels(route),
                count.load(Relaxed)
            );
        }
    }
    let name = "polls_http_request_duration_seconds";
    head(&mut text, name, "histogram", "Time until the head of an answer was there.");
    for route in asked() {
        route.durations.write(&mut text, name, &labels(route), 1e-6);
    }
    let mut counters = |name: &str, label: &str, help: &str, names: &[&str], values: &[AtomicU64]| {
        head(&mut text, name, "counter", help);
        for (value, count) in names.iter().zip(values) {
            let _ = writeln!(text, "{name}{{{label}=\"{value}\"}} {}", count.load(Relaxed));
        }
    };
    counters("polls_votes_total", "outcome", "Votes that were answered.", &VOTES.names, &VOTES.values);
    let errors = &DATABASE_ERRORS;
    counters("polls_database_errors_total", "kind", "Errors of the database.", &errors.names, &errors.values);
    let help = "Requests for pages that are kept in memory.";
    counters("polls_page_memory_total", "result", help, &PAGE_MEMORY.names, &PAGE_MEMORY.values);
    for (name, help, gauge) in [
        ("polls_page_memory_bytes", "Memory of the pages that are kept.", &PAGE_MEMORY_BYTES),
        ("polls_votes_waiting", "Votes that wait to be written.", &VOTES_WAITING),
    ] {
        head(&mut text, name, "gauge", help);
        let _ = writeln!(text, "{name} {}", gauge.load(Relaxed));
    }
    head(&mut text, "polls_vote_batch_size", "histogram", "Votes that were committed together.");
    BATCHES.write(&mut text, "polls_vote_batch_size", "", 1.0);
    text
}

/// A number that is known when it is asked for: its name, its help and its value.
pub type Gauge = (&'static str, &'static str, i64);

/// The text of such numbers.
pub fn gauges(gauges: &[Gauge]) -> String {
    let mut text = String::new();
    for (name, help, value) in gauges {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_one_place_and_too_many_share_that_of_the_unknown() {
        let route = RouteNumber::of(Some("/a/{id}/".to_owned()));
        assert_eq!(route, RouteNumber::of(Some("/a/{id}/".to_owned())));
        assert_ne!(route, RouteNumber::of(Some("/b/".to_owned())));
        assert_eq!(RouteNumber::of(None), RouteNumber::default());
        count_request(route, 200, Duration::from_micros(200));
        count_request(route, 418, Duration::from_secs(100));
        let text = text();
        for line in [
            "polls_http_requests_total{route=\"/a/{id}/\",status=\"other\"} 1",
            "polls_http_request_duration_seconds_bucket{route=\"/a/{id}/\",le=\"0.00025\"} 1",
            "polls_http_request_duration_seconds_bucket{route=\"/a/{id}/\",le=\"10\"} 1",
            "polls_http_request_duration_seconds_bucket{route=\"/a/{id}/\",le=\"+Inf\"} 2",
            "polls_http_request_duration_seconds_count{route=\"/a/{id}/\"} 2",
        ] {
            assert!(text.lines().any(|there| there == line), "{line}\n{text}");
        }
        for number in 0..200 {
            RouteNumber::of(Some(format!("/{number}/")));
        }
        assert_eq!(RouteNumber::of(Some("/one more/".to_owned())), RouteNumber::default());
    }
}
