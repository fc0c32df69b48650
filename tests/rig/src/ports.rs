//! Free ports of this machine.

use std::net::{Ipv4Addr, TcpListener};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};

/// Below what Linux gives to outgoing connections: a port of those could be taken while an API server restarts, even by
/// a client that connects to it.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// The ports of one control plane.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// Of kube-apiserver.
    pub api: u16,
    /// Of etcd, for kube-apiserver.
    pub etcd: u16,
    /// Of etcd, for others of its kind, of which there are none.
    pub peers: u16,
}

impl Ports {
    /// Ports that were free a moment ago. Somebody may take them before they are used: then try again.
    ///
    /// # Errors
    /// There are none.
    pub fn free() -> Result<Self> {
        // Two that start at once should not look at the same ones first.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().subsec_nanos();
        let start = now ^ std::process::id().rotate_left(7);
        let candidates =
            (0..u32::from(COUNT)).map(|step| (start.wrapping_add(step) % u32::from(COUNT)) as u16);
        let mut free = candidates
            .map(|offset| FIRST + offset)
            .filter(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok());
        let (Some(api), Some(etcd), Some(peers)) = (free.next(), free.next(), free.next()) else {
            bail!("no three ports from {FIRST} on are free on 127.0.0.1");
        };
        Ok(Self { api, etcd, peers })
    }
}
