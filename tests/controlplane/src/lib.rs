//! A real Kubernetes control plane on loopback: etcd, kube-apiserver, kube-controller-manager and kubectl,
//! for tests and the demo. There is no kubelet: a Deployment's pods stay Pending.
//! Knows nothing of the operator, of its resource or of AWS.
//!
//! ```no_run
//! # fn main() -> Result<(), controlplane::Error> {
//! let plane = controlplane::ControlPlane::start(controlplane::Options::default())?;
//! println!("{}", plane.run(&["get", "namespaces"])?);
//! # Ok(())
//! # }
//! ```

mod apiserver;
mod audit;
mod binaries;
mod certificates;
mod component;
mod dir;
mod error;
mod etcd;
mod gobuild;
mod kubeconfig;
mod kubectl;
mod options;
mod plane;
mod ports;
mod progress;
mod recipe;
mod tether;

pub use audit::AuditEvent;
pub use binaries::{Binaries, ToBuild};
pub use component::tail;
pub use error::Error;
pub use gobuild::GoProgram;
pub use options::Options;
pub use plane::ControlPlane;
pub use ports::free_port;
pub use tether::Tether;
