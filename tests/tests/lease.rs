//! Leader election on a real API server: one leads, and the next one begins only after it ended.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use k8s_openapi::api::coordination::v1::{Lease as Object, LeaseSpec};
use kube::{Api, Client};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use zuul_operator::cluster::lease::{Leadership, Lease, Settings, identity};
use zuul_operator_tests::rig::{Namespace, Rig, client, rig_or_skip};

const USER: &str = "admin";
const NAME: &str = "zuul-operator";

/// A namespace of its own on an API server.
struct Server {
    rig: &'static Rig,
    runtime: Runtime,
    client: Client,
    namespace: Namespace<'static>,
}

impl Server {
    fn new(test: &str) -> Option<Self> {
        let rig = rig_or_skip(test)?;
        let runtime = runtime();
        let client = runtime.block_on(client(rig, USER)).expect("a client");
        Some(Self { rig, runtime, client, namespace: rig.namespace() })
    }

    fn candidate(&self, name: &str, settings: Settings) -> Candidate {
        Candidate::start(name, self.rig, self.namespace.name(), settings)
    }

    fn lease(&self) -> LeaseSpec {
        let api: Api<Object> = Api::namespaced(self.client.clone(), self.namespace.name());
        self.runtime.block_on(api.get(NAME)).expect("a lease").spec.expect("its content")
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// One replica: a thread with a runtime of its own, so that it can be frozen.
struct Candidate {
    leadership: Leadership,
    orders: mpsc::SyncSender<Order>,
    wake: tokio::sync::mpsc::UnboundedSender<()>,
    thread: Option<JoinHandle<()>>,
}

enum Order {
    /// As SIGSTOP does: nothing of it runs until the receiver has news.
    Freeze(mpsc::Receiver<()>),
    /// As SIGKILL does.
    Die,
    /// As SIGTERM does.
    End,
}

impl Candidate {
    fn start(name: &str, rig: &'static Rig, namespace: &str, settings: Settings) -> Self {
        let leadership = Leadership::default();
        let (orders, received) = mpsc::sync_channel(1);
        let (wake, mut woken) = tokio::sync::mpsc::unbounded_channel();
        let (its, name, namespace) = (leadership.clone(), name.to_owned(), namespace.to_owned());
        let work = async move {
            let lease = Lease::new(
                client(rig, USER).await.expect("a client"),
                &namespace,
                NAME,
                identity(&name),
                settings,
            );
            let (end, ended) = oneshot::channel::<()>();
            let ended = async { drop(ended.await) };
            let mut running = std::pin::pin!(lease.run(its, ended));
            loop {
                tokio::select! {
                    () = &mut running => return,
                    _ = woken.recv() => match received.recv().expect("an order") {
                        Order::Freeze(until) => until.recv().expect("thawed"),
                        Order::Die => return,
                        Order::End => break,
                    },
                }
            }
            end.send(()).expect("it runs");
            running.await;
        };
        let thread = Some(std::thread::spawn(move || runtime().block_on(work)));
        Self { leadership, orders, wake, thread }
    }

    fn order(&self, order: Order) {
        self.orders.send(order).expect("it runs");
        self.wake.send(()).expect("it runs");
    }

    fn leads(&self) -> bool {
        self.leadership.may_write()
    }

    fn join(&mut self) {
        self.thread.take().expect("once").join().expect("no panic");
    }
}

impl Drop for Candidate {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.order(Order::Die);
        }
    }
}

