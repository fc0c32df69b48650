//! Python's `configparser.ConfigParser` with its defaults, as far as it reads (`Lib/configparser.py`).

use std::collections::BTreeMap;

/// Options by section, in the order of the sections.
pub type Sections = Vec<(String, BTreeMap<String, String>)>;

/// What `str.strip()` takes away.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// `read_string`, then `items` of every section. The error is the exception's name.
pub fn read(text: &str) -> Result<Sections, &'static str> {
    if text.starts_with('\u{feff}') {
        return Err("MissingSectionHeaderError");
    }
    let mut reader = Reader::default();
    // Files are opened with universal newlines.
    text.replace("\r\n", "\n").split(['\n', '\r']).try_for_each(|line| reader.line(line))?;
    reader.sections.into_iter().map(|(name, options)| Ok((name, values(options)?))).collect()
}

#[derive(Default)]
struct Reader {
    sections: Vec<(String, BTreeMap<String, Vec<String>>)>,
    option: Option<String>,
    indent: usize,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        let value = line.trim_matches(is_space);
        if value.starts_with(['#', ';']) {
            return Ok(());
        }
        let current = self.sections.last_mut();
        if value.is_empty() {
            if let (Some((_, options)), Some(option)) = (current, &self.option) {
                options.entry(option.clone()).or_default().push(String::new());
            }
            return Ok(());
        }
        let indent = line.chars().take_while(|c| is_space(*c)).count();
        if let (Some((_, options)), Some(option)) = (current, &self.option)
            && indent > self.indent
        {
            options.entry(option.clone()).or_default().push(value.to_owned());
            return Ok(());
        }
        self.indent = indent;
        match value.strip_prefix('[').and_then(|rest| rest.rsplit_once(']')) {
            Some((header, _)) if !header.is_empty() => self.section(header),
            _ => self.option(value),
        }
    }

    fn section(&mut self, header: &str) -> Result<(), &'static str> {
        if self.sections.iter().any(|(known, _)| known == header) {
            return Err("DuplicateSectionError");
        }
        if header == "DEFAULT" {
            return Err("it would be in every section");
        }
        self.option = None;
        self.sections.push((header.to_owned(), BTreeMap::new()));
        Ok(())
    }

    fn option(&mut self, line: &str) -> Result<(), &'static str> {
        let Some((_, options)) = self.sections.last_mut() else { return Err("MissingSectionHeaderError") };
        let (key, value) = line.split_once(['=', ':']).ok_or("ParsingError")?;
        let key = key.trim_end_matches(is_space).to_lowercase();
        if key.is_empty() {
            return Err("ParsingError");
        }
        let value = value.trim_matches(is_space).to_owned();
        if options.insert(key.clone(), vec![value]).is_some() {
            return Err("DuplicateOptionError");
        }
        self.option = Some(key);
        Ok(())
    }
}

fn values(options: BTreeMap<String, Vec<String>>) -> Result<BTreeMap<String, String>, &'static str> {
    let one = |(key, lines): (String, Vec<String>)| {
        Ok((key, interpolated(lines.join("\n").trim_end_matches(is_space))?))
    };
    options.into_iter().map(one).collect()
}

/// Nothing that is written refers to another option.
fn interpolated(raw: &str) -> Result<String, &'static str> {
    let mut value = String::new();
    let mut rest = raw.chars();
    while let Some(c) = rest.next() {
        if c == '%' && rest.next() != Some('%') {
            return Err("InterpolationSyntaxError");
        }
        value.push(c);
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers of Python 3.11.
    #[test]
    fn it_reads_as_python_reads() {
        for (text, expected) in [
            ("[a]\nb=1\nB=2\n", Err("DuplicateOptionError")),
            ("[a]\n[a]\n", Err("DuplicateSectionError")),
            ("[a]\nb=50%\n", Err("InterpolationSyntaxError")),
            ("\u{feff}[a]\n", Err("MissingSectionHeaderError")),
            ("b=1\n", Err("MissingSectionHeaderError")),
            ("[a]\nb\n", Err("ParsingError")),
            ("[a]\nb:c=1\n", Ok("c=1")),
            ("[a]\n#b=1\nb = \u{a0}x y\u{1f} \r", Ok("x y")),
            ("[a]\nb=1\n  2\n\n   3\n", Ok("1\n2\n\n3")),
            ("[a]\nb=%%\r\n", Ok("%")),
        ] {
            let read = read(text);
            let value = read.as_ref().map(|sections| sections[0].1["b"].as_str()).map_err(|error| *error);
            assert_eq!(value, expected, "{text:?}");
        }
    }
}
