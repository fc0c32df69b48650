//! Each connection by its driver's plugin.

use super::placed;
use crate::contract::{MountedFile, Plugins, RenderedConnection};
use crate::diagnostic::{FieldPath, Finding, Severity};
use crate::validate::{Instance, failed};

/// The sections of all connections, and the files that they need.
pub fn render(
    instance: &Instance,
    plugins: &dyn Plugins,
    findings: &mut Vec<Finding>,
) -> (Vec<RenderedConnection>, Vec<MountedFile>) {
    let (mut connections, mut files) = (Vec::new(), Vec::new());
    for request in &instance.connections {
        let path = FieldPath::spec().key("connections").key(&request.name);
        match plugins.connection(request) {
            Ok(rendering) => {
                let is_known = instance.knows_options_of(&request.name);
                let said = rendering.findings.into_iter().map(|finding| placed(finding, path.clone()));
                // What is missing here may well be in the Secret that was not given.
                findings.extend(said.filter(|finding| is_known || finding.severity != Severity::Error));
                files.extend(rendering.files);
                connections.push(RenderedConnection {
                    name: request.name.clone(),
                    driver: request.driver.clone(),
                    readers: rendering.readers,
                    lines: rendering.lines,
                });
            }
            Err(failure) => findings.push(failed(&failure, path)),
        }
    }
    (connections, files)
}