/// Waits until exactly `who` leads; never do two. How long it took.
fn until_leads(who: &str, all: &BTreeMap<&str, &Candidate>, most: Duration) -> Duration {
    let start = Instant::now();
    loop {
        let leaders: Vec<_> = all.iter().filter(|(_, it)| it.leads()).map(|(name, _)| *name).collect();
        assert!(leaders.len() < 2, "{leaders:?} lead at the same time");
        if leaders == [who] {
            return start.elapsed();
        }
        assert!(start.elapsed() < most, "after {most:?} the leaders are {leaders:?} instead of {who}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// As the usual ones, five times as fast.
fn fast() -> Settings {
    let (s, ms) = (Duration::from_secs, Duration::from_millis);
    Settings::new(s(3), s(2), ms(400)).expect("they fit")
}

const SOON: Duration = Duration::from_secs(5);

#[test]
fn one_leads_and_what_it_gives_up_is_taken_at_once() {
    let Some(server) = Server::new("one_leads_and_what_it_gives_up_is_taken_at_once") else { return };
    let mut a = server.candidate("a", Settings::default());
    until_leads("a", &[("a", &a)].into(), SOON);
    let b = server.candidate("b", Settings::default());
    let mut told = a.leadership.watch();
    assert!(*told.borrow_and_update());
    // Long enough for the first renewal, which is at most 3 s after the lease was made.
    let made = server.lease();
    while server.lease().renew_time == made.renew_time {
        assert!(a.leads() && !b.leads());
    }
    assert_eq!(server.lease().acquire_time, made.acquire_time);
    a.order(Order::End);
    a.join();
    assert!(!a.leads() && !*told.borrow_and_update());
    let took = until_leads("b", &[("a", &a), ("b", &b)].into(), SOON);
    assert!(took < Duration::from_millis(3500), "{took:?}");
    assert_eq!(server.lease().lease_transitions, Some(1));
}

#[test]
fn a_leader_that_dies_is_followed_within_twenty_seconds() {
    let Some(server) = Server::new("a_leader_that_dies_is_followed_within_twenty_seconds") else { return };
    let mut a = server.candidate("a", Settings::default());
    until_leads("a", &[("a", &a)].into(), SOON);
    let b = server.candidate("b", Settings::default());
    // It has seen that a leads.
    let made = server.lease();
    while server.lease().renew_time == made.renew_time {}
    a.order(Order::Die);
    a.join();
    assert!(server.lease().holder_identity.is_some_and(|holder| holder.starts_with("a_")), "not given up");
    let took = until_leads("b", &[("b", &b)].into(), Duration::from_secs(20));
    assert!(took > Duration::from_secs(11), "the lease had not run out after {took:?}");
}

#[test]
fn a_frozen_leader_does_not_write_when_it_goes_on() {
    let Some(server) = Server::new("a_frozen_leader_does_not_write_when_it_goes_on") else { return };
    let a = server.candidate("a", fast());
    until_leads("a", &[("a", &a)].into(), SOON);
    let b = server.candidate("b", fast());
    let told = a.leadership.watch();
    let (thaw, frozen) = mpsc::sync_channel(1);
    a.order(Order::Freeze(frozen));
    until_leads("b", &[("a", &a), ("b", &b)].into(), Duration::from_secs(6));
    assert!(*told.borrow(), "a has not noticed yet; asked before a write, it says no all the same");
    assert!(!a.leads());
    thaw.send(()).expect("a waits");
    while *told.borrow() {
        assert!(!a.leads());
    }
    // It is a candidate like others, and learns who leads.
    drop(b);
    until_leads("a", &[("a", &a)].into(), Duration::from_secs(6));
}

#[test]
fn many_candidates_agree() {
    let Some(server) = Server::new("many_candidates_agree") else { return };
    let names = ["a", "b", "c", "d", "e"];
    let mut left: BTreeMap<&str, Candidate> =
        names.iter().map(|name| (*name, server.candidate(name, fast()))).collect();
    while !left.is_empty() {
        let start = Instant::now();
        let leader = loop {
            let leaders: Vec<_> = left.iter().filter(|(_, it)| it.leads()).map(|(name, _)| *name).collect();
            assert!(leaders.len() < 2, "{leaders:?} lead at the same time");
            if let [leader] = leaders[..] {
                break leader;
            }
            assert!(start.elapsed() < SOON, "nobody leads");
        };
        let mut leader = left.remove(leader).expect("it is there");
        leader.order(Order::End);
        leader.join();
    }
    assert_eq!(server.lease().holder_identity.as_deref(), Some(""));
    assert_eq!(server.lease().lease_transitions, Some(4));
}
