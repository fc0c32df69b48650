//! The mistakes.

mod components;
mod contents;
mod fields;
mod options;
mod patches;
mod pods;
mod sources;

/// What stands in the example, what is written instead, and what is said: `CODE PATH`.
pub type Row = (&'static str, &'static str, &'static [&'static str]);

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Row> {
    options::ROWS
        .iter()
        .chain(pods::ROWS)
        .chain(fields::ROWS)
        .chain(patches::ROWS)
        .chain(sources::ROWS)
        .chain(components::ROWS)
        .chain(contents::ROWS)
}
