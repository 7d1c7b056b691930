//! Lists that load their pages on demand.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::IntoFuture;
use std::hash::{BuildHasher as _, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use http::{HeaderName, HeaderValue};
use partner_center_devices_raw::BoxFuture;
use partner_center_devices_raw::types as wire;
use uuid::Uuid;

use crate::calls::call::Call;
use crate::calls::options::{CallOptions, is_reserved};
use crate::calls::pipeline::{DecodedResponse, ResponseContext};
use crate::calls::retry::Retry;
use crate::responses::error::Error;
use crate::responses::next_page::{Continuation, TokenQuery, next};

/// The default limit of pages: two million devices, because a page has 100.
const MAX_PAGES: usize = 20_000;

/// The default limit of the memory for a list that is read into a `Vec`, in bytes.
pub(crate) const MAX_COLLECTED: usize = 96 << 20;

/// The number of empty pages in a row after which a list is refused.
const MAX_EMPTY_PAGES: usize = 100;

/// One page of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The `totalCount` of the service. Its exact meaning is not documented.
    pub total_count: Option<i64>,
    /// The position of the next page; `None` on the last page.
    pub continuation: Option<Continuation>,
}

/// A page together with the call that fetched it.
pub(crate) struct FetchedPage<T> {
    page: Page<T>,
    context: ResponseContext,
}

impl<T> FetchedPage<T> {
    /// Reads a page. An element without any known property is an error, because it would count as a resource but
    /// could not be shown or found.
    pub(crate) fn new<W: Default + PartialEq>(
        response: DecodedResponse<wire::Collection<W>>,
        convert: impl Fn(W) -> T,
    ) -> Result<Self, Error> {
        Self::with_token_query(response, convert, TokenQuery::Same)
    }

    /// Like [`new`](Self::new), for a list with its own query for a page that only a token leads to.
    pub(crate) fn with_token_query<W: Default + PartialEq>(
        response: DecodedResponse<wire::Collection<W>>,
        convert: impl Fn(W) -> T,
        of_token: TokenQuery,
    ) -> Result<Self, Error> {
        let DecodedResponse { value: list, context, .. } = response;
        let nothing = W::default();
        if let Some(at) = list.items.iter().position(|item| *item == nothing) {
            let problem =
                format!("element {} of the list has none of the documented properties", at + 1);
            return Err(context.unreadable(&problem));
        }
        let continuation = match next(&list, of_token) {
            Ok(continuation) => continuation,
            Err(problem) => return Err(context.unreadable(problem)),
        };
        let items = list.items.into_iter().map(convert).collect();
        Ok(Self { page: Page { items, total_count: list.total_count, continuation }, context })
    }
}

type Fetch<T> = Box<dyn Fn() -> Call<FetchedPage<T>> + Send>;

/// A list that loads its pages on demand.
///
/// - `list.await` reads all pages into a `Vec`;
/// - as a [`Stream`] it yields one item after another;
/// - [`next_page`](Self::next_page) returns one page after another, each with the position to
///   [`resume`](Self::resume) from.
///
/// A list that ends before its `totalCount` is an error, after all pages have been returned; the service must have left
/// out elements or the link to the next page. A list that was [resumed](Self::resume) is not checked for this.
///
/// A list that never ends is an error: after 20,000 pages ([`max_pages`](Self::max_pages)), after 100 empty pages in a row,
/// and if the service returns to a page. So is a list that needs more than 96 MiB ([`max_memory`](Self::max_memory)) as a
/// `Vec`. Between two pages other tasks and timeouts run.
///
/// The stream ends after an error. All earlier pages have been returned by then.
#[must_use = "a list does nothing until it is awaited or streamed"]
pub struct List<T> {
    operation: &'static str,
    fetch: Fetch<T>,
    options: CallOptions,
    /// The items of the current page that the stream has not yielded yet.
    buffer: VecDeque<T>,
    /// The hashes of the positions already requested. A list that returns to one of them would never end.
    requested: HashSet<u64>,
    hasher: RandomState,
    max_pages: usize,
    /// The limit in bytes of all pages together; `None` if the caller takes one page or item after another.
    memory_left: Option<usize>,
    max_memory: usize,
    /// The pages read so far.
    pages: usize,
    /// The last pages read that were all empty.
    empty_pages: usize,
    /// The items read so far; `None` if the first pages were read before.
    items: Option<usize>,
    /// The smallest `totalCount` of a page so far.
    total_count: usize,
    state: ListState<T>,
}

