//! One request, as the API server's audit log would name it.

use hyper::{Method, Request};

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// `get`, `list`, `watch`, `create`, `update`, `patch` or `delete`.
    pub verb: &'static str,
    /// The resource, `secrets`.
    pub resource: String,
    /// `status`; mostly empty.
    pub subresource: String,
    /// Empty for a list, a watch or a create.
    pub name: String,
    /// The path and its query.
    pub uri: String,
    /// The HTTP code that the operator was told; 0 if none.
    pub code: u16,
}

impl Asked {
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
        // `/api/v1/…` or `/apis/GROUP/VERSION/…`, then perhaps `namespaces/NAMESPACE/`.
        let skipped = if words.first() == Some(&"apis") { 3 } else { 2 };
        let mut words = words.into_iter().skip(skipped).peekable();
        if words.peek() == Some(&"namespaces") {
            words.nth(1);
        }
        let mut next = || words.next().unwrap_or_default().to_owned();
        let (resource, name, subresource) = (next(), next(), next());
        let verb = match *request.method() {
            Method::POST => "create",
            Method::PUT => "update",
            Method::PATCH => "patch",
            Method::DELETE => "delete",
            _ if query.split('&').any(|it| it == "watch=true") => "watch",
            _ if name.is_empty() => "list",
            _ => "get",
        };
        Self { verb, resource, subresource, name, uri: request.uri().to_string(), code: 0 }
    }

    /// Whether it may change something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        ["create", "update", "patch", "delete"].contains(&self.verb)
    }

    /// Whether it writes one of a Zuul's objects: no status, no Event, no Lease.
    #[must_use]
    pub fn is_of_a_child(&self) -> bool {
        self.is_write() && self.subresource.is_empty() && !["events", "leases"].contains(&&*self.resource)
    }
}
