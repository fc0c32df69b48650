//! In which order a change reaches the workloads (E3), without a cluster: what would run is kept in a map.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::{SignedDuration, Timestamp};
use zuul_operator::api::ZuulStatus;
use zuul_operator::api::status::WorkloadStatus;
use zuul_operator::cli::bundle::Bundle;
use zuul_operator::cli::files::read_all;
use zuul_operator::desired::object::Object;
use zuul_operator::desired::{Causes, Id, Kind};
use zuul_operator::inputs::Inputs;
use zuul_operator::plan::{Plan, plan};
use zuul_operator::plugin::{Catalog, Options};
use zuul_operator::rollout::{Change, Rollout, Running, rollout, running};
use zuul_operator_tests::source::workspace;

const LAUNCHERS: [&str; 3] = [
    "zuul-nodepool-launcher-kubernetes-35ef5bc4",
    "zuul-nodepool-launcher-openstack-cloud-a-eu-983e5cc2",
    "zuul-nodepool-launcher-openstack-cloud-a-us-58796439",
];

/// What runs, and what was said of it.
#[derive(Clone)]
struct Site {
    running: BTreeMap<Id, Running>,
    status: ZuulStatus,
    now: Time,
}

fn inputs() -> Inputs {
    inputs_of("deploy/examples/site")
}

fn inputs_of(folder: &str) -> Inputs {
    let folder = workspace().join(folder);
    let (sources, remarks) = read_all(&[folder], &mut std::io::empty()).expect("the example");
    Bundle::read(sources, remarks).zuuls().next().expect("one Zuul").inputs
}

fn planned(inputs: &Inputs) -> Plan {
    let catalog = Catalog::open(Options::default()).expect("the built-in plugins");
    let plan = plan(inputs, &catalog);
    assert!(!plan.has_errors(), "{:?}", plan.findings);
    plan
}

fn with_version(version: &str) -> Plan {
    let mut inputs = inputs();
    inputs.zuul["spec"]["zuulImageVersion"] = version.into();
    planned(&inputs)
}

fn with_secret(name: &str) -> Plan {
    let mut inputs = inputs();
    inputs.secrets.get_mut(name).expect(name).version = "2".to_owned();
    planned(&inputs)
}

impl Site {
    /// One in which a plan is complete.
    fn complete(plan: &Plan) -> Self {
        let now = Time(Timestamp::UNIX_EPOCH);
        let mut site = Self { running: BTreeMap::new(), status: ZuulStatus::default(), now };
        site.step(plan);
        site.finish();
        site.status.version = Some("14.3.0".to_owned());
        site
    }

    /// Applies what does not wait; what was replaced is not complete yet.
    fn step(&mut self, plan: &Plan) -> Rollout {
        let rollout = rollout(plan, &self.running, &self.status, &self.now);
        self.status.rollout.clone_from(&rollout.status);
        for object in plan.objects.iter().filter(|object| !rollout.waits.contains(&Id::of(object))) {
            if let Some(change) = rollout.changes.get(&Id::of(object)) {
                let is_same = matches!(change, Change::Nothing | Change::Reload(_));
                let was = self.running.get(&Id::of(object)).is_some_and(|it| it.is_complete);
                let running = Running { causes: Causes::of(object), is_complete: is_same && was };
                self.running.insert(Id::of(object), running);
            }
        }
        rollout
    }

    fn finish(&mut self) {
        self.running.values_mut().for_each(|it| it.is_complete = true);
    }

    /// The workloads of each wave, until nothing is left.
    fn waves(&mut self, plan: &Plan) -> Vec<(i32, Vec<String>)> {
        let mut waves = Vec::new();
        while let Some(status) = self.step(plan).status {
            assert!(waves.len() < 9, "it does not end: {waves:?}");
            waves.push((status.wave, status.workloads));
            self.finish();
        }
        waves
    }
}

fn owned(waves: &[(i32, &[&str])]) -> Vec<(i32, Vec<String>)> {
    waves.iter().map(|(wave, names)| (*wave, names.iter().map(|it| (*it).to_owned()).collect())).collect()
}

#[test]
fn an_install_starts_at_once() {
    let plan = planned(&inputs());
    let rollout = rollout(&plan, &BTreeMap::new(), &ZuulStatus::default(), &Time(Timestamp::UNIX_EPOCH));
    assert!(rollout.waits.is_empty());
    assert_eq!(rollout.status, None);
    assert!(rollout.changes.values().all(|change| *change == Change::Start), "{:?}", rollout.changes);
}

