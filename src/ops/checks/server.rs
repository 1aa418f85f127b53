//! Checks the address that the program listens on, and the log level.

use tracing::Level;

use super::CheckLevel::Warning;
use super::{Finding, Subject};
use crate::settings::Bind;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let settings = subject.settings;
    let mut findings = Vec::new();
    let is_set = settings.shown.iter().any(|shown| shown.key == "server.bind" && shown.origin != "default");
    let tcp = settings.server.bind.iter().filter(|bind| is_set && matches!(bind, Bind::Tcp(_)));
    for bind in tcp {
        if settings.security.trusted_proxies.is_empty() {
            findings.push(Finding::new(
                "polls.W003",
                Warning,
                format!("The program listens at {bind} and trusts no proxy: behind Apache every visitor would have Apache's address, and none TLS."),
                "Set trusted_proxies to the address that Apache comes from, or listen at a unix socket.",
            ));
        }
        if !bind.is_loopback_tcp() {
            findings.push(Finding::new(
                "polls.W004",
                Warning,
                format!(
                    "The program listens at {bind}, where other machines can reach it without Apache, and without TLS."
                ),
                "Listen at a unix socket or at 127.0.0.1, or let a firewall through none but Apache.",
            ));
        }
    }
    let silent: Vec<_> = ["polls.server", "polls.request", "polls.security", "polls.db", "polls.vote"]
        .into_iter()
        .filter(|target| !settings.log.level.would_enable(target, &Level::WARN))
        .collect();
    if !silent.is_empty() {
        findings.push(Finding::new(
            "polls.W005",
            Warning,
            format!("log.level keeps warnings of {} out of the log.", silent.join(", ")),
            "Set log.level = \"info\".",
        ));
    }
    findings
}
