//! Topics as text, as a tree, and as Markdown.

use std::fmt::Write;

use crate::explain::{Kind, Topic};

/// One topic: what it is, and a line for each thing that it consists of.
#[must_use]
pub fn text(path: &str, topic: &Topic, styled: bool) -> String {
    let mut text = String::new();
    if !path.is_empty() {
        let _ = writeln!(text, "{}", bold(path, styled));
    }
    wrapped(&mut text, "  ", &topic.summary);
    if !topic.facts.is_empty() {
        text.push('\n');
    }
    let width = topic.facts.keys().map(|name| label(name).len()).max().unwrap_or_default();
    for (name, value) in &topic.facts {
        let _ = writeln!(text, "  {:width$}  {value}", label(name));
    }
    let mut heading = "";
    for inner in &topic.topics {
        if plural(inner.kind) != heading {
            heading = plural(inner.kind);
            let _ = write!(text, "\n{}\n", bold(heading, styled));
        }
        let _ = writeln!(text, "  {}{}", bold(&inner.name, styled), brief(inner));
        wrapped(&mut text, "      ", &inner.summary);
    }
    if topic.kind == Kind::Group {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
        if let Some(first) = topic.topics.first() {
            let _ = write!(text, "\nMore: zuul-operator explain {prefix}{}\n", first.name);
        }
    }
    text
}

/// What a search found, each with its path.
#[must_use]
pub fn found(all: &[(String, &Topic)], styled: bool) -> String {
    let mut text = String::new();
    for (path, topic) in all {
        let _ = writeln!(text, "{}{}", bold(path, styled), brief(topic));
        wrapped(&mut text, "    ", &topic.summary);
    }
    text
}

/// The names, indented.
#[must_use]
pub fn tree(topic: &Topic) -> String {
    fn add(text: &mut String, topic: &Topic, depth: usize) {
        for inner in &topic.topics {
            let _ = writeln!(text, "{}{}", "  ".repeat(depth), inner.name);
            add(text, inner, depth + 1);
        }
    }
    let mut text = String::new();
    add(&mut text, topic, 0);
    text
}

/// A page: a heading for each topic that consists of others, with a table of these.
#[must_use]
pub fn markdown(path: &str, topic: &Topic) -> String {
    let mut text = format!("# {}\n\n{}\n", if path.is_empty() { "Reference" } else { path }, topic.summary);
    let shared = shared(topic);
    if !shared.is_empty() {
        let mut every = topic.clone();
        every.topics = shared.iter().map(|inner| (*inner).clone()).collect();
        let _ = write!(text, "\n## every component\n\nEvery component's section has these fields.\n");
        tables(&mut text, &every, 3, &[]);
    }
    tables(&mut text, topic, 2, &shared);
    text
}

/// What most of the topic's members have in common: the fields of pods stand once instead of nine times.
fn shared(topic: &Topic) -> Vec<&Topic> {
    let has = |member: &Topic, inner: &Topic| member.topics.iter().any(|other| other == inner);
    let is_shared = |inner: &&Topic| topic.topics.iter().filter(|member| has(member, inner)).count() >= MANY;
    let most = topic.topics.iter().max_by_key(|member| member.topics.iter().filter(is_shared).count());
    most.map(|member| member.topics.iter().filter(is_shared).collect()).unwrap_or_default()
}

/// So many members make a field a shared one.
const MANY: usize = 8;

