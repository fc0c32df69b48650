//! Every condition and every reason, with a sentence each: what `docs/operate/conditions.md` is held against.

/// The conditions of a Zuul.
pub mod condition {
    /// Whether Zuul works: the configuration is valid, applied, and every workload is there.
    pub const READY: &str = "Ready";
    /// Whether the object and what it refers to are right.
    pub const VALID: &str = "Valid";
    /// Whether the cluster has taken what the object means.
    pub const APPLIED: &str = "Applied";
    /// Whether something is on its way.
    pub const PROGRESSING: &str = "Progressing";
    /// All of them. Others may add more to a Zuul.
    pub const ALL: [&str; 4] = [READY, VALID, APPLIED, PROGRESSING];
}

/// A reason, as it stands in a condition, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason(pub &'static str, pub &'static str);

/// All components are there and ready.
pub const ALL_READY: Reason = Reason("AllReady", "all components are ready");
/// Workloads are not complete.
pub const NOT_ALL_READY: Reason = Reason("NotAllReady", "not all components are ready");
/// There are errors, and the last good state runs on.
pub const ERRORS: Reason = Reason("Errors", "there are errors; what ran before runs on");
/// The configuration of Nodepool is missing, and nothing is concluded from that.
pub const FROZEN: Reason = Reason(
    "Frozen",
    "there are no errors, but what these read is missing or empty, so they stay as they are",
);
/// There are none.
pub const NO_ERRORS: Reason = Reason("NoErrors", "there are no errors");
/// Everything was applied.
pub const UP_TO_DATE: Reason = Reason("UpToDate", "the cluster has what this object means");
/// An object of that name is somebody else's.
pub const FOREIGN_OBJECT: Reason =
    Reason("ForeignObject", "an object of that name is there, and not ours; it is left alone");
/// A Secret cannot be filled.
pub const SECRET_REFUSED: Reason = Reason("SecretRefused", "a Secret's content cannot be written");
/// A Secret with a random value is gone.
pub const GENERATED_SECRET_LOST: Reason = Reason(
    "GeneratedSecretLost",
    "a generated Secret is gone, and what it encrypted cannot be read without it; put it back from a backup, or \
     annotate this object with zuul-ci.org/generate-again and its name",
);
/// An object is being deleted.
pub const OBJECT_ENDING: Reason =
    Reason("ObjectEnding", "an object that is needed is being deleted; once it is gone it is made again");
/// The operator lacks a right.
pub const FORBIDDEN: Reason = Reason("Forbidden", "the operator's Role lacks a right");
/// The API server refused an object.
pub const REFUSED: Reason = Reason("Refused", "the API server refuses an object");
/// A request failed; it is made again.
pub const REQUEST_FAILED: Reason = Reason("RequestFailed", "a request failed; it is made again");
/// A change is on its way.
pub const ROLLING_OUT: Reason = Reason("RollingOut", "a change is on its way through the components");
/// Pods are being started.
pub const STARTING: Reason = Reason("Starting", "pods are being started");
/// Pods are not ready in their time.
pub const START_OVERDUE: Reason = Reason("StartOverdue", "pods are not ready in their time");
/// What could not be applied is tried again.
pub const RETRYING: Reason = Reason("Retrying", "what could not be applied is tried again");
/// A wave is not ready in its time.
pub const WAVE_OVERDUE: Reason =
    Reason("WaveOverdue", "a wave of a rollout is not ready in its time; the next one goes on waiting");
/// Nothing is on its way.
pub const SETTLED: Reason = Reason("Settled", "nothing is on its way");
/// Reconciling is paused.
pub const PAUSED: Reason = Reason("Paused", "the annotation zuul-ci.org/paused is set: nothing is done");

/// All of them.
pub const ALL: [Reason; 20] = [
    ALL_READY,
    NOT_ALL_READY,
    ERRORS,
    NO_ERRORS,
    FROZEN,
    UP_TO_DATE,
    FOREIGN_OBJECT,
    SECRET_REFUSED,
    GENERATED_SECRET_LOST,
    OBJECT_ENDING,
    FORBIDDEN,
    REFUSED,
    REQUEST_FAILED,
    ROLLING_OUT,
    STARTING,
    START_OVERDUE,
    RETRYING,
    WAVE_OVERDUE,
    SETTLED,
    PAUSED,
];
