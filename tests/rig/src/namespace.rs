//! A test's own namespace, in which pods may be kept from becoming ready.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::{HOLD, Rig, until};

/// In place of a component: all of them.
pub const ALL: &str = "all";

/// A namespace of its own, deleted at the end.
pub struct Namespace<'r> {
    rig: &'r Rig,
    name: String,
}

/// Pods of a namespace that are kept from becoming ready.
#[must_use = "what is never released is never ready"]
pub struct Hold<'n> {
    namespace: &'n Namespace<'n>,
    component: String,
}

impl Hold<'_> {
    /// New pods become ready again, and those that were held do.
    ///
    /// # Panics
    /// It is refused.
    pub fn release(self) {
        let namespace = self.namespace;
        namespace.must(&["label", "namespace", &namespace.name, &format!("{HOLD}-")]);
        until("new pods are not held", || !namespace.is_held(&self.component));
        namespace.must(&["label", "pods", "--selector", HOLD, &format!("{HOLD}-")]);
    }
}

impl Rig {
    /// A new namespace, ready for pods.
    ///
    /// # Panics
    /// It cannot be made.
    #[must_use]
    pub fn namespace(&self) -> Namespace<'_> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().subsec_micros();
        let name = format!("t-{}-{now}-{count}", std::process::id());
        self.must(&["create", "namespace", &name]);
        // No pod is admitted without it.
        self.must(&["wait", "--for=create", "serviceaccount/default", "-n", &name, "--timeout=60s"]);
        Namespace { rig: self, name }
    }
}

impl Namespace<'_> {
    /// The control plane that it is in.
    #[must_use]
    pub fn rig(&self) -> &Rig {
        self.rig
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs kubectl in it, which must do what it is told.
    ///
    /// # Panics
    /// It refuses.
    pub fn must(&self, words: &[&str]) -> String {
        self.must_with(words, "")
    }

    /// As [`Self::must`], with a text on its standard input.
    ///
    /// # Panics
    /// It refuses.
    pub fn must_with(&self, words: &[&str], input: &str) -> String {
        self.rig.must_with(&[&["--namespace", &self.name], words].concat(), input)
    }

    /// From now on no pod is made in it: where only other objects matter, pods take most of the time.
    ///
    /// # Panics
    /// The API server refuses.
    pub fn without_pods(&self) {
        self.must(&["create", "quota", "no-pods", "--hard=pods=0"]);
        self.must(&["wait", "--for=jsonpath={.status.hard.pods}=0", "quota/no-pods", "--timeout=60s"]);
    }

    /// From now on no new pod of this namespace becomes ready whose label `app.kubernetes.io/component` is `component`;
    /// with [`ALL`] none at all. For a single pod its label [`HOLD`] does the same.
    ///
    /// # Panics
    /// The API server knows no MutatingAdmissionPolicy: it is older than 1.36.
    pub fn hold(&self, component: &str) -> Hold<'_> {
        self.rig.must_with(&["apply", "--server-side", "--force-conflicts", "-f", "-"], &policy());
        self.must(&["label", "namespace", &self.name, "--overwrite", &format!("{HOLD}={component}")]);
        until("new pods are held", || self.is_held(component));
        Hold { namespace: self, component: component.to_owned() }
    }

    /// Asked of the server itself: it learns of the label a moment later.
    fn is_held(&self, component: &str) -> bool {
        let pod = json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "probe", "labels": {"app.kubernetes.io/component": component}},
            "spec": {"containers": [{"name": "probe", "image": "probe"}]},
        });
        let words = ["create", "--dry-run=server", "-o", "jsonpath={.metadata.labels}", "-f", "-"];
        self.must_with(&words, &pod.to_string()).contains(HOLD)
    }
}

impl Drop for Namespace<'_> {
    fn drop(&mut self) {
        // A test that failed has more to say than that this did; and nobody waits for it.
        let _ = self.rig.kubectl(&["delete", "namespace", &self.name, "--wait=false"]);
    }
}

/// Labels new pods, as the label of their namespace says.
fn policy() -> String {
    // Of the namespace nothing is known to a matchCondition, only to the mutation.
    let asked = format!("namespaceObject.metadata.labels[\"{HOLD}\"]");
    let component = "object.?metadata.?labels[?\"app.kubernetes.io/component\"].orValue(\"\")";
    let labels = format!("Object{{metadata: Object.metadata{{labels: {{\"{HOLD}\": \"\"}}}}}}");
    let mutation = format!("{asked} in [\"{ALL}\", {component}] ? {labels} : Object{{}}");
    let pods =
        json!([{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]);
    let group = "admissionregistration.k8s.io/v1";
    json!({"apiVersion": "v1", "kind": "List", "items": [
        {
            "apiVersion": group, "kind": "MutatingAdmissionPolicy", "metadata": {"name": "test-hold"},
            "spec": {
                "matchConstraints": {
                    "resourceRules": pods,
                    "namespaceSelector": {"matchExpressions": [{"key": HOLD, "operator": "Exists"}]},
                },
                "failurePolicy": "Fail", "reinvocationPolicy": "Never",
                "mutations": [{"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": mutation}}],
            },
        },
        {
            "apiVersion": group, "kind": "MutatingAdmissionPolicyBinding", "metadata": {"name": "test-hold"},
            "spec": {"policyName": "test-hold"},
        },
    ]})
    .to_string()
}
