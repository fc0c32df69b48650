//! The kubernetes driver: namespaces and pods of a Kubernetes cluster as nodes, by zuul-launcher.
//!
//! Only launchers talk to the cluster: scheduler and web have the section and nothing in it. Without
//! `kubeconfig_file` the client looks at the variable KUBECONFIG, in the home folder and for the service account
//! of its pod (`_getConfig` in Zuul 14.3's kubernetesendpoint.py).
#![forbid(unstable_features)]

use zuul_plugin_sdk::{Driver, DriverTable, Kind, Roles, driver, export_driver, option, readers};

/// Zuul's `kubernetes` driver.
pub struct Kubernetes;

impl Driver for Kubernetes {
    const TABLE: DriverTable = driver(
        &["kubernetes"],
        Roles::PROVIDER,
        "Namespaces and pods of a Kubernetes cluster as nodes, used by zuul-launcher.",
    )
    .options(&[
        option(
            "kubeconfig_file",
            Kind::SecretFile,
            readers::LAUNCHER,
            "The kubeconfig; that of `spec.externalConfig.kubernetes` if absent.",
        ),
        option(
            "context",
            Kind::Text,
            readers::LAUNCHER,
            "Context in the kubeconfig; its current one if absent.",
        ),
        option("rate", Kind::Number, readers::LAUNCHER, "Read by Zuul, and not used.")
            .default("2")
            .range(0.0, 1e6),
        option(
            "use_openshift_projects",
            Kind::Boolean,
            readers::LAUNCHER,
            "Make projects of OpenShift in place of namespaces.",
        )
        .default("false"),
    ]);
}

export_driver!(Kubernetes);

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::testing::{connection, shown_to, text};
    use zuul_plugin_sdk::{Components, Setting};

    #[test]
    fn only_the_launcher_has_the_kubeconfig() {
        let rendering = Kubernetes::render(connection(
            "kubernetes",
            &[
                ("kubeconfig_file", Setting::Secret(0)),
                ("context", text("ci")),
                ("rate", Setting::Integer(5)),
                ("use_openshift_projects", text("yes")),
            ],
        ));
        assert_eq!(rendering.readers, Components::SCHEDULER | Components::WEB | Components::LAUNCHER);
        assert_eq!(
            shown_to(&rendering, Components::LAUNCHER),
            "context=ci\nkubeconfig_file=/etc/zuul/connections/test/kubeconfig_file\nrate=5\n\
             use_openshift_projects=true\nfile /etc/zuul/connections/test/kubeconfig_file <0>\n"
        );
        assert_eq!(shown_to(&rendering, Components::all() - Components::LAUNCHER), "");
    }
}
