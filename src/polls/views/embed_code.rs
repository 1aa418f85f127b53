//! The HTML that shows a poll on another site, and which sites may.

use actix_web::http::header::HeaderValue;
use askama::Template;

use crate::polls::models::Question;
use crate::polls::paths;
use crate::web::Ambient;

/// The size of the embedded page, in pixels, where the other site does not ask for less.
pub(super) const WIDTH: u32 = 600;
pub(super) const HEIGHT: u32 = 480;

/// The directive of `Content-Security-Policy` that names the sites in `embed_allowed_sites`; None if there are none.
pub(super) fn frame_ancestors(ambient: &Ambient) -> Option<HeaderValue> {
    let sites = &ambient.site.security.embed_allowed_sites;
    HeaderValue::try_from(format!("frame-ancestors {}", sites.join(" "))).ok().filter(|_| !sites.is_empty())
}

/// What a page of another site has to contain.
#[derive(Template)]
#[template(path = "polls/iframe.html")]
pub(super) struct EmbedCode<'a> {
    address: String,
    title: &'a str,
    width: u32,
    height: u32,
}

/// The HTML that embeds a poll; None if no site may.
pub(super) fn embed_code(ambient: &Ambient, question: &Question) -> Option<String> {
    frame_ancestors(ambient)?;
    code(ambient, question, WIDTH, HEIGHT).render().ok()
}

pub(super) fn code<'a>(ambient: &Ambient, question: &'a Question, width: u32, height: u32) -> EmbedCode<'a> {
    let address = absolute(ambient, &paths::embed(question.id));
    EmbedCode { address, title: &question.question_text, width, height }
}

/// An address of this site for others.
pub(super) fn absolute(ambient: &Ambient, path: &str) -> String {
    format!("{}{}", ambient.origin(), ambient.site.url(path))
}
