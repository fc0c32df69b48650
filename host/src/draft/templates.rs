//! Tags that are filled in for each request.
//!
//! Nodepool's tags come in two kinds, and only `dynamic-…` ones are templates of `str.format`, with the object
//! `request` (`NodeRequest.getSafeAttributes`). Zuul's are all templates, with the attributes of the request
//! themselves (`BaseProvider.getNodeTags`, `NodesetRequest.getSafeAttributes`).

/// What Nodepool's templates say, and what says the same in Zuul's. Of `requestor_data` it is what Zuul's scheduler
/// puts there.
const WORDS: [(&str, &str); 8] = [
    ("request.id", "request_id"),
    ("request.labels", "labels"),
    ("request.event_id", "zuul_event_id"),
    ("request.tenant_name", "tenant_name"),
    ("request.requestor_data[tenant_name]", "tenant_name"),
    ("request.requestor_data[pipeline_name]", "pipeline_name"),
    ("request.requestor_data[job_name]", "job_name"),
    ("request.requestor_data[build_set_uuid]", "buildset_uuid"),
];

/// A text that stays as it is when it is filled in.
pub(super) fn literal(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// One of Nodepool's templates as Zuul's; `None` where Zuul does not know what is to be filled in.
pub(super) fn translated(template: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if from.starts_with("{{") || from.starts_with("}}") {
            out.push_str(&from[..2]);
            rest = &from[2..];
        } else {
            let (word, behind) = from.strip_prefix('{')?.split_once('}')?;
            let (_, new) = WORDS.iter().find(|(old, _)| *old == word)?;
            out.push_str(&format!("{{{new}}}"));
            rest = behind;
        }
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_translated_and_braces_stay() {
        let is = |template: &str, expected: Option<&str>| {
            assert_eq!(translated(template).as_deref(), expected, "{template}");
        };
        is("a {request.tenant_name}/{request.id}", Some("a {tenant_name}/{request_id}"));
        is("{{x}} {request.requestor_data[job_name]}", Some("{{x}} {job_name}"));
        is("plain", Some("plain"));
        for broken in ["{request.requestor}", "{request.id", "}", "{", "{}", "{request.id!r}", "{üß}"] {
            is(broken, None);
        }
        assert_eq!(literal("{a}"), "{{a}}");
    }
}
