//! The page.

use askama::Template;

use crate::web::Page;
use crate::web::pages::filters;

#[derive(Template)]
#[template(path = "home/index.html")]
pub struct Home {
    apps: &'static [App],
}

/// An installed app; its title and description are messages.
struct App {
    title: &'static str,
    about: &'static str,
    path: &'static str,
}

const APPS: &[App] = &[
    App { title: "home-polls", about: "home-polls-about", path: "/polls/" },
    App { title: "home-bookmark", about: "home-bookmark-about", path: "/bookmark/" },
    App { title: "home-admin", about: "home-admin-about", path: "/admin/" },
];

pub async fn home() -> Page<Home> {
    Page::new(Home { apps: APPS })
}
