//! What of a file may not be shown in an excerpt.
//!
//! Excerpts end up in the logs of CI jobs. So nothing is shown of Secrets, of lists that hold one, of
//! kinds that we do not know, and of what could not be read but may be a Secret; and values whose
//! key says that they are secret are shown as asterisks.

use std::collections::BTreeSet;

use serde_json::Value;

use super::object::{Sight, sight};
use super::telling::{assigns, is_telling, telling_lines};
use crate::secret::has_login;
use crate::yaml::Reading;
use crate::yaml::chunk::{Chunk, lines};
use crate::yaml::place::{Children, Node, Place};

/// What may not be shown of a file. Filled from its top to its end.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    /// First and last lines of which nothing may be shown, in order.
    lines: Vec<(u32, u32)>,
    /// Scalars that are shown as asterisks. None overlaps another.
    scalars: BTreeSet<Place>,
}

impl Hidden {
    /// Hides lines.
    pub fn hide(&mut self, first: u32, last: u32) {
        match self.lines.last_mut() {
            Some(before) if before.1 + 1 >= first => before.1 = last.max(before.1),
            _ => self.lines.push((first, last)),
        }
    }

    /// Shows a scalar as asterisks.
    pub fn mask(&mut self, place: Place) {
        self.scalars.insert(place);
    }

    /// Whether nothing of a line may be shown.
    #[must_use]
    pub fn is_hidden(&self, line: u32) -> bool {
        let above = self.lines.partition_point(|(first, _)| *first <= line);
        above > 0 && self.lines[above - 1].1 >= line
    }

    /// The scalars on a line that are shown as asterisks.
    pub fn masked(&self, line: u32) -> impl Iterator<Item = &Place> {
        let (start, behind) = (Place::line(line), Place::line(line + 1));
        // Of those that start above, only the nearest one can reach so far.
        let above = self.scalars.range(..start).next_back().filter(|place| place.end_line >= line);
        above.into_iter().chain(self.scalars.range(start..behind))
    }

    /// Hides what may not be shown of a part of a file; true if anything of it may be shown.
    pub fn add(&mut self, reading: &Reading<'_>) -> bool {
        let Reading { chunk, documents, is_whole, .. } = reading;
        let may_be_shown = documents.iter().all(|document| is_shown(&document.value));
        let shown = may_be_shown && (*is_whole || is_ours(chunk));
        if !shown {
            self.hide(chunk.first_line, chunk.last_line);
        } else if *is_whole {
            let mut texts = Vec::new();
            for document in documents {
                self.mask_telling(&document.node, &document.value, &mut texts);
            }
            self.hide_within(chunk, texts);
        } else {
            self.hide_telling(chunk);
        }
        shown
    }

    /// Hides the values of telling keys, however deep, lists and multi-line texts included, and texts that have a
    /// URL with a login or, on one line, a telling key. Of other texts the places of those with more lines go to
    /// `texts`.
    fn mask_telling(&mut self, node: &Node, value: &Value, texts: &mut Vec<Place>) {
        match &node.children {
            Children::None => {
                let has_lines = node.value.end_line > node.value.line;
                match value.as_str() {
                    Some(text) if has_login(text) || !has_lines && assigns(text) => self.mask(node.value),
                    Some(_) if has_lines => texts.push(node.value),
                    Some(_) | None => {}
                }
            }
            Children::List(list) => {
                list.iter().enumerate().for_each(|(at, child)| self.mask_telling(child, &value[at], texts));
            }
            Children::Map(map) => {
                for (key, child) in map {
                    if (is_telling(key) || key.as_ref() == "uri") && !is_reference(child) {
                        self.mask_all(child);
                    } else {
                        self.mask_telling(child, &value[key.as_ref()], texts);
                    }
                }
            }
        }
    }

    fn mask_all(&mut self, node: &Node) {
        match &node.children {
            Children::None => self.mask(node.value),
            Children::List(list) => list.iter().for_each(|child| self.mask_all(child)),
            Children::Map(map) => map.iter().for_each(|(_, child)| self.mask_all(child)),
        }
    }

    /// Hides telling lines of what could not be read.
    fn hide_telling(&mut self, chunk: &Chunk<'_>) {
        telling_lines((chunk.first_line..).zip(lines(chunk.text))).for_each(|line| self.hide(line, line));
    }

    /// Hides telling lines of texts of more than one line: each may be a file of its own, at whose lines findings point.
    fn hide_within(&mut self, chunk: &Chunk<'_>, mut texts: Vec<Place>) {
        texts.sort_unstable();
        let mut lines = (chunk.first_line..).zip(lines(chunk.text)).peekable();
        for text in texts {
            while lines.next_if(|(line, _)| *line < text.line).is_some() {}
            let within = std::iter::from_fn(|| lines.next_if(|(number, line)| text.is_on(*number, line)));
            telling_lines(within).for_each(|line| self.hide(line, line));
        }
    }
}

fn is_shown(value: &Value) -> bool {
    let ours = |value: &Value| matches!(sight(value), Sight::Zuul | Sight::ConfigMap);
    let items = || value.get("items").and_then(Value::as_array);
    ours(value) || sight(value) == Sight::List && items().is_some_and(|items| items.iter().all(ours))
}

/// Whether what could not be read says, on a line of its own that is not further in, that it is ours, and
/// holds nothing in which another kind could hide. A Secret that a stray `---` cuts in two leaves a part
/// that does not say what it is.
fn is_ours(chunk: &Chunk<'_>) -> bool {
    let says_so = |line: &str| ["kind: Zuul", "kind: ConfigMap"].contains(&line.trim_end());
    let may_hide =
        |line: &str| mentions_secret(line) || line.contains(['\\', '!']) || line.starts_with("...");
    lines(chunk.text).any(says_so) && !lines(chunk.text).any(may_hide)
}

/// The word `Secret`.
fn mentions_secret(line: &str) -> bool {
    let word = |(at, found): (usize, &str)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !letter(line[..at].chars().next_back()) && !letter(line[at + found.len()..].chars().next())
    };
    line.match_indices("Secret").any(word) || line.contains("SecretList")
}

/// `{secretName: …, key: …}` names a secret and holds none.
fn is_reference(node: &Node) -> bool {
    let names = |(key, _): &(Box<str>, Node)| matches!(key.as_ref(), "secretName" | "key");
    matches!(&node.children, Children::Map(map) if map.iter().all(names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_found_as_a_word() {
        assert!(mentions_secret("kind: Secret"));
        assert!(mentions_secret("{\"kind\":\"Secret\"}"));
        assert!(!mentions_secret("secretName: a"));
    }
}
