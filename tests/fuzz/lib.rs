//! What all targets share: memory is counted, and files of lines are changed as people change them.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use zuul_operator_tests::fuzz::{Target, mutate};

/// What any case may take, and what it may take for each of its bytes.
const MEMORY: (usize, usize) = (64 << 20, 4);

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, with a count of the bytes that are in use.
struct Counted;

#[global_allocator]
static ALLOCATOR: Counted = Counted;

// SAFETY: everything is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Gives a target its bytes.
///
/// # Panics
/// It panics, or takes more memory than it may.
pub fn run(target: Target, data: &[u8]) {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    target(data);
    let used = PEAK.load(Relaxed).saturating_sub(before);
    let most = MEMORY.0 + MEMORY.1 * data.len();
    assert!(used <= most, "{used} bytes of memory for {} bytes, more than {most}", data.len());
}

/// Every second case is changed by lines and words, the others by bytes.
pub fn change(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let text = str::from_utf8(&data[..size]).ok().filter(|_| seed.is_multiple_of(2));
    let Some(text) = text else { return libfuzzer_sys::fuzzer_mutate(data, size, most) };
    let changed = mutate(text, seed / 2);
    let length = changed.floor_char_boundary(most.min(data.len()));
    data[..length].copy_from_slice(&changed.as_bytes()[..length]);
    length
}
