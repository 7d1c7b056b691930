//! Lists that cross page borders. Decides, from a page alone, whether there is a next one and what to send
//! for it. The documents show two forms: `continuationToken` in the body, sent back as
//! `MS-ContinuationToken` (100 devices a page,
//! <https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer>),
//! and `links.next`, whose headers hold that token and whose query holds `seekOperation`
//! (<https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems>).

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use http::{HeaderName, HeaderValue};
use partner_center_devices_raw::BoxFuture;
use partner_center_devices_raw::types as wire;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::calls::call::Call;
use crate::calls::pipeline::{CallOptions, DecodedResponse, ResponseContext};
use crate::calls::retry::Retry;
use crate::responses::error::Error;

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
    pub continuation: Option<Continuation>,
}

/// Where a list goes on: the service's token, and the `seekOperation` that one of the two forms sends with it.
/// Opaque; its `Display` can be kept, and `parse` brings it back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Continuation {
    token: String,
    seek: Option<String>,
}

/// What would end the token, or the line that it is kept in. The documented tokens are base64 and have none of it.
const SEPARATORS: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

impl fmt::Display for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = |text| utf8_percent_encode(text, SEPARATORS);
        match &self.seek {
            Some(seek) => write!(f, "{} {}", kept(&self.token), kept(seek)),
            None => kept(&self.token).fmt(f),
        }
    }
}

impl std::str::FromStr for Continuation {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let whole = |kept: &str| match percent_decode_str(kept).decode_utf8() {
            Ok(text) => text.into_owned(),
            Err(_) => kept.to_owned(),
        };
        Ok(match text.split_once(' ') {
            Some((token, seek)) => Self { token: whole(token), seek: Some(whole(seek)) },
            None => Self { token: whole(text), seek: None },
        })
    }
}

/// A page as it came, with the call that brought it.
pub(crate) struct Fetched<T> {
    page: Page<T>,
    facts: ResponseContext,
}

impl<T> Fetched<T> {
    pub(crate) fn from_answer<W>(
        answer: DecodedResponse<wire::Collection<W>>,
        convert: impl Fn(W) -> T,
    ) -> Result<Self, Error> {
        let DecodedResponse { value: list, facts, .. } = answer;
        let continuation = next(&list).map_err(|problem| facts.unreadable(problem))?;
        let items = list.items.into_iter().map(convert).collect();
        Ok(Self { page: Page { items, total_count: list.total_count, continuation }, facts })
    }
}

/// What asks for the next page. A link's address is not followed, only read.
pub(crate) fn next<W>(list: &wire::Collection<W>) -> Result<Option<Continuation>, &'static str> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if let Some(token) = filled(&list.continuation_token) {
        return Ok(Some(Continuation { token, seek: None }));
    }
    let Some(link) = list.links.as_ref().and_then(|links| links.next.as_ref()) else {
        return Ok(None);
    };
    if link.uri.is_none() && link.headers.is_none() {
        return Ok(None);
    }
    let mut headers = link.headers.iter().flatten();
    let token = headers.find(|header| {
        header
            .key
            .as_deref()
            .is_some_and(|key| key.trim().eq_ignore_ascii_case(CONTINUATION.as_str()))
    });
    let Some(token) = token.and_then(|header| filled(&header.value)) else {
        // To stop here would be to pass over all further elements without a word.
        return Err("there is a next page, and its link holds no continuation token");
    };
    let query =
        link.uri.as_deref().and_then(|uri| uri.split_once('?')).map_or("", |(_, query)| query);
    let seek = url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key.eq_ignore_ascii_case("seekOperation"))
        .map(|(_, value)| value.into_owned());
    Ok(Some(Continuation { token, seek }))
}

type Fetch<T> = Box<dyn Fn(Option<String>) -> Call<Fetched<T>> + Send>;

/// A list that is read page by page as it is used.
///
/// - `list.await` reads all pages into a `Vec`;
/// - as a [`Stream`] it gives element after element;
/// - [`next_page`](Self::next_page) gives page after page, with the place to [`resume`](Self::resume) from.
///
/// After an error the stream ends. The pages before it have been given out.
#[must_use = "a list is only read when it is awaited or streamed"]
pub struct List<T> {
    operation: &'static str,
    fetch: Fetch<T>,
    options: CallOptions,
    ready: VecDeque<T>,
    /// What was asked for already: a list that comes back to one of them would go round in circles.
    asked: HashSet<Continuation>,
    state: State<T>,
}

enum State<T> {
    /// The next page to ask for.
    Next(Option<Continuation>),
    Loading(BoxFuture<'static, Result<Fetched<T>, Error>>),
    Done,
}

impl<T: Send + 'static> List<T> {
    /// `fetch` gets the `seekOperation` to send.
    pub(crate) fn new(
        operation: &'static str,
        fetch: impl Fn(Option<String>) -> Call<Fetched<T>> + Send + 'static,
    ) -> Self {
        Self {
            operation,
            fetch: Box::new(fetch),
            options: CallOptions::default(),
            ready: VecDeque::new(),
            asked: HashSet::new(),
            state: State::Next(None),
        }
    }

