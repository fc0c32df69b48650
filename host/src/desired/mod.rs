//! From rendered configuration to Kubernetes objects; one file a component.

pub mod object;
