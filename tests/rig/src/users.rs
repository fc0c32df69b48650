//! Who may ask the API server, and how.

use std::path::PathBuf;

use crate::{Rig, kubeconfig};

impl Rig {
    /// The kubeconfig of a user: `admin` may do everything, any other name what RBAC gives it, which is little.
    ///
    /// # Panics
    /// It cannot be written.
    #[must_use]
    pub fn kubeconfig(&self, user: &str) -> PathBuf {
        let path = self.layout().kubeconfig(user);
        if path.is_file() {
            return path;
        }
        kubeconfig::of_user(self.layout(), user, &[]).unwrap_or_else(|error| panic!("{user}: {error:#}"))
    }

    /// The kubeconfig of a service account, which is made if it is not there. Its token lasts an hour. `kubectl_as`
    /// knows it by the name `system:serviceaccount:NAMESPACE:NAME`.
    ///
    /// # Panics
    /// It is refused.
    #[must_use]
    pub fn service_account(&self, namespace: &str, name: &str) -> PathBuf {
        let account = ["--namespace", namespace, "serviceaccount", name];
        let made = self.kubectl(&[&["create"], &account[..]].concat());
        let errors = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success() || errors.contains("already exists"), "{namespace}/{name}: {errors}");
        let token = self.must(&["create", "token", name, "--namespace", namespace]);
        let user = format!("system:serviceaccount:{namespace}:{name}");
        kubeconfig::of_token(self.layout(), &user, namespace, token.trim())
            .unwrap_or_else(|error| panic!("{user}: {error:#}"))
    }
}
