//! What `render::ini` writes, Zuul reads back exactly; what it refuses, Zuul could not have read.

use std::collections::BTreeMap;

use zuul_operator::contract::IniSection;
use zuul_operator::render::ini;
use zuul_operator::secret::{SecretRef, Segment, Value};
use zuul_operator_tests::oracle::{Oracle, hex};
use zuul_operator_tests::random::Random;

const SECTIONS: usize = 10_000;

/// What means something to this dialect, to others, or to `str.strip()`.
const NASTY: &str = "%%%();#=:[]{}$\\\"'`,!|>&*@?~^-+._/ \u{20}\u{20}abcABC019 \
                     üß中😀\u{a0}\u{2028}\u{2029}\u{3000}\u{1680}\u{202e}\u{200b}\u{fffd}";
/// What is refused wherever it stands, or at the ends.
const REFUSED: &str = "\n\n\r\t \u{a0}\u{85}\u{1c}\u{1d}\u{1f}\u{b}\u{c}\u{2028}\u{3000}ab=;#[]%";

fn alphabet(characters: &str) -> Vec<char> {
    characters.chars().collect()
}

/// The secrets of a file: each value is kept in pieces, some of them in secrets.
#[derive(Default)]
struct Store(BTreeMap<SecretRef, Vec<u8>>);

impl Store {
    /// `text` as a value, cut somewhere, the second half in a secret.
    fn value(&mut self, random: &mut Random, text: &str) -> Value {
        let cuts: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
        let (head, tail) = text.split_at(random.one(&cuts));
        let secret = SecretRef::new("s", self.0.len().to_string());
        let end = random.one(&["", "\n"]);
        self.0.insert(secret.clone(), format!("{tail}{end}").into_bytes());
        Value(vec![Segment::Text(head.to_owned()), Segment::Secret(secret)])
    }

    fn write(&self, sections: &[IniSection]) -> Option<String> {
        ini::write(sections, &|secret| self.0.get(secret).cloned()).ok().map(ini::IniText::into_string)
    }
}

/// A section with up to eight options, and what Python has to answer about it.
fn section(random: &mut Random, store: &mut Store, number: usize, nasty: &[char]) -> (IniSection, String) {
    let word = random.one(&["web", "connection", "auth", "zookeeper", "a-b_c1"]);
    let header = match random.below(2) {
        0 => format!("{word}{number}"),
        _ => format!("{word} {}{number}", random.text(&alphabet("aB9._-"), 6)),
    };
    let mut options = BTreeMap::new();
    let mut lines = vec![];
    for _ in 0..=random.below(8) {
        let key =
            format!("{}{}", random.one(&["k", "Key", "_x", "rem", "9"]), random.text(&alphabet("aZ0_.-"), 5));
        let value = random.text(nasty, 24);
        let alone = [IniSection { header: "a".into(), lines: vec![("b".into(), Value::text(&value))] }];
        // The generator leaves out what is refused, and nothing else.
        if !ini::check(&alone).is_empty() || options.contains_key(&key.to_lowercase()) {
            continue;
        }
        options.insert(key.to_lowercase(), value.clone());
        lines.push((key, store.value(random, &value)));
    }
    let mut answer = format!(" {} {}", hex(&header), options.len());
    for (key, value) in &options {
        answer.push_str(&format!(" {} ={}", hex(key), hex(value)));
    }
    (IniSection { header, lines }, answer)
}

#[test]
fn python_reads_back_what_went_in() {
    let mut oracle = Oracle::start("configparser_oracle.py");
    let mut random = Random::new(0x5eed_0001);
    let nasty = alphabet(NASTY);
    let (mut written, mut values) = (0, 0);
    while written < SECTIONS {
        let mut store = Store::default();
        let mut expected = "ok".to_owned();
        let mut sections = vec![];
        for number in 0..=random.below(7) {
            let (section, answer) = section(&mut random, &mut store, number, &nasty);
            values += section.lines.len();
            sections.push(section);
            expected.push_str(&answer);
        }
        written += sections.len();
        let text = store.write(&sections).expect("each value was checked");
        assert_eq!(oracle.ask(&hex(&text)), expected, "{text}");
    }
    assert!(values > 3 * SECTIONS, "the generator left too much out: {values} values");
}

#[test]
fn what_is_refused_could_not_have_been_read() {
    let mut oracle = Oracle::start("configparser_oracle.py");
    let mut random = Random::new(0x5eed_0002);
    let refused = alphabet(REFUSED);
    let mut seen = 0;
    while seen < 2000 {
        let value = random.text(&refused, 8);
        // Other control characters and nothing at all would be read back, but never do any good.
        let lossy = value.contains(['\n', '\r']) || value.trim() != value || value.starts_with('\u{1c}');
        let sections = [IniSection { header: "a".into(), lines: vec![("b".into(), Value::text(&value))] }];
        if value.is_empty() || !lossy {
            continue;
        }
        assert!(!ini::check(&sections).is_empty(), "{value:?} was taken");
        let unguarded = format!("[a]\nb={}\n", value.replace('%', "%%"));
        let intact = format!("ok {} 1 {} ={}", hex("a"), hex("b"), hex(&value));
        assert_ne!(oracle.ask(&hex(unguarded)), intact, "{value:?} is refused without need");
        seen += 1;
    }
}

#[test]
fn names_are_refused_for_a_reason() {
    let mut oracle = Oracle::start("configparser_oracle.py");
    for (text, answer) in [
        ("[a]\nb=1\nB=2\n", "error DuplicateOptionError"),
        ("[a]\n[a]\n", "error DuplicateSectionError"),
        ("[a]\nb=50%\n", "error InterpolationSyntaxError"),
        ("\u{feff}[a]\n", "error MissingSectionHeaderError"),
        // Into every section.
        ("[DEFAULT]\nb=1\n[a]\n", "ok 61 1 62 =31"),
        // Cut off at the first delimiter.
        ("[a]\nb:c=1\n", "ok 61 1 62 =633d31"),
        ("[a]\n#b=1\n", "ok 61 0"),
    ] {
        assert_eq!(oracle.ask(&hex(text)), answer, "{text:?}");
    }
}
