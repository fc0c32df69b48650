//! The `zuul-operator` binary.

fn main() {}
