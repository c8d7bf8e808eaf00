//! What people install, made from one source: the chart's values and table from its schema, the chart's CRD from the
//! binary's, and the plain manifests from the chart.

mod chart;
mod generated;
mod krew;
mod manifests;
mod release;
mod scan;
mod values;

pub use generated::Generated;
pub use release::{Digest, release};
pub use scan::scan;

use crate::image::image;
use crate::run::{Failure, run};
use crate::tools;

/// Those that can be made of text alone.
pub fn texts(crd: &str) -> Result<Vec<Generated>, Failure> {
    chart::files(crd)
}

/// Those that Helm renders of the chart as it is on disk.
pub fn manifests(crd: &str) -> Result<Vec<Generated>, Failure> {
    manifests::files(crd)
}

/// Puts the tools in place, and runs the tests that need them.
pub fn test() -> Result<(), Failure> {
    for helm in [tools::Helm::V3, tools::Helm::V4] {
        tools::helm(helm)?;
    }
    tools::promtool()?;
    scan()?;
    image()?;
    // Of an image that nobody has: the tests read what is made of it.
    release(&Digest::of_nothing())?;
    let test =
        ["test", "--workspace", "--locked", "--test", "packaging", "--", "--ignored", "--test-threads=1"];
    run("cargo", &test)
}
