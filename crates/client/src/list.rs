//! Lists that cross page borders. Decides, from a page alone, whether there is a next one and what to send
//! for it. The documents show two forms: `continuationToken` in the body, sent back as
//! `MS-ContinuationToken` (100 devices a page,
//! <https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer>),
//! and `links.next`, whose headers hold that token and whose query holds `seekOperation`
//! (<https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems>).

use std::collections::VecDeque;
use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use http::{HeaderName, HeaderValue};
use partner_center_devices_raw::BoxFuture;
use partner_center_devices_raw::types as wire;

use crate::call::Call;
use crate::error::{Error, ErrorKind, Sent};
use crate::pipeline::CallOptions;

pub(crate) const CONTINUATION: HeaderName = HeaderName::from_static("ms-continuationtoken");

/// One page of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The elements.
    pub items: Vec<T>,
    /// The service's `totalCount`; the documents do not say of what.
    pub total_count: Option<i64>,
    /// What asks for the next page; `None` on the last.
    pub continuation: Option<String>,
    pub(crate) seek: Option<String>,
}

impl<T> Page<T> {
    pub(crate) fn from_wire<W>(list: wire::Collection<W>, convert: impl Fn(W) -> T) -> Self {
        let (continuation, seek) = next(&list);
        Self {
            items: list.items.into_iter().map(convert).collect(),
            total_count: list.total_count,
            continuation,
            seek,
        }
    }
}

/// The token of the next page and, in the link form, the `seekOperation` to send with it. The link's address
/// is not followed, only read.
fn next<W>(list: &wire::Collection<W>) -> (Option<String>, Option<String>) {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if let Some(token) = filled(&list.continuation_token) {
        return (Some(token), None);
    }
    let Some(link) = list.links.as_ref().and_then(|links| links.next.as_ref()) else {
        return (None, None);
    };
    let mut headers = link.headers.iter().flatten();
    let token = headers.find(|header| {
        header
            .key
            .as_deref()
            .is_some_and(|key| key.trim().eq_ignore_ascii_case(CONTINUATION.as_str()))
    });
    let Some(token) = token.and_then(|header| filled(&header.value)) else { return (None, None) };
    let query =
        link.uri.as_deref().and_then(|uri| uri.split_once('?')).map_or("", |(_, query)| query);
    let seek = url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key.eq_ignore_ascii_case("seekOperation"))
        .map(|(_, value)| value.into_owned());
    (Some(token), seek)
}

type Fetch<T> = Box<dyn Fn(Option<String>) -> Call<Page<T>> + Send>;

/// A list that is read page by page as it is used.
///
/// - `list.await` reads all pages into a `Vec`;
/// - as a [`Stream`] it gives element after element;
/// - [`next_page`](Self::next_page) gives page after page, with the token to [`resume`](Self::resume) from.
///
/// After an error the stream ends. The pages before it have been given out.
#[must_use = "a list is only read when it is awaited or streamed"]
pub struct List<T> {
    operation: &'static str,
    fetch: Fetch<T>,
    options: CallOptions,
    ready: VecDeque<T>,
    state: State<T>,
}

enum State<T> {
    /// The next page to ask for: its token and `seekOperation`.
    Next(Option<String>, Option<String>),
    /// A page is on its way; the token it was asked for with.
    Loading(Option<String>, BoxFuture<'static, Result<Page<T>, Error>>),
    Done,
}

impl<T: Send + 'static> List<T> {
    /// `fetch` gets the `seekOperation` to send.
    pub(crate) fn new(
        operation: &'static str,
        fetch: impl Fn(Option<String>) -> Call<Page<T>> + Send + 'static,
    ) -> Self {
        Self {
            operation,
            fetch: Box::new(fetch),
            options: CallOptions::default(),
            ready: VecDeque::new(),
            state: State::Next(None, None),
        }
    }

    /// Begins at the page that a [`Page::continuation`] asked for.
    pub fn resume(mut self, continuation: impl Into<String>) -> Self {
        self.state = State::Next(Some(continuation.into()), None);
        self
    }

    /// Sends this `MS-CorrelationId` with every page, to find the calls in a trace of your own.
    pub fn correlation_id(mut self, id: uuid::Uuid) -> Self {
        self.options.correlation_id = Some(id);
        self
    }

