//! Carries out deeds on the processes. What it breaks it mends, also when the run ends meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;

use controlplane::ControlPlane;

use super::judge::Excuses;
use super::replica::{Recipe, Replica, log_of};
use super::schedule::{Deed, Planned, deeds};
use super::torn::torn;
use super::untold::untold;
use super::world::Shared;
use crate::run::Failure;

/// The processes.
pub struct Processes {
    /// The replicas of the operator; two, but for moments.
    pub replicas: Vec<Replica>,
    /// The control plane.
    pub plane: ControlPlane,
    /// How a replica is started.
    pub recipe: Recipe,
    /// The number of the next replica that has a new name.
    pub next_name: usize,
}

impl Processes {
    /// Does harm until it is time to stop.
    pub fn harm(&mut self, shared: &Shared, seed: u64) -> Result<(), Failure> {
        for planned in deeds(seed) {
            shared.sleep(planned.pause);
            if shared.is_over() {
                break;
            }
            self.plane.check()?;
            self.perform(shared, planned)?;
            shared.tally(planned.deed.name(), 1);
        }
        Ok(())
    }

    /// A replica under a name that was never used.
    pub fn new_replica(&mut self) -> Result<Replica, Failure> {
        self.next_name += 1;
        Replica::start(&self.recipe, &name(self.next_name))
    }

    /// What the API server's own log excuses.
    pub fn excuses(&self) -> Excuses {
        let audit = fs::read_to_string(self.audit_log()).unwrap_or_default();
        Excuses { torn: torn(&audit), untold: untold(&audit) }
    }

    fn audit_log(&self) -> PathBuf {
        self.plane.dir().join("audit.log")
    }

    /// Copies what all replicas have logged, and what was asked of the API server.
    pub fn copy_logs(&self, to: &Path) -> std::io::Result<()> {
        fs::create_dir_all(to)?;
        fs::copy(self.audit_log(), to.join("audit.log"))?;
        for number in 1..=self.next_name {
            let name = name(number);
            fs::copy(log_of(&self.recipe.dir, &name), to.join(format!("{name}.log")))?;
        }
        Ok(())
    }

    fn perform(&mut self, shared: &Shared, planned: Planned) -> Result<(), Failure> {
        let Planned { deed, replica, hold, .. } = planned;
        match deed {
            Deed::Kill => {
                // Killed when dropped.
                let name = self.replicas.remove(replica).name.clone();
                sleep(hold);
                self.replicas.insert(replica, Replica::start(&self.recipe, &name)?);
            }
            Deed::Replace => {
                drop(self.replicas.remove(replica));
                sleep(hold);
                let new = self.new_replica()?;
                self.replicas.insert(replica, new);
            }
            Deed::Freeze => {
                self.replicas[replica].signal("STOP")?;
                sleep(hold);
                self.replicas[replica].signal("CONT")?;
            }
            Deed::Upgrades => {
                for _ in 0..2 * self.replicas.len() {
                    let new = self.new_replica()?;
                    new.wait_until_ready();
                    self.replicas.push(new);
                    self.replicas.remove(0).stop()?;
                }
            }
            Deed::ApiServer => {
                self.plane.stop_apiserver();
                sleep(hold);
                self.plane.start_apiserver()?;
            }
            Deed::Etcd => {
                self.plane.kill_etcd();
                sleep(hold);
                self.plane.start_etcd()?;
            }
            Deed::Batch => {
                shared.double().stop_listening();
                sleep(hold);
                shared.double().listen_again()?;
            }
        }
        Ok(())
    }
}

fn name(number: usize) -> String {
    format!("replica-{number}")
}
