//! What templates can do with a value: translate it, link it, write it as a date.

#![expect(
    clippy::inline_always,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "askama's macro makes methods of these functions, and wants a Result of each"
)]

use std::fmt::Display;

use askama::{Result, Values, filter_fn, get_value};
use chrono::NaiveDateTime;
use fluent_bundle::FluentArgs;

use super::{i18n, submission};
use crate::text::isolate;
use crate::web::Ambient;

/// `{{ "polls-vote"|t }}`: the text of a message.
#[filter_fn]
pub fn t(id: &str, values: &dyn Values) -> Result<String> {
    Ok(of(values)?.text(id))
}

/// `{{ "polls-votes"|t_count(votes) }}`: the text for a number, as `$count`.
#[filter_fn]
pub fn t_count(id: &str, values: &dyn Values, count: i64) -> Result<String> {
    let mut args = FluentArgs::new();
    args.set("count", count);
    Ok(of(values)?.text_with(id, &args))
}

/// `{{ votes|number }}`: a whole number with its digits in groups.
#[filter_fn]
pub fn number<N: Display>(number: N, _: &dyn Values) -> Result<String> {
    Ok(i18n::number(number))
}

/// `{{ "title-with-site"|t_with("title", title) }}`: a text with another put in.
#[filter_fn]
pub fn t_with<V: Display>(id: &str, values: &dyn Values, name: &str, value: V) -> Result<String> {
    let mut args = FluentArgs::new();
    args.set(name, value.to_string());
    Ok(of(values)?.text_with(id, &args))
}

/// `{{ record.label|isolated }}`: a text of people's within an attribute or a title; elsewhere `<bdi>` does it.
#[filter_fn]
pub fn isolated<V: Display>(text: V, _: &dyn Values) -> Result<String> {
    Ok(isolate(&text.to_string()))
}

/// `{{ "/polls/"|url }}`: the address of a path, below the mount.
#[filter_fn]
pub fn url<P: Display>(path: P, values: &dyn Values) -> Result<String> {
    Ok(of(values)?.site.url(&path.to_string()))
}

/// `{{ "css/site.css"|static_url }}`: the address of a static file, with its content hash.
#[filter_fn]
pub fn static_url(path: &str, values: &dyn Values) -> Result<String> {
    Ok(of(values)?.site.static_files.url(path))
}

/// `{{ question.pub_date|date_time }}`: for people.
#[filter_fn]
pub fn date_time(utc: &NaiveDateTime, values: &dyn Values) -> Result<String> {
    let ambient = of(values)?;
    Ok(i18n::date_time(&ambient.site.catalogue, ambient.language, &ambient.site.settings.time_zone, *utc))
}

/// `{{ question.pub_date|date_time_short }}`: for people, in a column of a list.
#[filter_fn]
pub fn date_time_short(utc: &NaiveDateTime, values: &dyn Values) -> Result<String> {
    let ambient = of(values)?;
    Ok(i18n::date_time_short(&ambient.site.catalogue, ambient.language, &ambient.site.settings.time_zone, *utc))
}

/// `{{ question.pub_date|zone }}`: the zone in which [`date_time`] is written, as it is called at that time.
#[filter_fn]
pub fn zone(utc: &NaiveDateTime, values: &dyn Values) -> Result<String> {
    Ok(of(values)?.site.settings.time_zone.abbreviation(*utc))
}

/// `{{ since|moment }}`: both, to be put into a sentence.
#[filter_fn]
pub fn moment(utc: &NaiveDateTime, values: &dyn Values) -> Result<String> {
    let ambient = of(values)?;
    let time_zone = &ambient.site.settings.time_zone;
    let time = i18n::date_time(&ambient.site.catalogue, ambient.language, time_zone, *utc);
    Ok(format!("{time} {}", time_zone.abbreviation(*utc)))
}

/// `{{ question.pub_date|iso }}`: for the `datetime` attribute.
#[filter_fn]
pub fn iso(utc: &NaiveDateTime, _: &dyn Values) -> Result<String> {
    Ok(i18n::iso(*utc))
}

/// `{{ ""|form_key }}`: a key for the form around it, by which it is known when it is sent twice.
#[filter_fn]
pub fn form_key(_: &str, _: &dyn Values) -> Result<String> {
    submission::new_key().map_err(|error| askama::Error::Custom(error.into()))
}

/// `{% let ambient = ""|ambient %}`: all of it, for the frame around the pages.
#[filter_fn]
pub fn ambient<'a>(_: &str, values: &'a dyn Values) -> Result<&'a Ambient> {
    of(values)
}

fn of(values: &dyn Values) -> Result<&Ambient> {
    get_value::<Ambient>(values, "ambient")
}
