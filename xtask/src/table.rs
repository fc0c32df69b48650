//! A table of what was measured, what it should be, and whether it is.

/// What, measured, target, verdict.
pub type Row = [String; 4];

/// A size in bytes that should be at most this large.
pub fn size(what: &str, bytes: u64, most: u64) -> Row {
    let verdict = if bytes <= most { "met" } else { "MISSED" };
    [what.to_owned(), shown(bytes), format!("≤ {}", shown(most)), verdict.to_owned()]
}

/// A size that has no target.
pub fn plain(what: &str, bytes: u64) -> Row {
    [what.to_owned(), shown(bytes), String::new(), String::new()]
}

/// A row of which another program wrote the cells, with tabs between.
pub fn read(line: &str) -> Row {
    let mut cells = line.split('\t').map(str::to_owned);
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

/// Prints the rows below their headings.
pub fn print(rows: &[Row]) {
    let head = ["what", "measured", "target", "verdict"].map(str::to_owned);
    let wide = |column: usize| rows.iter().chain([&head]).map(|row| row[column].chars().count()).max();
    let [first, second, third] = [0, 1, 2].map(|column| wide(column).unwrap_or_default());
    for [what, measured, target, verdict] in [&head].into_iter().chain(rows) {
        let line = format!("{what:<first$}  {measured:>second$}  {target:>third$}  {verdict}");
        println!("{}", line.trim_end());
    }
    let missed = rows.iter().filter(|row| row[3] == "MISSED").count();
    println!("{missed} targets missed");
}

fn shown(bytes: u64) -> String {
    match bytes {
        ..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.2} MiB", bytes as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_at_its_target_meets_it() {
        assert_eq!(size("x", 1024, 1024), ["x", "1.0 KiB", "≤ 1.0 KiB", "met"].map(str::to_owned));
        assert_eq!(size("x", 1025, 1024)[3], "MISSED");
    }

    #[test]
    fn cells_that_are_not_there_are_empty() {
        assert_eq!(read("a\t1"), ["a", "1", "", ""].map(str::to_owned));
    }
}
