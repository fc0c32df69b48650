use super::*;
use crate::diagnostic::{FieldPath, Finding};
use serde_json::json;

fn values(text: &str) -> Vec<Value> {
    let documents = read(0, text, Limits::default()).flat_map(|reading| reading.documents);
    documents.map(|document| document.value).collect()
}

fn all(text: &str, limits: Limits) -> Vec<Remark> {
    let mut remarks = Remarks::default();
    read(0, text, limits).for_each(|reading| remarks.append(reading.remarks, Some));
    remarks.sorted()
}

fn told(text: &str) -> Vec<String> {
    let told = |remark: Remark| {
        let place = remark.place.expect("a place");
        let Finding { code, path, .. } = remark.finding;
        format!("{}:{} {code} {path}", place.line, place.column).trim_end().to_owned()
    };
    all(text, Limits::default()).into_iter().map(told).collect()
}

#[test]
fn values_are_those_of_kubectl() {
    let merged = "b: &b {q: 1, z: 3}\nd: &d {z: 9}\nc:\n  q: 2\n  <<: [*d, *b]\n  w: 0o17\n";
    assert_eq!(
        values(merged)[0]["c"],
        json!({"q": 1, "z": 9, "w": 15}),
        "what comes later wins, as in go-yaml"
    );
    assert_eq!(values("1: a\nyes: b\n1.50: c"), [json!({"1": "a", "true": "b", "1.5": "c"})]);
    assert_eq!(values("a: !!str yes\nb: !x 1\nc: !!binary aGk="), [json!({"a": "yes", "b": "1", "c": "hi"})]);
    assert_eq!(
        values("---\n---\n# only a comment\n---\na: 1\n...\n---\n{\"b\":\n\t2}"),
        [json!({"a": 1}), json!({"b": 2})]
    );
    assert_eq!(values(r#"{"a": "\ud83d\ude00"}"#), [json!({"a": "\u{1F600}"})]);
    assert_eq!(
        values("a: |\n  x: y\n\n  ---\nb: 'a\r\n\r\n  b'\r\n"),
        [json!({"a": "x: y\n\n---\n", "b": "a\nb"})]
    );
}

#[test]
fn every_field_has_its_place() {
    let documents = read(0, "# one\n---\nspec:\n  \u{e4}: [1, {b: two}]\n  e:\n", Limits::default())
        .flat_map(|reading| reading.documents);
    let documents: Vec<_> = documents.collect();
    let node = &documents[0].node;
    let spec = FieldPath::spec();
    let place = |path: &FieldPath| {
        let (node, exact) = node.nearest(path);
        let mark = node.mark();
        (mark.line, mark.column, mark.end_column, exact)
    };
    assert_eq!(place(&spec.key("\u{e4}").index(1).key("b")), (4, 14, 17, true));
    assert_eq!(place(&spec.key("\u{e4}").index(7).key("b")), (4, 3, 4, false));
    assert_eq!(place(&spec.key("e")), (5, 3, 4, true));
    assert_eq!(place(&spec), (3, 1, 5, true));
}

#[test]
fn a_broken_document_costs_itself_only() {
    assert_eq!(
        told("a: b: c\n---\na: 1\na: 2\n---\n- a: \"\n---\nb: {\n"),
        ["1:5 YamlSyntax", "4:1 DuplicateKey a", "6:6 YamlSyntax", "8:5 YamlSyntax",]
    );
    assert_eq!(values("a: b: c\n---\na: 1\n"), [json!({"a": 1})]);
}

#[test]
fn what_json_cannot_say_is_told() {
    assert_eq!(
        told("a: .inf\nb: yes\n~: c\n[d]: e\n<<: f\n"),
        ["1:4 NotFinite a", "2:4 Yaml11Boolean b", "3:1 BadKey", "4:1 BadKey", "5:1 BadMerge [\"<<\"]",]
    );
    assert_eq!(
        told("a: \u{1}x\n---\nb: *c\n---\nd: &d\n  e: *d\n---\nf: !!int x"),
        ["1:4 ControlCharacter", "3:4 UnknownAnchor", "6:6 CyclicAlias d.e", "8:4 BadTag f",]
    );
    assert_eq!(told("a: \0\n"), ["1:4 ControlCharacter"]);
}

#[test]
fn hostile_files_end_soon() {
    let small = Limits { depth: 20, documents: 100, commas: 30_000, values: 10_000, bytes: 1 << 20 };
    let bomb: String = (1..30).map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1)).collect();
    let nested: String = (0..19).map(|n| format!("&n{n} [")).collect();
    let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(100_000), "*a,".repeat(5000));
    let wide = format!("{nested}{}", "1,".repeat(9_000)) + &"]".repeat(19);
    let hostile = [
        (format!("a0: &a0 x\n{bomb}"), "TooLarge|TooDeep"),
        (long, "TooLarge"),
        (wide, "TooLarge"),
        ("[".repeat(10_000), "TooDeep"),
        ("- ".repeat(10_000), "TooDeep"),
        ("{a: ".repeat(10_000), "TooDeep"),
        ((0..10_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect(), "TooDeep"),
        (format!("[{}]", "1,".repeat(20_000)), "TooLarge"),
    ];
    for (text, codes) in hostile {
        let code = &all(&text, small)[0].finding.code;
        assert!(codes.contains(code.as_str()), "{code} for {}", &text[..30]);
    }
}