    /// Sends this `MS-RequestId` with the first page instead of a new one.
    pub fn request_id(mut self, id: uuid::Uuid) -> Self {
        self.options.request_id = Some(id);
        self
    }

    /// The next page, or `None` after the last. Elements that the stream has not given out yet are not
    /// given again: use one way or the other.
    ///
    /// # Errors
    /// If the call fails, or if the service answers with the same continuation token again.
    pub async fn next_page(&mut self) -> Option<Result<Page<T>, Error>> {
        std::future::poll_fn(|context| self.poll_page(context)).await
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        if let State::Next(token, seek) = &mut self.state {
            let (token, seek) = (token.take(), seek.take());
            match self.request(token.as_deref(), seek) {
                Ok(call) => self.state = State::Loading(token, call.into_future()),
                Err(error) => {
                    self.state = State::Done;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        let State::Loading(asked, loading) = &mut self.state else { return Poll::Ready(None) };
        let page = match ready!(loading.as_mut().poll(context)) {
            // A token that does not move on would go round in circles.
            Ok(page) if page.continuation.is_some() && page.continuation == *asked => {
                Err(Error::new(ErrorKind::Unreadable, self.operation, Sent::Answered)
                    .with_detail("the continuation token is the one that asked for this page"))
            }
            result => result,
        };
        self.state = match &page {
            Ok(Page { continuation: Some(token), seek, .. }) => {
                State::Next(Some(token.clone()), seek.clone())
            }
            _ => State::Done,
        };
        Poll::Ready(Some(page))
    }

    fn request(
        &mut self,
        token: Option<&str>,
        seek: Option<String>,
    ) -> Result<Call<Page<T>>, Error> {
        let continuation = token.map(HeaderValue::try_from).transpose().map_err(|_| {
            Error::input(
                self.operation,
                "the continuation token has a character that no header can hold",
            )
        })?;
        let options = CallOptions { continuation, ..self.options.clone() };
        self.options.request_id = None;
        Ok((self.fetch)(seek).options(options))
    }
}

impl<T: Unpin + Send + 'static> Stream for List<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.poll_page(context)) {
                Some(Ok(page)) => self.ready = page.items.into(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T: Send + 'static> IntoFuture for List<T> {
    type Output = Result<Vec<T>, Error>;
    type IntoFuture = BoxFuture<'static, Result<Vec<T>, Error>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut all = Vec::from(std::mem::take(&mut self.ready));
            while let Some(page) = self.next_page().await {
                let page = page?;
                if all.is_empty() { all = page.items } else { all.extend(page.items) }
            }
            Ok(all)
        })
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("operation", &self.operation).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(json: &str) -> (Option<String>, Option<String>) {
        next(&serde_json::from_str::<wire::Collection<wire::Device>>(json).unwrap())
    }

    #[test]
    fn the_next_page_is_found_in_both_forms() {
        let some = |text: &str| Some(text.to_owned());
        for (json, token, seek) in [
            (r#"{"items":[]}"#, None, None),
            (r#"{"items":[],"continuationToken":null}"#, None, None),
            (r#"{"items":[],"continuationToken":""}"#, None, None),
            (r#"{"items":[],"continuationToken":"AQAAAA=="}"#, some("AQAAAA=="), None),
            (
                r#"{"items":[],"links":{"next":{"uri":"/customers/c/x?size=100&seekOperation=Next","method":"GET",
                    "headers":[{"key":"MS-ContinuationToken","value":"AQ=="}]}}}"#,
                some("AQ=="),
                some("Next"),
            ),
            (
                r#"{"items":[],"links":{"next":{"uri":"https://elsewhere.example/","headers":[
                    {"key":"x","value":"1"},{"key":"ms-continuationtoken","value":"B"}]}}}"#,
                some("B"),
                None,
            ),
            (
                r#"{"items":[],"links":{"next":{"uri":"/x?seekOperation=Next","headers":[]}}}"#,
                None,
                None,
            ),
            (r#"{"items":[],"links":{"self":{"uri":"/x"}}}"#, None, None),
        ] {
            assert_eq!(decide(json), (token, seek), "{json}");
        }
    }
}
