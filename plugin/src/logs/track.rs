//! One job, child or node: which of its logs is read now, and when there is no more to come.

use std::time::Duration;

use aws_batch_operator::clock::instant;
use tokio::time::Instant;

use super::choice::{Part, in_cluster};
use super::cloud::Cloud;
use super::options::Options;
use super::place::{Container, Place, View, pick};
use super::printer::Printer;
use super::reader::{Range, Reader, Stop};
use super::trouble::Trouble;

/// How long after the end of an attempt, and after its last line, more lines may come: drivers send what they hold within five
/// seconds.
pub const GRACE: Duration = Duration::from_secs(6);

/// An attempt that ended so long ago has no more lines on their way.
const LONG_AGO_MS: i64 = 60_000;

/// What is read of one part.
#[derive(Debug)]
pub struct Track {
    /// The part.
    pub part: Part,
    /// Nothing more will come.
    pub is_done: bool,
    view: Option<View>,
    reader: Option<Reader>,
    /// When it was seen that the attempt has ended; and whether that was long ago.
    over: Option<(Instant, bool)>,
    last_line: Instant,
    /// There is no such stream, or not yet.
    is_missing: bool,
    /// The user was told where the log is, which is not here.
    is_elsewhere: bool,
}

impl Track {
    /// A part, and where its log is if that is known.
    pub fn new(part: Part, known: Option<Reader>) -> Self {
        Self {
            part,
            is_done: false,
            view: None,
            reader: known,
            over: None,
            last_line: instant(),
            is_missing: false,
            is_elsewhere: false,
        }
    }

    /// What AWS tells of it now, at this time in milliseconds since 1970. `Err`: what was asked for cannot be.
    pub fn see(&mut self, view: View, cloud: &Cloud, (options, now): (&Options, i64)) -> Result<(), String> {
        if let Some(pod) = &view.pod {
            cloud.tell(&in_cluster(pod, options));
            (self.is_done, self.is_elsewhere) = (true, true);
            return Ok(());
        }
        if let Some(last) = last_asked(&view, options)
            && let Some(driver) =
                pick(last, options.container.as_deref()).and_then(|each| each.driver.as_deref())
        {
            return Err(format!(
                "the log is not in CloudWatch Logs: the job definition names the log driver {driver}. Read it where that driver writes"
            ));
        }
        let is_over = view.is_over || self.next_place(&view, options).is_some();
        if is_over && self.over.is_none() {
            let is_long_ago = view.stopped_at.is_some_and(|at| now - at > LONG_AGO_MS);
            self.over = Some((instant(), is_long_ago));
        }
        if let (Some(containers), Some(asked)) = (last_asked(&view, options), &options.container)
            && pick(containers, Some(asked)).is_none()
        {
            let names: Vec<_> = containers.iter().filter_map(|each| each.name.as_deref()).collect();
            return Err(format!("there is no container {asked}: the job has {}", names.join(", ")));
        }
        self.view = Some(view);
        Ok(())
    }

    /// Reads on to the present end.
    pub async fn read(
        &mut self,
        cloud: &Cloud,
        (options, range): (&Options, Range),
        printer: &Printer<'_>,
    ) -> Result<(), Stop> {
        if self.is_done {
            return Ok(());
        }
        if self.reader.is_none() {
            let place = self.view.as_ref().and_then(|view| first_place(view, options));
            self.reader = place.map(|place| Reader::new(cloud, place, range));
        }
        if let Some(reader) = &mut self.reader {
            match reader.sweep(cloud, printer, self.part.label.as_deref()).await {
                Ok(is_news) => {
                    self.is_missing = false;
                    self.last_line = if is_news { instant() } else { self.last_line };
                }
                // It comes with the first line.
                Err(Stop::Aws(Trouble::NoStream)) => self.is_missing = true,
                Err(stop) => return Err(stop),
            }
        }
        self.go_on(cloud, options, range);
        Ok(())
    }

    /// Whether something was printed, or could have been.
    pub fn has_stream(&self) -> bool {
        self.reader.is_some()
    }

    /// Whether the user knows already that there are no lines.
    pub fn is_elsewhere(&self) -> bool {
        self.is_elsewhere
    }

    /// AWS does not know the job any more.
    pub fn end(&mut self) {
        self.is_done = true;
    }

    /// The stream that is not there.
    pub fn missing(&self) -> Option<&Place> {
        self.place().filter(|_| self.is_missing)
    }

    /// The stream that is read.
    pub fn place(&self) -> Option<&Place> {
        self.reader.as_ref().map(|reader| &reader.place)
    }

    /// AWS's word for its state, if it was asked.
    pub fn state(&self) -> Option<&str> {
        self.view.as_ref().map(|view| view.state.as_str())
    }

    /// When an attempt has ended and its last line has had its time, the next one has its turn.
    fn go_on(&mut self, cloud: &Cloud, options: &Options, range: Range) {
        let Some((since, is_long_ago)) = self.over else { return };
        let is_quiet = instant() - since.max(self.last_line) >= GRACE;
        if !is_long_ago && !is_quiet {
            return;
        }
        let next = self.view.as_ref().and_then(|view| self.next_place(view, options));
        match next {
            Some(place) => {
                // The first lines of an attempt are as new as its last.
                let range = Range { tail: None, ..range };
                self.reader = Some(Reader::new(cloud, place, range));
                self.over = None;
            }
            None => self.is_done = self.view.as_ref().is_some_and(|view| view.is_over),
        }
    }

    /// The log of the attempt after the one that is read.
    fn next_place(&self, view: &View, options: &Options) -> Option<Place> {
        let now = &self.reader.as_ref()?.place;
        if options.attempt.is_some() {
            return None;
        }
        let has_it =
            |containers: &Vec<Container>| containers.iter().any(|each| each.place.as_ref() == Some(now));
        let at = view.attempts.iter().position(has_it)?;
        pick(view.attempts.get(at + 1)?, options.container.as_deref())?.place.clone()
    }
}

/// The log to begin with: of the attempt that was asked for, or of the latest.
fn first_place(view: &View, options: &Options) -> Option<Place> {
    pick(last_asked(view, options)?, options.container.as_deref())?.place.clone()
}

/// The containers of the attempt that was asked for, or of the latest.
fn last_asked<'a>(view: &'a View, options: &Options) -> Option<&'a Vec<Container>> {
    match options.attempt {
        Some(number) => view.attempts.get(usize::from(number) - 1),
        None => view.attempts.last(),
    }
}