#[test]
fn a_new_version_goes_in_the_documented_order() {
    let mut site = Site::complete(&planned(&inputs()));
    let waves = site.waves(&with_version("14.4.0"));
    let expected: [(i32, &[&str]); 4] = [
        (1, &["zuul-executor"]),
        (2, &["zuul-merger"]),
        (3, &["zuul-scheduler"]),
        (4, &["zuul-fingergw", "zuul-web"]),
    ];
    let sorted = waves.into_iter().map(|(wave, mut names)| {
        names.sort();
        (wave, names)
    });
    assert_eq!(sorted.collect::<Vec<_>>(), owned(&expected));
}

#[test]
fn launchers_go_with_the_schedulers() {
    let mut site = Site::complete(&planned(&inputs()));
    let waves = site.waves(&with_secret("zuul-zookeeper-client"));
    let third: BTreeSet<&str> = waves[2].1.iter().map(String::as_str).collect();
    let expected = LAUNCHERS.into_iter().chain(["zuul-nodepool-builder", "zuul-scheduler"]);
    assert_eq!(third, expected.collect());
    assert_eq!(waves.len(), 4);
}

#[test]
fn a_wave_waits_for_the_one_before_with_its_configuration() {
    let (old, new) = (planned(&inputs()), with_secret("github"));
    let mut site = Site::complete(&old);
    let first = site.step(&new);
    let again = site.step(&new);
    assert_eq!(first.status, again.status, "the executors are not ready yet");
    let status = again.status.expect("a rollout");
    assert_eq!((status.wave, status.workloads), (1, vec!["zuul-executor".to_owned()]));
    assert_eq!(status.waiting, ["zuul-scheduler", "zuul-merger", "zuul-web"].map(str::to_owned).sorted());
    let waits: BTreeSet<&str> = again.waits.iter().map(|id| id.name.as_str()).collect();
    assert!(waits.contains("zuul-scheduler-config"), "{waits:?}");
    assert!(!waits.contains("zuul-executor-config") && !waits.contains("zuul-fingergw-config"), "{waits:?}");
}

trait Sorted {
    fn sorted(self) -> Vec<String>;
}

impl<const N: usize> Sorted for [String; N] {
    /// As the statuses have them: StatefulSets first, then by name.
    fn sorted(self) -> Vec<String> {
        let mut all = self.to_vec();
        all.sort_by_key(|name| (name == "zuul-web", name.clone()));
        all
    }
}

#[test]
fn the_cause_is_told() {
    let site = Site::complete(&planned(&inputs()));
    let new = with_secret("gerrit");
    let rollout = rollout(&new, &site.running, &site.status, &site.now);
    let told: BTreeMap<&str, String> =
        rollout.changes.iter().filter_map(|(id, change)| Some((id.name.as_str(), change.told()?))).collect();
    let because = "restarted: Secret/gerrit changed".to_owned();
    let readers = ["zuul-executor", "zuul-merger", "zuul-scheduler"];
    assert_eq!(told, readers.map(|name| (name, because.clone())).into());
}

#[test]
fn tenants_are_reloaded_and_nothing_waits() {
    let mut site = Site::complete(&planned(&inputs()));
    let mut inputs = inputs();
    inputs.config_maps.get_mut("zuul-tenants").expect("tenants").version = "2".to_owned();
    let rollout = site.step(&planned(&inputs));
    let changed: Vec<_> = rollout.changes.iter().filter(|(_, change)| **change != Change::Nothing).collect();
    let [(id, Change::Reload(causes))] = changed.as_slice() else { panic!("{changed:?}") };
    assert_eq!(
        (id.name.as_str(), causes.as_slice()),
        ("zuul-scheduler", &["ConfigMap/zuul-tenants".to_owned()][..])
    );
    assert!(rollout.waits.is_empty() && rollout.status.is_none());
}

#[test]
fn another_number_of_pods_changes_nothing_else() {
    let site = Site::complete(&planned(&inputs()));
    let mut inputs = inputs();
    inputs.zuul["spec"]["executor"]["count"] = 7.into();
    let rollout = rollout(&planned(&inputs), &site.running, &site.status, &site.now);
    assert!(rollout.changes.values().all(|change| *change == Change::Nothing), "{:?}", rollout.changes);
    assert_eq!(rollout.status, None);
}

#[test]
fn an_edit_on_the_way_takes_effect_at_once() {
    let mut site = Site::complete(&planned(&inputs()));
    let new = with_version("14.4.0");
    for wave in 1..=2 {
        assert_eq!(site.step(&new).status.expect("a rollout").wave, wave);
        site.finish();
    }
    assert_eq!(site.step(&new).status.expect("a rollout").wave, 3);
    let status = site.step(&with_version("14.3.0")).status.expect("a rollout");
    assert_eq!(status.wave, 1, "back to the first wave, the schedulers waiting for their turn");
    assert!(status.workloads.contains(&"zuul-executor".to_owned()), "{status:?}");
}

