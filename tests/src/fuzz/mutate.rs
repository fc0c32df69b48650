//! Changes that a person would make to a file of lines: of words, of values, of lines, of their depth.

use super::words::words;
use crate::random::Random;

/// A file that is a little different; `seed` says how.
#[must_use]
pub fn mutate(text: &str, seed: u32) -> String {
    let mut random = Random::new(u64::from(seed) << 1 | 1);
    // The first numbers of small seeds are alike.
    for _ in 0..8 {
        random.below(2);
    }
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for _ in 0..=random.below(3) {
        let at = random.below(lines.len());
        match random.below(8) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 => deeper(&mut lines, at, &mut random),
            3 => {
                let to = random.below(lines.len());
                let line = lines.remove(at);
                lines.insert(to, line);
            }
            4 => {
                let indent = " ".repeat(depth(&lines[at]));
                lines.insert(at + 1, format!("{indent}{}: {}", word(&mut random), word(&mut random)));
            }
            5 => set_value(&mut lines[at], &word(&mut random)),
            6 => set_key(&mut lines[at], &word(&mut random)),
            _ => insert(&mut lines[at], &word(&mut random), &mut random),
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
    }
    lines.join("\n")
}

fn word(random: &mut Random) -> String {
    words()[random.below(words().len())].clone()
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// A line and those behind it, or fewer, stand further in or further out.
fn deeper(lines: &mut [String], at: usize, random: &mut Random) {
    let is_in = random.below(2) == 0;
    for line in lines.iter_mut().skip(at).take(1 + random.below(6)) {
        match is_in {
            true => line.insert_str(0, "  "),
            false => *line = line.strip_prefix("  ").unwrap_or(line).to_owned(),
        }
    }
}

fn set_value(line: &mut String, word: &str) {
    let end = line.find(": ").map_or(line.len(), |colon| colon + 2);
    line.truncate(end);
    line.push_str(word);
}

fn set_key(line: &mut String, word: &str) {
    let (start, end) = (depth(line), line.find(':').unwrap_or(line.len()));
    if start <= end {
        line.replace_range(start..end, word);
    }
}

fn insert(line: &mut String, word: &str, random: &mut Random) {
    let places: Vec<usize> = (0..=line.len()).filter(|at| line.is_char_boundary(*at)).collect();
    line.insert_str(random.one(&places), word);
}
