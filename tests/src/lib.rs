//! What the tests share.

pub mod hostile;
