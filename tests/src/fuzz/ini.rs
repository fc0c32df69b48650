//! Sections of any content → the INI writer → a reader as Python has it.

use std::collections::BTreeMap;

use zuul_operator::contract::IniSection;
use zuul_operator::render::ini;
use zuul_operator::secret::{SecretRef, Segment, Value};

use super::configparser::{self, Sections};
use super::{CANARY, check_finding};

/// What stands between two fields: no UTF-8 has it.
const SEPARATOR: u8 = 0xff;

#[derive(Default)]
struct File {
    sections: Vec<IniSection>,
    secrets: Vec<Vec<u8>>,
}

impl File {
    /// Fields are `[HEADER`, `kKEY`, and for its value `tTEXT` and `sSECRET`, any number of both.
    fn of(data: &[u8]) -> Self {
        let mut file = Self::default();
        for field in data.split(|byte| *byte == SEPARATOR) {
            let Some((kind, rest)) = field.split_first() else { continue };
            let text = || String::from_utf8_lossy(rest).into_owned();
            match kind {
                b'[' => file.sections.push(IniSection { header: text(), lines: Vec::new() }),
                b'k' => file.lines(|lines| lines.push((text(), Value::default()))),
                b't' => file.segment(Segment::Text(text())),
                b's' => {
                    let secret = SecretRef::new("s", file.secrets.len().to_string());
                    file.secrets.push(rest.to_vec());
                    file.segment(Segment::Secret(secret));
                }
                _ => {}
            }
        }
        file
    }

    fn lines(&mut self, then: impl FnOnce(&mut Vec<(String, Value)>)) {
        if let Some(section) = self.sections.last_mut() {
            then(&mut section.lines);
        }
    }

    fn segment(&mut self, segment: Segment) {
        self.lines(|lines| {
            if let Some((_, value)) = lines.last_mut() {
                value.0.push(segment);
            }
        });
    }

    fn bytes(&self, secret: &SecretRef) -> Option<Vec<u8>> {
        self.secrets.get(secret.key.parse::<usize>().ok()?).cloned()
    }

    /// What Zuul is to read.
    fn meant(&self) -> Sections {
        let one = |section: &IniSection| {
            let options: BTreeMap<_, _> =
                section.lines.iter().map(|(key, value)| (key.to_lowercase(), self.plain(value))).collect();
            (section.header.clone(), options)
        };
        self.sections.iter().map(one).collect()
    }

    fn plain(&self, value: &Value) -> String {
        let one = |segment: &Segment| match segment {
            Segment::Text(text) => text.clone(),
            Segment::Secret(secret) => {
                let bytes = self.bytes(secret).unwrap_or_default();
                let text = String::from_utf8(bytes).expect("what is no text is refused");
                text.strip_suffix('\n').unwrap_or(&text).to_owned()
            }
        };
        value.0.iter().map(one).collect()
    }

    fn has_open_canary(&self) -> bool {
        let is_open = |text: &str| text.contains(CANARY);
        self.sections
            .iter()
            .any(|section| is_open(&section.header) || section.lines.iter().any(|(key, _)| is_open(key)))
    }
}

/// What is written is read back as it was meant; what is refused is told without its bytes.
///
/// # Panics
/// It is not so.
pub fn ini(data: &[u8]) {
    let file = File::of(data);
    match ini::write(&file.sections, &|secret| file.bytes(secret)) {
        Ok(text) => {
            let text = text.into_string();
            let lines: usize = file.sections.iter().map(|section| section.lines.len() + 1).sum();
            let between = file.sections.len().saturating_sub(1);
            assert_eq!(text.lines().count(), lines + between, "one line an option: {text:?}");
            assert_eq!(configparser::read(&text), Ok(file.meant()), "{text:?}");
            assert_eq!(ini::check(&file.sections), [], "refused without its secrets, written with them");
        }
        Err(findings) => {
            assert!(!findings.is_empty());
            findings.iter().for_each(check_finding);
            let told = format!("{findings:?}");
            assert!(file.has_open_canary() || !told.contains(CANARY), "{told}");
        }
    }
}
