//! Offline, an object gets the verdict of a real kube-apiserver, at the same field, with the same message where it is
//! ours. `tests/corpus/ask.py` wrote the answers, of kube-apiserver 1.36.3 with the definition of `crds/`.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};
use zuul_operator::api::schema::{Structure, complete, repair, rules, structure};
use zuul_operator::diagnostic::{FieldPath, Finding, Step};

/// What the API server adds when it did not come to the rules.
const UNCHECKED: &str = "<nil>";

fn read(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(format!("corpus/{name}.json")).unwrap()).unwrap()
}

/// What is refused, the paths that are told as being dropped, and the object as it would be stored.
fn ours(spec: &Value) -> (Vec<Finding>, Vec<FieldPath>, Option<Value>) {
    let zuul = json!({"apiVersion": "zuul-ci.org/v1alpha1", "kind": "Zuul", "metadata": {"name": "z"}, "spec": spec});
    let completed = complete(&zuul);
    let Structure { findings, mut left_out } = structure(&completed);
    // What the API server drops without a word is an error of ours, and no refusal of its.
    let (dropped, mut refused): (Vec<_>, Vec<_>) =
        findings.into_vec().into_iter().partition(|it| it.code == "UnknownField");
    let dropped = dropped.into_iter().map(|it| it.path).collect();
    let stored = repair(&completed, &mut left_out);
    refused.extend(stored.iter().flat_map(|stored| rules(stored, &left_out)));
    (refused, dropped, stored.map(|mut stored| stored["spec"].take()))
}

/// An empty section is a section, offline and in the controller; the API server stores its null.
fn without_nulls(spec: &Value) -> Value {
    let fields = spec.as_object().into_iter().flatten();
    fields.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn compare(spec: &Value, answer: &Value) -> Result<(), String> {
    let (refused, dropped, stored) = ours(spec);
    if let Some(accepted) = answer.get("accepted") {
        if !refused.is_empty() {
            return Err(format!("refused by us alone: {refused:?}"));
        }
        let pointer = |path: &FieldPath| {
            path.0
                .iter()
                .skip(1)
                .map(|step| match step {
                    Step::Key(key) => format!("/{key}"),
                    Step::Index(index) => format!("/{index}"),
                })
                .collect::<String>()
        };
        if let Some(kept) = dropped.iter().find(|path| accepted.pointer(&pointer(path)).is_some()) {
            return Err(format!("{kept} is not dropped"));
        }
        if !dropped.is_empty() {
            return Ok(());
        }
        let nulls: BTreeSet<&String> = accepted
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, it)| it.is_null())
            .map(|(name, _)| name)
            .collect();
        let mut stored = stored.unwrap();
        stored.as_object_mut().unwrap().retain(|name, _| !nulls.contains(name));
        let accepted = without_nulls(accepted);
        return if stored == accepted { Ok(()) } else { Err(format!("stored {accepted}, by us {stored}")) };
    }
    let causes: Vec<(String, String)> = serde_json::from_value(answer["refused"].clone()).unwrap();
    let saw_rules = causes.iter().all(|(field, _)| field != UNCHECKED);
    let theirs: BTreeSet<&str> =
        causes.iter().map(|(field, _)| field.as_str()).filter(|field| *field != UNCHECKED).collect();
    let told = refused.iter().filter(|it| saw_rules || it.code != "Rule");
    let mine: BTreeSet<String> = told.map(|it| it.path.to_string()).collect();
    if theirs != mine.iter().map(String::as_str).collect() {
        return Err(format!("refused at {theirs:?}, by us at {mine:?}"));
    }
    for rule in refused.iter().filter(|it| saw_rules && it.code == "Rule") {
        let same = |(_, message): &(String, String)| message.ends_with(&rule.message);
        if !causes.iter().any(same) {
            return Err(format!("no cause says {:?}: {causes:?}", rule.message));
        }
    }
    Ok(())
}

#[test]
fn verdicts_are_those_of_the_api_server() {
    let answers: BTreeMap<String, Value> = serde_json::from_value(read("answers")).unwrap();
    let cases = read("cases");
    let cases = cases.as_array().unwrap();
    assert!(cases.len() >= 60 && cases.len() == answers.len(), "{} {}", cases.len(), answers.len());
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let name = case["name"].as_str().unwrap();
            compare(&case["spec"], &answers[name]).err().map(|why| format!("{name}: {why}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let refused = answers.values().filter(|answer| answer.get("refused").is_some()).count();
    assert!(refused > 30 && answers.len() - refused > 25, "{refused} of {}", answers.len());
}
