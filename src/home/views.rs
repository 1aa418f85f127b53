//! The home page: the features' sections, and links to those without one.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::QueryResult;

use crate::clock;
use crate::db::Database;
use crate::web::context::installed::HomeCard;
use crate::web::pages::filters;
use crate::web::{Ambient, Error, Page, Result};

#[derive(Template)]
#[template(path = "home/index.html")]
pub struct Home {
    /// Rendered, in the order of the features.
    sections: Vec<String>,
    links: Vec<HomeCard>,
}

/// # Errors
/// The database's error.
pub async fn home(request: HttpRequest, db: Data<Database>) -> Result<Page<Home>> {
    let ambient = Ambient::required(&request)?;
    let is_staff = ambient.viewer().is_some_and(|viewer| viewer.is_staff);
    let cards = ambient.site.installed.home_cards.iter().filter(|card| is_staff || !card.for_staff).copied();
    let (with_section, links): (Vec<_>, Vec<_>) = cards.partition(|card| card.section.is_some());
    let (read, now) = (with_section.into_iter().filter_map(|card| card.section).collect::<Vec<_>>(), clock::now());
    let sections =
        db.read(move |conn| read.iter().map(|section| section(conn, now)).collect::<QueryResult<Vec<_>>>()).await?;
    let rendered = sections.iter().map(|section| section.dyn_render_with_values(&*ambient));
    let sections = rendered.collect::<askama::Result<_>>().map_err(|error| Error::Internal(error.into()))?;
    Ok(Page::new(Home { sections, links }))
}
