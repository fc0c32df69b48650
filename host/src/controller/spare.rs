//! Memory that is needed no longer.

/// Gives the system what the allocator keeps for the next plan: that is several times what a Zuul takes that nothing is
/// to be done for. By itself glibc gives back only what lies at the end of its heap.
#[cfg(target_env = "gnu")]
#[allow(unsafe_code)]
pub(super) fn give_back() {
    // SAFETY: it takes no pointer, may be called from any thread at any time, and leaves all that is in use as it is.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators are left to themselves.
#[cfg(not(target_env = "gnu"))]
pub(super) const fn give_back() {}
