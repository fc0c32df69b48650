//! The gerrit driver of a site whose Zuul is patched: mergers and executors clone from a replica of Gerrit.
#![forbid(unstable_features)]

use zuul_plugin_gerrit::Gerrit;
use zuul_plugin_sdk::{
    Connection, Driver, DriverTable, Kind, Rendering, check, export_driver, option, readers,
};

/// `driver: gerrit`, with one option more.
pub struct SiteGerrit;

impl Driver for SiteGerrit {
    const TABLE: DriverTable = Gerrit::TABLE.more(&[option(
        "clone_server",
        Kind::Text,
        readers::GIT,
        "Host name of the replica that is cloned from; `server` if absent.",
    )]);

    fn render(connection: Connection) -> Rendering {
        let finding = check::host_alone(&connection, "clone_server");
        let mut rendering = Gerrit::render(connection);
        // The built-in driver does not know who reads it, and gives it to all.
        rendering.give("clone_server", readers::GIT);
        rendering.findings.extend(finding);
        rendering
    }
}

export_driver!(SiteGerrit);

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::testing::{codes, connection, keys, text};
    use zuul_plugin_sdk::{Components, Setting};

    fn render(more: &[(&str, Setting)]) -> Rendering {
        let common = [("server", text("review.example.org")), ("user", text("zuul"))];
        let key = ("sshkey", Setting::Secret(0));
        let options: Vec<_> = common.into_iter().chain([key]).chain(more.iter().cloned()).collect();
        SiteGerrit::render(connection("gerrit", &options))
    }

    #[test]
    fn who_clones_is_given_the_replica_and_nobody_else() {
        let rendering = render(&[("clone_server", text("replica.example.org"))]);
        for component in [Components::EXECUTOR, Components::MERGER] {
            assert_eq!(keys(&rendering, component), "clone_server server sshkey user");
        }
        assert_eq!(keys(&rendering, Components::SCHEDULER), "server sshkey user");
        assert_eq!(keys(&rendering, Components::WEB), "server user");
        assert_eq!(codes(&rendering.findings), [""; 0]);
    }

    #[test]
    fn without_it_all_is_as_it_was() {
        let lines = |rendering: &Rendering| format!("{:?}", rendering.lines);
        let options = [("server", text("x")), ("user", text("zuul")), ("sshkey", Setting::Secret(0))];
        let built_in = Gerrit::render(connection("gerrit", &options));
        assert_eq!(lines(&SiteGerrit::render(connection("gerrit", &options))), lines(&built_in));
    }

    #[test]
    fn a_url_is_no_replica() {
        let rendering = render(&[("clone_server", text("https://replica.example.org"))]);
        assert_eq!(codes(&rendering.findings), ["HostNameIsUrl"]);
    }
}
