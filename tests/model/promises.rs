//! The promises that hold in every state.

/// One promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Promise {
    /// AWS never has two jobs of the object, if no job is hidden longer than the window.
    OneJob,
    /// A job that was hidden longer is ended, unless the object is removed.
    OneJobGoesOn,
    /// No SubmitJob is sent before a claim was written for it.
    ClaimedFirst,
    /// An object that names its job is never claimed again.
    RecordedIsEnough,
    /// The status names a job of the object.
    OwnJob,
    /// When the object is removed, each of its jobs has ended or has been asked to end.
    NoneAfterDeletion,
    /// When nothing is left to do, an object whose job runs has our finalizer.
    Held,
    /// Without more faults, the object ends and is released.
    Settles,
}
