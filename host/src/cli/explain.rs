//! `zuul-operator explain`.

use super::args::{Explain, Shape};
use super::explain_text::{found, markdown, text, tree};
use super::plugins;
use super::run::{Exit, Failure, Streams};
use crate::explain::{explain, json_schema};

/// Shows one topic with what it consists of, or all that a search finds.
pub(super) fn run(args: &Explain, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let plugins = plugins::open(&args.plugins)?;
    if args.output == Shape::JsonSchema {
        let schema = json_schema(&plugins)?;
        return streams.say(&(serde_json::to_string_pretty(&schema)? + "\n")).map(|()| Exit::Fine);
    }
    let root = explain(&plugins)?;
    let path = args.topic.trim_matches('.');
    let topic = root.find(path).map_err(|near| Failure::Told(unknown(path, near.as_deref())))?;
    let styled = streams.stdout_styled;
    let said = match (&args.search, args.output) {
        (Some(word), Shape::Json) => {
            let all = topic.search(word).into_iter();
            let all: Vec<_> = all
                .map(|(at, topic)| serde_json::json!({"path": below(path, &at), "topic": topic}))
                .collect();
            serde_json::to_string_pretty(&all)? + "\n"
        }
        (Some(word), _) => {
            let all: Vec<_> =
                topic.search(word).into_iter().map(|(at, topic)| (below(path, &at), topic)).collect();
            if all.is_empty() {
                return Err(Failure::Told(format!("nothing has {word:?} in its name or its sentence")));
            }
            found(&all, styled)
        }
        (None, Shape::Json) => serde_json::to_string_pretty(topic)? + "\n",
        (None, Shape::Tree) => tree(topic),
        (None, Shape::Markdown) => markdown(path, topic),
        (None, Shape::Text | Shape::JsonSchema) => text(path, topic, styled),
    };
    streams.say(&said).map(|()| Exit::Fine)
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
