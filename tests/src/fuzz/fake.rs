//! Plugins that answer almost what the built-in ones answer, and sometimes anything.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use zuul_operator::contract::{
    CodeInfo, ConnectionRequest, DriverInfo, FailureReason, IniSection, Line, MountedFile, PluginFailure,
    PluginFinding, PluginInfo, Plugins, Readers, Rendering, SectionInfo, Setting, Shard, ShardAnswer,
    ShardRequest, ZuulConf, ZuulConfAnswer, ZuulConfRequest,
};
use zuul_operator::diagnostic::Severity;
use zuul_operator::names::Component;
use zuul_operator::plugin::{Limits, check};
use zuul_operator::secret::{SecretRef, Segment, Value};

use super::choices::Choices;
use super::object::plugins;

type Answer<T> = Result<T, PluginFailure>;

/// Answers by the bytes that it was made of: the same request has the same answer.
pub struct Fake<'a> {
    choices: RefCell<Choices<'a>>,
    /// Whether answers go through the runtime's checks, as those of plugins do.
    is_checked: bool,
    connections: RefCell<BTreeMap<String, Answer<Rendering>>>,
    zuul_confs: RefCell<BTreeMap<String, Answer<ZuulConfAnswer>>>,
    shards: RefCell<BTreeMap<String, Answer<ShardAnswer>>>,
    /// The secrets that were given with each section's header.
    pub given: RefCell<BTreeMap<String, BTreeSet<SecretRef>>>,
    /// What was let through, by the names of connections.
    pub renderings: RefCell<Vec<(String, Rendering)>>,
}

fn failure(reason: FailureReason) -> PluginFailure {
    PluginFailure { plugin: "fake".to_owned(), reason, detail: "it is a fake".to_owned() }
}

/// The answer of the same request, or a new one.
fn once<T: Clone>(known: &RefCell<BTreeMap<String, T>>, request: String, make: impl FnOnce() -> T) -> T {
    if let Some(answer) = known.borrow().get(&request) {
        return answer.clone();
    }
    let answer = make();
    known.borrow_mut().insert(request, answer.clone());
    answer
}

impl<'a> Fake<'a> {
    /// Answers by these bytes.
    pub fn new(choices: Choices<'a>, is_checked: bool) -> Self {
        Self {
            choices: RefCell::new(choices),
            is_checked,
            connections: RefCell::default(),
            zuul_confs: RefCell::default(),
            shards: RefCell::default(),
            given: RefCell::default(),
            renderings: RefCell::default(),
        }
    }

    fn give(&self, header: String, secrets: impl Iterator<Item = SecretRef>) {
        self.given.borrow_mut().entry(header).or_default().extend(secrets);
    }

    fn checked<E>(&self, result: Result<(), E>) -> Answer<()> {
        if self.is_checked { result.map_err(|_| failure(FailureReason::BadAnswer)) } else { Ok(()) }
    }
}

