//! A table as Markdown: a column of names, and one for each subject.

/// The lines above all figures.
pub fn head(title: &str, columns: &[String]) -> [String; 2] {
    [line(title, columns), line("---", &vec!["---:".to_owned(); columns.len()])]
}

/// One line.
pub fn line(name: &str, cells: &[String]) -> String {
    format!("| {name} | {} |", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_has_a_mark_for_each_column() {
        let columns = ["before", "after"].map(str::to_owned);
        assert_eq!(head("each", &columns), ["| each | before | after |", "| --- | ---: | ---: |"]);
    }
}