enum ListState<T> {
    /// The next page is not requested yet.
    Next(Option<Continuation>),
    Loading(BoxFuture<'static, Result<FetchedPage<T>, Error>>),
    Done,
}

impl<T: Send + 'static> List<T> {
    /// Replaces all options.
    pub(crate) fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Creates a list. `fetch` calls the operation for the first page; the position of another page changes its query.
    pub(crate) fn new(
        operation: &'static str,
        fetch: impl Fn() -> Call<FetchedPage<T>> + Send + 'static,
    ) -> Self {
        Self {
            operation,
            fetch: Box::new(fetch),
            options: CallOptions::default(),
            buffer: VecDeque::new(),
            requested: HashSet::new(),
            hasher: RandomState::new(),
            max_pages: MAX_PAGES,
            memory_left: None,
            max_memory: MAX_COLLECTED,
            pages: 0,
            empty_pages: 0,
            items: Some(0),
            total_count: usize::MAX,
            state: ListState::Next(None),
        }
    }

    /// Starts at the position of a [`Page::continuation`].
    pub fn resume(mut self, continuation: Continuation) -> Self {
        self.state = ListState::Next(Some(continuation));
        self.items = None;
        self
    }

    /// Sets the `MS-RequestId` of the first page. Each further page is a separate call with a new id.
    pub fn request_id(mut self, id: Uuid) -> Self {
        self.options.request_id = Some(id);
        self
    }

    /// Sets the `MS-CorrelationId` of every page, to find the calls in your own traces.
    pub fn correlation_id(mut self, id: Uuid) -> Self {
        self.options.correlation_id = Some(id);
        self
    }

