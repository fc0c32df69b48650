//! Builders for findings, and what their codes mean.

use crate::{CodeInfo, Finding, Severity};

/// A code of findings in UpperCamelCase, and one sentence that says what it means whatever the case.
pub type CodeRow = (&'static str, &'static str);

/// As the host is told.
#[must_use]
pub fn code_infos(codes: &[CodeRow]) -> Vec<CodeInfo> {
    let info = |&(code, summary): &CodeRow| CodeInfo {
        code: code.to_owned(),
        summary: summary.to_owned(),
        extra: Vec::new(),
    };
    codes.iter().map(info).collect()
}

/// Stops the rollout: `code` in UpperCamelCase, the option, one sentence.
#[must_use]
pub fn error(code: &str, path: &str, message: &str) -> Finding {
    finding(Severity::Error, code, path, message)
}

/// Probably not what is wanted.
#[must_use]
pub fn warning(code: &str, path: &str, message: &str) -> Finding {
    finding(Severity::Warning, code, path, message)
}

/// Worth knowing.
#[must_use]
pub fn note(code: &str, path: &str, message: &str) -> Finding {
    finding(Severity::Note, code, path, message)
}

fn finding(severity: Severity, code: &str, path: &str, message: &str) -> Finding {
    Finding {
        severity,
        path: path.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
        expected: String::new(),
        cure: String::new(),
        extra: Vec::new(),
    }
}

impl Finding {
    /// With what was expected.
    #[must_use]
    pub fn expected(mut self, expected: &str) -> Self {
        expected.clone_into(&mut self.expected);
        self
    }

    /// With what to do.
    #[must_use]
    pub fn cure(mut self, cure: &str) -> Self {
        cure.clone_into(&mut self.cure);
        self
    }
}
