//! The job name for an object that names none. The name is part of the stored format: recovery searches for exactly
//! this name. A change here needs a new claim version.

/// The longest name that AWS Batch accepts.
const MAX: usize = 128;
/// `-` and eight hexadecimal digits.
const HASH: usize = 9;

/// Makes a job name from the object's name. Characters that AWS Batch does not accept become `-`. A name that is too
/// long is cut and gets a hash of the whole name, so that two long names differ.
pub fn job_name(object_name: &str) -> String {
    let clean: String = object_name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' })
        .collect();
    let clean = clean.trim_start_matches(['-', '_']);
    match clean.len() {
        0 => format!("job-{:08x}", fnv1a(object_name)),
        1..=MAX => clean.to_owned(),
        _ => format!("{}-{:08x}", &clean[..MAX - HASH], fnv1a(object_name)),
    }
}

/// FNV-1a, 32 bits: small, and independent of library versions.
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::job_name;

    fn is_valid(name: &str) -> bool {
        (1..=128).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    }

    #[test]
    fn a_name_that_batch_takes_stays() {
        assert_eq!(job_name("train-7"), "train-7");
    }

    #[test]
    fn dots_become_dashes() {
        assert_eq!(job_name("train.v1.2"), "train-v1-2");
    }

    #[test]
    fn a_long_name_is_cut_and_told_apart_by_its_hash() {
        let (a, b) = ("x".repeat(252) + "a", "x".repeat(252) + "b");
        let (name_a, name_b) = (job_name(&a), job_name(&b));
        assert_eq!(name_a.len(), 128);
        assert_ne!(name_a, name_b);
    }

    #[test]
    fn the_derivation_never_changes() {
        assert_eq!(job_name(&"n".repeat(253)), "n".repeat(119) + "-80439001");
    }

    #[test]
    fn every_name_that_kubernetes_takes_becomes_one_that_batch_takes() {
        for name in ["a", "0", "a.b", "9.9", &"z.".repeat(126)] {
            assert!(is_valid(&job_name(name)), "{name}");
        }
    }
}
