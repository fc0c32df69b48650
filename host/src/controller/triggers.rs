//! Which Zuuls are to be looked at.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::{Stream, StreamExt, stream};
use kube::core::DynamicObject;
use kube::runtime::reflector::ObjectRef;
use kube::runtime::watcher;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::cluster::Concerned;
use crate::cluster::status::resource;

/// Takes what watches tell, and gives it to those who reconcile; to nobody while this process does not lead.
#[derive(Debug, Default)]
pub(super) struct Triggers(Mutex<Option<UnboundedSender<Concerned>>>);

impl Triggers {
    fn sender(&self) -> MutexGuard<'_, Option<UnboundedSender<Concerned>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A Zuul is to be looked at.
    pub(super) fn tell(&self, zuul: Concerned) {
        if let Some(sender) = &*self.sender() {
            // The receiver is gone only when reconciling ends.
            let _ = sender.send(zuul);
        }
    }

    /// From now on Zuuls are looked at, all that there are first.
    pub(super) fn begin<F: FnOnce() -> Vec<Arc<DynamicObject>>>(
        &self,
        zuuls: F,
    ) -> impl Stream<Item = Result<ObjectRef<DynamicObject>, watcher::Error>> + use<F> {
        let (sender, receiver) = unbounded_channel();
        *self.sender() = Some(sender);
        // After that: one that comes in between is told, one that came before is there.
        let all = zuuls().into_iter().map(|zuul| Ok(ObjectRef::from_obj_with(&*zuul, resource())));
        stream::iter(all.collect::<Vec<_>>()).chain(stream::unfold(receiver, next))
    }

    /// No more are looked at.
    pub(super) fn end(&self) {
        *self.sender() = None;
    }
}

async fn next(
    mut receiver: UnboundedReceiver<Concerned>,
) -> Option<(Result<ObjectRef<DynamicObject>, watcher::Error>, UnboundedReceiver<Concerned>)> {
    let (namespace, name) = receiver.recv().await?;
    Some((Ok(ObjectRef::new_with(&name, resource()).within(&namespace)), receiver))
}
