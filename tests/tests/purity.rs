//! The same inputs give the same plan and the same bytes, and nothing is asked twice.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::sync::Arc;

use serde_json::Value;
use zuul_operator::inputs::Inputs;
use zuul_operator::plan::{Plan, Planner, plan};
use zuul_operator_tests::case::{command, inputs_of};
use zuul_operator_tests::hostile::Rig;

const FOLDERS: [&str; 4] =
    ["table", "canary/input", "golden/16-external-config/input", "../deploy/examples/site"];

fn texts(plan: &Plan) -> Vec<String> {
    plan.objects.iter().map(|object| format!("{object:?}")).collect()
}

#[test]
fn a_second_plan_is_the_same_and_calls_no_plugin() {
    for folder in FOLDERS {
        let inputs = inputs_of(folder).inputs;
        let catalog = Rig::new().catalog();
        let first = plan(&inputs, &catalog);
        let calls = catalog.counts().calls;
        let second = plan(&inputs, &catalog);
        assert!(calls > 0 && !first.objects.is_empty(), "{folder}: {:?}", first.findings);
        assert_eq!(catalog.counts().calls, calls, "{folder}");
        assert_eq!(format!("{first:?}"), format!("{second:?}"), "{folder}");
        let afresh = plan(&inputs, &Rig::new().catalog());
        assert_eq!(format!("{first:?}"), format!("{afresh:?}"), "{folder}: another catalog");
    }
}

#[test]
fn a_planner_makes_a_plan_again_when_something_changed_and_only_then() {
    let inputs = inputs_of("canary/input").inputs;
    let catalog = Rig::new().catalog();
    let mut planner = Planner::default();
    let first = planner.plan(&Arc::new(inputs.clone()), &catalog);
    assert!(Arc::ptr_eq(&first, &planner.plan(&Arc::new(inputs.clone()), &catalog)));
    assert!(
        Arc::ptr_eq(&first, &planner.plan(&Arc::new(inputs.clone()), &Rig::new().catalog())),
        "the same plugins"
    );
    assert_eq!(format!("{first:?}"), format!("{:?}", plan(&inputs, &catalog)));

    let mut changed = inputs.clone();
    changed.secrets.values_mut().next().unwrap().version.push('1');
    let second = planner.plan(&Arc::new(changed.clone()), &catalog);
    assert_eq!(format!("{second:?}"), format!("{:?}", plan(&changed, &catalog)));
    assert_ne!(format!("{first:?}"), format!("{second:?}"));

    changed.zuul["spec"]["nonsense"] = Value::Bool(true);
    let wrong = planner.plan(&Arc::new(changed.clone()), &catalog);
    assert!(wrong.has_errors() && !Arc::ptr_eq(&wrong, &planner.plan(&Arc::new(changed), &catalog)));
}

/// The order of files, and of the documents in them, is nothing.
#[test]
fn the_order_of_files_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    let text = ["zuul", "secrets", "tenants"]
        .map(|name| fs::read_to_string(format!("canary/input/{name}.yaml")).unwrap())
        .join("---\n");
    for (number, document) in text.split("---\n").enumerate() {
        let path = folder.path().join(format!("{number}.yaml"));
        fs::write(&path, document).unwrap();
        names.push(path.to_str().unwrap().to_owned());
    }
    let render = |names: &[String]| {
        let mut args = vec!["render", "--with-secrets"];
        args.extend(names.iter().flat_map(|name| ["-f", name]));
        command(&args)
    };
    let first = render(&names);
    assert!(!first.stdout.is_empty(), "{}", first.stderr);
    for _ in 0..3 {
        names.rotate_left(5);
        assert_eq!(render(&names).stdout, first.stdout);
    }
    names.reverse();
    assert_eq!(render(&names).stdout, first.stdout);
}

fn with_executors(inputs: &Inputs, count: u32) -> Inputs {
    let mut inputs = inputs.clone();
    inputs.zuul["spec"]["executor"]["count"] = Value::from(count);
    inputs
}

/// Case 15: an executor more is one field of one object, so that nothing restarts.
#[test]
fn an_executor_more_changes_one_field() {
    let inputs = inputs_of("golden/15-executor-count/input").inputs;
    let catalog = Rig::new().catalog();
    let (five, six) =
        (plan(&with_executors(&inputs, 5), &catalog), plan(&with_executors(&inputs, 6), &catalog));
    let (five, six) = (texts(&five), texts(&six));
    assert!(five.len() > 5 && five.len() == six.len());
    let changed: Vec<_> = five.iter().zip(&six).filter(|(five, six)| five != six).collect();
    let [(five, six)] = changed.as_slice() else { panic!("{} objects changed", changed.len()) };
    assert_eq!(five.matches("replicas: Some(5)").count(), 1, "{five}");
    assert_eq!(five.replace("replicas: Some(5)", "replicas: Some(6)"), **six);
}
