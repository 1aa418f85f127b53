//! Receives the body of a request whole, limited in size, in time, and in the memory that all bodies take together.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::{Bytes, BytesMut, Data};
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};

use crate::web::http::bodies::BodyMemory;
use crate::web::http::body_end::BodyEnd;
use crate::web::{Error, Result, Site};

/// How long a client may take to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);
/// The same for a body whose announced length is too large. It is only thrown away, so less time is enough.
const TOO_LARGE_TIMEOUT: Duration = Duration::from_secs(5);
/// A body of up to so many times the size limit is read and thrown away, because a client that is cut off before it has
/// sent its body does not read the answer.
const DISCARDED_BODIES: usize = 16;

/// A body that is as long as its client said, if it said so.
pub struct ReceivedBody {
    pub bytes: Bytes,
    pub end: BodyEnd,
    /// The body's share of the memory for bodies, to be held as long as the body or what is made of it.
    pub share: BodyMemory,
}

/// Reads a request's body.
///
/// # Errors
/// The future's: `PayloadTooLarge` above `data_upload_max_memory_size`; `RequestTimeout` if it takes longer than a
/// minute; `BadRequest` if it is incomplete; `Unavailable` if other bodies take all the memory.
pub fn receive(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<ReceivedBody>> + use<> {
    let security = request.app_data::<Data<Site>>().map(|site| &site.security);
    let limit = security.map_or(0, |security| security.data_upload_max_memory_size);
    let end = security.map_or(BodyEnd::Unknown, |security| BodyEnd::of(request, security));
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let announced = length.is_some_and(|length| length > limit as u64);
    let payload = payload.take();
    async move {
        let patience = if announced { TOO_LARGE_TIMEOUT } else { BODY_TIMEOUT };
        let (bytes, share) = match tokio::time::timeout(patience, read(payload, limit)).await {
            Ok(body) => body?,
            Err(_) if announced => return Err(Error::PayloadTooLarge),
            Err(_) => return Err(Error::RequestTimeout),
        };
        if let BodyEnd::Length(length) = end
            && length != bytes.len() as u64
        {
            return Err(Error::BadRequest("the body is incomplete"));
        }
        Ok(ReceivedBody { bytes, end, share })
    }
}

/// Reads the whole body, with its share of the memory. A body that is too large is read on for a while: a proxy that is
/// still sending would report a broken connection instead of passing on the answer.
async fn read(mut payload: Payload, limit: usize) -> Result<(Bytes, BodyMemory)> {
    let (mut body, mut length, mut share) = (BytesMut::new(), 0usize, BodyMemory::default());
    loop {
        let chunk = match select(payload.next(), pin!(share.revoked())).await {
            Either::Left((chunk, _)) => chunk,
            Either::Right(((), _)) => return Err(no_room()),
        };
        let Some(chunk) = chunk else { break };
        let chunk = chunk.map_err(|error| match error {
            actix_web::error::PayloadError::Overflow => Error::PayloadTooLarge,
            _ => Error::BadRequest("the body is incomplete"),
        })?;
        length = length.saturating_add(chunk.len());
        if length <= limit {
            body.extend_from_slice(&chunk);
            if !share.grow(body.capacity()) {
                return Err(no_room());
            }
        } else if length > limit.saturating_mul(DISCARDED_BODIES) {
            break;
        }
    }
    if length > limit {
        return Err(Error::PayloadTooLarge);
    }
    share.complete();
    Ok((body.freeze(), share))
}

fn no_room() -> Error {
    Error::Unavailable("the bodies of others take all the memory there is for them".into())
}
