//! What a guest's memory held.
#![allow(unsafe_code)]

use std::sync::{Arc, Mutex, PoisonError};

use wasmtime::{LinearMemory, MemoryCreator, MemoryType};

/// Shows every linear memory when its instance ends.
#[derive(Default)]
pub struct Watcher(Arc<Mutex<Vec<Vec<u8>>>>);

impl Watcher {
    /// The memories of all instances that have ended.
    #[must_use]
    pub fn seen(&self) -> Arc<Mutex<Vec<Vec<u8>>>> {
        Arc::clone(&self.0)
    }
}

struct Watched {
    bytes: Vec<u8>,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(&mut self.bytes));
    }
}

// SAFETY: the vector owns the memory, is zeroed, and moves only while it grows, which the engine
// allows for hosts that bring their own memory; all accesses are bounds-checked then.
unsafe impl LinearMemory for Watched {
    fn byte_size(&self) -> usize {
        self.bytes.len()
    }
    fn byte_capacity(&self) -> usize {
        self.bytes.capacity()
    }
    fn grow_to(&mut self, size: usize) -> wasmtime::Result<()> {
        self.bytes.resize(size, 0);
        Ok(())
    }
    fn as_ptr(&self) -> *mut u8 {
        self.bytes.as_ptr().cast_mut()
    }
}

// SAFETY: as above; no reservation and no guard is promised, and none is asked for.
unsafe impl MemoryCreator for Watcher {
    fn new_memory(
        &self,
        _: MemoryType,
        least: usize,
        _: Option<usize>,
        reserved: Option<usize>,
        guard: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        assert_eq!((reserved.unwrap_or(0), guard), (0, 0));
        Ok(Box::new(Watched { bytes: vec![0; least], seen: Arc::clone(&self.0) }))
    }
}
