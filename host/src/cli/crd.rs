//! `zuul-operator crd`.

use super::output;
use super::run::{Exit, Failure, Streams};
use crate::api::schema;

/// Prints the CustomResourceDefinition.
pub(super) fn run(streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    streams.say(&output::document(schema::definition())?)?;
    Ok(Exit::Fine)
}
