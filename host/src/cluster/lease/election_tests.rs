//! In pairs: what a candidate may do, and what it may not.

use k8s_openapi::jiff::Timestamp;

use super::*;

const TIME: MicroTime = MicroTime(Timestamp::UNIX_EPOCH);

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn candidate(name: &str) -> Election {
    Election::new(name, Settings::default())
}

/// What the API server makes of a step.
fn stored(step: Step) -> Object {
    match step {
        Step::Create(object) | Step::Replace(object) => object,
        Step::Wait => panic!("it waits"),
    }
}

/// `a` leads since 100 s; its request took a second.
fn led() -> (Election, Object) {
    let mut a = candidate("a");
    a.observe(None, s(100));
    let object = stored(a.next(s(100), TIME));
    a.held(object.clone(), s(100), s(101));
    (a, object)
}

fn spec(object: &Object) -> LeaseSpec {
    object.spec.clone().expect("a spec")
}

#[test]
fn without_a_lease_one_is_made() {
    let a = candidate("a");
    let Step::Create(object) = a.next(s(1), TIME) else { panic!("not made") };
    let spec = spec(&object);
    assert_eq!(spec.holder_identity.as_deref(), Some("a"));
    assert_eq!(spec.lease_duration_seconds, Some(15));
    assert_eq!(spec.lease_transitions, Some(0));
    assert_eq!((spec.acquire_time, spec.renew_time), (Some(TIME), Some(TIME)));
    assert_eq!(a.leads_until(), None, "nobody accepted it yet");
}

#[test]
fn a_leader_leads_from_before_its_request_and_ends_before_others_may_begin() {
    let (a, object) = led();
    assert_eq!(a.leads_until(), Some(s(110)), "not 111");
    let mut b = candidate("b");
    // At the earliest, b sees it when it was sent.
    b.observe(Some(object), s(100));
    assert_eq!(b.next(s(114), TIME), Step::Wait);
    assert!(matches!(b.next(s(115), TIME), Step::Replace(_)));
}

#[test]
fn a_lease_that_changes_is_held_and_one_that_does_not_is_free() {
    let (_, object) = led();
    let mut b = candidate("b");
    b.observe(Some(object.clone()), s(500));
    b.observe(Some(object.clone()), s(510));
    assert_eq!(b.waits(s(510)), Some(s(5)), "the same again is no renewal");
    let mut renewed = object;
    let later = MicroTime(Timestamp::UNIX_EPOCH + s(1));
    renewed.spec.as_mut().expect("a spec").renew_time = Some(later);
    b.observe(Some(renewed), s(511));
    assert_eq!(b.next(s(516), TIME), Step::Wait);
    assert_eq!(b.waits(s(516)), Some(s(10)));
    assert!(matches!(b.next(s(526), TIME), Step::Replace(_)));
}

#[test]
fn clocks_of_others_do_not_count() {
    let (_, mut object) = led();
    let spec = object.spec.as_mut().expect("a spec");
    // A leader whose clock is at 1970: it has just been seen all the same.
    spec.renew_time = Some(TIME);
    let mut b = candidate("b");
    b.observe(Some(object), s(9_000_000));
    assert_eq!(b.next(s(9_000_001), TIME), Step::Wait);
}

#[test]
fn another_version_of_the_same_content_is_no_renewal() {
    let (_, mut object) = led();
    let mut b = candidate("b");
    b.observe(Some(object.clone()), s(200));
    object.metadata.resource_version = Some("2".to_owned());
    b.observe(Some(object), s(214));
    let Step::Replace(taken) = b.next(s(215), TIME) else { panic!("not taken") };
    assert_eq!(taken.metadata.resource_version.as_deref(), Some("2"), "the newest version is replaced");
}

#[test]
fn taking_counts_and_renewing_does_not() {
    let (a, object) = led();
    let renewed = spec(&stored(a.next(s(103), MicroTime(Timestamp::UNIX_EPOCH + s(3)))));
    assert_eq!(renewed.lease_transitions, Some(0));
    assert_eq!(renewed.acquire_time, Some(TIME), "since when it leads stays");
    assert_ne!(renewed.renew_time, Some(TIME));
    let mut b = candidate("b");
    b.observe(Some(object), s(200));
    let later = MicroTime(Timestamp::UNIX_EPOCH + s(9));
    let taken = spec(&stored(b.next(s(300), later.clone())));
    assert_eq!((taken.holder_identity.as_deref(), taken.lease_transitions), (Some("b"), Some(1)));
    assert_eq!(taken.acquire_time, Some(later));
}

#[test]
fn whoever_sees_another_holder_does_not_lead() {
    let (mut a, object) = led();
    let mut b = candidate("b");
    b.observe(Some(object), s(0));
    let taken = stored(b.next(s(16), TIME));
    a.observe(Some(taken), s(102));
    assert_eq!(a.leads_until(), None);
    assert_eq!(a.next(s(102), TIME), Step::Wait);
    assert_eq!(a.release(TIME), None, "it is not a's to give up");
}

#[test]
fn an_answer_that_was_lost_gives_no_leadership_but_the_next_renewal_does() {
    let mut a = candidate("a");
    let object = stored(a.next(s(100), TIME));
    // The server made it, the answer never came, and it is seen by reading only.
    a.observe(Some(object), s(104));
    assert_eq!(a.leads_until(), None);
    let object = stored(a.next(s(104), TIME));
    a.held(object, s(104), s(105));
    assert_eq!(a.leads_until(), Some(s(114)));
}

#[test]
fn what_is_given_up_is_free_at_once() {
    let (a, _) = led();
    let released = a.release(TIME).expect("a has it");
    assert_eq!(spec(&released).holder_identity.as_deref(), Some(""));
    assert_eq!(spec(&released).lease_duration_seconds, Some(1));
    let mut b = candidate("b");
    b.observe(Some(released), s(102));
    assert_eq!(b.waits(s(102)), None);
    let taken = spec(&stored(b.next(s(102), TIME)));
    assert_eq!((taken.holder_identity.as_deref(), taken.lease_transitions), (Some("b"), Some(1)));
}

#[test]
fn odd_leases_hold_nobody_up_for_ever() {
    for seconds in [None, Some(0), Some(-7)] {
        let (_, mut object) = led();
        object.spec.as_mut().expect("a spec").lease_duration_seconds = seconds;
        let mut b = candidate("b");
        b.observe(Some(object), s(10));
        assert_eq!(b.next(s(24), TIME), Step::Wait, "{seconds:?}");
        assert!(matches!(b.next(s(25), TIME), Step::Replace(_)), "{seconds:?}");
    }
    let mut b = candidate("b");
    b.observe(Some(Object::default()), s(10));
    assert!(matches!(b.next(s(10), TIME), Step::Replace(_)), "nobody has a lease without content");
}
