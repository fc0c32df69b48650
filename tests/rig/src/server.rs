//! The process that runs a control plane: starts its programs, starts again what ended, and ends all of them.

use std::io::Write;
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::binaries::{BINARIES, STAGES};
use crate::control::{self, Event};
use crate::layout::Layout;
use crate::ports::Ports;
use crate::program::Program;
use crate::volumes::Volumes;
use crate::{components, installed, kubeconfig, pki};

/// How many nodes there seem to be.
const NODES: usize = 3;
/// How long a start may take on a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often ports are looked for anew.
const TRIES: usize = 5;

/// A running control plane.
pub struct Server {
    layout: Layout,
    programs: Vec<Program>,
    volumes: Option<Volumes>,
    start: Instant,
}

impl Server {
    /// Starts one in a folder, saying on `progress` what is ready.
    ///
    /// # Errors
    /// A program is missing or does not start, with its last words.
    pub fn start(layout: &Layout, progress: &mut dyn Write) -> Result<Self> {
        std::fs::create_dir_all(layout.folder().join("log"))?;
        pki::create(layout)?;
        components::write_files(layout, &installed(STAGES)?)?;
        for _ in 0..TRIES {
            let mut server =
                Self { layout: layout.clone(), programs: vec![], volumes: None, start: Instant::now() };
            if server.bring_up(progress)? {
                return Ok(server);
            }
            server.end();
            std::fs::remove_dir_all(layout.data()).ok();
        }
        bail!("{TRIES} times somebody took a port before it was used")
    }

    /// False if a port was taken meanwhile.
    fn bring_up(&mut self, progress: &mut dyn Write) -> Result<bool> {
        let ports = Ports::free()?;
        pki::write(&self.layout.address(), &format!("https://127.0.0.1:{}", ports.api))?;
        kubeconfig::of_the_control_plane(&self.layout)?;
        let mut say = |server: &Self, what: &str| {
            let _ = writeln!(progress, "{what}: {:.1} s", server.start.elapsed().as_secs_f64());
        };
        for (at, name) in components::NAMES.into_iter().enumerate() {
            // The others only wait for these two, and take their time on a small machine.
            if at == 2 {
                if !self.wait_for_api(ports)? {
                    return Ok(false);
                }
                say(self, "API server ready");
            }
            let arguments = components::arguments(name, &self.layout, ports);
            let program = Program::start(name, installed(name)?, arguments, self.layout.log(name))?;
            self.programs.push(program);
        }
        self.kubectl(&["apply", "--server-side", "-f", "-"], &nodes().to_string())?;
        self.kubectl(&["wait", "--for=condition=Ready", "node", "--all", "--timeout=300s"], "")?;
        say(self, "nodes ready");
        self.kubectl(&["wait", "--for=create", "serviceaccount/default", "--timeout=300s"], "")?;
        self.volumes = Some(Volumes::provide(&self.layout));
        Ok(true)
    }

    /// False if a port was taken meanwhile.
    fn wait_for_api(&mut self, ports: Ports) -> Result<bool> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            for program in &mut self.programs {
                if let Some(how) = program.ended() {
                    let words = program.last_words();
                    let taken = words.contains("address already in use");
                    ensure!(taken, "{} ended: {how}\n{words}", program.name);
                    return Ok(false);
                }
            }
            let listens = TcpStream::connect(("127.0.0.1", ports.api)).is_ok();
            if listens && self.kubectl(&["get", "--raw", "/readyz"], "").is_ok() {
                return Ok(true);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let words: Vec<String> = self.programs.iter().map(Program::last_words).collect();
        bail!("the API server was not ready in {} s:\n{}", PATIENCE.as_secs(), words.join("\n"))
    }

    fn kubectl(&self, words: &[&str], input: &str) -> Result<Output> {
        let output = kubectl(&self.layout, "admin", words, input)?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "kubectl {}: {}", words.join(" "), errors.trim());
        Ok(output)
    }

    /// Answers until it is told to end, or whoever started it has.
    pub fn serve(&mut self, events: &Receiver<Event>) {
        loop {
            match events.recv_timeout(Duration::from_millis(500)) {
                Ok(Event::Ask(line, stream)) if line == "down" => {
                    self.end();
                    return control::answer(stream, Ok(String::new()));
                }
                Ok(Event::Ask(line, stream)) => control::answer(stream, self.obey(&line)),
                Ok(Event::Abandoned) | Err(RecvTimeoutError::Disconnected) => return self.end(),
                Err(RecvTimeoutError::Timeout) => self.look_after(),
            }
        }
    }

    fn obey(&mut self, line: &str) -> Result<String> {
        let (verb, name) = line.split_once(' ').unwrap_or((line, ""));
        if verb == "status" {
            let states = self.programs.iter_mut().map(|program| {
                let state = program.ended().unwrap_or_else(|| "runs".to_owned());
                format!("{}: {state}", program.name)
            });
            return Ok(states.collect::<Vec<_>>().join(", "));
        }
        let program = self.programs.iter_mut().find(|program| program.name == name);
        let program = program.with_context(|| format!("there is no program {name:?}"))?;
        match verb {
            "stop" => program.kill(),
            "start" => program.again()?,
            "pause" => program.signal(Signal::STOP)?,
            "resume" => program.signal(Signal::CONT)?,
            _ => bail!("there is no command {verb:?}"),
        }
        Ok(String::new())
    }

    /// As a cluster does with what ends by itself.
    fn look_after(&mut self) {
        for program in self.programs.iter_mut().filter(|program| program.wanted) {
            if program.ended().is_some() {
                // What cannot be started now may be startable in half a second.
                let _ = program.again();
            }
        }
    }

    fn end(&mut self) {
        drop(self.volumes.take());
        // Clients first, so that none complains of what it talks to.
        for program in self.programs.iter_mut().rev() {
            program.kill();
        }
        let _ = std::fs::remove_file(self.layout.control());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs kubectl to its end as a user that has a kubeconfig.
///
/// # Errors
/// There is no kubectl. What it says is in the output.
pub fn kubectl(layout: &Layout, user: &str, words: &[&str], input: &str) -> Result<Output> {
    let mut command = Command::new(installed(BINARIES[4].name)?);
    command.args(words).env("KUBECONFIG", layout.kubeconfig(user));
    // Not what the person has in the home folder: discovery of another server, preferences.
    command.arg("--cache-dir").arg(layout.folder().join("kubectl")).env("KUBERC", "off");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context("kubectl")?;
    let mut pipe = child.stdin.take().context("it was piped")?;
    let text = input.to_owned();
    let writer = std::thread::spawn(move || pipe.write_all(text.as_bytes()));
    let output = child.wait_with_output()?;
    // Who does not read its input is not wrong.
    let _ = writer.join();
    Ok(output)
}

fn nodes() -> Value {
    let size = json!({"cpu": "64", "memory": "512Gi", "ephemeral-storage": "4Ti", "pods": "2000"});
    let node = |number: usize| {
        let name = format!("node-{number}");
        json!({
            "apiVersion": "v1", "kind": "Node",
            "metadata": {"name": name, "labels": {
                "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
            }},
            "status": {"capacity": size, "allocatable": size},
        })
    };
    json!({"apiVersion": "v1", "kind": "List", "items": (0..NODES).map(node).collect::<Vec<_>>()})
}
