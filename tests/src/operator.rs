//! The operator as it is delivered: a process that runs against a control plane, and ends with its test.

use std::fs::File;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use zuul_operator_rig::{Rig, until};

use crate::program::program;
use crate::proxy::Proxy;
use crate::source::workspace;

/// A running operator.
pub struct Operator {
    child: Child,
    log: PathBuf,
    /// What it keeps: compiled plugins are shared by all.
    _folder: tempfile::TempDir,
}

/// How it is started.
#[derive(Clone, Debug)]
pub struct How {
    /// Who it is: a file with a way to the cluster and the rights there.
    pub kubeconfig: PathBuf,
    /// More arguments of `run`.
    pub arguments: Vec<String>,
    /// More variables of its environment.
    pub variables: Vec<(&'static str, String)>,
    /// What is logged.
    pub log: &'static str,
}

/// Gives a user what `deploy/namespaced` gives the operator, and nothing else.
pub fn grant(rig: &Rig, namespace: &str, user: &str) {
    for file in ["deploy/namespaced/role.yaml", "deploy/base/lease.yaml"] {
        let path = workspace().join(file);
        rig.must(&["apply", "--namespace", namespace, "-f", &path.to_string_lossy()]);
    }
    for role in ["zuul-operator", "zuul-operator-lease"] {
        let (name, role, user) =
            (format!("{role}-{user}"), format!("--role={role}"), format!("--user={user}"));
        rig.must(&["create", "rolebinding", &name, "--namespace", namespace, &role, &user]);
    }
}

impl How {
    /// With the rights of `deploy/namespaced`, for one namespace: so tests do not meet.
    #[must_use]
    pub fn in_namespace(rig: &Rig, namespace: &str) -> Self {
        Self::of_user(rig, namespace, &format!("operator-{namespace}"))
    }

    /// The same for a user by name: so two operators of a namespace are known apart.
    #[must_use]
    pub fn of_user(rig: &Rig, namespace: &str, user: &str) -> Self {
        grant(rig, namespace, user);
        let arguments = ["--namespace", namespace, "--signals", "off"].map(str::to_owned).to_vec();
        Self {
            kubeconfig: rig.kubeconfig(user),
            arguments,
            variables: vec![("POD_NAMESPACE", namespace.to_owned())],
            log: "info",
        }
    }

    /// By way of a proxy.
    #[must_use]
    pub fn through(self, proxy: &Proxy) -> Self {
        Self { kubeconfig: proxy.kubeconfig(), ..self }
    }

    /// With one more argument.
    #[must_use]
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|it| (*it).to_owned()));
        self
    }

    /// With its metrics on the loopback; where.
    #[must_use]
    pub fn with_signals(mut self) -> (Self, String) {
        let port = 20_000 + std::process::id() % 10_000;
        let address = format!("127.0.0.1:{port}");
        self.arguments.retain(|it| it != "off" && it != "--signals");
        (self.with(&["--signals", &address]), address)
    }

    /// Starts it.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn start(&self) -> Operator {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = folder.path().join("log");
        let file = File::create(&log).expect("a file");
        let child = Command::new(program())
            .arg("run")
            .args(&self.arguments)
            .env("KUBECONFIG", &self.kubeconfig)
            .env("RUST_LOG", self.log)
            .env("NO_COLOR", "1")
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .expect("the operator starts");
        Operator { child, log, _folder: folder }
    }

    /// Starts it, and gives it back when `done` returns.
    #[must_use]
    pub fn start_until(&self, done: impl FnOnce()) -> Operator {
        let operator = self.start();
        done();
        operator
    }
}

/// What an operator tells of itself at this address.
///
/// # Panics
/// Nobody answers.
#[must_use]
pub fn metrics(address: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    stream.write_all(request).expect("it reads");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("it answers");
    text
}

impl Operator {
    /// What it logged so far.
    ///
    /// # Panics
    /// The file is gone.
    #[must_use]
    pub fn log(&self) -> String {
        let mut text = Vec::new();
        File::open(&self.log).and_then(|mut file| file.read_to_end(&mut text)).expect("its log");
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Waits until it logged something.
    ///
    /// # Panics
    /// It does not within a minute, or ended.
    pub fn has_logged(&mut self, what: &str) {
        until(&format!("the operator logs {what:?}"), || {
            let ended = self.child.try_wait().expect("a child");
            assert!(ended.is_none(), "it ended: {ended:?}\n{}", self.log());
            self.log().contains(what)
        });
    }

    /// The number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // One that ended hears nothing.
        let _ = id.map(|id| kill_process(id, signal));
    }

    /// Asks it to end, and waits for that; its log.
    ///
    /// # Panics
    /// It does not end within a minute, or not well.
    #[must_use]
    pub fn end(mut self) -> String {
        self.signal(Signal::TERM);
        until("the operator ends", || !self.runs());
        let status = self.child.wait().expect("a child");
        assert!(status.success(), "{status}\n{}", self.log());
        self.log()
    }
}

#[allow(clippy::print_stderr, reason = "whoever reads a failed test wants to know it")]
impl Drop for Operator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            #[allow(clippy::print_stderr, reason = "whoever reads of the failure needs it")]
            let () = eprintln!("--- the operator's log\n{}", self.log());
        }
    }
}
