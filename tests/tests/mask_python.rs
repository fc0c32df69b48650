//! A nodepool.yaml that was masked, cut by nobody, and filled again is the same to Nodepool.

use zuul_operator::mask;
use zuul_operator::secret::{SecretRef, Segment};
use zuul_operator_tests::oracle::{Oracle, hex};
use zuul_operator_tests::random::Random;

fn there_and_back(yaml: &str) -> Option<String> {
    let secret = SecretRef::new("nodepool", "nodepool.yaml");
    let masked = mask::mask(yaml, &secret).ok()?;
    let value =
        mask::unmask(&masked, &masked, &secret).unwrap_or_else(|finding| panic!("{finding:?}\n{yaml}"));
    let scalars = mask::scalars(yaml).expect("it was masked");
    let one = |segment: &Segment| match segment {
        Segment::Text(text) => text.clone(),
        Segment::Secret(secret) => scalars[secret.scalar.expect("all of them are scalars") as usize].clone(),
    };
    Some(value.0.iter().map(one).collect())
}

/// Scalars that YAML 1.1 and 1.2 read differently, or that need their quotes.
const TRICKY: [&str; 46] = [
    "no",
    "'no'",
    "On",
    "yes",
    "y",
    "~",
    "",
    "null",
    "Null",
    "0777",
    "0o17",
    "0x1F",
    "1_000",
    "1:30",
    "12:30:45",
    "+1",
    ".5",
    "1.",
    "1e3",
    "1.5e+3",
    ".inf",
    "-.INF",
    ".NaN",
    "2001-12-14",
    "2001-12-14 21:59:43.10 -5",
    "'5'",
    "\"5\"",
    "!!str 5",
    "!!int '5'",
    "!!float 5",
    "a b",
    "a:b",
    "a#b",
    "-x",
    "'#a'",
    "'a: b'",
    "\"\\u00fc\\x85\\t\\n\"",
    "'it''s'",
    "|\n    a\n     b\n",
    "|-\n    a\n",
    ">\n    a\n    b\n\n    c\n",
    "\"%\"",
    "中",
    "\"\"",
    "a\n    b",
    "'---'",
];

#[test]
fn tricky_scalars_keep_their_meaning() {
    let mut oracle = Oracle::start("yaml_oracle.py");
    for scalar in TRICKY {
        for yaml in [
            format!("providers:\n- name: {scalar}\n"),
            format!("password: {scalar}\n"),
            format!("env-vars:\n- {scalar}\n"),
        ] {
            let back = there_and_back(&yaml).unwrap_or_else(|| panic!("refused: {yaml}"));
            assert_eq!(oracle.ask(&format!("={} ={}", hex(&yaml), hex(&back))), "same", "{yaml}\n{back}");
        }
    }
}

const SITE: &str = "\
zookeeper-servers:
  - {host: zk, port: 2281}
labels: &l
  - name: small
    min-ready: 2
x: &a {password: p, 'k': [1, yes, \"q\"]}
providers:
  - <<: *a
    name: one
    driver: openstack
    pools: [{name: main, labels: *l, node-attributes: {a: b, c: 'd'}}]
diskimages:
  - name: debian
    env-vars:
      A: |
        text
          more
      B: \"C:\\\\x\"
";

#[test]
fn documents_keep_their_meaning() {
    let mut oracle = Oracle::start("yaml_oracle.py");
    let mut random = Random::new(0x5eed_0003);
    // Names of anchors are not damaged: YAML 1.2 allows them every character, 1.1 letters and digits.
    let without_anchors = SITE.replace("&l", "").replace("&a", "").replace("*l", "[]").replace("*a", "{}");
    let nasty: Vec<char> = "\n  :-?[]{},#!|>'\"%@`~<.=\\0x_ü😀a1yn\u{a0}".chars().collect();
    let (mut same, mut broken) = (0, 0);
    for round in 0..4000 {
        let site = if round == 0 { SITE } else { &without_anchors };
        let mut damaged: Vec<char> = site.chars().collect();
        for _ in 0..random.below(4) * usize::from(round > 0) {
            let (at, c) = (random.below(damaged.len()), random.one(&nasty));
            if random.below(2) == 0 { damaged.insert(at, c) } else { damaged[at] = c }
        }
        let yaml: String = damaged.iter().collect();
        let Some(back) = there_and_back(&yaml) else { continue };
        match oracle.ask(&format!("={} ={}", hex(&yaml), hex(&back))).as_str() {
            "same" => same += 1,
            "error" => broken += 1,
            other => panic!("{other}\n{yaml}\n{back}"),
        }
    }
    assert!(same > 1000, "{same} were compared, {broken} are no YAML for Nodepool");
}
