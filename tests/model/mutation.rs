//! Ways to break the protocol on purpose. Each mistake has the effect that it would have in the code. The search must
//! find a counterexample, which shows that the search can fail.

/// One mistake. A status that is written whatever the version of the object is not among them: with one fault it makes
/// no second job. `tests/sim` has a seed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// The claim is written whatever the version of the object, so several writers succeed.
    ClaimWithoutVersion,
    /// The claim is not written at all.
    SendWithoutClaim,
    /// SubmitJob is sent again when its answer is unclear, as every SDK does.
    RetryUnclear,
    /// A job that is not visible at once counts as absent.
    NoWindow,
    /// SubmitJob is signed with the time of sending, so AWS accepts it however late it arrives.
    SignedWhenSent,
    /// The request of another process's claim counts as dead while its signature is still valid.
    ShortLife,
    /// There is no second search.
    NoLateLook,
    /// The SDK shifts the signing time by its measured difference between AWS's clock and its own.
    SkewedSignature,
    /// A call that ended without an answer counts as ended in AWS, too.
    ShortWait,
    /// A refusal that is not from AWS is believed.
    BelieveAnyNo,
    /// A claim that was removed counts as never made.
    LostIsNone,
    /// A finalizer that was removed is not added again.
    NeverHeldAgain,
    /// A process measures its own past by its wall clock.
    MeasuredByWall,
}
