//! Named sections: logins at the web server, and callbacks in jobs.

use zuul_plugin_sdk::renderer::SectionInfo;
use zuul_plugin_sdk::{Components, Kind, OptionInfo, option, readers};

use super::section;

/// `auth` and `ansible_callback`.
pub fn all() -> Vec<SectionInfo> {
    let summary =
        "An Ansible callback plugin for all jobs; its options are copied into every job's ansible.cfg.";
    vec![
        SectionInfo { named: true, ..section("auth", "A way to log in at the web server.", auth()) },
        SectionInfo { named: true, open: true, ..section("ansible_callback", summary, Vec::new()) },
    ]
}

fn auth() -> Vec<OptionInfo> {
    let web = readers::WEB;
    vec![
        option(
            "driver",
            Kind::OneOf,
            web,
            "How tokens are verified; RS256withJWKS is the old name of OpenIDConnect.",
        )
        .choices(&["HS256", "RS256", "RS256withJWKS", "OpenIDConnect"])
        .required(),
        option("realm", Kind::Text, web, "Name of the realm, shown to users."),
        option(
            "client_id",
            Kind::Text,
            web,
            "Client id at the issuer, and the audience unless `audience` is set.",
        ),
        option("issuer_id", Kind::Text, web, "Issuer of the tokens, as in their `iss` claim.")
            .required_when("the driver is OpenIDConnect without `keys_url`"),
        option("default", Kind::Boolean, web, "The realm that is offered first.").default("false"),
        option("uid_claim", Kind::Text, web, "Claim that names the user.").default("sub"),
        option(
            "allow_authz_override",
            Kind::Boolean,
            web,
            "Believe the tenants that a token claims to administer.",
        )
        .default("false"),
        option(
            "max_validity_time",
            Kind::Number,
            web,
            "Seconds that a token is accepted after it was issued.",
        ),
        option("skew", Kind::Integer, web, "Seconds that clocks may differ.").default("0"),
        option(
            "authority",
            Kind::Text,
            web,
            "Authority in the web interface's login; `issuer_id` if absent.",
        ),
        option("audience", Kind::Text, web, "Audience of the tokens; `client_id` if absent."),
        option("secret", Kind::Secret, web, "Secret that tokens are signed with.")
            .required_when("the driver is HS256"),
        option("public_key", Kind::Path, web, "Public key of the issuer.")
            .required_when("the driver is RS256"),
        option(
            "private_key",
            Kind::SecretFile,
            Components::empty(),
            "Key that zuul-admin signs tokens with; no component reads it.",
        ),
        option("keys_url", Kind::Text, web, "URL of the issuer's keys; found by `issuer_id` if absent."),
        option("scope", Kind::Text, web, "Scopes that a login asks for.").default("openid profile"),
        option("load_user_info", Kind::Boolean, web, "Ask the issuer for the user's details.")
            .default("true"),
    ]
}
