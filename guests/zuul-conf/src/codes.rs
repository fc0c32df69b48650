//! What the codes of findings mean.

use zuul_plugin_sdk::CodeRow;

/// All codes, in the order of their names.
pub const ALL: &[CodeRow] = &[
    ("AnsibleCallbackSecret", "A secret stands in a section that Zuul copies into every job's ansible.cfg."),
    ("AuthDefaultTwice", "Two authenticators are the default; the last one is."),
    ("AuthOptionMissing", "An authenticator lacks what its driver verifies tokens with."),
    zuul_plugin_sdk::check::HOST_NAME,
    ("OidcAlgorithm", "The algorithm that signs tokens by default is not among the supported ones."),
    ("OptionNotRead", "No component reads this option, so it is not written."),
    ("SecretNotMounted", "A Secret's content would stand where Zuul reads the path of a file."),
    (
        "SectionName",
        "A section has a name where Zuul wants none, none where it wants one, or one that no header can hold.",
    ),
    ("TenantConfigScript", "The tenants come from a program: if it fails once, Zuul deletes all of them."),
    (
        "TenantConfigTwice",
        "Both `tenant_config` and `tenant_config_script` are set, of which the scheduler dies.",
    ),
    ("TracingCompression", "`compression` is text that Zuul cannot hand to the exporter: it does not start."),
    ("TracingOption", "A tracing option does not fit the protocol: Zuul does not start with it."),
    ("WebRoot", "`root` has no scheme: no link to Zuul would work."),
    ("WebStatusUrl", "`status_url` is deprecated; `root` takes its place."),
    (
        "WrittenTwice",
        "zuul.conf would have an option or a connection twice; names that differ only in upper and lower case are the same.",
    ),
];
