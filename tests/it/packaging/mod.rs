//! What is shipped beside the binary agrees with the binary.

mod examples;
mod iam;
mod metrics;
mod release;

fn read(name: &str) -> String {
    std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}
