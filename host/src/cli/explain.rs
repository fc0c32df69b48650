//! `zuul-operator explain`.

use serde::Serialize;
use serde_json::json;

use super::args::{Explain, Shape};
use super::explain_text::{found, markdown, text, tree};
use super::plugins;
use super::run::{Exit, Failure, Streams};
use crate::explain::{explain, json_schema};

/// Shows one topic with what it consists of, or all that a search finds. Arguments that do not go together are refused.
pub(super) fn run(args: &Explain, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let path = args.topic.trim_matches('.');
    let plugins = plugins::open(&args.plugins)?;
    let root = explain(&plugins)?;
    let topic = root.find(path).map_err(|near| Failure::Told(unknown(path, near.as_deref())))?;
    let search = |word: &str| {
        let found = topic.search(word).into_iter();
        found.map(|(at, topic)| (below(path, &at), topic)).collect::<Vec<_>>()
    };
    let styled = streams.stdout_styled;
    let said = match (args.output, args.search.as_deref()) {
        (Shape::Text, Some(word)) => match search(word) {
            all if all.is_empty() => return Err(Failure::Told(nothing(word))),
            all => found(&all, styled),
        },
        (Shape::Json, Some(word)) => {
            let all = search(word).into_iter();
            pretty(&all.map(|(path, topic)| json!({"path": path, "topic": topic})).collect::<Vec<_>>())?
        }
        (Shape::Tree | Shape::Markdown | Shape::JsonSchema, Some(_)) => {
            let sentence = "what --search finds is shown as text or JSON; write -o json, or leave -o out";
            return Err(Failure::Told(sentence.to_owned()));
        }
        (Shape::Text, None) => text(path, topic, styled),
        (Shape::Tree, None) => tree(topic),
        (Shape::Json, None) => pretty(topic)?,
        (Shape::Markdown, None) => markdown(path, topic),
        (Shape::JsonSchema, None) if path.is_empty() => pretty(&json_schema(&plugins)?)?,
        (Shape::JsonSchema, None) => {
            let sentence = format!("-o json-schema is always about the whole; leave {path:?} out");
            return Err(Failure::Told(sentence));
        }
    };
    streams.say(&said).map(|()| Exit::Fine)
}

fn pretty(value: &impl Serialize) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

fn nothing(word: &str) -> String {
    format!("nothing has {word:?} in its name or its sentence")
}

fn below(path: &str, at: &str) -> String {
    if path.is_empty() { at.to_owned() } else { format!("{path}.{at}") }
}

fn unknown(path: &str, near: Option<&str>) -> String {
    let help = near.map_or_else(
        || "`zuul-operator explain --search TEXT` looks everywhere".to_owned(),
        |near| format!("did you mean {near}?"),
    );
    format!("there is no topic {path:?}; {help}")
}
