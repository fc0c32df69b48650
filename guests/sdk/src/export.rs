//! The traits, and the macros that export an implementation.

use crate::{Connection, DriverTable, Finding, Rendering, renderer, sharder};

/// A connection driver: world `connection-driver`.
pub trait Driver {
    /// What it serves, and its options.
    const TABLE: DriverTable;

    /// What is to be said of a connection beyond its table: combinations of options that Zuul cannot use, or
    /// not as they are meant. Unless overridden, nothing.
    fn findings(_connection: &Connection) -> Vec<Finding> {
        Vec::new()
    }

    /// Renders one connection. Unless overridden, by its table, with [`Driver::findings`].
    fn render(connection: Connection) -> Rendering {
        let mut rendering = Self::TABLE.render(&connection);
        rendering.findings.extend(Self::findings(&connection));
        rendering
    }
}

/// Decides who gets what of zuul.conf: world `config-renderer`.
pub trait ConfigRenderer {
    /// The sections that it knows.
    fn describe() -> renderer::Description;

    /// Renders the zuul.conf of every component.
    fn render(request: renderer::Request) -> renderer::Answer;
}

/// Cuts nodepool.yaml: world `nodepool-sharder`.
pub trait Sharder {
    /// What it does.
    fn describe() -> sharder::Description;

    /// Cuts one file.
    fn cut(request: sharder::Request) -> sharder::Answer;
}

/// Exports a [`Driver`]. Does nothing on other targets than Wasm.
#[macro_export]
macro_rules! export_driver {
    ($driver:ty) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, missing_docs)]
        const _: () = {
            struct Exported;

            impl $crate::bindings::connection_driver::exports::zuul_operator::plugin::driver::Guest for Exported {
                fn describe() -> $crate::Description {
                    $crate::log::install_panic_hook();
                    <$driver as $crate::Driver>::TABLE.description()
                }

                fn render(connection: $crate::Connection) -> $crate::Rendering {
                    $crate::log::install_panic_hook();
                    <$driver as $crate::Driver>::render(connection)
                }
            }

            $crate::bindings::connection_driver::export_connection_driver_world!(
                Exported with_types_in $crate::bindings::connection_driver
            );
        };
    };
}

/// Exports a [`ConfigRenderer`]. Does nothing on other targets than Wasm.
#[macro_export]
macro_rules! export_config_renderer {
    ($renderer:ty) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, missing_docs)]
        const _: () = {
            struct Exported;

            impl $crate::renderer::Guest for Exported {
                fn describe() -> $crate::renderer::Description {
                    $crate::log::install_panic_hook();
                    <$renderer as $crate::ConfigRenderer>::describe()
                }

                fn render(request: $crate::renderer::Request) -> $crate::renderer::Answer {
                    $crate::log::install_panic_hook();
                    <$renderer as $crate::ConfigRenderer>::render(request)
                }
            }

            $crate::bindings::config_renderer::export_config_renderer_world!(
                Exported with_types_in $crate::bindings::config_renderer
            );
        };
    };
}

/// Exports a [`Sharder`]. Does nothing on other targets than Wasm.
#[macro_export]
macro_rules! export_nodepool_sharder {
    ($sharder:ty) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, missing_docs)]
        const _: () = {
            struct Exported;

            impl $crate::sharder::Guest for Exported {
                fn describe() -> $crate::sharder::Description {
                    $crate::log::install_panic_hook();
                    <$sharder as $crate::Sharder>::describe()
                }

                fn cut(request: $crate::sharder::Request) -> $crate::sharder::Answer {
                    $crate::log::install_panic_hook();
                    <$sharder as $crate::Sharder>::cut(request)
                }
            }

            $crate::bindings::nodepool_sharder::export_nodepool_sharder_world!(
                Exported with_types_in $crate::bindings::nodepool_sharder
            );
        };
    };
}
