//! Lines for the operator's log, and a panic's last words.
//!
//! On wasm32-unknown-unknown a panic's message goes nowhere; the hook sends it to the log before
//! the trap, and the host puts it into the finding.

pub use crate::bindings::shared::zuul_operator::plugin::log::Level;

/// Writes a line: to the operator's log, or to standard error in native tests.
pub fn write(level: Level, message: &str) {
    #[cfg(target_arch = "wasm32")]
    crate::bindings::shared::zuul_operator::plugin::log::write(level, message);
    #[cfg(not(target_arch = "wasm32"))]
    {
        use std::io::Write;
        // A test that cannot write its log is no worse for it.
        let _ = writeln!(std::io::stderr(), "{level:?}: {message}");
    }
}

/// What the host looks for in the last line before a trap.
pub const PANIC_PREFIX: &str = "panic: ";

/// Makes panics say why. The export macros call it before each call.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| write(Level::Error, &format!("{PANIC_PREFIX}{info}"))));
}
