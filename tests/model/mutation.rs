//! Ways to break the protocol on purpose. Each is put where it has the effect of the mistake in the code, and the search
//! must find a counterexample: so it can fail.

/// One mistake. Not among them: a status that is written whatever the version of the object. One fault is not enough to
/// make a second job of it; `tests/sim` has a seed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// The claim is written whatever the version of the object: nobody loses the race.
    ClaimWithoutVersion,
    /// The claim is not written at all.
    SendWithoutClaim,
    /// SubmitJob is sent again when its answer is unclear, as every SDK does.
    RetryUnclear,
    /// A job that does not show at once is taken for none.
    NoWindow,
    /// SubmitJob is signed with the time of sending, so that AWS takes it however late it comes.
    SignedWhenSent,
    /// The claim of another process is taken for dead although its signature lives.
    ShortLife,
    /// Nobody looks once more, later.
    NoLateLook,
    /// The SDK shifts the signature by what it has measured as the difference between AWS's clock and its own.
    SkewedSignature,
    /// A call that ended without an answer is believed to have ended for AWS, too.
    ShortWait,
    /// A no that does not come from AWS is believed.
    BelieveAnyNo,
    /// A claim that somebody has taken away is taken for none.
    LostIsNone,
    /// A finalizer that somebody has taken away is not put back.
    NeverHeldAgain,
    /// What a process did and saw is measured by its wall clock.
    MeasuredByWall,
}
