//! Makes text from outside fit for one line of a log, a status or an Event.

/// One line of at most `max` characters. White space, control characters and marks of the writing direction become one
/// space, so that no terminal obeys them. A cut text ends with an ellipsis.
pub fn one_line(text: &str, max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(max));
    let (mut length, mut is_apart) = (0, false);
    for character in text.chars() {
        if is_gap(character) {
            is_apart = length > 0;
            continue;
        }
        let needed = 1 + usize::from(is_apart);
        if length + needed > max {
            return cut(line, length, max);
        }
        if is_apart {
            line.push(' ');
        }
        line.push(character);
        (length, is_apart) = (length + needed, false);
    }
    line
}

/// One such line of at most `max` bytes.
pub fn one_short_line(text: &str, max: usize) -> String {
    let mut line = one_line(text, max);
    if line.len() > max {
        line.truncate(line.floor_char_boundary(max.saturating_sub('…'.len_utf8())));
        line.push('…');
    }
    line
}

/// The line with an ellipsis in its last place.
fn cut(mut line: String, length: usize, max: usize) -> String {
    if length == max {
        line.pop();
    }
    if max > 0 {
        line.push('…');
    }
    line
}

/// Whether the character separates words, or is invisible and changes how others are shown.
fn is_gap(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_breaks_or_turns_a_line_becomes_one_space() {
        for gap in
            ["\n", "\r\n", "\u{1b}", "\u{9b}", "\u{0}", "\t ", "\u{2028}", "\u{202e}", "\u{2066}", "\u{85}"]
        {
            assert_eq!(one_line(&format!("{gap}a{gap}b{gap}"), 10), "a b", "{gap:?}");
        }
        assert_eq!(one_line(" \n ", 10), "");
    }

    #[test]
    fn a_text_that_fits_stays_and_another_is_cut_at_a_character() {
        for (text, line) in
            [("four", "four"), ("a bc", "a bc"), ("fives", "fiv…"), ("äöüßé", "äöü…"), ("abc d", "abc…")]
        {
            assert_eq!(one_line(text, 4), line);
            assert_eq!(one_line(&one_line(text, 4), 4), line, "once is enough");
        }
        assert_eq!((one_line("ab", 1), one_line("ab", 0)), ("…".to_owned(), String::new()));
    }

    #[test]
    fn a_line_is_short_in_bytes_too() {
        for text in ["x", "ä", "💥"].map(|text| text.repeat(3_000)) {
            let line = one_short_line(&text, 1024);
            assert!((500..=1024).contains(&line.len()) && line.ends_with('…'), "{}", line.len());
        }
        assert_eq!(one_short_line("whole", 1024), "whole");
    }

    #[test]
    fn a_long_text_costs_no_more_than_its_line() {
        let line = one_line(&"x\u{1b}[31m ".repeat(50_000), 400);
        assert!(line.chars().count() == 400 && line.capacity() < 2_000, "{}", line.capacity());
    }
}