    /// Sets how many pages the list may have, 20,000 by default. This limit stops a
    /// service that sends new continuation tokens without end.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.max_pages = pages;
        self
    }

    /// Sets how many bytes all items together may need if the list is awaited, 96 MiB by default: about 80,000
    /// devices. A stream and single pages are not limited.
    pub fn max_memory(mut self, bytes: usize) -> Self {
        self.max_memory = bytes;
        self
    }

    /// Sets the time limit of one attempt for one page.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sets how the call of each page is retried.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.options.retry = Some(retry);
        self
    }

    /// Sets the language of the service's texts.
    ///
    /// # Errors
    /// If the text contains a character that is not allowed in a header.
    pub fn locale(mut self, locale: &str) -> Result<Self, Error> {
        self.options.set_locale(self.operation, locale)?;
        Ok(self)
    }

    /// Returns the next page, or `None` after the last one. Items that the stream has loaded but not yielded are not
    /// returned, so use either pages or the stream.
    ///
    /// # Errors
    /// If the call fails, or if the list does not seem to end.
    pub async fn next_page(&mut self) -> Option<Result<Page<T>, Error>> {
        std::future::poll_fn(|context| self.poll_page(context)).await
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        if let ListState::Next(continuation) = &mut self.state {
            let continuation = continuation.take();
            match self.request(continuation) {
                Ok(call) => {
                    let is_first = self.pages == 0;
                    self.state = ListState::Loading(Box::pin(async move {
                        if !is_first {
                            // An in-process service is always ready, so no other task and no timeout would run.
                            tokio::task::yield_now().await;
                        }
                        call.await
                    }));
                }
                Err(error) => {
                    self.state = ListState::Done;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        let ListState::Loading(loading) = &mut self.state else { return Poll::Ready(None) };
        let page = ready!(loading.as_mut().poll(context));
        let page = page.and_then(|FetchedPage { page, context }| {
            let problem =
                self.endless(&page).or_else(|| self.too_large(&page, context.body_length()));
            match problem {
                Some(problem) => Err(context.unreadable(&problem)),
                None => Ok((page, context)),
            }
        });
        let (page, context) = match page {
            Ok(fetched) => fetched,
            Err(error) => {
                self.state = ListState::Done;
                return Poll::Ready(Some(Err(error)));
            }
        };
        self.state = match (&page.continuation, self.missing(&page)) {
            (Some(next), _) => ListState::Next(Some(next.clone())),
            (None, Some(problem)) => {
                let incomplete = context.unreadable(&problem);
                ListState::Loading(Box::pin(async move { Err(incomplete) }))
            }
            (None, None) => ListState::Done,
        };
        Poll::Ready(Some(Ok(page)))
    }

    /// Counts the items of a page. Returns the reason why the list is not complete if this page is its last. The smallest
    /// `totalCount` counts, because the list may have changed in the meantime.
    fn missing(&mut self, page: &Page<T>) -> Option<String> {
        let items = self.items.as_mut()?;
        *items += page.items.len();
        let total = usize::try_from(page.total_count.unwrap_or_default()).unwrap_or_default();
        self.total_count = self.total_count.min(total);
        let (items, total) = (*items, self.total_count);
        (items < total).then(|| {
            format!(
                "the list ends after {items} of {total} elements, without a link to the next page"
            )
        })
    }

    /// Counts a page. Returns the reason why the list does not seem to end.
    fn endless(&mut self, page: &Page<T>) -> Option<String> {
        self.pages += 1;
        self.empty_pages = if page.items.is_empty() { self.empty_pages + 1 } else { 0 };
        let next = page.continuation.as_ref()?;
        if self.requested.contains(&self.hasher.hash_one(next)) {
            Some("the continuation token leads back to a page that was already read".to_owned())
        } else if self.empty_pages >= MAX_EMPTY_PAGES {
            Some(format!("the list continues after {MAX_EMPTY_PAGES} empty pages"))
        } else if self.pages >= self.max_pages {
            Some(format!("the list continues after {} pages", self.max_pages))
        } else {
            None
        }
    }

    /// Counts the memory of a page of a list that is read into a `Vec`. Returns the reason why it is too much.
    fn too_large(&mut self, page: &Page<T>, body: usize) -> Option<String> {
        let left = self.memory_left.as_mut()?;
        let needed = body.saturating_add(page.items.len().saturating_mul(size_of::<T>()));
        match left.checked_sub(needed) {
            Some(rest) => {
                *left = rest;
                None
            }
            None => Some(format!(
                "the whole list needs more than {} MiB of memory",
                self.max_memory >> 20
            )),
        }
    }

    fn request(&mut self, position: Option<Continuation>) -> Result<Call<FetchedPage<T>>, Error> {
        let mut options = self.options.clone();
        self.options.request_id = None;
        if let Some(position) = position {
            let invalid = |_| {
                Error::input(
                    self.operation,
                    "the continuation token contains a character that is not allowed in a header",
                )
            };
            if !position.token.is_empty() {
                options.continuation =
                    Some(HeaderValue::try_from(&position.token).map_err(invalid)?);
            }
            for (name, value) in &position.headers {
                // `next_page` has checked the headers of a link; a stored position may have others.
                let name = HeaderName::try_from(name).ok().filter(|name| !is_reserved(name));
                if let (Some(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
                    options.headers.insert(name, value);
                }
            }
            options.query.clone_from(&position.query);
            self.requested.insert(self.hasher.hash_one(&position));
        }
        Ok((self.fetch)().options(options))
    }
}

impl<T: Unpin + Send + 'static> Stream for List<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.buffer.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.poll_page(context)) {
                Some(Ok(page)) => self.buffer = page.items.into(),
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
            self.memory_left = Some(self.max_memory);
            let mut all = Vec::from(std::mem::take(&mut self.buffer));
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
