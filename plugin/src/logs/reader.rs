//! One stream, read from where it was left to its present end.

use std::collections::VecDeque;

use aws_batch_operator::clock::instant;
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::OutputLogEvent;

use super::cloud::{Ask, Cloud, Page};
use super::place::Place;
use super::printer::Printer;
use super::trouble::Trouble;
use super::window::Window;

/// Empty pages in a row, with a new token each: AWS makes one for each long time without events.
const EMPTY: usize = 1_000;

/// Where the reading begins, and where it ends if the stream does not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Range {
    /// No event is older, in milliseconds since 1970.
    pub start: Option<i64>,
    /// Only the last so many of those that are there; `None`: all.
    pub tail: Option<u16>,
    /// Read no further than the first page that ends after this time. A busy stream has no end.
    pub until: Option<i64>,
}

/// A stream with all that must be remembered of it.
#[derive(Debug)]
pub struct Reader {
    /// Where it is.
    pub place: Place,
    client: Client,
    range: Range,
    /// The token of the present end; `None`: nothing has been read.
    end: Option<String>,
    newest: i64,
    window: Window,
}

/// Why a sweep did not come to its end.
#[derive(Debug)]
pub enum Stop {
    /// AWS.
    Aws(Trouble),
    /// Whoever reads what we print.
    Output(std::io::Error),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Aws(trouble)
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}

impl Reader {
    /// Of this stream.
    pub fn new(cloud: &Cloud, place: Place, range: Range) -> Self {
        let client = cloud.logs(&place.region);
        Self { place, client, range, end: None, newest: 0, window: Window::default() }
    }

    /// Prints what is new, up to the present end, and tells whether anything was.
    pub async fn sweep(
        &mut self,
        cloud: &Cloud,
        printer: &Printer<'_>,
        label: Option<&str>,
    ) -> Result<bool, Stop> {
        let mut is_news = false;
        if self.end.is_none() && self.range.tail.is_some() {
            is_news = self.tail(cloud, printer, label).await?;
        }
        self.window.forget(instant());
        let mut known = self.window.known();
        let told = self.end.clone();
        let mut token = self.window.anchor(told.as_ref());
        let mut empty = 0;
        loop {
            let page = match self.page(cloud, token.as_deref(), None).await {
                // A token that is a day old: everything before it was told long ago.
                Err(Trouble::OldToken) if token.is_some() => {
                    self.range.start = Some(self.newest + 1);
                    (self.end, self.window) = (None, Window::default());
                    token = None;
                    continue;
                }
                page => page?,
            };
            // What comes late on a page that is read again stands before the place where we were.
            let from = if known.is_empty() { token.clone() } else { told.clone() };
            let mut new = Vec::new();
            for event in &page.events {
                let print = self.window.print(event);
                if !known.take(print) {
                    printer.print(label, event)?;
                    new.push(print);
                }
            }
            printer.flush()?;
            is_news |= !new.is_empty();
            empty = if page.events.is_empty() { empty + 1 } else { 0 };
            let last = page.events.last().and_then(OutputLogEvent::timestamp);
            self.newest = self.newest.max(last.unwrap_or_default());
            let is_end = token.as_ref() == Some(&page.next);
            let is_late = self.range.until.is_some_and(|until| last.is_some_and(|last| last >= until));
            self.window.remember(from, new, instant());
            self.end = Some(page.next.clone());
            if is_end || is_late || empty > EMPTY {
                return Ok(is_news);
            }
            token = Some(page.next);
        }
    }

    /// Prints the last lines of those that are there, and tells whether there were any.
    async fn tail(
        &mut self,
        cloud: &Cloud,
        printer: &Printer<'_>,
        label: Option<&str>,
    ) -> Result<bool, Stop> {
        let wanted = usize::from(self.range.tail.unwrap_or_default());
        let latest = i32::try_from(wanted.max(1)).ok();
        let mut page = self.page(cloud, None, latest).await?;
        let end = page.next.clone();
        let mut lines: VecDeque<OutputLogEvent> = page.events.into();
        let mut empty = 0;
        while lines.len() < wanted && empty <= EMPTY {
            let token = page.before;
            page = self.page(cloud, Some(&token), latest).await?;
            empty = if page.events.is_empty() { empty + 1 } else { 0 };
            for event in page.events.into_iter().rev() {
                lines.push_front(event);
            }
            if page.before == token {
                break;
            }
        }
        let skip = lines.len().saturating_sub(wanted);
        for event in lines.iter().skip(skip) {
            printer.print(label, event)?;
        }
        printer.flush()?;
        self.newest = lines.back().and_then(OutputLogEvent::timestamp).unwrap_or_default();
        self.end = Some(end);
        Ok(lines.len() > skip)
    }

    async fn page(&self, cloud: &Cloud, token: Option<&str>, latest: Option<i32>) -> Result<Page, Trouble> {
        let ask = Ask { token: token.map(str::to_owned), start: self.range.start, latest };
        cloud.page(&self.client, &self.place, &ask).await
    }

    /// How many events are remembered.
    #[cfg(test)]
    pub fn remembered(&self) -> usize {
        self.window.len()
    }
}
