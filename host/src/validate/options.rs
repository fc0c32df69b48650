//! What the user wrote for options of zuul.conf, compared with what the options are.

use std::collections::BTreeMap;

use serde_json::Value;

use super::convert;
use super::references::Facts;
use crate::api::Options;
use crate::api::schema::structural::kind_of;
use crate::contract::{Entry, Kind, OptionInfo, Setting};
use crate::diagnostic::{FieldPath, Finding, did_you_mean};
use crate::names;
use crate::secret::{SecretRef, has_login};

/// Where options stand, and which there are.
pub struct Scope<'a> {
    /// The field that holds them.
    pub path: FieldPath,
    /// For messages: `driver gerrit`, `section [web]`.
    pub what: String,
    /// The options there are.
    pub known: &'a [OptionInfo],
    /// Other fields in the same place, for "did you mean".
    pub fields: Vec<&'a str>,
    /// Whether any other name is taken as well.
    pub is_open: bool,
    /// Whether there is a field `unchecked` beside them.
    pub can_force: bool,
    /// Whether required options must be here.
    pub needs_all: bool,
}

impl Scope<'_> {
    fn info(&self, name: &str) -> Option<&OptionInfo> {
        self.known.iter().find(|info| info.name == name)
    }
}

/// Checks options and those that are forced, all findings at once; the good ones as entries, sorted by name. A
/// wrong one is there as well, with a stand-in: without it a plugin would tell what follows from its absence.
pub fn check(options: &Options, unchecked: &Options, scope: &Scope<'_>, facts: &mut Facts<'_>) -> Vec<Entry> {
    let mut entries = forced(options, unchecked, scope, facts);
    for (name, value) in options.iter().filter(|(_, value)| !value.is_null()) {
        entries.extend(one(name, value, scope, facts));
    }
    let missing = |info: &&OptionInfo| scope.needs_all && info.required && !entries.contains_key(&info.name);
    for info in scope.known.iter().filter(missing) {
        facts.lacks(
            Finding::error(
                "RequiredOption",
                scope.path.key(&info.name),
                format!("{} needs the option {}", scope.what, info.name),
            )
            .expected(info.summary.clone())
            .cure(format!("add {}", info.name)),
        );
    }
    entries.into_iter().map(|(name, setting)| Entry { name, setting }).collect()
}

fn one(name: &str, value: &Value, scope: &Scope<'_>, facts: &mut Facts<'_>) -> Option<(String, Setting)> {
    let path = scope.path.key(name);
    let info = scope.info(name);
    if info.is_none() && !scope.is_open {
        let meant = unknown(name, &path, scope, facts)?;
        return Some((meant.to_owned(), stand_in(meant)));
    }
    if !is_legal(name, &path, facts) {
        return None;
    }
    // That it is empty is told as being missing.
    if value == "" && scope.needs_all && info.is_some_and(|info| info.required) {
        return None;
    }
    let setting = match (setting(name, value, &path, facts), info) {
        (Some(setting), Some(info)) => fitting(setting, info, &path, facts),
        (setting, _) => setting,
    };
    let setting = setting.or_else(|| facts.left_out.covers(&path).then(|| stand_in(name)))?;
    Some((name.to_owned(), setting))
}

/// Options that the user forces: that they can be written is checked, nothing else.
fn forced(
    options: &Options,
    unchecked: &Options,
    scope: &Scope<'_>,
    facts: &mut Facts<'_>,
) -> BTreeMap<String, Setting> {
    let mut entries = BTreeMap::new();
    for (name, value) in unchecked.iter().filter(|(_, value)| !value.is_null()) {
        let path = scope.path.key("unchecked").key(name);
        let is_driver = name == "driver" && scope.fields.contains(&"driver");
        if is_driver || options.contains_key(name) {
            let message = format!("{name} stands beside `unchecked` already");
            facts.wrong(Finding::error("DuplicateOption", path, message).cure("remove one of the two"));
        } else if is_legal(name, &path, facts) {
            let setting = setting(name, value, &path, facts);
            entries.extend(setting.map(|setting| (name.clone(), setting)));
        }
    }
    entries
}

/// The names that a driver or Zuul knows are legal; others are not always.
fn is_legal(name: &str, path: &FieldPath, facts: &mut Facts<'_>) -> bool {
    let is_legal = names::is_option(name);
    if !is_legal {
        facts.wrong(
            Finding::error(
                "IllegalOption",
                path.clone(),
                format!("{name:?} cannot be the name of an option"),
            )
            .expected("a name in lower case, without '=', ':', brackets, '#' or ';' at the start")
            .cure("write the name as Zuul reads it from zuul.conf"),
        );
    }
    is_legal
}

