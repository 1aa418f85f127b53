//! The addresses of polls.

pub const INDEX: &str = "/polls/";
pub const DETAIL: &str = "/polls/{id}/";
pub const VOTE: &str = "/polls/{id}/vote/";
pub const PAGE_VIEW: &str = "/polls/{id}/view.css";
pub const RESULTS: &str = "/polls/{id}/results/";

pub fn detail(question: i64) -> String {
    format!("/polls/{question}/")
}

pub fn vote(question: i64) -> String {
    format!("/polls/{question}/vote/")
}

/// The stylesheet that begins a page view.
pub fn page_view(question: i64) -> String {
    format!("/polls/{question}/view.css")
}

pub fn results(question: i64) -> String {
    format!("/polls/{question}/results/")
}
