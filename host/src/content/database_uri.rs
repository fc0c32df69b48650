//! The URI of the database, as SQLAlchemy takes it apart (`sqlalchemy/engine/url.py`). Nothing of it is ever shown.

use crate::diagnostic::{FieldPath, Finding, Severity};

/// What Zuul's images have drivers for.
const DRIVERS: [&str; 4] = ["mariadb+pymysql", "mysql+pymysql", "postgresql", "postgresql+psycopg2"];

/// All that is wrong with it.
pub(super) fn check(uri: &str, key: &str, path: &FieldPath) -> Vec<Finding> {
    let uri = uri.strip_suffix('\n').unwrap_or(uri);
    let (scheme, rest) = uri.split_once("://").unwrap_or(("", uri));
    let parts = parts(rest, key, path);
    driver(scheme, key, path).into_iter().chain(parts.filter(|_| !scheme.is_empty())).collect()
}

/// Without a driver SQLAlchemy takes the first of each dialect, of which Zuul's images have only PostgreSQL's. An
/// image of the user's own may have others.
fn driver(scheme: &str, key: &str, path: &FieldPath) -> Option<Finding> {
    if DRIVERS.contains(&scheme) {
        return None;
    }
    let severity = if scheme.contains('+') { Severity::Warning } else { Severity::Error };
    let message = format!("the URI in {key} names no driver that Zuul's images have");
    Some(
        Finding::new(severity, "DatabaseDriver", path.clone(), message)
            .expected("mariadb+pymysql://, mysql+pymysql:// or postgresql://")
            .cure("begin it with one of these"),
    )
}

/// The first `@` ends the password, so a second one was meant to be a part of it.
fn parts(rest: &str, key: &str, path: &FieldPath) -> Option<Finding> {
    let wrong = |message: String, cure: &str| {
        Some(
            Finding::error("DatabaseUri", path.clone(), message)
                .expected("DRIVER://USER:PASSWORD@HOST:PORT/DATABASE")
                .cure(cure),
        )
    };
    let address = rest.split_once('?').map_or(rest, |(address, _)| address);
    let host = address.split_once('@').map_or(address, |(_, host)| host);
    if host.contains('@') {
        return wrong(
            format!(
                "the URI in {key} has two `@`: SQLAlchemy takes what stands behind the first for the host"
            ),
            "write the `@` of the password as %40, and `%` as %25",
        );
    }
    let (host, database) = host.split_once('/').unwrap_or((host, ""));
    let behind = host.rsplit_once(']').map_or(host, |(_, behind)| behind);
    if behind.split_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_err()) {
        return wrong(
            format!("the port in the URI in {key} is no number"),
            "write the port, or no `:` behind the host",
        );
    }
    if database.is_empty() {
        return wrong(
            format!("the URI in {key} names no database"),
            "end it with `/` and the name of the database",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlalchemy_reads_otherwise_is_told() {
        let said = |uri: &str| {
            let found = check(uri, "dburi", &FieldPath::root());
            assert!(found.iter().all(|it| !format!("{it:?}").contains("hunter2")), "{found:?}");
            found.into_iter().map(|it| it.code).collect::<Vec<_>>().join(" ")
        };
        for right in [
            "mariadb+pymysql://zuul:hunter2@db/zuul",
            "mysql+pymysql://zuul:hunter2@db:3306/zuul?ssl_ca=/etc/a@b:c\n",
            "postgresql://zuul:a%40b%2Fc@[fd00::1]:5432/zuul",
            "postgresql://[fd00::1]/zuul",
            "postgresql:///zuul?host=/run/postgresql",
        ] {
            assert_eq!(said(right), "", "{right}");
        }
        for (wrong, code) in [
            ("mysql://zuul:hunter2@db/zuul", "DatabaseDriver"),
            ("zuul:hunter2@db", "DatabaseDriver"),
            ("mariadb+pymysql://zuul:p@ss/hunter2@db/zuul", "DatabaseUri"),
            ("mariadb+pymysql://zuul:hunter2@db:port/zuul", "DatabaseUri"),
            ("mariadb+pymysql://zuul:hunter2@db:99999/zuul", "DatabaseUri"),
            ("mariadb+pymysql://zuul:hunter2@db", "DatabaseUri"),
            ("mariadb+pymysql://zuul:hunter2@db/", "DatabaseUri"),
            ("mysql://zuul:hunter2@db", "DatabaseDriver DatabaseUri"),
        ] {
            assert_eq!(said(wrong), code, "{wrong}");
        }
    }
}
