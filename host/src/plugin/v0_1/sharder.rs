//! The world `nodepool-sharder`. It is given no secrets: its input is masked.

use super::Guest;
use super::bindings::nodepool_sharder::exports::zuul_operator::plugin::sharder as wit;
use super::types::{codes, findings};
use crate::contract::{CodeInfo, Shard, ShardAnswer, ShardBy, ShardRequest};
use crate::plugin::call::Sandbox;
use crate::plugin::component::{Refusal, World};
use crate::plugin::limits::Limit;

impl Guest {
    /// The codes of the findings that a sharder may make.
    ///
    /// # Errors
    /// The call failed.
    pub(in crate::plugin) fn describe_sharder(&self, sandbox: &Sandbox) -> Result<Vec<CodeInfo>, Refusal> {
        let Self::Sharder(guest) = self else { return Err(super::other_world(World::NodepoolSharder)) };
        let answer = sandbox.call(Limit::FuelOther, |store| {
            let instance = guest.instantiate(&mut *store)?;
            store.data_mut().started();
            instance.zuul_operator_plugin_sharder().call_describe(store)
        })?;
        Ok(codes(answer.codes))
    }

    /// Cuts a nodepool.yaml.
    ///
    /// # Errors
    /// The call failed.
    pub(in crate::plugin) fn cut(
        &self,
        sandbox: &Sandbox,
        request: &ShardRequest,
    ) -> Result<ShardAnswer, Refusal> {
        let Self::Sharder(guest) = self else { return Err(super::other_world(World::NodepoolSharder)) };
        let asked = asked(request);
        let wit::Answer { shards, builder_yaml, findings: said, extra: _ } =
            sandbox.call(Limit::FuelRender, |store| {
                let instance = guest.instantiate(&mut *store)?;
                store.data_mut().started();
                instance.zuul_operator_plugin_sharder().call_cut(store, &asked)
            })?;
        let convert = |wit::Shard { key, providers, labels, diskimages, nodepool_yaml, extra: _ }| Shard {
            key,
            providers,
            labels,
            diskimages,
            nodepool_yaml,
        };
        let shards = shards.into_iter().map(convert).collect();
        Ok(ShardAnswer { shards, builder_yaml, findings: findings(said) })
    }
}

fn asked(request: &ShardRequest) -> wit::Request {
    let ShardRequest { nodepool_yaml, by, zookeeper_servers, zookeeper_tls, images_dir } = request;
    let servers = zookeeper_servers.iter().map(|server| wit::ZookeeperServer {
        host: server.host.clone(),
        port: server.port,
        chroot: server.chroot.clone(),
        extra: Vec::new(),
    });
    let tls = zookeeper_tls.as_ref().map(|tls| wit::ZookeeperTls {
        cert: tls.cert.clone(),
        key: tls.key.clone(),
        ca: tls.ca.clone(),
        extra: Vec::new(),
    });
    wit::Request {
        nodepool_yaml: nodepool_yaml.clone(),
        by: match by {
            ShardBy::Provider => wit::ShardBy::Provider,
            ShardBy::ProviderRegion => wit::ShardBy::ProviderRegion,
        },
        zookeeper_servers: servers.collect(),
        zookeeper_tls: tls,
        images_dir: images_dir.clone(),
        extra: Vec::new(),
    }
}