impl Plugins for Fake<'_> {
    fn list(&self) -> Vec<PluginInfo> {
        plugins().list()
    }
    fn findings(&self) -> Vec<PluginFinding> {
        plugins().findings()
    }
    fn driver(&self, driver: &str) -> Answer<Arc<DriverInfo>> {
        plugins().driver(driver)
    }
    fn drivers(&self) -> Vec<String> {
        plugins().drivers()
    }
    fn sections(&self) -> Answer<Arc<[SectionInfo]>> {
        plugins().sections()
    }
    fn codes(&self) -> Answer<Vec<CodeInfo>> {
        plugins().codes()
    }

    fn connection(&self, request: &ConnectionRequest) -> Answer<Rendering> {
        once(&self.connections, format!("{request:?}"), || {
            let secrets: Vec<_> = request.options.iter().filter_map(|entry| secret(&entry.setting)).collect();
            self.give(format!("connection {}", request.name), secrets.iter().cloned());
            let mut answer = plugins().connection(request)?;
            let mut maker = Maker { choices: &mut self.choices.borrow_mut(), secrets };
            maker.rendering(&mut answer, &request.mount)?;
            let info = plugins().driver(&request.driver)?;
            self.checked(check::rendering(&info, request, &answer, &Limits::default()))?;
            self.renderings.borrow_mut().push((request.name.clone(), answer.clone()));
            Ok(answer)
        })
    }

    fn zuul_conf(&self, request: &ZuulConfRequest) -> Answer<ZuulConfAnswer> {
        once(&self.zuul_confs, format!("{request:?}"), || {
            let mut secrets = Vec::new();
            for section in &request.sections {
                let own: Vec<_> = section.entries.iter().filter_map(|entry| secret(&entry.setting)).collect();
                let name = section.instance.iter().map(|name| format!(" {name}"));
                self.give(std::iter::once(section.name.clone()).chain(name).collect(), own.iter().cloned());
                secrets.extend(own);
            }
            let lines = request.connections.iter().flat_map(|connection| &connection.lines);
            secrets.extend(lines.flat_map(|line| line.value.secrets()).cloned());
            let mut answer = plugins().zuul_conf(request)?;
            Maker { choices: &mut self.choices.borrow_mut(), secrets }.zuul_conf(&mut answer)?;
            self.checked(check::zuul_conf(request, &answer, &Limits::default()))?;
            Ok(answer)
        })
    }

    fn shard(&self, request: &ShardRequest) -> Answer<ShardAnswer> {
        once(&self.shards, format!("{request:?}"), || {
            let mut answer = plugins().shard(request)?;
            Maker { choices: &mut self.choices.borrow_mut(), secrets: Vec::new() }.shards(&mut answer);
            self.checked(check::shards(&answer, &Limits::default()))?;
            Ok(answer)
        })
    }
}

fn secret(setting: &Setting) -> Option<SecretRef> {
    match setting {
        Setting::Secret(secret) => Some(secret.clone()),
        _ => None,
    }
}

/// Changes an answer by the bytes that are left.
struct Maker<'a, 'b> {
    choices: &'a mut Choices<'b>,
    /// What has a number in this call.
    secrets: Vec<SecretRef>,
}

impl Maker<'_, '_> {
    /// How many changes an answer gets; none once the bytes are used up.
    fn changes(&mut self) -> usize {
        self.choices.below(6)
    }

    fn readers(&mut self) -> Readers {
        let bits = self.choices.byte();
        let all = Component::WITH_ZUUL_CONF.into_iter().enumerate();
        all.filter(|(at, _)| bits >> at & 1 == 1).map(|(_, component)| component).collect()
    }

    /// A number that was not given is refused where numbers become secrets again.
    fn secret(&mut self) -> Answer<SecretRef> {
        let number = self.choices.below(self.secrets.len() + 1);
        self.secrets.get(number).cloned().ok_or_else(|| failure(FailureReason::ForgedReference))
    }

    fn value(&mut self) -> Answer<Value> {
        let segments = (0..self.choices.below(4)).map(|_| match self.choices.below(2) {
            0 => Ok(Segment::Text(self.choices.text())),
            _ => self.secret().map(Segment::Secret),
        });
        segments.collect::<Result<_, _>>().map(Value)
    }

    fn finding(&mut self) -> PluginFinding {
        let severities = [Severity::Note, Severity::Warning, Severity::Error];
        PluginFinding {
            severity: severities[self.choices.below(3)],
            path: self.choices.text(),
            code: "Fake".to_owned(),
            message: format!("it says {}", self.choices.text()),
            expected: self.choices.text(),
            cure: self.choices.text(),
        }
    }

