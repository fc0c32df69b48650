//! Compressed components: a ConfigMap takes a megabyte, and larger plugins shrink to a third.

use std::borrow::Cow;
use std::io::Read;

use flate2::bufread::MultiGzDecoder;

use super::compile::Compile;
use super::component::Refusal;
use super::limits::{Limit, Limits};
use super::zstd;
use crate::contract::FailureReason;

/// What every gzip file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// What every file of zstd begins with.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The component in `bytes`, which are one, or one compressed by gzip or zstd.
///
/// # Errors
/// [`FailureReason::TooLarge`]: it is, or it grows by more than a plugin does; no more than that is
/// ever held. [`FailureReason::NotAComponent`]: the compressed file is damaged.
pub(super) fn inflate<'a>(
    bytes: Cow<'a, [u8]>,
    limits: &Limits,
    how: &Compile,
) -> Result<Cow<'a, [u8]>, Refusal> {
    let is_gzip = bytes.starts_with(&GZIP);
    if !is_gzip && !bytes.starts_with(&ZSTD) {
        return Ok(bytes);
    }
    let ratio = limits.get(Limit::InflateRatio);
    let grown = (bytes.len() as u64).saturating_mul(ratio);
    let whole = limits.get(Limit::ComponentBytes);
    let most = grown.min(whole).saturating_add(1);
    let component = if is_gzip { gunzip(&bytes, most) } else { zstd::decode(&bytes, most, limits, how) }?;
    let size = component.len() as u64;
    if size > whole {
        return Err((
            FailureReason::TooLarge,
            format!("uncompressed it has more than {}", limits.shown(Limit::ComponentBytes)),
        ));
    }
    if size > grown {
        let sentence =
            format!("uncompressed it is larger by more than {}", limits.shown(Limit::InflateRatio));
        return Err((FailureReason::TooLarge, sentence));
    }
    Ok(Cow::Owned(component))
}

/// At most `most` bytes of what is compressed.
fn gunzip(bytes: &[u8], most: u64) -> Result<Vec<u8>, Refusal> {
    let mut component = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(most).read_to_end(&mut component);
    read.map_err(|error| (FailureReason::NotAComponent, format!("gzip cannot read it: {error}")))?;
    Ok(component)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::read::GzEncoder;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        GzEncoder::new(bytes, Compression::best()).read_to_end(&mut packed).expect("in memory");
        packed
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn inflated(packed: &[u8], limits: &Limits) -> Result<Vec<u8>, FailureReason> {
        let component = inflate(Cow::Borrowed(packed), limits, &Compile::InProcess);
        component.map(Cow::into_owned).map_err(|(reason, _)| reason)
    }

    fn with(limit: Limit, value: u64) -> Limits {
        Limits::default().with(limit, value).expect("within its ceiling")
    }

    #[test]
    fn what_is_not_compressed_stays_as_it_is() {
        assert_eq!(inflated(b"\0asm", &Limits::default()), Ok(b"\0asm".to_vec()));
        assert_eq!(inflated(b"", &Limits::default()), Ok(Vec::new()));
    }

    #[test]
    fn a_component_may_grow_to_its_limit_and_no_further() {
        let plain = b"0123456789";
        for packed in [gzip(plain), zstd(plain)] {
            assert_eq!(inflated(&packed, &with(Limit::ComponentBytes, 10)), Ok(plain.to_vec()));
            assert_eq!(inflated(&packed, &with(Limit::ComponentBytes, 9)), Err(FailureReason::TooLarge));
        }
    }

    #[test]
    fn it_may_grow_by_the_ratio_and_no_more() {
        let plain = vec![0; 100_000];
        let packed = gzip(&plain);
        let ratio = plain.len().div_ceil(packed.len()) as u64;
        // The ceiling is the default, so that the pair is made by the file.
        assert!(ratio > Limit::InflateRatio.row().default, "{ratio}");
        assert_eq!(inflated(&packed, &Limits::default()), Err(FailureReason::TooLarge));
        let mut honest = Vec::new();
        (0..2_000_u32).for_each(|n| honest.extend_from_slice(n.to_string().as_bytes()));
        let packed = gzip(&honest);
        let ratio = honest.len().div_ceil(packed.len()) as u64;
        assert_eq!(inflated(&packed, &with(Limit::InflateRatio, ratio)), Ok(honest));
        assert_eq!(inflated(&packed, &with(Limit::InflateRatio, ratio - 1)), Err(FailureReason::TooLarge));
    }

    #[test]
    fn a_damaged_file_is_said_to_be_one() {
        let mut packed = gzip(&[7; 1000]);
        packed.truncate(packed.len() - 4);
        assert_eq!(inflated(&packed, &Limits::default()), Err(FailureReason::NotAComponent));
        assert_eq!(inflated(&GZIP, &Limits::default()), Err(FailureReason::NotAComponent));
        assert_eq!(inflated(&ZSTD, &Limits::default()), Err(FailureReason::NotAComponent));
        let whole = zstd(b"0123456789 abcdefghij 0123456789");
        let twice = [whole.clone(), whole.clone()].concat();
        for damaged in [&whole[..whole.len() - 4], &twice] {
            assert_eq!(inflated(damaged, &Limits::default()), Err(FailureReason::NotAComponent));
        }
    }
}
