//! Host names, URLs and the template of links.

use zuul_plugin_sdk::check::{host_alone, host_name, web_url};
use zuul_plugin_sdk::{Connection, Finding, error};

/// Everything that is to be said of where Gerrit is. `speaks_ssh`: whether Zuul opens SSH connections.
pub fn findings(connection: &Connection, speaks_ssh: bool) -> Vec<Finding> {
    // Without SSH a port in `server` does no harm: https://SERVER is right with it.
    let is_dialled = speaks_ssh && !connection.is_set("ssh_server");
    let port = || {
        let cure = "leave only the host name; the port of SSH goes into `port`, that of the web interface into \
                    `baseurl`";
        is_dialled.then(|| host_alone(connection, "server").map(|finding| finding.cure(cure)))?
    };
    [
        host_name(connection, "server", Some("baseurl")).or_else(port),
        host_alone(connection, "ssh_server"),
        host_name(connection, "canonical_hostname", None),
        web_url(connection, "baseurl"),
        template(connection),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `GerritConnection._getWebUrl` fills it in by Python's `str.format`, which raises for each push otherwise.
fn template(connection: &Connection) -> Option<Finding> {
    let fault = fault(connection.text("gitweb_url_template")?)?;
    Some(
        error("GerritWebUrlTemplate", "gitweb_url_template", &format!("{fault}: Zuul fails on each push"))
            .expected("text with {baseurl}, {project.name} and {sha}; other braces doubled")
            .cure("correct the template, or remove it"),
    )
}

/// What Python cannot fill in. What follows a field's name, as in `{sha:.7}`, is not looked at.
fn fault(template: &str) -> Option<&'static str> {
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (brace, after) = rest[at..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            rest = after;
            continue;
        }
        if brace == "}" {
            return Some("a brace is closed that is not open");
        }
        let Some(end) = end_of_field(after) else {
            return Some("a brace is open that is not closed");
        };
        let field = after[..end].split(['!', ':', '[']).next().unwrap_or_default();
        let is_filled = match field.split_once('.') {
            Some(("project", attribute)) => attribute.split('.').next() == Some("name"),
            Some((name, _)) => is_argument(name),
            None => is_argument(field),
        };
        if !is_filled {
            return Some("a field is none that Zuul fills in");
        }
        rest = &after[end + 1..];
    }
    None
}

fn is_argument(name: &str) -> bool {
    ["baseurl", "project", "sha"].contains(&name)
}

/// Where the brace is that closes the field, past those within it.
fn end_of_field(text: &str) -> Option<usize> {
    let mut open = 1;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        (open == 0).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Zuul 14.3 (`str.format` of Python 3.11) took them.
    #[test]
    fn a_template_is_refused_where_python_refuses_it() {
        for (template, passes) in [
            ("{baseurl}/gitweb?p={project.name}.git;a=commitdiff;h={sha}", true),
            ("{baseurl}/{{x}}/{sha:.7}/{sha!r}/{sha:>{sha}}", true),
            ("{baseurl}/{project}/\u{fc}", true),
            ("https://example.org", true),
            ("{baseurl}/x/{foo}", false),
            ("{baseurl}/{project.id}", false),
            ("{baseurl}/{}", false),
            ("{baseurl}/{0}", false),
            ("{baseurl/x", false),
            ("{baseurl}/x}", false),
            ("{{baseurl}", false),
            ("{baseurl}/{", false),
        ] {
            assert_eq!(fault(template).is_none(), passes, "{template}");
        }
    }
}
