//! What the tests share.

pub mod oracle;
pub mod random;
pub mod source;
