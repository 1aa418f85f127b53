//! The home page.

use askama::Template;

use crate::web::Page;
use crate::web::pages::filters;

#[derive(Template)]
#[template(path = "home/index.html")]
pub struct Home;

pub async fn home() -> Page<Home> {
    Page::new(Home)
}
