//! What the tests share.

pub mod alike;
pub mod answers;
pub mod case;
pub mod collector;
pub mod drafts;
pub mod fuzz;
pub mod hostile;
pub mod memory;
pub mod no_plugins;
pub mod objects;
pub mod operator;
pub mod oracle;
pub mod plugins;
pub mod program;
pub mod proxy;
pub mod random;
pub mod read;
pub mod reference_site;
pub mod rig;
pub mod site;
pub mod source;
