//! `bare serve`, `bare fastcgi` and `bare cgi`: the answers of `answers.json`, which lies beside the settings
//! file, by the gateways of polls and with its settings.

#![forbid(unsafe_code)]

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::path::Path;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse};
use polls::gateway::{cgi, fastcgi, http, listen};
use polls::settings::{Purpose, Settings, Sources, find_file};

type Failure = Box<dyn Error + Send + Sync>;

/// An answer as it was recorded.
#[derive(serde::Deserialize)]
struct Recorded {
    path: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// An answer as it is given.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

type Answers = HashMap<String, Answer>;

fn main() -> Result<(), Failure> {
    let environment: BTreeMap<String, String> = std::env::vars().collect();
    let under_cgi = environment.contains_key("GATEWAY_INTERFACE");
    let command = if under_cgi { "cgi".to_owned() } else { std::env::args().nth(1).unwrap_or_default() };
    let file = find_file(None, &environment).ok_or("there is no settings file")?;
    let answers = Data::new(read(&file.with_file_name("answers.json"))?);
    let sources =
        Sources { file: Some(file), environment, default_bind: "127.0.0.1:0".to_owned(), ..Sources::default() };
    let settings = Settings::load(&sources, Purpose::Gateway)?;
    let body_limit = settings.security.data_upload_max_memory_size;
    let app = move || App::new().app_data(answers.clone()).default_service(web::to(answer));
    actix_web::rt::System::new().block_on(async move {
        match command.as_str() {
            "cgi" => cgi::answer(app(), cgi::read(std::env::vars_os(), body_limit)?).await?,
            "serve" => http::serve(app, listen::bind_all(&settings.server)?, &settings.server).await?,
            "fastcgi" => {
                let listeners = match listen::on_stdin()? {
                    Some(listener) => vec![listener],
                    None => listen::bind_all(&settings.server)?,
                };
                fastcgi::serve(app, listeners, &settings.server, body_limit).await?;
            }
            other => return Err(format!("no such command: {other}").into()),
        }
        Ok(())
    })
}

fn read(file: &Path) -> Result<Answers, Failure> {
    let recorded: Vec<Recorded> = serde_json::from_slice(&std::fs::read(file)?)?;
    recorded.into_iter().map(|recorded| Ok((recorded.path.clone(), Answer::new(recorded)?))).collect()
}

impl Answer {
    fn new(recorded: Recorded) -> Result<Self, Failure> {
        let mut headers = HeaderMap::new();
        for (name, value) in recorded.headers {
            headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        Ok(Self { status: StatusCode::from_u16(recorded.status)?, headers, body: recorded.body.into() })
    }
}

async fn answer(request: HttpRequest, answers: Data<Answers>) -> HttpResponse {
    let Some(answer) = answers.get(request.path()) else {
        return HttpResponse::NotFound().finish();
    };
    let mut response = HttpResponse::with_body(answer.status, answer.body.clone()).map_into_boxed_body();
    *response.headers_mut() = answer.headers.clone();
    response
}
