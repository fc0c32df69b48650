//! What almost every driver does: its described options become lines and files.

use std::mem::ManuallyDrop;

use crate::{
    Components, Connection, Description, Entry, File, Kind, Line, OptionInfo, Rendering, Roles, Segment,
    Setting, Value, readers, truth, value, value::is_set,
};

/// A description without options yet.
#[must_use]
pub fn describe(drivers: &[&str], roles: Roles, summary: &str) -> Description {
    Description {
        drivers: drivers.iter().map(|&driver| driver.to_owned()).collect(),
        roles,
        open: false,
        options: Vec::new(),
        summary: summary.to_owned(),
        extra: Vec::new(),
    }
}

impl Description {
    /// With these options.
    #[must_use]
    pub fn with(mut self, options: Vec<OptionInfo>) -> Self {
        self.options = options;
        self
    }

    /// Takes options that are not described as well.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// The components that have the section, by the roles.
    #[must_use]
    pub fn readers(&self) -> Components {
        let mut all = Components::empty();
        if self.roles.contains(Roles::SOURCE) {
            all |= readers::SOURCE;
        }
        if self.roles.contains(Roles::REPORTER) {
            all |= readers::REPORTER;
        }
        if self.roles.contains(Roles::PROVIDER) {
            all |= readers::PROVIDER;
        }
        all
    }

    fn option(&self, name: &str) -> Option<&OptionInfo> {
        self.options.iter().find(|option| option.name == name)
    }
}

/// Renders a connection by its description alone:
///
/// - each option goes to the components that read it; one that is not described (the user forced
///   it) to all that have the section;
/// - a Secret for a path or a secret file becomes a file below the connection's mount, and the
///   line has its path; any other Secret stands in the line;
/// - what [`value`] leaves out is left out; so is a boolean that equals its default, as several
///   drivers of Zuul read their own default wrongly.
///
/// It takes the description as it is made for this, and does not take it apart again: all memory is gone
/// with the sandbox anyway, and that would be a quarter of a call.
#[must_use]
pub fn render_described(description: Description, connection: &Connection) -> Rendering {
    let description = ManuallyDrop::new(description);
    let mut rendering = Rendering {
        readers: description.readers(),
        lines: Vec::new(),
        files: Vec::new(),
        findings: Vec::new(),
        extra: Vec::new(),
    };
    for entry in &connection.options {
        let info = description.option(&entry.name);
        let readers = info.map_or(rendering.readers, |info| info.readers);
        let kind = info.map_or(Kind::Text, |info| info.kind);
        if let Setting::Secret(handle) = entry.setting
            && matches!(kind, Kind::Path | Kind::SecretFile)
        {
            let path = format!("{}/{}", connection.mount, entry.name);
            rendering.files.push(File { path: path.clone(), content: handle, readers, extra: Vec::new() });
            rendering.lines.push(line(&entry.name, vec![Segment::Text(path)], readers));
        } else if let Some(value) = value_of(entry, info) {
            rendering.lines.push(line(&entry.name, value, readers));
        }
    }
    rendering
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
    Line { key: key.to_owned(), value, readers }
}

fn value_of(entry: &Entry, info: Option<&OptionInfo>) -> Option<Value> {
    let kind = info.map_or(Kind::Text, |info| info.kind);
    let value = value(&entry.setting, kind)?;
    let default = info.and_then(|info| info.default.clone()).map(|default| vec![Segment::Text(default)]);
    let is_default = kind == Kind::Boolean && default.as_ref() == Some(&value);
    (!is_default).then_some(value)
}
