//! What almost every driver does: its described options become lines and files.

use crate::finding::code_infos;
use crate::option::{infos, owned};
use crate::{
    CodeRow, Components, Connection, Description, File, Kind, Line, OptionRow, Rendering, Roles, Segment,
    Setting, Value, readers, truth, value, value::is_set,
};

/// What a driver is: a constant. [`driver`] begins one.
#[derive(Clone, Copy, Debug)]
pub struct DriverTable {
    drivers: &'static [&'static str],
    roles: Roles,
    open: bool,
    options: &'static [OptionRow],
    more: &'static [OptionRow],
    codes: &'static [CodeRow],
    summary: &'static str,
}

/// A driver without options yet: the names in `driver:` that it serves, what connections of it are, one
/// sentence.
#[must_use]
pub const fn driver(drivers: &'static [&'static str], roles: Roles, summary: &'static str) -> DriverTable {
    DriverTable { drivers, roles, open: false, options: &[], more: &[], codes: &[], summary }
}

impl DriverTable {
    /// With these options.
    #[must_use]
    pub const fn options(mut self, options: &'static [OptionRow]) -> Self {
        self.options = options;
        self
    }

    /// With more options than it had: for a driver that is made of another one.
    #[must_use]
    pub const fn more(mut self, options: &'static [OptionRow]) -> Self {
        self.more = options;
        self
    }

    /// With the codes of the findings that [`crate::Driver::render`] may make.
    #[must_use]
    pub const fn codes(mut self, codes: &'static [CodeRow]) -> Self {
        self.codes = codes;
        self
    }

    /// Takes options that are not described as well.
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// As the host is told.
    #[must_use]
    pub fn description(&self) -> Description {
        Description {
            drivers: owned(self.drivers),
            roles: self.roles,
            open: self.open,
            options: infos(self.rows()),
            codes: code_infos(self.codes),
            summary: self.summary.to_owned(),
            extra: Vec::new(),
        }
    }

    /// The names of its options, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.rows().map(|option| option.name)
    }

    fn rows(&self) -> impl Iterator<Item = &'static OptionRow> + use<> {
        self.options.iter().chain(self.more)
    }

    /// The components that have the section, by the roles.
    #[must_use]
    pub const fn readers(&self) -> Components {
        let mut all = Components::empty();
        if self.roles.contains(Roles::SOURCE) {
            all = all.union(readers::SOURCE);
        }
        if self.roles.contains(Roles::REPORTER) {
            all = all.union(readers::REPORTER);
        }
        if self.roles.contains(Roles::PROVIDER) {
            all = all.union(readers::PROVIDER);
        }
        all
    }

    /// Renders a connection by the table alone:
    ///
    /// - each option goes to the components that read it; one that is not described (the user forced
    ///   it) to all that have the section;
    /// - a Secret for a path or a secret file becomes a file below the connection's mount, and the
    ///   line has its path; any other Secret stands in the line;
    /// - what [`value`] leaves out is left out; so is a boolean that equals its default, as several
    ///   drivers of Zuul read their own default wrongly.
    #[must_use]
    pub fn render(&self, connection: &Connection) -> Rendering {
        let mut rendering = Rendering {
            readers: self.readers(),
            lines: Vec::new(),
            files: Vec::new(),
            findings: Vec::new(),
            extra: Vec::new(),
        };
        for entry in &connection.options {
            let row = self.rows().find(|option| option.name == entry.name);
            let readers = row.map_or(rendering.readers, |row| row.readers);
            let kind = row.map_or(Kind::Text, |row| row.kind);
            if let Setting::Secret(handle) = entry.setting
                && matches!(kind, Kind::Path | Kind::SecretFile)
            {
                let path = format!("{}/{}", connection.mount, entry.name);
                let file = File { path: path.clone(), content: handle, readers, extra: Vec::new() };
                rendering.files.push(file);
                rendering.lines.push(line(&entry.name, vec![Segment::Text(path)], readers));
            } else if let Some(value) = value(&entry.setting, kind)
                && !(kind == Kind::Boolean && is_default(&value, row))
            {
                rendering.lines.push(line(&entry.name, value, readers));
            }
        }
        rendering
    }
}

impl Rendering {
    /// Leaves an option out, its file too.
    pub fn omit(&mut self, option: &str) {
        self.lines.retain(|line| line.key != option);
        self.files.retain(|file| !file.path.ends_with(&format!("/{option}")));
    }

    /// Changes who is given an option, its file too. Without readers it is left out.
    pub fn give(&mut self, option: &str, readers: Components) {
        if readers.is_empty() {
            return self.omit(option);
        }
        for line in self.lines.iter_mut().filter(|line| line.key == option) {
            line.readers = readers;
        }
        for file in self.files.iter_mut().filter(|file| file.path.ends_with(&format!("/{option}"))) {
            file.readers = readers;
        }
    }
}

impl Connection {
    /// What the user wrote for an option.
    #[must_use]
    pub fn get(&self, option: &str) -> Option<&Setting> {
        self.options.iter().find(|entry| entry.name == option).map(|entry| &entry.setting)
    }

    /// Whether the user wrote it.
    #[must_use]
    pub fn has(&self, option: &str) -> bool {
        self.get(option).is_some()
    }

    /// Whether the user wrote more than an empty text, which counts as absent.
    #[must_use]
    pub fn is_set(&self, option: &str) -> bool {
        self.get(option).is_some_and(is_set)
    }

    /// The option as a boolean, see [`truth`]; `None` where it is absent or none.
    #[must_use]
    pub fn truth(&self, option: &str) -> Option<bool> {
        self.get(option).and_then(truth)
    }

    /// The option's text; `None` where it is absent or not text.
    #[must_use]
    pub fn text(&self, option: &str) -> Option<&str> {
        match self.get(option) {
            Some(Setting::Text(text)) => Some(text),
            _ => None,
        }
    }
}

fn line(key: &str, value: Vec<Segment>, readers: Components) -> Line {
    Line { key: key.to_owned(), value, readers, extra: Vec::new() }
}

fn is_default(value: &Value, row: Option<&OptionRow>) -> bool {
    let default = row.and_then(|row| row.default);
    matches!((value.as_slice(), default), ([Segment::Text(text)], Some(default)) if text == default)
}
