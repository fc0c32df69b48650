//! Files made to hurt, and files made at random: a finding at worst, and soon.
#![allow(missing_docs)]

mod kit;

use std::time::{Duration, Instant};

use kit::{cut, request, said};
use zuul_plugin_nodepool_sharder::NodepoolSharder;
use zuul_plugin_sdk::Sharder;
use zuul_plugin_sdk::sharder::ShardBy;

/// Without optimisation, on a busy machine.
const SOON: Duration = Duration::from_secs(20);

fn refused(file: &str, code: &str) {
    let start = Instant::now();
    let answer = cut(file);
    let said = said(&answer);
    assert!(said.iter().any(|line| line.contains(code)), "{said:?}");
    assert!(answer.shards.is_empty());
    assert!(start.elapsed() < SOON, "{code} took {:?}", start.elapsed());
}

#[test]
fn a_bomb_of_aliases_does_not_go_off() {
    let mut file = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..40 {
        let before = level - 1;
        file += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 10].join(", "));
    }
    refused(&file, "NodepoolTooLarge");
    let text = "x".repeat(100_000);
    refused(&format!("a: &a {text}\nb: [{}]\n", vec!["*a"; 1000].join(", ")), "NodepoolTooLarge");
    let keys = (0..10_000).map(|at| format!("k{at}: v, ")).collect::<String>();
    refused(
        &format!("a: &a {{{keys}}}\nb: {{<<: [{}]}}\n", vec!["*a"; 50_000].join(",")),
        "NodepoolTooLarge",
    );
    refused(&format!("a: &a {{{keys}}}\nb: {{{}}}\n", vec!["<<: *a"; 50_000].join(",")), "NodepoolTooLarge");
}

#[test]
fn depth_has_an_end() {
    for open in ["[", "{a: ", "- ", "? ", "[{"] {
        for depth in [65, 300, 20_000] {
            refused(&open.repeat(depth), "Nodepool");
        }
    }
    let nested: String = (0..2000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    refused(&nested, "NodepoolTooDeep");
    // Each level an alias of the one before: shallow in the file, deep when expanded.
    let aliases: String = (1..100).map(|level| format!("a{level}: &a{level} [*a{}]\n", level - 1)).collect();
    refused(&format!("a0: &a0 x\n{aliases}"), "NodepoolTooDeep");
}

#[test]
fn large_files_are_refused_or_cut_soon() {
    refused(&"x".repeat(5 << 20), "NodepoolTooLarge");
    let shared = "y".repeat(1 << 20);
    let providers: String = (0..40).map(|at| format!("- {{name: p{at}, driver: static}}\n")).collect();
    refused(&format!("shared: {shared}\nproviders:\n{providers}"), "NodepoolTooLarge");
    let start = Instant::now();
    let providers: String = (0..20_000).map(|at| format!("- {{name: p{at}, driver: static}}\n")).collect();
    assert_eq!(cut(&format!("providers:\n{providers}")).shards.len(), 20_000);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn many_parents_and_many_images_are_followed_soon() {
    let start = Instant::now();
    let images: String = (0..20_000).map(|at| format!("- {{name: i{at}, parent: i{}}}\n", at + 1)).collect();
    let named: String = (0..20_000).map(|at| format!("{{name: i{at}}}, ")).collect();
    let file = format!("diskimages:\n{images}providers: [{{name: p, driver: aws, diskimages: [{named}]}}]\n");
    assert!(cut(&file).shards.is_empty());
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

/// A small generator of our own, so that a failure can be had again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % most.max(1)
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

const PIECES: &[&str] = &[
    "providers:",
    "labels:",
    "diskimages:",
    "name: a",
    "name:",
    "driver: static",
    "driver: aws",
    "pools:",
    "nodes:",
    "- ",
    "-",
    ": ",
    ":",
    "? ",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n      ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&a ",
    "*a",
    "<<: ",
    "!",
    "!!str ",
    "!<x> ",
    "!!set ",
    "%",
    "%TAG ! x\n",
    "---\n",
    "...\n",
    "|",
    ">",
    "|2-\n",
    ">+\n",
    "'",
    "\"",
    "\\",
    "\\x4",
    "#",
    " #",
    "@",
    "`",
    "~",
    "=",
    "no",
    "0777",
    "min-ready: -1",
    "parent: a",
    "abstract: yes",
    "\t",
    "\r",
    "\u{85}",
    "é",
    "\u{2028}",
    "😀",
    "\u{feff}",
    "\0",
    "zookeeper-timeout: 10",
    "zuul-secret-0-placeholder",
    "region-name: r",
];

#[test]
fn random_text_never_panics() {
    for seed in 1..20_000_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let file: String = (0..dice.below(40)).map(|_| dice.of(PIECES)).collect();
        let by = if dice.below(2) == 0 { ShardBy::Provider } else { ShardBy::ProviderRegion };
        let answer = NodepoolSharder::cut(request(&file, by));
        assert!(!answer.shards.is_empty() || !answer.findings.is_empty(), "{file:?}");
    }
}

/// Real files with pieces put in, taken out and cut off; what is written can be cut again.
#[test]
fn mutilated_files_never_panic() {
    let corpus = [
        include_str!("../corpus/openstack.yaml"),
        include_str!("../corpus/anchors.yaml"),
        include_str!("../corpus/traps.yaml"),
        include_str!("../corpus/static.yaml"),
        include_str!("../corpus/containers.yaml"),
    ];
    for seed in 1..1500_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut file: Vec<char> = corpus[dice.below(corpus.len())].chars().collect();
        for _ in 0..=dice.below(3) {
            let at = dice.below(file.len());
            let end = (at + dice.below(8)).min(file.len());
            file.splice(at..end, dice.of(PIECES).chars());
        }
        let file: String = file.into_iter().collect();
        for shard in cut(&file).shards {
            let again = cut(&shard.nodepool_yaml);
            let sound = again.shards.len() == 1 && again.shards[0].labels == shard.labels;
            assert!(sound, "seed {seed}: {:?}\n{}", said(&again), shard.nodepool_yaml);
            assert_eq!(again.shards[0].nodepool_yaml, shard.nodepool_yaml, "seed {seed}");
        }
    }
}
