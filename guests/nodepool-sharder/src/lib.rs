//! Cuts one nodepool.yaml into one file a launcher, and one for the builders.
//!
//! `read` makes a tree of the file that keeps how each scalar was written, `check` says what
//! Nodepool would die of, `cut` shares the tree out, and `write` makes text of it again.
#![forbid(unstable_features)]

mod check;
mod check_driver;
mod check_yaml;
mod codes;
mod cut;
mod findings;
mod names;
mod node;
mod nodepool_yaml;
mod read;
mod refusal;
mod scalar;
mod write;

use std::rc::Rc;

use zuul_plugin_sdk::sharder::{Answer, Description, Request};
use zuul_plugin_sdk::{Sharder, code_infos, export_nodepool_sharder};

use findings::Findings;
use node::Kind;
use nodepool_yaml::NodepoolYaml;

/// The cutter of nodepool.yaml.
pub struct NodepoolSharder;

impl Sharder for NodepoolSharder {
    fn describe() -> Description {
        Description {
            codes: code_infos(codes::ALL),
            summary: "Cuts nodepool.yaml into one file a launcher, and one for the builders.".to_owned(),
            extra: Vec::new(),
        }
    }

    fn cut(request: Request) -> Answer {
        let mut findings = Findings::default();
        let (shards, builder_yaml) = cut_file(&request, &mut findings).unwrap_or_default();
        Answer { shards, builder_yaml, findings: findings.into_vec(), extra: Vec::new() }
    }
}

/// `None` where an error was found: half of a cut would take launchers away.
fn cut_file(
    request: &Request,
    findings: &mut Findings,
) -> Option<(Vec<zuul_plugin_sdk::sharder::Shard>, Option<String>)> {
    let root = match read::read(&request.nodepool_yaml) {
        Ok(Some(root)) => root,
        Ok(None) => node::Node::mapping(Vec::new()),
        Err(finding) => {
            findings.push(*finding);
            return None;
        }
    };
    if cfg!(target_family = "wasm") {
        // Everything is gone with the sandbox: taking the tree apart before would be a fifth of the call.
        std::mem::forget(Rc::clone(&root));
    }
    let is_null = root.type_of == scalar::Type::Null;
    if !is_null && !matches!(root.kind, Kind::Mapping(_)) {
        findings.error(
            "NodepoolNotMapping",
            "",
            "the file is no mapping",
            "write `providers:`, `labels:` and so on at the beginning of lines",
        );
        return None;
    }
    check_yaml::check(&root, findings);
    let file = NodepoolYaml::new(&root, findings);
    check::check(&file, request, findings);
    cut::note_timeout(&root, findings);
    if findings.have_error() {
        return None;
    }
    let shards = cut::shards(&file, request, findings);
    let builder = cut::builder(&file, request);
    (!findings.have_error()).then_some((shards, builder))
}

export_nodepool_sharder!(NodepoolSharder);
