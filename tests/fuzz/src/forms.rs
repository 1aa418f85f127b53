//! Bodies of posted forms, in pieces.

use std::mem::ManuallyDrop;

use actix_http::header::HeaderValue;
use actix_http::{BoxedPayloadStream, Payload, Request};
use actix_service::boxed::{self, BoxService};
use actix_service::{IntoServiceFactory as _, Service as _, ServiceFactory as _};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::rt::{System, SystemRunner};
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse};
use futures_util::stream;
use polls::app::features;
use polls::web::Site;
use polls::web::http::forms::Form;

use super::site;

struct Reader {
    service: BoxService<Request, ServiceResponse, actix_web::Error>,
    runtime: SystemRunner,
}

thread_local! {
    // Not dropped with the thread, whose other values may be gone by then.
    static READER: ManuallyDrop<Reader> = ManuallyDrop::new(Reader::open());
}

impl Reader {
    fn open() -> Self {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let site = Site::new(&site::settings(&directory), features::installed());
        let app = App::new().app_data(Data::new(site)).default_service(web::to(read));
        let runtime = System::new();
        let service = runtime.block_on(app.into_factory().new_service(AppConfig::default()));
        Self { service: boxed::service(service.expect("it starts")), runtime }
    }
}

/// The last of a field's values counts.
async fn read(form: Form) -> HttpResponse {
    assert_eq!(form.get("choice"), form.all("choice").last());
    let length: usize = form.all("choice").map(str::len).sum();
    HttpResponse::Ok().body(length.to_string())
}

/// The size of the pieces in which the body arrives, a line with its type, the body.
///
/// It is read or refused; what is read is no longer than what came, but for bytes that are no text.
pub fn form_bodies(data: &[u8]) {
    let [size, rest @ ..] = data else { return };
    let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let (media, body) = (&rest[..line], rest.get(line + 1..).unwrap_or_default());
    let pieces: Vec<_> = body
        .chunks(usize::from(*size).max(1))
        .map(|piece| Ok::<_, PayloadError>(Bytes::copy_from_slice(piece)))
        .collect();
    let payload: BoxedPayloadStream = Box::pin(stream::iter(pieces));
    let mut request = Request::with_payload(Payload::Stream { payload });
    request.head_mut().method = Method::POST;
    if let Ok(media) = HeaderValue::from_bytes(media) {
        request.head_mut().headers_mut().insert(CONTENT_TYPE, media);
    }
    READER.with(|reader| {
        reader.runtime.block_on(async {
            let answer = reader.service.call(request).await.expect("refusals are answers");
            let status = answer.status();
            assert!(matches!(status.as_u16(), 200 | 400 | 413 | 415), "{status}");
            let read = actix_web::body::to_bytes(answer.into_body()).await.expect("a body in memory");
            if status == 200 {
                let length: usize = std::str::from_utf8(&read).expect("digits").parse().expect("a number");
                assert!(length <= 3 * body.len(), "{length} bytes out of {}", body.len());
            }
        });
    });
}
