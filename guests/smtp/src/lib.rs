//! The smtp driver: results by mail. Web needs the section, but nothing in it.
#![forbid(unstable_features)]

use zuul_plugin_sdk::check::{HOST_NAME, host_alone};
use zuul_plugin_sdk::{
    CodeRow, Connection, Driver, DriverTable, Finding, Kind, OptionRow, Roles, driver, export_driver, note,
    option, readers, warning,
};

/// Zuul's `smtp` driver.
pub struct Smtp;

impl Driver for Smtp {
    const TABLE: DriverTable =
        driver(&["smtp"], Roles::REPORTER, "Results by mail.").options(OPTIONS).codes(CODES);

    fn findings(connection: &Connection) -> Vec<Finding> {
        host_alone(connection, "server").into_iter().chain(login_findings(connection)).collect()
    }
}

export_driver!(Smtp);

/// The codes of its findings.
const CODES: &[CodeRow] = &[
    HOST_NAME,
    ("SmtpNoLogin", "One of `user` and `password` is missing: mail is sent without a login."),
    ("SmtpPasswordInClear", "The password crosses the network without encryption."),
];

const OPTIONS: &[OptionRow] = {
    let to = readers::SCHEDULER;
    &[
        option("server", Kind::Text, to, "Host name of the mail server.").default("localhost"),
        option("port", Kind::Integer, to, "Port of the mail server.").default("25").range(1.0, 65535.0),
        option("default_from", Kind::Text, to, "Sender, unless a pipeline names another.").default("zuul"),
        option("default_to", Kind::Text, to, "Receiver, unless a pipeline names another.").default("zuul"),
        option("user", Kind::Text, to, "User to log in as.").required_when("`password` is set"),
        option("password", Kind::Secret, to, "Password to log in with.").required_when("`user` is set"),
        option("use_starttls", Kind::Boolean, to, "Encrypt the connection by STARTTLS.").default("false"),
    ]
};

/// Zuul logs in only with both (`SMTPConnection.sendMail`), and says nothing otherwise.
fn login_findings(connection: &Connection) -> Option<Finding> {
    let (user, password) = (connection.is_set("user"), connection.is_set("password"));
    if user != password {
        let missing = if user { "password" } else { "user" };
        let message = "Zuul logs in only with both `user` and `password`; mail is sent without a login";
        return Some(
            warning("SmtpNoLogin", missing, message)
                .expected("both, or neither")
                .cure(&format!("set `{missing}`, or remove the other")),
        );
    }
    (password && connection.truth("use_starttls") != Some(true)).then(|| {
        note("SmtpPasswordInClear", "use_starttls", "the password crosses the network without encryption")
            .expected("`use_starttls: true`, unless the server is beside the scheduler")
            .cure("set `use_starttls: true`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use zuul_plugin_sdk::testing::{codes, connection, shown_to, text};
    use zuul_plugin_sdk::{Components, Setting};

    #[test]
    fn the_scheduler_has_all_and_web_the_bare_section() {
        let rendering = Smtp::render(connection(
            "smtp",
            &[
                ("server", text("mail.example.com")),
                ("port", Setting::Integer(587)),
                ("default_from", text("zuul@example.com")),
                ("default_to", text("list@example.com")),
                ("user", text("zuul")),
                ("password", Setting::Secret(0)),
                ("use_starttls", text("yes")),
            ],
        ));
        assert_eq!(
            shown_to(&rendering, Components::SCHEDULER),
            "default_from=zuul@example.com\ndefault_to=list@example.com\npassword=<0>\nport=587\n\
             server=mail.example.com\nuse_starttls=true\nuser=zuul\n"
        );
        assert_eq!(rendering.readers, Components::SCHEDULER | Components::WEB);
        assert_eq!(shown_to(&rendering, Components::WEB), "");
        assert_eq!(codes(&rendering.findings), [""; 0]);
    }

    #[test]
    fn combinations_that_cannot_work_are_found() {
        let user = ("user", text("zuul"));
        let password = ("password", Setting::Secret(0));
        for (options, expected) in [
            (vec![], vec![]),
            (vec![("server", text("smtp://m"))], vec!["HostNameIsUrl"]),
            (vec![("server", text("m:25"))], vec!["HostNameIsUrl"]),
            (vec![("server", text("::1"))], vec![]),
            (vec![user.clone()], vec!["SmtpNoLogin"]),
            (vec![password.clone()], vec!["SmtpNoLogin"]),
            (vec![user, password, ("use_starttls", text("no"))], vec!["SmtpPasswordInClear"]),
        ] {
            assert_eq!(codes(&Smtp::render(connection("smtp", &options)).findings), expected, "{options:?}");
        }
    }
}