/// Bytes are dropped, doubled and swapped at random; nothing may panic.
#[test]
fn damaged_files_do_not_panic() {
    let seed = "%YAML 1.1\n--- !!map\na: &x [1, {b: 'c'}, \"d\\n\"]\n? e\n: - *x\n  - |+\n    f\n\
        <<: {g: >-\n h}\n# i\n...\n---\n!t {\"j\":1}\r\n\tk: ~\n\u{feff}";
    let characters: Vec<char> = seed.chars().collect();
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    for _ in 0..20_000 {
        let mut damaged = characters.clone();
        for _ in 0..=random(4) {
            let (at, from) = (random(damaged.len()), random(characters.len()));
            match random(3) {
                0 => drop(damaged.remove(at)),
                1 => damaged.insert(at, characters[from]),
                _ => damaged[at] = characters[from],
            }
        }
        let text: String = damaged.into_iter().collect();
        read(0, &text, Limits::default()).for_each(drop);
    }
}

/// Each limit at its edge: what is within it is read, what is not is told, and nothing behind it is read.
#[test]
fn limits_hold_to_the_very_one() {
    let limits = Limits { depth: 3, documents: 4, commas: 30, values: 20, bytes: 100 };
    let shown = |text: &str| {
        let documents = read(0, text, limits).map(|reading| reading.documents.len()).sum::<usize>();
        let codes = all(text, limits).into_iter().map(|remark| remark.finding.code);
        format!("{documents} {}", codes.collect::<Vec<_>>().join(" "))
    };
    assert_eq!(shown(&"a: 1\n---\n".repeat(3)), "3 ");
    assert_eq!(shown(&"a: 1\n---\n".repeat(9)), "4 TooLarge");
    assert_eq!(shown(&"---\n".repeat(9)), "0 TooLarge");
    assert_eq!(shown(&format!("[{}]\n---\na", "1,".repeat(19))), "2 ");
    assert_eq!(shown(&format!("[{}]\n---\na", "1,".repeat(21))), "0 TooLarge");
    assert_eq!(shown(&format!("'{}'", ",".repeat(30))), "1 ");
    assert_eq!(shown(&format!("'{}'", ",".repeat(31))), "0 TooLarge");
    assert_eq!(shown(&"x".repeat(100)), "1 ");
    assert_eq!(shown(&format!("{}\n---\na: 1", "x".repeat(101))), "0 TooLarge");
    assert_eq!(shown("[[[1]]]"), "1 ");
    assert_eq!(shown("[[[[1]]]]\n---\na: 1"), "1 TooDeep");
}

/// Without a line's end behind it, a block has none either, as kubectl and PyYAML have it.
#[test]
fn a_block_may_end_the_file() {
    assert_eq!(values("a: |\n  é"), [json!({"a": "é"})]);
    assert_eq!(values("a: |\n  é\n"), [json!({"a": "é\n"})]);
    assert_eq!(values("a: |\n  é\n---\na: >\n  b\n  c"), [json!({"a": "é\n"}), json!({"a": "b c"})]);
}
