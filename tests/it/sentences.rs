//! Pages that everybody must be able to read have short sentences.

/// The most words of a sentence.
const WORDS: usize = 25;

/// A page, and what it is called.
const PAGES: [(&str, &str); 1] = [("docs/guarantees.md", include_str!("../../docs/guarantees.md"))];

#[test]
fn no_sentence_is_long() {
    for (name, page) in PAGES {
        let long: Vec<_> =
            blocks(page).iter().flat_map(|block| sentences(block)).filter(|s| words(s) > WORDS).collect();
        assert!(long.is_empty(), "{name}: more than {WORDS} words in {long:#?}");
    }
}

/// Paragraphs, items of lists, and cells of tables, each on one line.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in page.lines() {
        let starts_anew = line.is_empty() || line.starts_with(['|', '-', '#', '1']);
        if starts_anew {
            blocks.push(String::new());
        }
        let cells = line.split('|');
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                blocks.push(String::new());
            }
            let block = blocks.last_mut().unwrap();
            block.push_str(cell);
            block.push(' ');
        }
    }
    blocks
}

/// What ends with a full stop, a question mark, a colon or a semicolon.
fn sentences(block: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    for word in block.split_whitespace() {
        let sentence = sentences.last_mut().unwrap();
        sentence.push_str(word);
        sentence.push(' ');
        if word.trim_end_matches([')', '*']).ends_with(['.', '?', ':', ';']) {
            sentences.push(String::new());
        }
    }
    sentences
}

fn words(sentence: &str) -> usize {
    sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

#[test]
fn a_long_sentence_is_found_wherever_it_stands() {
    let long = "word ".repeat(26);
    for page in [long.clone(), format!("Short. {long}."), format!("| a | {long} |"), format!("- {long}\n- b")]
    {
        let found = blocks(&page).iter().flat_map(|block| sentences(block)).any(|s| words(&s) > WORDS);
        assert!(found, "{page}");
    }
    assert!(!blocks("one\ntwo").iter().flat_map(|block| sentences(block)).any(|s| words(&s) > 2));
}
