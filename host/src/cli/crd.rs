//! `zuul-operator crd`.

use super::run::{Exit, Failure, Streams};

/// Prints the generated definition. TO BE WIRED: `include_str!("../../../crds/zuul.yaml")`.
pub(super) fn run(_streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    Err(Failure("this build has no CustomResourceDefinition".to_owned()))
}
