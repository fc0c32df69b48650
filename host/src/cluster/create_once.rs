//! Secrets that are made once, with a random value, and never changed.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::Api;
use kube::api::{ObjectMeta, PostParams};

use super::MANAGER;
use super::apply::{Target, obstacle};
use super::gather::read;
use super::live::Live;
use super::random::random;
use crate::desired::{Id, Kind};
use crate::names;
use crate::plan::{Action, Plan};
use crate::status::Obstacle;

impl Target<'_> {
    /// Makes those of a plan's secrets that are not there; how many are there now that were not known. They have no
    /// owner: what they encrypt outlives the Zuul. Of `known` is told that they were there before: such a one is made
    /// again only if it is the one that the user asks for.
    ///
    /// # Errors
    /// One could not be made, or is lost. One that somebody else made meanwhile is no error.
    pub async fn create_once(
        &self,
        plan: &Plan,
        zuul: &str,
        known: &[String],
        again: Option<&str>,
    ) -> Result<usize, Obstacle> {
        let mut made = 0;
        for Action::CreateOnce { secret, bytes } in &plan.actions {
            let id = Id { kind: Kind::Secret, name: secret.secret.clone() };
            if self.world.get(self.namespace, &id).is_some() {
                continue;
            }
            if known.contains(&id.name) && again != Some(id.name.as_str()) {
                // A watch that began anew may not have brought it yet.
                return match read::<Secret>(self.client, self.namespace, &id.name).await {
                    Ok(Some(found)) => {
                        self.world.learn(self.namespace, id, Live::of(found.metadata));
                        Ok(made + 1)
                    }
                    Ok(None) => Err(Obstacle::Lost { name: id.name }),
                    Err(error) => Err(obstacle(&id, &error)),
                };
            }
            let Some(value) = random(*bytes) else {
                let message = "the system has no randomness".to_owned();
                return Err(Obstacle::Request { kind: "Secret", name: id.name, code: 0, message });
            };
            let object = Secret {
                metadata: ObjectMeta {
                    name: Some(id.name.clone()),
                    labels: Some(labels(zuul)),
                    ..ObjectMeta::default()
                },
                data: Some(BTreeMap::from([(secret.key.clone(), ByteString(value.expose().to_vec()))])),
                type_: Some("Opaque".to_owned()),
                ..Secret::default()
            };
            let api: Api<Secret> = Api::namespaced(self.client.clone(), self.namespace);
            let params = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
            match api.create(&params, &object).await {
                Ok(created) => {
                    made += 1;
                    self.world.learn(self.namespace, id, Live::of(created.metadata));
                }
                Err(kube::Error::Api(status)) if status.reason == "AlreadyExists" => {}
                Err(error) => return Err(obstacle(&id, &error)),
            }
        }
        Ok(made)
    }
}

fn labels(zuul: &str) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("app.kubernetes.io/name".to_owned(), "zuul".to_owned()),
        ("app.kubernetes.io/instance".to_owned(), names::label_value(zuul)),
        ("app.kubernetes.io/managed-by".to_owned(), MANAGER.to_owned()),
    ])
}