    /// Begins at the page that a [`Page::continuation`] asks for.
    pub fn resume(mut self, continuation: Continuation) -> Self {
        self.state = State::Next(Some(continuation));
        self
    }

    /// Sends this `MS-RequestId` with the first page instead of a new one. Each further page is a call of its
    /// own and gets its own.
    pub fn request_id(mut self, id: uuid::Uuid) -> Self {
        self.options.request_id = Some(id);
        self
    }

    /// Sends this `MS-CorrelationId` with every page, to find the calls in a trace of your own.
    pub fn correlation_id(mut self, id: uuid::Uuid) -> Self {
        self.options.correlation_id = Some(id);
        self
    }

    /// How long one attempt of one page may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// How the call of each page is tried again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.options.retry = Some(retry);
        self
    }

    /// The language of the service's texts.
    ///
    /// # Errors
    /// If the text cannot stand in a header.
    pub fn locale(mut self, locale: &str) -> Result<Self, Error> {
        self.options.set_locale(self.operation, locale)?;
        Ok(self)
    }

    /// The next page, or `None` after the last. Elements that the stream has not given out yet are not
    /// given again: use one way or the other.
    ///
    /// # Errors
    /// If the call fails, or if the service comes back to a page that was read already.
    pub async fn next_page(&mut self) -> Option<Result<Page<T>, Error>> {
        std::future::poll_fn(|context| self.poll_page(context)).await
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        if let State::Next(continuation) = &mut self.state {
            let continuation = continuation.take();
            match self.request(continuation) {
                Ok(call) => self.state = State::Loading(call.into_future()),
                Err(error) => {
                    self.state = State::Done;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        let State::Loading(loading) = &mut self.state else { return Poll::Ready(None) };
        let page =
            ready!(loading.as_mut().poll(context)).and_then(|Fetched { page, facts }| match &page
                .continuation
            {
                Some(next) if self.asked.contains(next) => Err(facts.unreadable(
                    "the continuation token leads back to a page that was read already",
                )),
                _ => Ok(page),
            });
        self.state = match &page {
            Ok(Page { continuation: Some(next), .. }) => State::Next(Some(next.clone())),
            _ => State::Done,
        };
        Poll::Ready(Some(page))
    }

    fn request(&mut self, place: Option<Continuation>) -> Result<Call<Fetched<T>>, Error> {
        let token =
            place.as_ref().map(|place| HeaderValue::try_from(&place.token)).transpose().map_err(
                |_| {
                    Error::input(
                        self.operation,
                        "the continuation token has a character that no header can hold",
                    )
                },
            )?;
        let options = CallOptions { continuation: token, ..self.options.clone() };
        self.options.request_id = None;
        let seek = place.as_ref().and_then(|place| place.seek.clone());
        self.asked.extend(place);
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

    fn decide(json: &str) -> Result<Option<String>, &'static str> {
        let list = serde_json::from_str::<wire::Collection<wire::Device>>(json).unwrap();
        next(&list).map(|next| next.map(|next| next.to_string()))
    }

    #[test]
    fn the_next_page_is_found_in_both_forms() {
        let some = |text: &str| Ok(Some(text.to_owned()));
        for (json, next) in [
            (r#"{"items":[]}"#, Ok(None)),
            (r#"{"items":[],"continuationToken":null}"#, Ok(None)),
            (r#"{"items":[],"continuationToken":""}"#, Ok(None)),
            (r#"{"items":[],"continuationToken":"AQAAAA=="}"#, some("AQAAAA==")),
            (
                r#"{"items":[],"links":{"next":{"uri":"/customers/c/x?size=100&seekOperation=Next","method":"GET",
                    "headers":[{"key":"MS-ContinuationToken","value":"AQ=="}]}}}"#,
                some("AQ== Next"),
            ),
            (
                r#"{"items":[],"links":{"next":{"uri":"https://elsewhere.example/","headers":[
                    {"key":"x","value":"1"},{"key":"ms-continuationtoken","value":"B"}]}}}"#,
                some("B"),
            ),
            (r#"{"items":[],"links":{"next":{}}}"#, Ok(None)),
            (r#"{"items":[],"links":{"self":{"uri":"/x"}}}"#, Ok(None)),
            (
                r#"{"items":[],"links":{"next":{"uri":"/x?seekOperation=Next","headers":[]}}}"#,
                Err("there is a next page, and its link holds no continuation token"),
            ),
        ] {
            assert_eq!(decide(json), next, "{json}");
        }
    }

    #[test]
    fn a_place_can_be_kept_as_text() {
        for text in ["AQAAAA==", "AQ== Next"] {
            assert_eq!(text.parse::<Continuation>().unwrap().to_string(), text);
        }
        for (token, seek) in [("a b", None), ("a", Some(" ")), ("%20", None), ("é\n", Some(""))] {
            let place = Continuation { token: token.to_owned(), seek: seek.map(ToOwned::to_owned) };
            assert_eq!(place.to_string().parse(), Ok(place.clone()), "{place:?}");
            assert!(!place.to_string().contains('\n'));
        }
    }
}
