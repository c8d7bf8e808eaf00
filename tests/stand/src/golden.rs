//! Pages that a test prints. They are stored, so that a person reads every change, and fail with the difference when stale.

use std::fs;
use std::path::Path;

use similar::TextDiff;

/// Whether pages are to be written in place of being compared.
#[allow(clippy::disallowed_methods, reason = "a developer's switch, and that of `cargo xtask gen`")]
pub fn is_update() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// Fails with the difference unless this is what is stored. With `UPDATE_GOLDEN=1` it is stored instead.
#[track_caller]
pub fn assert_golden(path: &Path, fresh: &str) {
    let stored = fs::read_to_string(path).unwrap_or_default();
    if stored == fresh {
        return;
    }
    if is_update() {
        fs::write(path, fresh).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
        return;
    }
    let name = path.display();
    panic!("{name} is stale: set UPDATE_GOLDEN=1, then read what changed\n{}", diff(&stored, fresh));
}

/// The same of what stands between two marks in a page that people write.
#[track_caller]
pub fn assert_golden_part(path: &Path, (begin, end): (&str, &str), fresh: &str) {
    let page = fs::read_to_string(path).unwrap_or_default();
    let parts = page.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let Some((before, after)) = parts else {
        panic!("{} lacks {begin:?} or, behind it, {end:?}", path.display())
    };
    assert_golden(path, &format!("{before}{begin}{fresh}{end}{after}"));
}

/// What must change in `stored`, with the lines around it.
pub fn diff(stored: &str, fresh: &str) -> String {
    TextDiff::from_lines(stored, fresh).unified_diff().context_radius(1).header("stored", "fresh").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_what_changed_and_not_the_whole_page() {
        let stored = (0..100).map(|line| format!("line {line}\n")).collect::<Vec<_>>().concat();
        let fresh = stored.replace("line 50\n", "another\n");
        let diff = diff(&stored, &fresh);
        assert!(diff.contains("\n-line 50\n+another\n") && diff.lines().count() < 10, "{diff}");
    }

    #[test]
    #[should_panic(expected = "+changed")]
    fn a_stale_part_fails_with_its_difference() {
        let path = std::env::temp_dir().join(format!("golden-part-{}.md", std::process::id()));
        fs::write(&path, "head\n<a>\nold\n<b>\ntail\n").unwrap();
        assert_golden_part(&path, ("<a>\n", "<b>"), "old\n");
        assert_golden_part(&path, ("<a>\n", "<b>"), "changed\n");
    }
}
