//! The plugin runtime: the only place that knows wasmtime.
