//! The Zuul operator: one `Zuul` object goes in, the Kubernetes objects of a working
//! [Zuul](https://zuul-ci.org) come out. See `docs/architecture.md`.

pub mod api;
pub mod cli;
pub mod cluster;
pub mod content;
pub mod contract;
pub mod controller;
pub mod desired;
pub mod diagnostic;
pub mod draft;
pub mod explain;
pub mod fill;
pub mod inputs;
pub mod mask;
pub mod metrics;
pub mod names;
pub mod plan;
pub mod plugin;
pub mod render;
pub mod rollout;
pub mod secret;
pub mod serve;
pub mod status;
pub mod supply;
pub mod traces;
pub mod validate;
pub mod yaml;
