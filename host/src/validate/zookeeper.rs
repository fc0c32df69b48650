//! `spec.zookeeper.hosts`: `HOST:PORT,HOST:PORT/CHROOT`.

use super::Instance;
use super::references::Facts;
use crate::contract::ZookeeperServer;
use crate::diagnostic::{FieldPath, Finding};
use crate::names;

/// The usual TLS port. Without a port Zuul takes 2181, which speaks no TLS, and waits for ever.
const TLS_PORT: u16 = 2281;

pub fn check(instance: &mut Instance, facts: &mut Facts<'_>) {
    let path = FieldPath::spec().key("zookeeper");
    // What there is if the user names none; and in place of wrong ones, so that no plugin misses them.
    let host = names::object(&instance.name, "zookeeper");
    instance.zookeeper.servers = vec![ZookeeperServer { host, port: TLS_PORT, chroot: None }];
    let Some(zookeeper) = instance.spec.zookeeper.clone() else {
        return facts.provided(true, &instance.zookeeper.secret);
    };
    let keys = ["ca.crt", "tls.crt", "tls.key"];
    facts.secret_keys(&path.key("secretName"), &zookeeper.secret_name, &keys);
    match parse(&zookeeper.hosts) {
        Ok(servers) => instance.zookeeper.servers = servers,
        Err(reason) => facts.wrong(
            Finding::error("ZookeeperHosts", path.key("hosts"), reason)
                .expected(
                    "HOST:PORT, separated by commas, with one /CHROOT at the end if need be; IPv6 in []",
                )
                .cure("write the names or addresses of the ZooKeeper servers with their TLS port"),
        ),
    }
}

/// The servers as Zuul and kazoo read them: the chroot at the end holds for all.
fn parse(hosts: &str) -> Result<Vec<ZookeeperServer>, String> {
    if hosts.contains("://") {
        return Err("a server is no URL: nothing stands before its name".to_owned());
    }
    let (hosts, chroot) = match hosts.split_once('/') {
        Some((hosts, chroot)) => (hosts, Some(format!("/{}", chroot.trim()))),
        None => (hosts, None),
    };
    if let Some(chroot) = &chroot
        && (chroot.contains(',') || chroot.contains("//") || chroot.ends_with('/'))
    {
        return Err("the chroot stands once, after the last server, and does not end in '/'".to_owned());
    }
    hosts.split(',').map(|host| server(host.trim(), chroot.as_deref())).collect()
}

fn server(text: &str, chroot: Option<&str>) -> Result<ZookeeperServer, String> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or("a '[' has no ']'")?;
        if host.parse::<std::net::Ipv6Addr>().is_err() {
            return Err(format!("{host:?} is no IPv6 address"));
        }
        (
            host,
            rest.strip_prefix(':')
                .or_else(|| rest.is_empty().then_some(""))
                .ok_or("':' is missing after ']'")?,
        )
    } else if text.matches(':').count() > 1 {
        return Err(format!("{text:?}: an IPv6 address stands in []"));
    } else {
        text.split_once(':').unwrap_or((text, ""))
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    if host.is_empty() || !host.chars().all(is_name) {
        return Err(format!("{host:?} is no host name"));
    }
    let port = match port {
        "" => TLS_PORT,
        port => port.parse().ok().filter(|port| *port != 0).ok_or(format!("{port:?} is no port"))?,
    };
    Ok(ZookeeperServer { host: host.to_owned(), port, chroot: chroot.map(str::to_owned) })
}

/// The servers in the one line that zuul.conf wants.
#[must_use]
pub fn hosts_line(servers: &[ZookeeperServer]) -> String {
    let hosts: Vec<String> = servers
        .iter()
        .map(|server| match server.host.contains(':') {
            true => format!("[{}]:{}", server.host, server.port),
            false => format!("{}:{}", server.host, server.port),
        })
        .collect();
    let chroot = servers.first().and_then(|server| server.chroot.as_deref()).unwrap_or_default();
    format!("{}{chroot}", hosts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case 9: hosts with and without port, with a chroot, IPv6.
    #[test]
    fn hosts_are_read_as_zuul_reads_them() {
        let line = |hosts| parse(hosts).map(|servers| hosts_line(&servers));
        assert_eq!(line("zk1:2281, zk2").as_deref(), Ok("zk1:2281,zk2:2281"));
        assert_eq!(line("[::1]:2282,[fe80::1]/zuul/ci").as_deref(), Ok("[::1]:2282,[fe80::1]:2281/zuul/ci"));
        for refused in
            ["", "zk1:,", "zk1:x", "zk1:0", "::1", "[::1", "[zk]:1", "a b", "zk/x,zk2", "zk/", "zk:99999"]
        {
            assert!(parse(refused).is_err(), "{refused}");
        }
        assert!(parse("https://zk1:2281").is_err_and(|said| said.contains("no URL")));
    }
}
