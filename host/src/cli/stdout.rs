//! The standard output of the process, with every failure told.
//!
//! Rust's own takes "bad file descriptor" for success, as where stdout was opened for reading only. Whoever
//! sends what `render` says into a file must know that nothing came. (A stdout that is closed when the process
//! begins is /dev/null to a Rust program, and so it is here.)

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;

/// Standard output without a buffer: what is said is said in one piece.
pub(super) struct Stdout(io::Result<File>);

impl Stdout {
    /// That of this process.
    pub(super) fn open() -> Self {
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
