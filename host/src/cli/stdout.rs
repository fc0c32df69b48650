//! The standard output of the process, with every failure told.
//!
//! Rust opens /dev/null in place of a stdout that is closed when the process begins, and takes "bad file
//! descriptor" for success. Whoever pipes what `render` says into a file must know that nothing came.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::{Errno, fcntl_getfd};

static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

extern "C" fn look() {
    WAS_CLOSED.store(fcntl_getfd(io::stdout()).is_err(), Ordering::Relaxed);
}

// SAFETY: the loader calls the functions in this section, which take nothing, once before `main`; this one
// asks for a flag of a file descriptor and stores a boolean.
#[allow(unsafe_code)]
#[used]
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = look;

/// Standard output without a buffer: what is said is said in one piece.
pub(super) struct Stdout(io::Result<File>);

impl Stdout {
    /// That of this process.
    pub(super) fn open() -> Self {
        if WAS_CLOSED.load(Ordering::Relaxed) {
            return Self(Err(Errno::BADF.into()));
        }
        Self(io::stdout().as_fd().try_clone_to_owned().map(File::from))
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Ok(file) => file.write(bytes),
            Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