    fn rendering(&mut self, answer: &mut Rendering, mount: &str) -> Answer<()> {
        for _ in 0..self.changes() {
            let (line, file) =
                (self.choices.below(answer.lines.len() + 1), self.choices.below(answer.files.len() + 1));
            match self.choices.below(8) {
                0 => answer.readers = self.readers(),
                1 => answer.lines.push(Line {
                    key: self.choices.text(),
                    value: self.value()?,
                    readers: self.readers(),
                }),
                2 if line < answer.lines.len() => answer.lines[line].readers = self.readers(),
                3 if line < answer.lines.len() => answer.lines[line].value = self.value()?,
                4 if line < answer.lines.len() => drop(answer.lines.remove(line)),
                5 => answer.files.push(MountedFile {
                    path: format!("{}{}", if line % 2 == 0 { mount } else { "" }, self.choices.text()),
                    content: self.secret()?,
                    readers: self.readers(),
                }),
                6 if file < answer.files.len() => answer.files[file].path.push_str(&self.choices.text()),
                _ => answer.findings.push(self.finding()),
            }
        }
        Ok(())
    }

    fn zuul_conf(&mut self, answer: &mut ZuulConfAnswer) -> Answer<()> {
        for _ in 0..self.changes() {
            let (from, to) = (self.section(answer), self.section(answer));
            match self.choices.below(8) {
                0 => answer.files.push(ZuulConf {
                    component: *self.choices.of(&Component::ALL).unwrap_or(&Component::Web),
                    sections: Vec::new(),
                }),
                1 => drop(answer.files.pop()),
                2 => {
                    let header = self.choices.text();
                    let at = self.choices.below(answer.files.len().max(1));
                    let section = IniSection { header, lines: vec![(self.choices.text(), self.value()?)] };
                    answer.files.get_mut(at).into_iter().for_each(|it| it.sections.push(section.clone()));
                }
                3 => {
                    // A whole section goes to another component.
                    let section = found(answer, from).cloned();
                    answer.files.get_mut(to.0).into_iter().for_each(|it| it.sections.extend(section.clone()));
                }
                4 => {
                    // A line goes to another section.
                    let line = found(answer, from).and_then(|it| self.choices.of(&it.lines)).cloned();
                    found(answer, to).into_iter().for_each(|it| it.lines.extend(line.clone()));
                }
                5 => {
                    let line = (self.choices.text(), self.value()?);
                    found(answer, to).into_iter().for_each(|it| it.lines.push(line.clone()));
                }
                6 => {
                    let header = self.choices.text();
                    found(answer, to).into_iter().for_each(|it| it.header.clone_from(&header));
                }
                _ => answer.findings.push(self.finding()),
            }
        }
        Ok(())
    }

    fn section(&mut self, answer: &ZuulConfAnswer) -> (usize, usize) {
        let file = self.choices.below(answer.files.len().max(1));
        (file, self.choices.below(answer.files.get(file).map_or(1, |it| it.sections.len().max(1))))
    }

    fn shards(&mut self, answer: &mut ShardAnswer) {
        for _ in 0..self.changes() {
            let at = self.choices.below(answer.shards.len().max(1));
            let text = self.choices.text();
            let kind = self.choices.below(8);
            let Some(shard) = answer.shards.get_mut(at) else {
                answer.builder_yaml = Some(text);
                continue;
            };
            match kind {
                0 => shard.key = text,
                1 => shard.nodepool_yaml = text,
                2 => shard.nodepool_yaml.push_str(&text),
                3 => {
                    let place = self.choices.below(shard.nodepool_yaml.len() + 1);
                    if shard.nodepool_yaml.is_char_boundary(place) {
                        shard.nodepool_yaml.insert_str(place, &text);
                    }
                }
                4 => {
                    let twin = Shard { key: text, providers: vec![self.choices.text()], ..shard.clone() };
                    answer.shards.push(twin);
                }
                5 => drop(answer.shards.remove(at)),
                6 => answer.builder_yaml = Some(text),
                _ => answer.findings.push(self.finding()),
            }
        }
    }
}

fn found(answer: &mut ZuulConfAnswer, (file, section): (usize, usize)) -> Option<&mut IniSection> {
    answer.files.get_mut(file)?.sections.get_mut(section)
}
