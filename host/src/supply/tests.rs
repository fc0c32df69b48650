use k8s_openapi::jiff::Timestamp;

use super::*;
use crate::contract::FailureReason;

mod watching;

const ONE: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222222222222222222222222222";

/// Of another world than [`ONE`] and [`TWO`].
const OTHER: &str = "3333333333333333333333333333333333333333333333333333333333333333";

impl Serves for String {
    fn serves(&self) -> BTreeSet<String> {
        let what = if self == OTHER { "the world nodepool-sharder" } else { "the driver gerrit" };
        BTreeSet::from([what.to_owned()])
    }
}

/// Shelves of plugins that are their digests, and the cluster that they are about.
#[derive(Default)]
struct Rig {
    shelves: Shelves<String>,
    cluster: BTreeSet<(String, String)>,
    versions: i64,
}

impl Rig {
    fn map(&mut self, name: &str, plugin: &str, digest: &str) -> Map {
        self.versions += 1;
        Map {
            namespace: "zuul".to_owned(),
            name: name.to_owned(),
            uid: format!("uid-{}", self.versions),
            version: self.versions.to_string(),
            created: Timestamp::from_second(self.versions).ok().map(Time),
            plugin: plugin.to_owned(),
            digest: digest.to_owned(),
            is_accepted: false,
        }
    }

    fn see(&mut self, map: &Map) {
        self.cluster.insert((map.namespace.clone(), map.name.clone()));
        assert!(self.shelves.saw(map.clone()), "{map:?} is new");
    }

    /// A user applies it, and it is checked with this result.
    fn apply(&mut self, name: &str, digest: &str, result: Result<(), Why>) -> Map {
        let map = self.map(name, "gerrit", digest);
        self.see(&map);
        self.shelves.checked(&map, result.map(|()| digest.to_owned()));
        map
    }

    /// The leader does what is to be done, and watches tell of it.
    fn lead(&mut self) -> Vec<Step> {
        let steps = self.shelves.steps();
        for step in &steps {
            match step {
                Step::Accept(map) => {
                    let name = accepted_name(&map.plugin, &map.digest);
                    let copy = Map { is_accepted: true, ..self.map(&name, &map.plugin, &map.digest) };
                    self.see(&copy);
                    self.shelves.checked(&copy, Ok(copy.digest.clone()));
                }
                Step::Remove(map) => self.delete(map),
            }
        }
        steps
    }

    fn delete(&mut self, map: &Map) {
        self.cluster.remove(&(map.namespace.clone(), map.name.clone()));
        self.shelves.gone(&map.namespace, &map.name, &map.uid);
    }

    fn serving(&self) -> Vec<String> {
        self.shelves.serving("zuul").into_iter().map(|it| it.code).collect()
    }

    fn whys(&self) -> Vec<Why> {
        self.shelves.notes("zuul").into_iter().map(|note| note.why).collect()
    }

    /// Another process, which sees what there is; checks of what is accepted give `result`.
    fn restarted(&self, result: &Result<(), Why>) -> Self {
        let mut other = Self { versions: self.versions, cluster: self.cluster.clone(), ..Self::default() };
        for map in self.shelves.held_maps() {
            other.shelves.saw(map.clone());
            if map.is_accepted {
                assert!(!other.shelves.is_settled(), "it is not known yet whether it can serve");
                assert!(other.shelves.steps().is_empty());
            }
            other.shelves.checked(&map, result.clone().map(|()| map.digest.clone()));
        }
        assert!(other.shelves.is_settled());
        other
    }
}

fn broken() -> Why {
    Why::Refused(FailureReason::WrongWorld, "it exports nothing".to_owned())
}

#[test]
fn what_is_good_serves_once_it_was_copied() {
    let mut rig = Rig::default();
    let wanted = rig.map("mine", "gerrit", ONE);
    rig.see(&wanted);
    assert!(rig.shelves.steps().is_empty(), "it is not checked yet");
    rig.shelves.checked(&wanted, Ok(ONE.to_owned()));
    assert!(rig.serving().is_empty(), "a follower, too, waits for the copy");
    assert_eq!(rig.lead(), [Step::Accept(wanted)]);
    assert_eq!(rig.serving(), [ONE]);
    let serving = rig.shelves.serving("zuul").remove(0);
    assert_eq!(serving.source, "ConfigMap zuul/zuul-operator-plugin-gerrit-111111111111");
    assert!(serving.since.is_some() && rig.whys().is_empty() && rig.lead().is_empty());
    assert!(rig.shelves.serving("other").is_empty());
}

#[test]
fn a_newer_one_takes_the_place_and_the_old_copy_goes() {
    let mut rig = Rig::default();
    rig.apply("mine", ONE, Ok(()));
    rig.lead();
    rig.apply("mine", TWO, Ok(()));
    assert_eq!(rig.serving(), [ONE]);
    assert!(matches!(rig.lead().as_slice(), [Step::Accept(map)] if map.digest == TWO));
    assert_eq!(rig.serving(), [TWO]);
    assert!(matches!(rig.lead().as_slice(), [Step::Remove(map)] if map.digest == ONE && map.is_accepted));
    assert!(rig.lead().is_empty());
    rig.apply("mine", ONE, Ok(()));
    rig.lead();
    rig.lead();
    assert_eq!((rig.serving(), rig.lead()), (vec![ONE.to_owned()], vec![]), "and back");
    assert_eq!(rig.cluster.len(), 2);
}

