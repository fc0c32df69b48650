//! A real control plane for tests: etcd, kube-apiserver, kube-controller-manager and kube-scheduler, and kwok for nodes
//! that only seem to be there. See `tests/README.md`.
//!
//! A test asks [`rig_or_skip`] for the one that all tests share, and works in a [`Namespace`] of its own. What stops the
//! API server takes [`Rig::own`].

pub mod audit;
#[path = "../../../xtask/src/binaries.rs"]
#[allow(dead_code, reason = "how they are built is the task's business")]
mod binaries;
mod components;
pub mod control;
mod kubeconfig;
pub mod layout;
mod namespace;
mod pki;
mod ports;
pub mod program;
pub mod server;
mod start;
mod users;
mod volumes;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use anyhow::{Context as _, Result};

pub use layout::Layout;
pub use namespace::{ALL, Hold, Namespace};

/// Names the folder of a control plane that runs already; `cargo xtask test` sets it.
pub const VARIABLE: &str = "ZUUL_OPERATOR_RIG";
/// The label of a pod that is not to become ready.
pub const HOLD: &str = "zuul-ci.org/test-hold";

/// A control plane.
pub struct Rig {
    layout: Layout,
    /// Whether other tests use it.
    shared: bool,
    /// The process that runs it, if it is to end with this handle.
    _process: Option<start::Process>,
}

/// The control plane that all tests share. None where none can run, which is told loudly; in CI it fails.
///
/// # Panics
/// It cannot run and this is CI, or it does not start.
#[must_use]
pub fn rig_or_skip(test: &str) -> Option<&'static Rig> {
    let folder = binaries::folder(&workspace());
    let missing = folder.as_deref().map(binaries::missing).map_err(Clone::clone);
    let why = match missing {
        Ok(missing) if missing.is_empty() => return Some(Rig::shared()),
        Ok(missing) => format!("there is no {}; `cargo xtask cluster up` builds them", missing.join(", ")),
        Err(why) => why,
    };
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    assert!(!in_ci, "{test} needs a control plane, and {why}");
    // Past what captures the output of tests that pass.
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: it needs a control plane, and {why}");
    None
}

impl Rig {
    /// The one that all tests share, started if need be; it ends with this process then.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Rig> = OnceLock::new();
        SHARED.get_or_init(|| match std::env::var_os(VARIABLE).filter(|folder| !folder.is_empty()) {
            Some(folder) => Self { layout: Layout::new(folder), shared: true, _process: None },
            None => Self { shared: true, ..Self::own() },
        })
    }

    /// One for a single test, which may stop its parts. It ends with the handle.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn own() -> Self {
        let (layout, process) =
            start::temporary().unwrap_or_else(|error| panic!("no control plane: {error:#}"));
        Self { layout, shared: false, _process: Some(process) }
    }

    /// Where its files are.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The folder of kubectl.
    ///
    /// # Panics
    /// There is no kubectl.
    #[must_use]
    pub fn programs(&self) -> PathBuf {
        let kubectl = installed("kubectl").expect("rig_or_skip looked for kubectl");
        kubectl.parent().map(Path::to_owned).unwrap_or_default()
    }

    /// Runs kubectl as who may do everything.
    ///
    /// # Panics
    /// There is no kubectl.
    #[must_use]
    pub fn kubectl(&self, words: &[&str]) -> Output {
        self.kubectl_as("admin", words, "")
    }

    /// Runs kubectl as a user whose kubeconfig was asked for, with a text on its standard input.
    ///
    /// # Panics
    /// There is no kubectl.
    #[must_use]
    pub fn kubectl_as(&self, user: &str, words: &[&str], input: &str) -> Output {
        server::kubectl(&self.layout, user, words, input).expect("rig_or_skip looked for kubectl")
    }

    /// Runs kubectl, which must do what it is told, and gives what it says.
    ///
    /// # Panics
    /// It refuses.
    pub fn must(&self, words: &[&str]) -> String {
        self.must_with(words, "")
    }

    /// As [`Self::must`], with a text on its standard input.
    ///
    /// # Panics
    /// It refuses.
    pub fn must_with(&self, words: &[&str], input: &str) -> String {
        let output = self.kubectl_as("admin", words, input);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "kubectl {}: {errors}", words.join(" "));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Makes the definitions of `crds/` known, and waits until they are served.
    ///
    /// # Panics
    /// They are refused.
    pub fn crd(&self) {
        let folder = workspace().join("crds").display().to_string();
        self.must(&["apply", "--server-side", "--force-conflicts", "-k", &folder]);
        // One that has no conditions at all yet is an error to kubectl.
        let words = ["wait", "--for=condition=Established", "crd", "--all", "--timeout=10s"];
        until("the definitions are served", || self.kubectl(&words).status.success());
    }

    /// Ends a program of the control plane at once, `kube-apiserver` for one. Of an own control plane only.
    ///
    /// # Panics
    /// There is no such program.
    pub fn stop(&self, program: &str) {
        self.tell("stop", program);
    }

    /// Starts what was stopped, with the same data and at the same address; [`Self::wait`] for it.
    ///
    /// # Panics
    /// There is no such program.
    pub fn start(&self, program: &str) {
        self.tell("start", program);
    }

    /// A program takes connections and answers nothing until it is resumed.
    ///
    /// # Panics
    /// It does not run.
    pub fn pause(&self, program: &str) {
        self.tell("pause", program);
    }

    /// A paused program goes on.
    ///
    /// # Panics
    /// It does not run.
    pub fn resume(&self, program: &str) {
        self.tell("resume", program);
    }

    /// Waits until the API server says that it is ready.
    ///
    /// # Panics
    /// It is not within a minute.
    pub fn wait(&self) {
        until("the API server is ready", || self.kubectl(&["get", "--raw", "/readyz"]).status.success());
    }

    fn tell(&self, verb: &str, program: &str) {
        assert!(!self.shared, "others use this control plane; take Rig::own()");
        control::ask(&self.layout, &format!("{verb} {program}")).unwrap_or_else(|error| panic!("{error:#}"));
    }
}

/// Looks again and again until something holds.
///
/// # Panics
/// It does not within three minutes: a machine may be busy with something else.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(180);
    while !holds() {
        assert!(std::time::Instant::now() < end, "for three minutes it was not so that {what}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// The workspace.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where a program of the control plane is, or a file that it needs.
fn installed(name: &str) -> Result<PathBuf> {
    let folder = binaries::folder(&workspace()).map_err(anyhow::Error::msg)?;
    binaries::find(&folder, name)
        .with_context(|| format!("there is no {name}; `cargo xtask cluster up` builds it"))
}
