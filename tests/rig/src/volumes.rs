//! Volumes for claims: one is made for whatever is claimed, of any class. Nothing is ever stored in them, as no pod
//! really runs.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, sleep};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::binaries::BINARIES;
use crate::installed;
use crate::layout::Layout;
use crate::program::CHILD;
use crate::server::kubectl;

/// Claims that are made together are looked at together.
const TOGETHER: Duration = Duration::from_millis(200);
/// When the API server does not answer, it is asked again after this.
const AGAIN: Duration = Duration::from_millis(500);
/// The label of the volumes that are made here.
const OURS: &str = "zuul-ci.org/test-volume";
/// Whose requests are not in the audit log.
const USER: &str = "kwok";

/// Provides volumes until it is dropped.
pub struct Volumes {
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    ended: AtomicBool,
    watch: Mutex<Option<Child>>,
}

impl Volumes {
    /// Begins.
    #[must_use]
    pub fn provide(layout: &Layout) -> Self {
        let state = Arc::new(State::default());
        let (its, layout) = (Arc::clone(&state), layout.clone());
        let thread = std::thread::spawn(move || {
            while !its.ended.load(Ordering::SeqCst) {
                // A test may have stopped the API server: there is a next time.
                let _ = its.follow(&layout);
                sleep(AGAIN);
            }
        });
        Self { state, thread: Some(thread) }
    }
}

impl Drop for Volumes {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        self.state.end_watch();
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl State {
    /// Looks whenever a claim changes, until the watch ends.
    fn follow(&self, layout: &Layout) -> Result<()> {
        let lines = {
            let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
            if self.ended.load(Ordering::SeqCst) {
                return Ok(());
            }
            let child = watch.insert(start(layout)?);
            BufReader::new(child.stdout.take().context("it was piped")?).lines()
        };
        let (sender, changes) = channel();
        let reader =
            std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|_| sender.send(())));
        while changes.recv().is_ok() {
            sleep(TOGETHER);
            changes.try_iter().for_each(drop);
            while !self.ended.load(Ordering::SeqCst) && look(layout).is_err() {
                sleep(AGAIN);
            }
        }
        let _ = reader.join();
        self.end_watch();
        Ok(())
    }

    fn end_watch(&self) {
        if let Some(mut child) = self.watch.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Starts a kubectl that writes a line when a claim changes.
fn start(layout: &Layout) -> Result<Child> {
    let mut command = Command::new("/proc/self/exe");
    command.arg(CHILD).arg(std::process::id().to_string()).arg(installed(BINARIES[4].name)?);
    command.args(["get", "pvc", "--all-namespaces", "--watch", "--output=name"]);
    command.arg("--cache-dir").arg(layout.folder().join("kubectl")).env("KUBERC", "off");
    command.env("KUBECONFIG", layout.kubeconfig(USER));
    Ok(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?)
}

/// Makes volumes for claims that have none, and deletes those whose claims are gone.
fn look(layout: &Layout) -> Result<()> {
    let list = |words: &[&str]| -> Result<Vec<Value>> {
        let text = run(layout, &[words, &["-o", "json"]].concat(), "")?;
        let list: Value = serde_json::from_str(&text)?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    };
    // Volumes first: one whose claim is made in between is not taken for one whose claim is gone.
    let volumes = list(&["get", "pv", "--selector", OURS])?;
    let claims = list(&["get", "pvc", "--all-namespaces"])?;
    let known: BTreeSet<&str> =
        volumes.iter().filter_map(|volume| volume["metadata"]["name"].as_str()).collect();
    let claimed: BTreeSet<String> = claims.iter().map(name).collect();
    let open = claims.iter().filter(|claim| claim["spec"]["volumeName"].is_null());
    let made: Vec<Value> = open.filter(|claim| !known.contains(name(claim).as_str())).map(volume).collect();
    if !made.is_empty() {
        let list = json!({"apiVersion": "v1", "kind": "List", "items": made});
        run(layout, &["create", "-f", "-"], &list.to_string())?;
    }
    let gone: Vec<&str> = known.into_iter().filter(|name| !claimed.contains(*name)).collect();
    if !gone.is_empty() {
        run(layout, &[&["delete", "pv", "--wait=false", "--ignore-not-found"], &gone[..]].concat(), "")?;
    }
    Ok(())
}

/// The name of a claim's volume.
fn name(claim: &Value) -> String {
    format!("pvc-{}", claim["metadata"]["uid"].as_str().unwrap_or_default())
}

/// A volume for one claim and no other.
fn volume(claim: &Value) -> Value {
    let (metadata, spec) = (&claim["metadata"], &claim["spec"]);
    json!({
        "apiVersion": "v1", "kind": "PersistentVolume",
        "metadata": {"name": name(claim), "labels": {OURS: ""}},
        "spec": {
            "capacity": {"storage": spec["resources"]["requests"]["storage"]},
            "accessModes": spec["accessModes"],
            "volumeMode": spec["volumeMode"],
            "storageClassName": spec["storageClassName"].as_str().unwrap_or_default(),
            "persistentVolumeReclaimPolicy": "Retain",
            "hostPath": {"path": "/nowhere"},
            "claimRef": {
                "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                "namespace": metadata["namespace"], "name": metadata["name"], "uid": metadata["uid"],
            },
        },
    })
}

fn run(layout: &Layout, words: &[&str], input: &str) -> Result<String> {
    let output = kubectl(layout, USER, &[words, &["--request-timeout=5s"]].concat(), input)?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