fn tables(text: &mut String, topic: &Topic, level: usize, shared: &[&Topic]) {
    let members = || topic.topics.iter().filter(|inner| !shared.contains(inner));
    let leaves: Vec<&Topic> = members().filter(|inner| inner.topics.is_empty()).collect();
    // Groups whose members have none of their own still have a heading each: a driver without options.
    let (own, leaves): (Vec<&Topic>, Vec<&Topic>) =
        leaves.into_iter().partition(|leaf| matches!(leaf.kind, Kind::Driver | Kind::Section));
    if !leaves.is_empty() {
        let is_finding = leaves.iter().all(|leaf| leaf.kind == Kind::Finding);
        text.push_str(if is_finding {
            "\n| code | what it means |\n|---|---|\n"
        } else {
            "\n| name | what it holds | default | what it is |\n|---|---|---|---|\n"
        });
        for leaf in leaves {
            let _ = if is_finding {
                writeln!(text, "| `{}` | {} |", leaf.name, cell(&leaf.summary))
            } else {
                let default = leaf.facts.get("default").map(|it| format!("`{}`", cell(it)));
                let holds = cell(&holds(leaf));
                writeln!(
                    text,
                    "| `{}` | {holds} | {} | {}{} |",
                    leaf.name,
                    default.unwrap_or_default(),
                    cell(&leaf.summary),
                    more(leaf)
                )
            };
        }
    }
    for inner in members().filter(|inner| !inner.topics.is_empty()).chain(own) {
        let marks = "#".repeat(level.min(6));
        let roles = inner.facts.get("roles").map(|roles| format!(" ({roles})")).unwrap_or_default();
        let _ = write!(text, "\n{marks} {}{roles}\n\n{}\n", inner.name, inner.summary);
        tables(text, inner, level + 1, shared);
    }
}

/// What an option or a field holds: its type, its choices or bounds.
fn holds(topic: &Topic) -> String {
    let fact = |name: &str| topic.facts.get(name).map(String::as_str);
    let mut holds = match (fact("choices"), fact("type")) {
        (Some(choices), _) => format!("one of {choices}"),
        (None, name) => name.unwrap_or_default().to_owned(),
    };
    match (fact("minimum"), fact("maximum")) {
        (Some(minimum), Some(maximum)) => holds.push_str(&format!(", {minimum} to {maximum}")),
        (Some(minimum), None) => holds.push_str(&format!(", {minimum} or more")),
        (None, Some(maximum)) => holds.push_str(&format!(", {maximum} or less")),
        (None, None) => {}
    }
    holds
}

fn more(topic: &Topic) -> String {
    let fact = |name: &str| topic.facts.get(name);
    let mut text = String::new();
    if fact("required").is_some() {
        text.push_str(" **Required.**");
    }
    for (name, words) in
        [("requiredWhen", "Required when"), ("deprecated", "Deprecated:"), ("readBy", "Read by:")]
    {
        if let Some(value) = fact(name) {
            let _ = write!(text, " {words} {}.", cell(value).trim_end_matches('.'));
        }
    }
    text
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").replace('<', "&lt;")
}

/// Behind a name: `  integer, 1 to 65535; default 29418`.
fn brief(topic: &Topic) -> String {
    let fact = |name: &str| topic.facts.get(name);
    let mut parts = vec![holds(topic)];
    parts.extend(fact("default").map(|default| format!("default {default}")));
    parts.extend(fact("required").map(|_| "required".to_owned()));
    parts.extend(fact("deprecated").map(|_| "deprecated".to_owned()));
    parts.extend(fact("roles").cloned());
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() { String::new() } else { format!("  {}", parts.join("; ")) }
}

fn label(fact: &str) -> &str {
    match fact {
        "requiredWhen" => "required when",
        "readBy" => "read by",
        fact => fact,
    }
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "TOPICS",
        Kind::Field => "FIELDS",
        Kind::Driver => "DRIVERS",
        Kind::Section => "SECTIONS",
        Kind::Option => "OPTIONS OF ZUUL.CONF",
        Kind::Finding => "CODES",
    }
}

/// Lines of at most 100 characters, if words allow it.
fn wrapped(text: &mut String, indent: &str, words: &str) {
    let mut line = String::new();
    for word in words.split_whitespace() {
        if !line.is_empty() && indent.len() + line.chars().count() + 1 + word.chars().count() > 100 {
            let _ = writeln!(text, "{indent}{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        let _ = writeln!(text, "{indent}{line}");
    }
}

fn bold(text: &str, styled: bool) -> String {
    if styled { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}
