//! Named sections: logins at the web server, and callbacks in jobs.

use zuul_plugin_sdk::{Components, Kind, SectionRow, option, readers, section};

/// `[ansible_callback …]`
pub const ANSIBLE_CALLBACK: SectionRow = section(
    "ansible_callback",
    "An Ansible callback plugin for all jobs; its options are copied into every job's ansible.cfg.",
    &[],
)
.named()
.open();

/// `[auth …]`
pub const AUTH: SectionRow = section(
    "auth",
    "A way to log in at the web server.",
    &[
        option(
            "driver",
            Kind::OneOf,
            readers::WEB,
            "How tokens are verified; RS256withJWKS is the old name of OpenIDConnect.",
        )
        .choices(&["HS256", "RS256", "RS256withJWKS", "OpenIDConnect"])
        .required(),
        option("realm", Kind::Text, readers::WEB, "Name of the realm, shown to users."),
        option(
            "client_id",
            Kind::Text,
            readers::WEB,
            "Client id at the issuer, and the audience unless `audience` is set.",
        ),
        option("issuer_id", Kind::Text, readers::WEB, "Issuer of the tokens, as in their `iss` claim.")
            .required_when("the driver is OpenIDConnect without `keys_url`"),
        option("default", Kind::Boolean, readers::WEB, "The realm that is offered first.").default("false"),
        option("uid_claim", Kind::Text, readers::WEB, "Claim that names the user.").default("sub"),
        option(
            "allow_authz_override",
            Kind::Boolean,
            readers::WEB,
            "Believe the tenants that a token claims to administer.",
        )
        .default("false"),
        option(
            "max_validity_time",
            Kind::Number,
            readers::WEB,
            "Seconds that a token is accepted after it was issued.",
        ),
        option("skew", Kind::Integer, readers::WEB, "Seconds that clocks may differ.").default("0"),
        option(
            "authority",
            Kind::Text,
            readers::WEB,
            "Authority in the web interface's login; `issuer_id` if absent.",
        ),
        option("audience", Kind::Text, readers::WEB, "Audience of the tokens; `client_id` if absent."),
        option("secret", Kind::Secret, readers::WEB, "Secret that tokens are signed with.")
            .required_when("the driver is HS256"),
        option("public_key", Kind::Path, readers::WEB, "Public key of the issuer.")
            .required_when("the driver is RS256"),
        option(
            "private_key",
            Kind::SecretFile,
            Components::empty(),
            "Key that zuul-admin signs tokens with; no component reads it.",
        ),
        option(
            "keys_url",
            Kind::Text,
            readers::WEB,
            "URL of the issuer's keys; found by `issuer_id` if absent.",
        ),
        option("scope", Kind::Text, readers::WEB, "Scopes that a login asks for.").default("openid profile"),
        option("load_user_info", Kind::Boolean, readers::WEB, "Ask the issuer for the user's details.")
            .default("true"),
    ],
)
.named();
