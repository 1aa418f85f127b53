//! The addresses of polls.

use actix_web::web::{self, ServiceConfig};

use super::page_view;
use super::views::{self, QuestionDetail, QuestionList, QuestionResults};
use crate::web::pages::generic;
use crate::web::pages::urls::get;

pub fn configure(config: &mut ServiceConfig) {
    // Patterns are tried in this order, and votes come in crowds.
    config
        .service(get("/polls/{id}/vote/", views::no_vote).route(web::post().to(views::vote)))
        .service(get("/polls/", generic::list::<QuestionList>))
        .service(get("/polls/{id}/", views::page::<QuestionDetail>))
        .service(get("/polls/{id}/view.css", page_view::stylesheet))
        .service(get("/polls/{id}/results/", views::page::<QuestionResults>));
}

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
