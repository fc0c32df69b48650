//! Generated from `wit/v0.1.0`: one module a world, all over the same shared types.
#![allow(missing_docs, unused_qualifications, clippy::all)]

pub mod shared {
    wasmtime::component::bindgen!({
        inline: "package zuul-operator:host; world shared { import zuul-operator:plugin/types@0.1.0; import zuul-operator:plugin/log@0.1.0; }",
        path: "../wit/v0.1.0",
        world: "zuul-operator:host/shared",
    });
}

pub mod connection_driver {
    wasmtime::component::bindgen!({
        path: "../wit/v0.1.0",
        world: "connection-driver",
        with: {
            "zuul-operator:plugin/types@0.1.0": super::shared::zuul_operator::plugin::types,
            "zuul-operator:plugin/log@0.1.0": super::shared::zuul_operator::plugin::log,
        },
    });
}

pub mod config_renderer {
    wasmtime::component::bindgen!({
        path: "../wit/v0.1.0",
        world: "config-renderer",
        with: {
            "zuul-operator:plugin/types@0.1.0": super::shared::zuul_operator::plugin::types,
            "zuul-operator:plugin/log@0.1.0": super::shared::zuul_operator::plugin::log,
        },
    });
}

pub mod nodepool_sharder {
    wasmtime::component::bindgen!({
        path: "../wit/v0.1.0",
        world: "nodepool-sharder",
        with: {
            "zuul-operator:plugin/types@0.1.0": super::shared::zuul_operator::plugin::types,
            "zuul-operator:plugin/log@0.1.0": super::shared::zuul_operator::plugin::log,
        },
    });
}
