use super::*;

fn secret() -> SecretRef {
    SecretRef::new("nodepool", "nodepool.yaml")
}

fn masked(yaml: &str) -> String {
    mask(yaml, &secret()).unwrap()
}

/// What [`unmask`] makes of a text, with the scalars of `yaml` in their places.
fn filled(yaml: &str, text: &str) -> String {
    let value = unmask(text, &masked(yaml), &secret()).unwrap();
    let scalars = scalars(yaml).unwrap();
    let one = |segment: &Segment| match segment {
        Segment::Text(text) => text.clone(),
        Segment::Secret(secret) => scalars[secret.scalar.unwrap() as usize].clone(),
    };
    value.0.iter().map(one).collect()
}

const SITE: &str = "\
# hunter2
labels: [{name: small, min-ready: 2}]
providers:
  - name: one
    driver: openstack
    region-name: 'North'
    password: hunter2
    pools:
      - name: main
        max-servers: 5
        labels:
          - {name: small, diskimage: debian, key-name: hunter2}
diskimages:
  - name: debian
    formats: [qcow2, raw]
    env-vars:
      name: hunter2
      DIB_PASSWORD: |
        hunter2
hunter: {name: hunter2, labels: [hunter2]}
";

#[test]
fn what_cutting_needs_stays_and_nothing_else() {
    let text = masked(SITE);
    assert!(!text.contains("hunter2"), "{text}");
    assert_eq!(
        text,
        "\
labels:
  -
    name: small
    min-ready: 2
providers:
  -
    name: one
    driver: openstack
    region-name: \"North\"
    password: zuul-secret-13-placeholder
    pools:
      -
        name: main
        max-servers: 5
        labels:
          -
            name: small
            diskimage: debian
            key-name: zuul-secret-25-placeholder
diskimages:
  -
    name: debian
    formats:
      - qcow2
      - raw
    env-vars:
      name: zuul-secret-34-placeholder
      DIB_PASSWORD: zuul-secret-36-placeholder
hunter:
  name: zuul-secret-39-placeholder
  labels:
    - zuul-secret-41-placeholder
"
    );
}

#[test]
fn scalars_come_back_as_one_scalar_each() {
    let yaml = "a: no\nb: 'no'\nc: |\n  x: 1\n  # y\nd:\ne: \"q\\\"\\u0085\"\nf: 1,5\ng: !!str 5\nh: 2001-12-14 21:59:43\n";
    assert_eq!(
        filled(yaml, &masked(yaml)),
        "a: no\nb: \"no\"\nc: \"x: 1\\n# y\\n\"\nd: null\ne: \"q\\\"\\U00000085\"\nf: \"1,5\"\ng: !!str 5\n\
         h: 2001-12-14 21:59:43\n"
    );
}

#[test]
fn an_alias_is_what_it_stands_for() {
    let yaml = "x: &a {password: p}\nproviders: [{<<: *a, name: n}]\n";
    assert_eq!(
        masked(yaml),
        "x:\n  password: zuul-secret-2-placeholder\nproviders:\n  -\n    <<:\n      \
         password: zuul-secret-2-placeholder\n    name: n\n"
    );
    assert!(mask("a: &a [*a]", &secret()).is_err());
}

#[test]
fn a_placeholder_stands_alone_or_is_refused() {
    let given = "a: zuul-secret-1-placeholder\n";
    assert!(unmask("b: [zuul-secret-1-placeholder]\n", given, &secret()).is_ok());
    for text in [
        "a: zuul-secret-2-placeholder\n",
        "a: 'zuul-secret-1-placeholder'\n",
        "a: x zuul-secret-1-placeholder\n",
        "a: xzuul-secret-1-placeholder\n",
        "a: zuul-secret-1-placeholder2\n",
        "a: zuul-secret-1\n",
        "a: zuul-secret-99999999999999999999-placeholder\n",
        "zuul-secret-1-placeholder: a\n",
        "a: b # zuul-secret-1-placeholder\n",
        "a: |\n  zuul-secret-1-placeholder\n",
        "a: !!str zuul-secret-1-placeholder\n",
    ] {
        assert!(unmask(text, given, &secret()).is_err(), "{text}");
    }
    assert!(mask("labels: [{name: zuul-secret-1-placeholder}]", &secret()).is_err());
}

#[test]
fn no_document_is_too_much() {
    let bomb = (1..40)
        .fold("a0: &a0 [x]\n".to_owned(), |yaml, n| format!("{yaml}a{n}: &a{n} [*a{m}, *a{m}]\n", m = n - 1));
    let deep = format!("a: {}{}", "[".repeat(5000), "]".repeat(5000));
    let wide = "- a\n".repeat(200_000);
    let large = format!("a: {}", "x".repeat(2_000_000));
    for yaml in [&bomb, &deep, &wide, &large, "a: 1\n---\nb: 2\n", "? [a]\n: b\n", "a: !x b", "a: *b", "a: ["]
    {
        let finding = mask(yaml, &secret()).unwrap_err();
        assert!(finding.message.len() < 200, "{finding:?}");
    }
    assert_eq!(masked(""), "zuul-secret-0-placeholder\n");
}

#[test]
fn damaged_documents_neither_hang_nor_panic() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let nasty: Vec<char> = "\n\t\r :-?[]{},#&*!|>'\"%@`~<\0\u{85}\u{feff}\u{2028}ü😀a1".chars().collect();
    for _ in 0..3000 {
        let mut damaged: Vec<char> = SITE.chars().collect();
        for _ in 0..=random(6) {
            let (at, c) = (random(damaged.len()), nasty[random(nasty.len())]);
            if random(3) == 0 { damaged.insert(at, c) } else { damaged[at] = c }
        }
        let yaml: String = damaged.iter().collect();
        if let Ok(text) = mask(&yaml, &secret()) {
            unmask(&text, &text, &secret()).unwrap_or_else(|finding| panic!("{finding:?}\n{yaml}\n{text}"));
        }
    }
}

/// Nodepool puts variables into the text before it reads it as YAML, and so do no others.
#[test]
fn a_variable_without_quotes_has_its_cure() {
    let cure = |yaml: &str| mask(yaml, &secret()).unwrap_err().cure;
    for yaml in ["a: %(NODEPOOL_X)\n", "a: [%(NODEPOOL_X)]\n", "- %(NODEPOOL_X)\n"] {
        assert!(cure(yaml).contains("in quotes"), "{yaml}");
    }
    assert!(!cure("a: '%(NODEPOOL_X)'\nb: c: d\n").contains("in quotes"));
}

/// PyYAML gives the text no line's end either.
#[test]
fn a_block_may_end_the_file() {
    for (yaml, block) in [("x: |\n  é", "\"é\""), ("x: |\n  é\n", "\"é\\n\""), ("x: >\n  a\n  b", "\"a b\"")]
    {
        assert_eq!(filled(yaml, &masked(yaml)).trim_end(), format!("x: {block}"), "{yaml:?}");
    }
}

/// With a placeholder in it an image would not have its parent's.
#[test]
fn what_is_empty_is_shown() {
    let text = masked("diskimages:\n- {name: a, username: '', env-vars: [x, '']}\n");
    assert!(text.contains("username: \"\"\n") && text.contains("- \"\"\n"), "{text}");
}
