//! A naive client beside the operator: what it costs to look at each job alone.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

use controlplane::Tether;

use super::changes::changes;
use super::figures::{Column, Figures};
use super::quiet::quiet;
use super::scene::Scene;
use crate::bench::load::create;
use crate::bench::stage::Stage;
use crate::operator;
use crate::run::Failure;

/// The example's name, and that of its objects.
const GROUP: &str = "naive";

/// The client, and how many objects it is given.
pub struct Naive {
    program: PathBuf,
    objects: u16,
}

impl Naive {
    /// Builds it.
    pub fn build(objects: u16) -> Result<Self, Failure> {
        Ok(Self { program: operator::build_example(GROUP)?, objects })
    }

    /// Measures it once. The API server must know BatchJobs.
    pub fn column(&self, stage: &mut Stage) -> Result<Column, Failure> {
        println!("the naive client");
        let (namespace, objects) = (stage.namespace()?, usize::from(self.objects));
        let scene = Scene { stage, namespace: &namespace, objects, changes: objects / 10 };
        let log = File::create(stage.plane.dir().join("naive.log"))?;
        let url = stage.double.url();
        let mut command = Command::new(&self.program);
        command.args([&stage.proxy.address(), &namespace, url.trim_start_matches("http://")]);
        create(stage, &scene.group(GROUP), objects)?;
        let _client = Tether::run(&command, &log)?;
        scene.wait_until_none_is("Pending")?;
        scene.wait_until_none_is("Submitted")?;
        let mut figures = Figures::default();
        quiet(&scene, &mut figures)?;
        changes(&scene, GROUP, &mut figures)?;
        Ok(Column { name: "naive", objects: self.objects, figures })
    }
}
