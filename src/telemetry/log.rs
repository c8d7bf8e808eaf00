//! The format of log lines, and what is never logged.

use std::fmt;

use clap::ValueEnum;
use serde_json::{Map, Value};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::{ParseError, filter_fn};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::{LookupSpan, Scope};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::text::one_line;

/// Longest line of text, in characters. In JSON, the longest value of a longer line.
const LINE_MAX: usize = 4_096;

/// The prefix of the targets of our own lines and spans.
const OURS: &str = "aws_batch_operator";

/// The format for machines, or for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object per line.
    Json,
    /// Plain text.
    Text,
}

/// Starts logging to standard error. Fails when `filter` is not a tracing filter.
pub fn init(format: Format, filter: &str) -> Result<(), ParseError> {
    logger(format, filter, std::io::stderr)?.init();
    Ok(())
}

/// A subscriber that logs to `writer`. Fails when `filter` is not a tracing filter.
pub fn logger<W>(format: Format, filter: &str, writer: W) -> Result<impl Subscriber + Send + Sync, ParseError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // kube-runtime's own spans and lines repeat ours. `kube_runtime=info` in the filter turns them on.
    let filter = EnvFilter::try_new(format!("kube_runtime=error,{filter}"))?;
    let is_harmless = filter_fn(|metadata: &Metadata<'_>| *metadata.level() <= cap(metadata.target()));
    Ok(tracing_subscriber::registry().with(is_harmless).with(filter).with(lines(format, writer)))
}

fn lines<S, W>(format: Format, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let look = tracing_subscriber::fmt::format();
    match format {
        Format::Json => {
            let look = look.json().flatten_event(true).with_current_span(false).with_span_list(false);
            lines.json().event_format(OneLine(look, format)).boxed()
        }
        Format::Text => {
            let look = look.with_ansi(false).with_target(false);
            lines.with_ansi(false).event_format(OneLine(look, format)).boxed()
        }
    }
}

/// The highest level of a module, whatever the filter says. Above it, the clients log bodies of requests and answers,
/// which contain the environments of jobs.
fn cap(target: &str) -> Level {
    match target.split("::").next().unwrap_or_default() {
        OURS => Level::TRACE,
        "kube_client" => Level::ERROR,
        name if name.starts_with("aws_") => Level::INFO,
        _ => Level::TRACE,
    }
}

/// Makes each event of another format one line.
struct OneLine<F>(F, Format);

impl<S, N, F> FormatEvent<S, N> for OneLine<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.0.format_event(context, Writer::new(&mut line), event)?;
        let line = match self.1 {
            Format::Text => one_line(&line, LINE_MAX),
            Format::Json => bounded(one_line(&with_spans(line, context, event), usize::MAX)),
        };
        writeln!(writer, "{line}")
    }
}

/// Adds the fields of our own spans, which name the object of the line. A field of the line itself wins.
fn with_spans<S, N>(line: String, context: &FmtContext<'_, S, N>, event: &Event<'_>) -> String
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    let Some(mut open) = line.trim_end().strip_suffix('}').map(str::to_owned) else { return line };
    let scope = context.event_scope().into_iter().flat_map(Scope::from_root);
    for span in scope.filter(|span| span.metadata().target().starts_with(OURS)) {
        let extensions = span.extensions();
        let fields = extensions.get::<FormattedFields<N>>().map_or("", |fields| &fields.fields);
        let fields: Map<String, Value> = serde_json::from_str(fields).unwrap_or_default();
        for (key, value) in &fields {
            if event.metadata().fields().field(key).is_none() {
                open.extend([",", &Value::from(key.as_str()).to_string(), ":", &value.to_string()]);
            }
        }
    }
    open + "}"
}

/// Cuts each value of a long line.
fn bounded(line: String) -> String {
    if line.len() <= LINE_MAX {
        return line;
    }
    let Ok(Value::Object(mut members)) = serde_json::from_str(&line) else { return line };
    for value in members.values_mut() {
        if let Value::String(text) = value {
            *text = one_line(text, LINE_MAX);
        }
    }
    Value::Object(members).to_string()
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use serde_json::json;

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written while `log` runs, with the most talkative filter.
    fn written(format: Format, log: fn()) -> String {
        let written = Written::default();
        let writer = written.clone();
        let filter = "trace,aws_smithy_runtime=trace,kube_client=trace";
        let logger = logger(format, filter, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(logger, log);
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn nothing_forges_a_line_or_makes_it_endless() {
        for format in [Format::Json, Format::Text] {
            let log = || {
                let forged = "a\n2026-11-24T12:00:00Z ERROR forged\u{1b}[2J\u{9b}\u{202e}";
                tracing::warn!(name = %forged, "{forged}");
                tracing::warn!("{}", forged.repeat(5_000));
            };
            let text = written(format, log);
            assert_eq!(text.lines().count(), 2, "{format:?}: {text:.500}");
            assert!(text.lines().all(|line| !line.contains(char::is_control)), "{text:.500}");
            assert!(text.len() < 20_000 && !text.contains('\u{202e}'), "{} bytes", text.len());
            let is_json = |line| serde_json::from_str::<Value>(line).is_ok();
            assert!(format == Format::Text || text.lines().all(is_json), "{text:.500}");
        }
    }

    #[test]
    fn a_line_in_a_span_of_ours_bears_its_fields_once() {
        let log = || {
            let _pass = tracing::error_span!("pass", namespace = "team", name = "a\u{1b}\"}").entered();
            let _theirs =
                tracing::error_span!(target: "aws_config::profile", "theirs", service = "batch").entered();
            tracing::warn!(cause = "c", "ours");
            tracing::warn!(target: "aws_config::profile", name = "b", "theirs");
        };
        let text = written(Format::Json, log);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |line: &Value| ["namespace", "name", "service"].map(|key| line[key].clone());
        assert_eq!(of(&lines[0]), [json!("team"), json!("a\u{1b}\"}"), Value::Null], "{text}");
        assert_eq!(of(&lines[1]), [json!("team"), json!("b"), Value::Null], "{text}");
        assert_eq!(text.matches("\"name\":").count(), 2, "once in each line: {text}");
        let text = written(Format::Text, log);
        assert!(text.lines().all(|line| line.contains("pass{namespace=\"team\" name=")), "{text}");
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text}");
    }

    #[test]
    fn no_filter_brings_back_what_holds_bodies() {
        let log = || {
            tracing::trace!(target: "aws_smithy_runtime::client::orchestrator", "secret");
            tracing::debug!(target: "aws_config::profile", "secret");
            tracing::warn!(target: "kube_client::client", "secret");
            tracing::trace!(target: "aws_batch_operator::plan", "ours");
            tracing::info!(target: "aws_config::profile", "theirs");
        };
        let text = written(Format::Json, log);
        assert!(!text.contains("secret") && text.contains("ours") && text.contains("theirs"), "{text}");
    }
}
