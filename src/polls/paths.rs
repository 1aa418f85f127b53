//! The addresses of polls, relative to the mount. The constants are patterns for `urls`; the functions of the same
//! names make links.

pub const INDEX: &str = "/polls/";
pub const DETAIL: &str = "/polls/{id}/";
pub const VOTE: &str = "/polls/{id}/vote/";
pub const WITHDRAW: &str = "/polls/{id}/vote/withdraw/";
/// The stylesheet that begins a page view.
pub const PAGE_VIEW: &str = "/polls/{id}/view.css";
pub const RESULTS: &str = "/polls/{id}/results/";
pub const OVER_TIME: &str = "/polls/{id}/results/time/";
/// A link of a poll by invitation. What stands behind `/i/` is a secret ([`crate::web::paths::before_secret`]).
pub const INVITATION: &str = "/polls/{id}/i/{token}/";
pub const INVITATION_WITHDRAW: &str = "/polls/{id}/i/{token}/withdraw/";
/// In the admin: makes links of a poll by invitation.
pub const INVITE: &str = "/admin/polls/question/{id}/invite/";
/// The beginning of the addresses to which a browser sends its id.
pub const BROWSER: &str = "/polls/browser/";
/// The stylesheet of a poll that takes one ballot per browser, in place of [`PAGE_VIEW`].
pub const BROWSER_VIEW: &str = "/polls/browser/{id}/view.css";
pub const COOKIE_CHECK: &str = "/polls/browser/check.css";
/// The numbers of the results, for programs.
pub const STATE: &str = "/polls/{id}/state.json";
/// The poll's address as a QR code.
pub const QR_SVG: &str = "/polls/{id}/qr.svg";
pub const QR_PNG: &str = "/polls/{id}/qr.png";
/// The page for a frame of another site, and what oEmbed says of it.
pub const EMBED: &str = "/polls/{id}/embed/";
pub const OEMBED: &str = "/polls/{id}/oembed.json";
/// The newest polls as an Atom feed.
pub const FEED: &str = "/polls/feed/";

pub fn detail(question: i64) -> String {
    of_question(DETAIL, question)
}

pub fn vote(question: i64) -> String {
    of_question(VOTE, question)
}

pub fn withdraw(question: i64) -> String {
    of_question(WITHDRAW, question)
}

/// The stylesheet of a poll's page that sets the cookie by which its voter is known.
pub fn voter_stylesheet(question: i64, is_by_browser: bool) -> String {
    of_question(if is_by_browser { BROWSER_VIEW } else { PAGE_VIEW }, question)
}

pub fn results(question: i64) -> String {
    of_question(RESULTS, question)
}

pub fn over_time(question: i64) -> String {
    of_question(OVER_TIME, question)
}

pub fn invitation(question: i64, token: &str) -> String {
    of_question(INVITATION, question).replace("{token}", token)
}

pub fn invitation_withdraw(question: i64, token: &str) -> String {
    of_question(INVITATION_WITHDRAW, question).replace("{token}", token)
}

pub fn invite(question: i64) -> String {
    of_question(INVITE, question)
}

/// The list of the answers of voters that wait for staff.
pub fn write_ins(question: i64) -> String {
    format!("/admin/polls/choice/?question__id__exact={question}&write_in__exact=proposed")
}

pub fn state(question: i64) -> String {
    of_question(STATE, question)
}

pub fn qr_svg(question: i64) -> String {
    of_question(QR_SVG, question)
}

pub fn qr_png(question: i64) -> String {
    of_question(QR_PNG, question)
}

pub fn embed(question: i64) -> String {
    of_question(EMBED, question)
}

pub fn oembed(question: i64) -> String {
    of_question(OEMBED, question)
}

fn of_question(pattern: &str, question: i64) -> String {
    pattern.replace("{id}", &question.to_string())
}