#[test]
fn after_a_crash_the_wave_goes_on() {
    let mut site = Site::complete(&planned(&inputs()));
    let new = with_version("14.4.0");
    let before = site.step(&new);
    // What runs and what was announced is all that is left.
    let mut restarted =
        Site { now: Time(Timestamp::UNIX_EPOCH + SignedDuration::from_mins(3)), ..site.clone() };
    let after = restarted.step(&new);
    assert_eq!(after.status, before.status, "the deadline counts from the beginning");
    assert_eq!(after.waits, before.waits);
}

#[test]
fn what_never_was_complete_waits_for_nobody() {
    let mut site = Site::complete(&planned(&inputs()));
    site.status.version = None;
    let rollout = rollout(&with_secret("zuul-zookeeper-client"), &site.running, &site.status, &site.now);
    assert!(rollout.waits.is_empty() && rollout.status.is_none());
}

#[test]
fn a_wave_has_the_grace_of_its_pods_and_a_quarter_of_an_hour() {
    let mut site = Site::complete(&planned(&inputs()));
    let status = site.step(&with_secret("zuul-executor-ssh")).status.expect("a rollout");
    let grace = planned(&inputs()).objects.iter().find_map(|object| match object {
        Object::StatefulSet(set) if set.metadata.name.as_deref() == Some("zuul-executor") => {
            let spec = set.spec.as_ref()?;
            // One pod after the other.
            let pods = i64::from(spec.replicas?);
            spec.template.spec.as_ref()?.termination_grace_period_seconds.map(|grace| grace * pods)
        }
        _ => None,
    });
    let expected = SignedDuration::from_secs(grace.expect("a grace")) + SignedDuration::from_mins(15);
    assert_eq!(status.deadline.0.duration_since(status.since.0), expected);
}

#[test]
fn a_change_is_taken_back_while_an_old_component_is_left() {
    let workload = |component: &str, version: &str, updated| WorkloadStatus {
        component: component.to_owned(),
        version: Some(version.to_owned()),
        wanted: 2,
        updated,
        ..WorkloadStatus::default()
    };
    let said = |workloads: &[WorkloadStatus]| {
        running(&ZuulStatus {
            version: Some("14.3.0".to_owned()),
            workloads: workloads.to_vec(),
            ..ZuulStatus::default()
        })
    };
    let others = [workload("nodepool-launcher", "11.0.0", 2), workload("registry", "latest", 2)];
    let mut all = vec![workload("executor", "14.4.0", 2), workload("scheduler", "14.4.0", 2)];
    all.extend(others);
    let old = [all.clone(), vec![workload("web", "14.3.0", 2)]].concat();
    assert_eq!(said(&old).as_deref(), Some("14.3.0"));
    let half = [all.clone(), vec![workload("web", "14.4.0", 1)]].concat();
    assert_eq!(said(&half).as_deref(), Some("14.3.0"), "one of the old ones is left");
    let new = [all, vec![workload("web", "14.4.0", 2)]].concat();
    assert_eq!(said(&new).as_deref(), Some("14.4.0"), "none of them is ready, and none is old");
    assert_eq!(said(&[]).as_deref(), Some("14.3.0"));
    assert_eq!(
        running(&ZuulStatus { workloads: new, ..ZuulStatus::default() }),
        None,
        "it never was complete"
    );
}

#[test]
fn every_configuration_is_mounted_by_the_workloads_that_read_it() {
    let plan = planned(&inputs_of("tests/golden/clouds-without-credentials/input"));
    let mounted = |name: &str| {
        let readers = plan.objects.iter().filter(|object| {
            [Kind::Secret, Kind::ConfigMap]
                .iter()
                .any(|kind| object.mounts(&Id { kind: *kind, name: name.to_owned() }))
        });
        readers.filter_map(|object| object.metadata().name.clone()).collect::<Vec<_>>()
    };
    for object in &plan.objects {
        let id = Id::of(object);
        if matches!(id.kind, Kind::Secret | Kind::ConfigMap) {
            assert!(!mounted(&id.name).is_empty(), "nobody mounts {id:?}");
        }
    }
    // Though it is labelled as the scheduler's.
    assert_eq!(mounted("zuul-clouds"), ["zuul-scheduler", "zuul-web"]);
    assert_eq!(mounted("zuul-scheduler-config"), ["zuul-scheduler"]);
}
