//! Machine code of a component, known to come from this very program.

use wasmtime::Engine;
use wasmtime::component::Component;

/// Compiled code that may be run. Only [`super::compile`] makes one, and [`super::cache`] after it
/// has proved that it wrote the bytes itself: whoever can make one can run any code.
pub(super) struct Artifact(Vec<u8>);

impl Artifact {
    /// Declares that this program, or a child of it, compiled `bytes`.
    pub(super) const fn compiled_here(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Loads the code.
    ///
    /// # Errors
    /// It was compiled for another engine or another version of wasmtime.
    #[allow(unsafe_code)]
    pub(super) fn load(&self, engine: &Engine) -> wasmtime::Result<Component> {
        // SAFETY: the bytes are what `Engine::precompile_component` of this program gave: they
        // came straight from it, or were read back with a MAC under a key that only this user
        // has. They are in our memory, so nobody changes them between the proof and this call.
        unsafe { Component::deserialize(engine, &self.0) }
    }
}
