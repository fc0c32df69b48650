//! Generated from `wit/`: one module a world, all over the same shared types.
#![allow(missing_docs, unsafe_code, clippy::all)]

pub mod shared {
    wit_bindgen::generate!({
        inline: "package zuul-operator:sdk; world shared { import zuul-operator:plugin/types@0.1.0; import zuul-operator:plugin/log@0.1.0; }",
        path: "../../wit/v0.1.0",
        world: "zuul-operator:sdk/shared",
        additional_derives: [PartialEq],
        generate_all,
    });
}

pub mod connection_driver {
    wit_bindgen::generate!({
        path: "../../wit/v0.1.0",
        world: "connection-driver",
        with: {
            "zuul-operator:plugin/types@0.1.0": super::shared::zuul_operator::plugin::types,
            "zuul-operator:plugin/log@0.1.0": super::shared::zuul_operator::plugin::log,
        },
        pub_export_macro: true,
        export_macro_name: "export_connection_driver_world",
        default_bindings_module: "zuul_plugin_sdk::bindings::connection_driver",
        additional_derives: [PartialEq],
    });
}

pub mod config_renderer {
    wit_bindgen::generate!({
        path: "../../wit/v0.1.0",
        world: "config-renderer",
        with: {
            "zuul-operator:plugin/types@0.1.0": super::shared::zuul_operator::plugin::types,
            "zuul-operator:plugin/log@0.1.0": super::shared::zuul_operator::plugin::log,
        },
        pub_export_macro: true,
        export_macro_name: "export_config_renderer_world",
        default_bindings_module: "zuul_plugin_sdk::bindings::config_renderer",
        additional_derives: [PartialEq],
    });
}

pub mod nodepool_sharder {
    wit_bindgen::generate!({
        path: "../../wit/v0.1.0",
        world: "nodepool-sharder",
        with: {
            "zuul-operator:plugin/types@0.1.0": super::shared::zuul_operator::plugin::types,
            "zuul-operator:plugin/log@0.1.0": super::shared::zuul_operator::plugin::log,
        },
        pub_export_macro: true,
        export_macro_name: "export_nodepool_sharder_world",
        default_bindings_module: "zuul_plugin_sdk::bindings::nodepool_sharder",
        additional_derives: [PartialEq],
    });
}
