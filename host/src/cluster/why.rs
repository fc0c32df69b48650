//! Failed requests in words for people. What stands in an answer is not quoted: it may be a Secret's.

use std::error::Error;

use kube::runtime::watcher;

/// Why a request failed: what the API server said and its code, or what became of the connection.
#[must_use]
pub fn why(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) => of_status(status),
        // Its own text quotes the value that it could not take.
        kube::Error::SerdeError(error) => {
            format!("the answer cannot be read, at line {} column {}", error.line(), error.column())
        }
        kube::Error::FromUtf8(_) => "the answer is not UTF-8".to_owned(),
        kube::Error::Service(error) => chain(error.as_ref()),
        kube::Error::HyperError(error) => chain(error),
        kube::Error::ReadEvents(error) => chain(error),
        other => other.to_string(),
    }
}

/// Why a watch has to begin anew.
#[must_use]
pub fn why_watch(error: &watcher::Error) -> String {
    match error {
        watcher::Error::InitialListFailed(error) => format!("list: {}", why(error)),
        watcher::Error::WatchStartFailed(error) | watcher::Error::WatchFailed(error) => {
            format!("watch: {}", why(error))
        }
        watcher::Error::WatchError(status) => format!("watch: {}", of_status(status)),
        watcher::Error::NoResourceVersion => "watch: the answer has no resourceVersion".to_owned(),
    }
}

fn of_status(status: &kube::core::Status) -> String {
    match status.message.as_str() {
        "" if status.reason.is_empty() => "the answer cannot be read".to_owned(),
        "" => format!("{} ({})", status.reason, status.code),
        message => format!("{message} ({})", status.code),
    }
}

/// An error with what caused it: that says what happened, the first one only where.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut texts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if texts.last().is_none_or(|last| !last.contains(&text)) {
            texts.push(text);
        }
        source = cause.source();
    }
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_quoted() {
        let error = serde_json::from_str::<u8>("\n  \"canary\"").expect_err("no number");
        assert!(error.to_string().contains("canary"));
        let told = why(&kube::Error::SerdeError(error));
        assert_eq!(told, "the answer cannot be read, at line 2 column 10");
        let error = serde_json::from_str::<u8>("\"canary\"").expect_err("no number");
        let told = why_watch(&watcher::Error::WatchFailed(kube::Error::SerdeError(error)));
        assert_eq!(told, "watch: the answer cannot be read, at line 1 column 8");
    }

    #[test]
    fn a_refusal_is_a_sentence() {
        let status = kube::core::Status::failure("secrets \"x\" is forbidden", "Forbidden").with_code(403);
        assert_eq!(why(&kube::Error::Api(status.clone().boxed())), "secrets \"x\" is forbidden (403)");
        assert_eq!(
            why_watch(&watcher::Error::WatchError(status.boxed())),
            "watch: secrets \"x\" is forbidden (403)"
        );
        assert_eq!(
            why(&kube::Error::Api(kube::core::Status::failure("", "Gone").with_code(410).boxed())),
            "Gone (410)"
        );
        let status = kube::core::Status::default();
        assert_eq!(
            why_watch(&watcher::Error::WatchError(status.boxed())),
            "watch: the answer cannot be read"
        );
    }
}