/// A value that no plugin can see.
fn stand_in(name: &str) -> Setting {
    Setting::Secret(SecretRef::new("", name))
}

/// Says that there is no such option; the one that was probably meant.
fn unknown<'a>(name: &str, path: &FieldPath, scope: &'a Scope<'_>, facts: &mut Facts<'_>) -> Option<&'a str> {
    let names = scope.known.iter().map(|info| info.name.as_str()).chain(scope.fields.iter().copied());
    let guess = did_you_mean(name, names);
    let cure = match guess {
        Some(guess) => format!("did you mean {guess}?"),
        None if scope.can_force => "remove it, or force it: put it below `unchecked:`".to_owned(),
        None => "remove it".to_owned(),
    };
    facts.wrong(
        Finding::error("UnknownOption", path.clone(), format!("{} has no option {name}", scope.what))
            .expected("an option that Zuul reads: it ignores all others without a word")
            .cure(cure),
    );
    let guess = guess?;
    facts.left_out.insert(scope.path.key(guess));
    scope.info(guess).map(|_| guess)
}

/// Text, a number, a boolean, or `{secretName, key}`.
fn setting(name: &str, value: &Value, path: &FieldPath, facts: &mut Facts<'_>) -> Option<Setting> {
    match value {
        Value::Bool(value) => Some(Setting::Boolean(*value)),
        Value::String(text) if text.is_empty() => {
            facts.findings.push(
                Finding::warning(
                    "EmptyOption",
                    path.clone(),
                    "empty text is left out: Zuul would take it for a value",
                )
                .cure("remove the option, or give it a value"),
            );
            None
        }
        Value::String(text) => Some(Setting::Text(text.clone())),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Some(Setting::Integer(integer)),
            // Digits of a text, such as a password; no option is such a number.
            (None, _) if number.is_u64() => Some(Setting::Text(number.to_string())),
            (None, Some(number)) => Some(Setting::Number(number)),
            (None, None) => None,
        },
        Value::Object(fields) => {
            let secret = fields.get("secretName").and_then(Value::as_str).filter(|name| !name.is_empty());
            let key = fields.get("key").map_or(Some(name), Value::as_str);
            let others = fields.keys().find(|field| *field != "secretName" && *field != "key");
            let (Some(secret), Some(key), None) = (secret, key, others) else {
                let at = others.map_or_else(|| path.clone(), |field| path.key(field));
                facts.wrong(wrong(&at, "this is no reference to a Secret"));
                facts.left_out.insert(path.clone());
                return None;
            };
            Some(Setting::Secret(facts.secret(path, secret, key)))
        }
        Value::Null => None,
        Value::Array(_) => {
            facts.wrong(wrong(path, &format!("this is {}", kind_of(value))));
            None
        }
    }
}

fn wrong(path: &FieldPath, message: &str) -> Finding {
    Finding::error("WrongType", path.clone(), message)
        .expected("text, a number, true or false, or {secretName: …, key: …}")
        .cure("write one of these")
}

/// The setting in the type that the option has, if it can be had.
fn fitting(setting: Setting, info: &OptionInfo, path: &FieldPath, facts: &mut Facts<'_>) -> Option<Setting> {
    if let Some(instead) = &info.deprecated {
        facts.findings.push(
            Finding::warning("Deprecated", path.clone(), format!("{} is deprecated", info.name))
                .cure(instead.clone()),
        );
    }
    match convert::fitting(setting, info) {
        Ok(setting) => {
            warn_of_plain_secret(&setting, info, path, facts);
            Some(setting)
        }
        Err(expected) => {
            facts.wrong(
                Finding::error("WrongType", path.clone(), format!("{} cannot have this value", info.name))
                    .expected(expected)
                    .cure("Zuul does not work with it: write what is expected"),
            );
            None
        }
    }
}

fn warn_of_plain_secret(setting: &Setting, info: &OptionInfo, path: &FieldPath, facts: &mut Facts<'_>) {
    if is_plain_secret(setting, info.kind) {
        facts.findings.push(
            Finding::warning(
                "PlainSecret",
                path.clone(),
                "a secret stands here for everyone who may read the object",
            )
            .cure("put it into a Secret and write {secretName: …, key: …}"),
        );
    }
}

fn is_plain_secret(setting: &Setting, kind: Kind) -> bool {
    match (setting, kind) {
        (Setting::Secret(_), _) => false,
        (_, Kind::Secret) => true,
        (Setting::Text(uri), Kind::SecretUri) if uri.contains("://") => has_login(uri),
        (Setting::Text(uri), Kind::SecretUri) => has_login(&format!("ssh://{uri}")),
        _ => false,
    }
}
