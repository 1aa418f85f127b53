//! The template filters: translate a value, make a link of it, write it as a date.

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
use crate::clock;
use crate::text::isolate;
use crate::web::Ambient;

/// `{{ "polls-vote"|t }}`: the text of a message.
#[filter_fn]
pub fn t(id: &str, values: &dyn Values) -> Result<String> {
    Ok(of(values)?.text(id))
}

/// `{{ "polls-votes"|t_count(votes) }}`: the text of a message that depends on a number, its `$count`.
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

/// `{{ "title-with-site"|t_with("title", title) }}`: the text of a message with a value put in by name.
#[filter_fn]
pub fn t_with<V: Display>(id: &str, values: &dyn Values, name: &str, value: V) -> Result<String> {
    let mut args = FluentArgs::new();
    args.set(name, value.to_string());
    Ok(of(values)?.text_with(id, &args))
}

/// `{{ record.label|isolated }}`: a text that people wrote, for an attribute or a title, with marks so that
/// right-to-left letters do not reorder the text around it; elsewhere `<bdi>` does that.
#[filter_fn]
pub fn isolated<V: Display>(text: V, _: &dyn Values) -> Result<String> {
    Ok(isolate(&text.to_string()))
}

/// `{{ "/polls/"|url }}`: the address of a path of this site, with the mount before it.
#[filter_fn]
pub fn url<P: Display>(path: P, values: &dyn Values) -> Result<String> {
    Ok(of(values)?.site.url(&path.to_string()))
}

/// `{{ path|url|absolute }}`: the address with the site's scheme and host, for programs of others.
#[filter_fn]
pub fn absolute<P: Display>(address: P, values: &dyn Values) -> Result<String> {
    let address = address.to_string();
    Ok(if address.starts_with('/') { format!("{}{address}", of(values)?.origin()) } else { address })
}

/// `{{ "css/site.css"|static_url }}`: the address of a static file, with its content hash.
#[filter_fn]
pub fn static_url(path: &str, values: &dyn Values) -> Result<String> {
    Ok(of(values)?.site.static_files.url(path))
}

/// `{{ question.pub_date|date_time }}`: a date and time in the visitor's language and the site's time zone.
#[filter_fn]
pub fn date_time(utc: &NaiveDateTime, values: &dyn Values) -> Result<String> {
    let ambient = of(values)?;
    Ok(i18n::date_time(&ambient.site.catalogue, ambient.language, &ambient.site.settings.time_zone, *utc))
}

/// `{{ question.pub_date|date_time_short }}`: the same with a shorter month, for a column of a list.
#[filter_fn]
pub fn date_time_short(utc: &NaiveDateTime, values: &dyn Values) -> Result<String> {
    let ambient = of(values)?;
    Ok(i18n::date_time_short(&ambient.site.catalogue, ambient.language, &ambient.site.settings.time_zone, *utc))
}

/// `{{ since|moment }}`: [`date_time`] and the abbreviation of the site's time zone at that time, such as `KST`.
#[filter_fn]
pub fn moment(utc: &NaiveDateTime, values: &dyn Values) -> Result<String> {
    let ambient = of(values)?;
    let time_zone = &ambient.site.settings.time_zone;
    let time = i18n::date_time(&ambient.site.catalogue, ambient.language, time_zone, *utc);
    Ok(format!("{time} {}", time_zone.abbreviation(*utc)))
}

/// `{{ end|until }}`: how long it is until a later time, such as "in 3 h".
#[filter_fn]
pub fn until(utc: &NaiveDateTime, values: &dyn Values) -> Result<String> {
    let ambient = of(values)?;
    Ok(i18n::until(&ambient.site.catalogue, ambient.language, *utc - clock::now()))
}

/// `{{ question.pub_date|iso }}`: RFC 3339 in UTC, for the `datetime` attribute.
#[filter_fn]
pub fn iso(utc: &NaiveDateTime, _: &dyn Values) -> Result<String> {
    Ok(i18n::iso(*utc))
}

/// `{{ ""|form_key }}`: a new key for the form, by which the server recognises that the form was sent twice.
#[filter_fn]
pub fn form_key(_: &str, _: &dyn Values) -> Result<String> {
    submission::new_key().map_err(|error| askama::Error::Custom(error.into()))
}

/// `{% let ambient = ""|ambient %}`: all ambient values, for the layout around the pages.
#[filter_fn]
pub fn ambient<'a>(_: &str, values: &'a dyn Values) -> Result<&'a Ambient> {
    of(values)
}

fn of(values: &dyn Values) -> Result<&Ambient> {
    get_value::<Ambient>(values, "ambient")
}
