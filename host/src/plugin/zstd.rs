//! Components that are compressed by zstd.
//!
//! A block of zstd may grow without bounds before its reader can be stopped, so it is read in the child process that
//! also compiles: there memory and time are limited.

use std::io::{self, Read, Write};

use anyhow::{Context, ensure};
use ruzstd::decoding::StreamingDecoder;

use super::compile::{Compile, child as in_child};
use super::component::Refusal;
use super::limits::{Limit, Limits};
use crate::contract::FailureReason;

/// The argument that makes a child read zstd.
pub(super) const TASK: &str = "zstd";

/// At most `most` bytes of what is compressed.
///
/// # Errors
/// [`FailureReason::NotAComponent`]: it is damaged. [`FailureReason::TooLarge`]: reading it takes more than a compiler
/// may have.
pub(super) fn decode(packed: &[u8], most: u64, limits: &Limits, how: &Compile) -> Result<Vec<u8>, Refusal> {
    match how {
        Compile::InProcess => {
            read(packed, most).map_err(|error| (FailureReason::NotAComponent, format!("{error:#}")))
        }
        Compile::Child(binary) => {
            let read = in_child(binary, limits, Some(TASK), packed, most);
            read.map_err(|(reason, detail)| match reason {
                FailureReason::CompileFailed => (FailureReason::TooLarge, format!("reading zstd: {detail}")),
                reason => (reason, detail),
            })
        }
    }
}

/// The child: standard input to standard output.
pub(super) fn child() -> anyhow::Result<()> {
    let most = Limit::ComponentBytes.row().ceiling + 1;
    let mut packed = Vec::new();
    io::stdin().lock().take(most).read_to_end(&mut packed)?;
    match io::stdout().lock().write_all(&read(&packed, most)?) {
        // The parent has seen that it is too large.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

fn read(mut packed: &[u8], most: u64) -> anyhow::Result<Vec<u8>> {
    let mut component = Vec::new();
    let mut decoder = StreamingDecoder::new(&mut packed).context("zstd cannot read it")?;
    decoder.by_ref().take(most).read_to_end(&mut component).context("zstd cannot read it")?;
    let frame = decoder.into_frame_decoder();
    if (component.len() as u64) < most {
        let (said, found) = (frame.get_checksum_from_data(), frame.get_calculated_checksum());
        ensure!(said.is_none() || said == found, "zstd cannot read it: its checksum is wrong");
        ensure!(packed.is_empty(), "there is something behind the end of what zstd compressed");
    }
    Ok(component)
}
