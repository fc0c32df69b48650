//! Which of two states of an object is the newer one.

/// A `metadata.resourceVersion` as a number; nothing if it is none. Those of one object can be compared (Kubernetes 1.35
/// says so, and older ones do so).
#[must_use]
pub fn age(resource_version: &str) -> Option<u128> {
    resource_version.parse().ok()
}
