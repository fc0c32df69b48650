//! Takes requests, and passes them on as the rules have it.

use std::future::pending;
use std::sync::Arc;

use anyhow::{Result, bail};
use futures::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, BodyStream, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, RETRY_AFTER, TRANSFER_ENCODING};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use kube::client::Body;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use super::State;
use super::asked::Asked;
use super::rule::Fault;

type Answer = Response<UnsyncBoxBody<Bytes, kube::Error>>;

/// Serves until the runtime ends.
pub(super) async fn serve(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, Arc::clone(&state)));
    }
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    let service = hyper::service::service_fn(move |request| answer(Arc::clone(&state), request));
    // Who went away or was sent away is no error here. A request whose sender is gone is dropped with it.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// An error ends the connection.
async fn answer(state: Arc<State>, request: Request<Incoming>) -> Result<Answer> {
    let asked = Asked::of(&request);
    let is_watch = asked.verb == "watch";
    let (number, fault) = state.note(asked);
    state.passes().await;
    let mut most = usize::MAX;
    match &fault {
        Some(Fault::Lost) => bail!("lost"),
        Some(Fault::Silence) => pending().await,
        Some(Fault::Slow(time)) => tokio::time::sleep(*time).await,
        Some(Fault::EndsAfter(events)) => most = *events,
        Some(Fault::Code(code)) => return Ok(said(&state, number, *code, refusal(*code))),
        Some(Fault::Text(text)) => return Ok(said(&state, number, 200, text.clone())),
        Some(Fault::AnswerLost | Fault::AnswerKept) | None => {}
    }
    let answer = pass(&state, request).await?;
    match fault {
        Some(Fault::AnswerLost) => bail!("lost"),
        Some(Fault::AnswerKept) => pending().await,
        _ => {}
    }
    state.passes().await;
    state.answered(number, answer.status().as_u16());
    let (mut parts, body) = answer.into_parts();
    for name in [CONNECTION, TRANSFER_ENCODING] {
        parts.headers.remove(name);
    }
    Ok(Response::from_parts(parts, through(state, body, is_watch, most)))
}

async fn pass(state: &State, request: Request<Incoming>) -> Result<Response<Body>> {
    let (mut parts, body) = request.into_parts();
    for name in [HOST, CONNECTION, TRANSFER_ENCODING] {
        parts.headers.remove(name);
    }
    let body = body.collect().await?.to_bytes();
    Ok(state.client.send(Request::from_parts(parts, Body::from(body.to_vec()))).await?)
}

/// The body of an answer, until all watches are ended or this one had its events.
fn through(state: Arc<State>, body: Body, is_watch: bool, most: usize) -> UnsyncBoxBody<Bytes, kube::Error> {
    let ended = state.ended.subscribe();
    let frames = stream::unfold((BodyStream::new(body), ended, most), move |(mut body, mut ended, left)| {
        let state = Arc::clone(&state);
        async move {
            if left == 0 {
                return None;
            }
            let frame = tokio::select! {
                frame = body.next() => frame?,
                _ = ended.changed(), if is_watch => return None,
            };
            state.passes().await;
            let events = |frame: &Frame<Bytes>| {
                let data = frame.data_ref().map(AsRef::as_ref).unwrap_or_default();
                data.iter().filter(|byte: &&u8| **byte == b'\n').count()
            };
            let left = left.saturating_sub(frame.as_ref().map_or(0, events));
            Some((frame, (body, ended, left)))
        }
    });
    UnsyncBoxBody::new(StreamBody::new(frames))
}

/// As the API server words it.
fn refusal(code: u16) -> String {
    let reason = match code {
        409 => "Conflict",
        410 => "Expired",
        422 => "Invalid",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "InternalError",
    };
    json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": format!("the proxy says {reason}"), "reason": reason, "code": code,
    })
    .to_string()
}

fn said(state: &State, number: usize, code: u16, text: String) -> Answer {
    state.answered(number, code);
    let body = Full::new(Bytes::from(text)).map_err(|never| match never {});
    let mut answer = Response::new(UnsyncBoxBody::new(body));
    *answer.status_mut() = hyper::StatusCode::from_u16(code).unwrap_or_default();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("application/json"));
    if code == 429 {
        headers.insert(RETRY_AFTER, hyper::header::HeaderValue::from_static("1"));
    }
    answer
}
