//! What a candidate decides, from what it saw and when. Pure: the times are given.
//!
//! Two clocks: uptime, by which it decides, and the time of day, which is written for people to read and
//! never compared, as machines differ about it.

use std::time::Duration;

use k8s_openapi::api::coordination::v1::{Lease as Object, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;

use super::Settings;

/// What a candidate does next.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// There is no lease: make one, without name and namespace.
    Create(Object),
    /// Renew or take it; the object names the version that it replaces.
    Replace(Object),
    /// Another one has it.
    Wait,
}

/// A candidate.
#[derive(Clone, Debug)]
pub(super) struct Election {
    identity: String,
    settings: Settings,
    seen: Option<Seen>,
    /// When the last renewal that was accepted had been sent.
    renewed: Option<Duration>,
}

#[derive(Clone, Debug)]
struct Seen {
    object: Object,
    /// When this content was seen first.
    since: Duration,
}

impl Seen {
    fn spec(&self) -> LeaseSpec {
        self.object.spec.clone().unwrap_or_default()
    }

    fn holder(&self) -> &str {
        let spec = self.object.spec.as_ref();
        spec.and_then(|spec| spec.holder_identity.as_deref()).unwrap_or_default()
    }

    /// When anybody may take it.
    fn ends(&self, settings: &Settings) -> Duration {
        let seconds = self.object.spec.as_ref().and_then(|spec| spec.lease_duration_seconds);
        let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok()).filter(|seconds| *seconds > 0);
        self.since + seconds.map_or(settings.lease(), Duration::from_secs)
    }
}

impl Election {
    pub(super) fn new(identity: &str, settings: Settings) -> Self {
        Self { identity: identity.to_owned(), settings, seen: None, renewed: None }
    }

    /// What the API server has, which was read not later than `now`.
    pub(super) fn observe(&mut self, object: Option<Object>, now: Duration) {
        self.seen = object.map(|object| {
            let same = self.seen.as_ref().filter(|old| old.object.spec == object.spec);
            Seen { since: same.map_or(now, |old| old.since), object }
        });
        if self.holder() != self.identity {
            self.renewed = None;
        }
    }

    /// A step succeeded: `object` is what came of it, `sent` is a time before its request, `now` one after it.
    pub(super) fn held(&mut self, object: Object, sent: Duration, now: Duration) {
        self.observe(Some(object), now);
        if self.holder() == self.identity {
            self.renewed = Some(sent);
        }
    }

    /// Who has the lease, as far as is known; nobody is the empty name.
    pub(super) fn holder(&self) -> &str {
        self.seen.as_ref().map(Seen::holder).unwrap_or_default()
    }

    /// Until when this candidate leads if it does not renew again. Others wait for the whole duration of the
    /// lease after they saw the renewal, which is after it was sent: this is earlier.
    pub(super) fn leads_until(&self) -> Option<Duration> {
        self.renewed.map(|sent| sent + self.settings.renew())
    }

    /// How long there is nothing to do but look whether it was given up.
    pub(super) fn waits(&self, now: Duration) -> Option<Duration> {
        let seen = self.seen.as_ref()?;
        let of_another = !seen.holder().is_empty() && seen.holder() != self.identity;
        of_another.then(|| seen.ends(&self.settings).saturating_sub(now))
    }

    /// What to do now.
    pub(super) fn next(&self, now: Duration, time: MicroTime) -> Step {
        let Some(seen) = &self.seen else {
            return Step::Create(Object { spec: Some(self.spec(None, time)), ..Object::default() });
        };
        let is_free = seen.holder().is_empty() || now >= seen.ends(&self.settings);
        if seen.holder() == self.identity || is_free {
            return Step::Replace(Object { spec: Some(self.spec(Some(seen), time)), ..seen.object.clone() });
        }
        Step::Wait
    }

    fn spec(&self, seen: Option<&Seen>, time: MicroTime) -> LeaseSpec {
        let old = seen.map(Seen::spec).unwrap_or_default();
        let transitions = old.lease_transitions.unwrap_or_default();
        let is_renewal = old.holder_identity.as_ref() == Some(&self.identity);
        LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: i32::try_from(self.settings.lease().as_secs()).ok(),
            acquire_time: old.acquire_time.filter(|_| is_renewal).or_else(|| Some(time.clone())),
            renew_time: Some(time),
            lease_transitions: Some(match seen {
                Some(_) if !is_renewal => transitions.saturating_add(1),
                _ => transitions,
            }),
            ..LeaseSpec::default()
        }
    }

    /// The lease given up, if this candidate has it: anybody may take it at once.
    pub(super) fn release(&self, time: MicroTime) -> Option<Object> {
        let seen = self.seen.as_ref().filter(|seen| seen.holder() == self.identity)?;
        let spec = LeaseSpec {
            holder_identity: Some(String::new()),
            lease_duration_seconds: Some(1),
            acquire_time: Some(time.clone()),
            renew_time: Some(time),
            lease_transitions: seen.spec().lease_transitions,
            ..LeaseSpec::default()
        };
        Some(Object { spec: Some(spec), ..seen.object.clone() })
    }
}

#[cfg(test)]
#[path = "election_tests.rs"]
mod tests;
