//! Tree to text: block collections, one indent of two, and scalars so that PyYAML reads what it
//! would have read in the user's file.

use std::fmt::Write;

use crate::node::{CORE_TAG, Kind, LONE_TAG, Node, Style};

/// PyYAML reads no longer key than 1024 characters without a `?`.
const LONGEST_SIMPLE_KEY: usize = 1000;

/// A document.
#[must_use]
pub fn write(node: &Node<'_>) -> String {
    let mut out = String::with_capacity(node.bytes.saturating_mul(2));
    match &node.kind {
        Kind::Scalar(text, style) => {
            write_tag(&mut out, node);
            write_scalar(&mut out, text, *style, 0);
        }
        _ if is_empty(node) || node.tag.is_some() => write_value(&mut out, node, 0, false),
        _ => write_collection(&mut out, node, 0),
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    // What precedes a value begins with a space; a document begins without.
    if out.starts_with([' ', '\n']) { out.split_off(1) } else { out }
}

fn is_empty(node: &Node<'_>) -> bool {
    node.items().is_empty() && node.entries().is_empty()
}

/// What stands behind `key:`, `?` or `-` of a collection at `indent`, line end included.
/// `compact`: whether a collection may begin on the same line.
fn write_value(out: &mut String, node: &Node<'_>, indent: usize, compact: bool) {
    if let Kind::Scalar(text, style) = &node.kind {
        if !(text.is_empty() && *style == Style::Plain && node.tag.is_none()) {
            out.push(' ');
        }
        write_tag(out, node);
        write_scalar(out, text, *style, indent);
        if !out.ends_with('\n') {
            out.push('\n');
        }
        return;
    }
    if node.tag.is_some() || is_empty(node) {
        out.push(' ');
        write_tag(out, node);
    }
    match &node.kind {
        _ if !is_empty(node) && compact && node.tag.is_none() => {
            out.push(' ');
            write_collection(out, node, indent + 2);
        }
        Kind::Sequence(items) if items.is_empty() => out.push_str("[]\n"),
        Kind::Mapping(entries) if entries.is_empty() => out.push_str("{}\n"),
        _ => {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            pad(out, indent + 2);
            write_collection(out, node, indent + 2);
        }
    }
}

/// A collection that is not empty, whose first line is indented already.
fn write_collection(out: &mut String, node: &Node<'_>, indent: usize) {
    let mut first = true;
    let mut begin = |out: &mut String| {
        if !std::mem::take(&mut first) {
            pad(out, indent);
        }
    };
    for item in node.items() {
        begin(out);
        out.push('-');
        write_value(out, item, indent, true);
    }
    for (key, value) in node.entries() {
        begin(out);
        if !write_simple_key(out, key) {
            out.push('?');
            write_value(out, key, indent, true);
            pad(out, indent);
        }
        out.push(':');
        write_value(out, value, indent, false);
    }
}

/// Writes the key on one line before its colon; false where it must follow a `?`.
fn write_simple_key(out: &mut String, key: &Node<'_>) -> bool {
    let Kind::Scalar(text, style) = &key.kind else { return false };
    if text.is_empty() && *style == Style::Plain {
        return false;
    }
    let style = if *style == Style::Block { Style::Double } else { *style };
    let begin = out.len();
    write_tag(out, key);
    write_scalar(out, text, style, 0);
    let is_short =
        out[begin..].len() <= LONGEST_SIMPLE_KEY || out[begin..].chars().count() <= LONGEST_SIMPLE_KEY;
    if !is_short {
        out.truncate(begin);
    }
    is_short
}

fn pad(out: &mut String, indent: usize) {
    const BLANKS: &str = "                                                                ";
    let mut left = indent;
    while left > 0 {
        let some = left.min(BLANKS.len());
        out.push_str(&BLANKS[..some]);
        left -= some;
    }
}

fn write_tag(out: &mut String, node: &Node<'_>) {
    let Some(tag) = &node.tag else { return };
    if tag == LONE_TAG {
        return out.push_str("! ");
    }
    match tag.strip_prefix(CORE_TAG) {
        Some(core) if !core.is_empty() && core.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            let _ = write!(out, "!!{core} ");
        }
        // PyYAML will refuse it, as it would have refused the user's.
        _ => {
            let _ = write!(out, "!<{}> ", tag.replace(['<', '>', ' '], "_"));
        }
    }
}

fn write_scalar(out: &mut String, text: &str, style: Style, indent: usize) {
    match style {
        Style::Plain if text.is_empty() || is_plain(text) => out.push_str(text),
        Style::Single if is_line(text) => {
            out.push('\'');
            out.push_str(&text.replace('\'', "''"));
            out.push('\'');
        }
        Style::Block if is_block(text, style) => write_block(out, text, indent),
        // What cannot be plain on one line is a string for every resolver.
        _ => write_double(out, text),
    }
}

/// Whether the text can stand without quotes in a block collection, on one line.
fn is_plain(text: &str) -> bool {
    is_word(text.as_bytes()) || is_plain_line(text)
}

/// Most scalars: letters, digits and what never means anything between them.
fn is_word(text: &[u8]) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    text.first().is_some_and(u8::is_ascii_alphanumeric) && text.iter().all(is_inner)
}

fn is_plain_line(text: &str) -> bool {
    const INDICATORS: &str = ",[]{}#&*!|>'\"%@`";
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    let begins = first.is_some_and(|c| match c {
        '-' | '?' | ':' => second.is_some_and(|c| c != ' ' && c != '\t'),
        c => !INDICATORS.contains(c) && c != ' ' && c != '\t',
    });
    begins
        && is_line(text)
        && !text.ends_with([' ', '\t', ':'])
        && !text.starts_with("---")
        && !text.starts_with("...")
        && !has_inner_indicator(text.as_bytes())
}

/// A colon before a blank, or a `#` behind one.
fn has_inner_indicator(text: &[u8]) -> bool {
    let is_blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    text.iter().enumerate().any(|(at, byte)| match byte {
        b':' => is_blank(text.get(at + 1)),
        b'#' => at > 0 && is_blank(text.get(at - 1)),
        _ => false,
    })
}

/// Whether every character is printable and none ends a line.
fn is_line(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) || text.chars().all(is_printable)
}

fn is_printable(c: char) -> bool {
    match c {
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        '\t' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' => true,
        c => c >= '\u{10000}',
    }
}

/// Whether the text is written as a block: not without any line that has something in it.
fn is_block(text: &str, style: Style) -> bool {
    style == Style::Block
        && text.chars().all(|c| c == '\n' || is_printable(c))
        && text.contains(|c| !matches!(c, '\n' | ' ' | '\t'))
}

fn write_block(out: &mut String, text: &str, indent: usize) {
    out.push('|');
    // Otherwise the first line would tell the indent.
    if text.starts_with([' ', '\t', '\n']) {
        out.push('2');
    }
    let body = text.strip_suffix('\n');
    match body {
        None => out.push('-'),
        Some(body) if body.ends_with('\n') => out.push('+'),
        Some(_) => {}
    }
    for line in body.unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(out, indent + 2);
            out.push_str(line);
        }
    }
    out.push('\n');
}

fn write_double(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => {
                let code = u32::from(c);
                let _ = match code {
                    ..=0xff => write!(out, "\\x{code:02X}"),
                    0x100..=0xffff => write!(out, "\\u{code:04X}"),
                    _ => write!(out, "\\U{code:08X}"),
                };
            }
        }
    }
    out.push('"');
}