#[test]
fn a_broken_one_replaces_nothing() {
    let mut rig = Rig::default();
    rig.apply("mine", ONE, Ok(()));
    rig.lead();
    rig.apply("mine", TWO, Err(broken()));
    assert!(rig.lead().is_empty());
    assert_eq!((rig.serving(), rig.whys()), (vec![ONE.to_owned()], vec![broken()]));
    let note = rig.shelves.notes("zuul").remove(0);
    assert_eq!((note.wanted.as_str(), note.is_error), (TWO, false));
    let finding = note.finding().expect("it is said");
    assert_eq!(
        (finding.severity, finding.code.as_str(), finding.message.as_str()),
        (
            Severity::Warning,
            "PluginRefused",
            "the plugin gerrit (ConfigMap zuul/mine) is not used: WrongWorld: it exports nothing; \
             111111111111 serves on"
        )
    );
    let mut other = rig.restarted(&Ok(()));
    let wanted = other.shelves.held_maps().into_iter().find(|map| !map.is_accepted).expect("it is there");
    other.shelves.checked(&wanted, Err(broken()));
    assert_eq!((other.serving(), other.whys()), (vec![ONE.to_owned()], vec![broken()]));
    assert!(other.lead().is_empty());
}

#[test]
fn one_that_does_not_serve_what_is_served_replaces_nothing_until_that_is_removed() {
    let mut rig = Rig::default();
    rig.apply("mine", ONE, Ok(()));
    rig.lead();
    rig.apply("mine", OTHER, Ok(()));
    let lacks = Why::Lacks(vec!["the driver gerrit".to_owned()]);
    let other = rig.restarted(&Ok(()));
    for rig in [&rig, &other] {
        assert!(rig.shelves.steps().is_empty());
        assert_eq!((rig.serving(), rig.whys()), (vec![ONE.to_owned()], vec![lacks.clone()]));
    }
    let copy = rig.shelves.held_maps().into_iter().find(|map| map.is_accepted).expect("it is there");
    rig.delete(&copy);
    assert!(rig.serving().is_empty(), "it was removed by hand");
    rig.lead();
    assert_eq!((rig.serving(), rig.whys()), (vec![OTHER.to_owned()], vec![]));
}

#[test]
fn a_deleted_one_serves_on_also_after_a_restart_until_the_copy_is_deleted() {
    let mut rig = Rig::default();
    let wanted = rig.apply("mine", ONE, Ok(()));
    rig.lead();
    rig.delete(&wanted);
    assert_eq!((rig.serving(), rig.whys()), (vec![ONE.to_owned()], vec![Why::Deleted]));
    let mut other = rig.restarted(&Ok(()));
    assert_eq!((other.serving(), other.whys()), (vec![ONE.to_owned()], vec![Why::Deleted]));
    assert!(rig.lead().is_empty() && other.lead().is_empty());
    let copy = rig.shelves.held_maps().remove(0);
    rig.delete(&copy);
    assert!(rig.serving().is_empty() && rig.whys().is_empty() && rig.shelves.namespaces().is_empty());
}

#[test]
fn a_copy_that_is_deleted_while_it_is_wanted_is_made_again_and_serves_all_the_time() {
    let mut rig = Rig::default();
    let wanted = rig.apply("mine", ONE, Ok(()));
    rig.lead();
    let copy = rig.shelves.held_maps().into_iter().find(|map| map.is_accepted).expect("it is there");
    rig.delete(&copy);
    assert_eq!(rig.serving(), [ONE]);
    assert_eq!(rig.lead(), [Step::Accept(wanted)]);
    assert_eq!((rig.serving(), rig.lead()), (vec![ONE.to_owned()], vec![]));
}

#[test]
fn two_that_claim_a_name_change_nothing() {
    let mut rig = Rig::default();
    rig.apply("mine", ONE, Ok(()));
    rig.lead();
    let other = rig.apply("other", TWO, Ok(()));
    assert!(rig.lead().is_empty());
    let both = Why::Claimed(vec!["mine".to_owned(), "other".to_owned()]);
    assert_eq!((rig.serving(), rig.whys()), (vec![ONE.to_owned()], vec![both]));
    rig.delete(&other);
    assert!(rig.whys().is_empty() && rig.lead().is_empty());
}

#[test]
fn what_was_accepted_and_cannot_be_loaded_is_an_error_and_no_reason_for_the_built_in_one() {
    let mut rig = Rig::default();
    let wanted = rig.apply("mine", ONE, Ok(()));
    rig.lead();
    rig.delete(&wanted);
    let mut newer = rig.restarted(&Err(broken()));
    assert!(newer.serving().is_empty() && newer.lead().is_empty(), "an older operator may load it");
    let notes = newer.shelves.notes("zuul");
    assert!(matches!(notes.as_slice(), [note] if note.is_error && note.why == broken()), "{notes:?}");
    newer.apply("mine", TWO, Ok(()));
    newer.lead();
    newer.lead();
    assert_eq!((newer.serving(), newer.whys()), (vec![TWO.to_owned()], vec![]));
    assert_eq!(newer.cluster.len(), 2, "the one that cannot be loaded is gone");
}

#[test]
fn while_an_accepted_one_is_checked_the_old_one_serves() {
    let mut rig = Rig::default();
    rig.apply("mine", ONE, Ok(()));
    rig.lead();
    let newer = Map { is_accepted: true, ..rig.map(&accepted_name("gerrit", TWO), "gerrit", TWO) };
    rig.see(&newer);
    assert_eq!((rig.serving(), rig.lead()), (vec![ONE.to_owned()], vec![]));
    rig.shelves.checked(&newer, Err(Why::Digest(ONE.to_owned())));
    assert_eq!(rig.serving(), [ONE]);
    assert!(matches!(rig.whys().as_slice(), [Why::Digest(_)]));
}
