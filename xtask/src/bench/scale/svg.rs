//! Plain bars as SVG, readable on light and on dark, with the numbers as text for who cannot see them.

use std::fmt::Write as _;

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// How long it is.
    pub number: f64,
}

const WIDTH: f64 = 760.0;
const LABELS: f64 = 330.0;
/// Room for the number behind the longest bar.
const NUMBERS: f64 = 70.0;
const HEAD: f64 = 44.0;
const ROW: f64 = 26.0;
const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#57606a}.t{font-size:15px;font-weight:600}\
    rect{fill:#6e7f96}@media(prefers-color-scheme:dark){text{fill:#b1bac4}rect{fill:#8b9bb0}}";

/// A chart with a title and a unit.
pub fn svg(title: &str, unit: &str, bars: &[Bar]) -> String {
    let (title, unit) = (escaped(title), escaped(unit));
    let rows = bars.iter().map(|_| ROW).sum::<f64>();
    let height = HEAD + rows + 10.0;
    let told: Vec<_> =
        bars.iter().map(|bar| format!("{}: {}", escaped(&bar.label), shown(bar.number))).collect();
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\">\n\
         <title id=\"title\">{title}, {unit}</title>\n<desc id=\"desc\">{}</desc>\n<style>{STYLE}</style>\n\
         <text class=\"t\" x=\"10\" y=\"24\">{title}, {unit}</text>\n",
        told.join("; ")
    );
    let most = bars.iter().map(|bar| bar.number).fold(0.0, f64::max);
    let mut top = HEAD;
    for bar in bars {
        let length = length(bar.number, most);
        let (label, number, line) = (escaped(&bar.label), shown(bar.number), top + 14.0);
        // Text of a String: writing it cannot fail.
        let _ = writeln!(
            text,
            "<text x=\"{:.0}\" y=\"{line}\" text-anchor=\"end\">{label}</text>\
             <rect x=\"{LABELS}\" y=\"{top}\" width=\"{length:.1}\" height=\"18\"/>\
             <text x=\"{:.1}\" y=\"{line}\">{number}</text>",
            LABELS - 10.0,
            LABELS + length + 8.0,
        );
        top += ROW;
    }
    text + "</svg>\n"
}

/// The longest bar takes all the room, and one of nothing is a thin line.
fn length(number: f64, most: f64) -> f64 {
    let room = WIDTH - LABELS - NUMBERS;
    if most > 0.0 { (number / most * room).max(1.0) } else { 1.0 }
}

fn shown(number: f64) -> String {
    if number < 10.0 { format!("{number:.2}") } else { format!("{number:.1}") }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(label: &str, number: f64) -> Bar {
        Bar { label: label.to_owned(), number }
    }

    #[test]
    fn bars_are_as_long_as_their_numbers() {
        assert!((length(30.0, 60.0) - 180.0).abs() < 1e-9);
        assert!((length(60.0, 60.0) - 360.0).abs() < 1e-9);
        assert!((length(0.0, 60.0) - 1.0).abs() < 1e-9);
        assert!((length(0.0, 0.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn title_unit_and_numbers_are_there_as_text() {
        let chart = svg("Calls", "a second", &[bar("before & after", 4.904), bar("naive", 66.66)]);
        for expected in [
            "<title id=\"title\">Calls, a second</title>",
            "<desc id=\"desc\">before &amp; after: 4.90; naive: 66.7</desc>",
            "<rect x=\"330\" y=\"70\" width=\"360.0\" height=\"18\"/>",
        ] {
            assert!(chart.contains(expected), "{expected}\n{chart}");
        }
        assert_eq!(chart.matches("<rect").count(), 2);
    }
}
