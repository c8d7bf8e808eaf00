//! A command line as the words that a shell makes of it. Variables and commands within it stay as they are written.

/// The words; `None`: a quotation is not closed.
pub fn split(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => word.get_or_insert_default().extend(within(&mut letters, '\'', false)?),
            '"' => word.get_or_insert_default().extend(within(&mut letters, '"', true)?),
            '\\' => match letters.next() {
                // A line that goes on.
                Some('\n') | None => {}
                Some('\r') => drop(letters.next()),
                Some(letter) => word.get_or_insert_default().push(letter),
            },
            letter if letter.is_whitespace() => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Some(words)
}

/// What stands up to the closing quote.
fn within(letters: &mut std::str::Chars<'_>, quote: char, has_escapes: bool) -> Option<Vec<char>> {
    let mut inner = Vec::new();
    loop {
        match letters.next()? {
            letter if letter == quote => return Some(inner),
            '\\' if has_escapes => match letters.next()? {
                '\n' => {}
                letter @ ('"' | '\\' | '$' | '`') => inner.push(letter),
                letter => inner.extend(['\\', letter]),
            },
            letter => inner.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_a_shell() {
        for (line, words) in [
            ("a  b\tc", vec!["a", "b", "c"]),
            ("a \\\n b", vec!["a", "b"]),
            (r#"a='b c' "d \"e\" \n" ''"#, vec!["a=b c", r#"d "e" \n"#, ""]),
            (r"a\ b", vec!["a b"]),
            ("", vec![]),
        ] {
            assert_eq!(split(line).unwrap(), words, "{line}");
        }
        assert_eq!((split("'a"), split("\"a\\")), (None, None));
    }
}
