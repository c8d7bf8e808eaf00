//! How log lines look.

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// One line for machines, or one for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object a line.
    Json,
    /// Plain text.
    Text,
}

/// Starts logging to standard error. Fails when `filter` is not a tracing filter.
pub fn init(format: Format, filter: &str) -> Result<(), ParseError> {
    // The runtime's own spans and lines repeat what we report; `kube_runtime=info` in the filter brings them back.
    let filter = EnvFilter::try_new(format!("kube_runtime=error,{filter}"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        Format::Json => {
            lines.json().flatten_event(true).with_current_span(false).with_span_list(false).init();
        }
        Format::Text => lines.with_ansi(false).with_target(false).init(),
    }
    Ok(())
}
