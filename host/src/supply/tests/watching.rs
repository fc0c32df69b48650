//! What is seen again, takes its time, may pass, or is gone.

use super::*;

#[test]
fn what_changes_nothing_is_not_checked_again() {
    let mut rig = Rig::default();
    let wanted = rig.apply("mine", ONE, Ok(()));
    rig.lead();
    let copy = rig.shelves.held_maps().into_iter().find(|map| map.is_accepted).expect("it is there");
    assert!(!rig.shelves.saw(wanted.clone()), "a new list brings the same again");
    assert!(!rig.shelves.saw(Map { version: "99".to_owned(), ..copy }), "it is immutable");
    assert!(rig.shelves.saw(Map { version: "99".to_owned(), ..wanted.clone() }), "its bytes may be others");
    rig.shelves.checked(&wanted, Err(broken()));
    assert!(rig.whys().is_empty(), "the check of an older version is nothing");
    assert_eq!(rig.serving(), [ONE]);
}

#[test]
fn what_takes_its_time_and_what_cannot_be_kept_are_said() {
    let mut rig = Rig::default();
    let wanted = rig.map("mine", "gerrit", ONE);
    rig.see(&wanted);
    assert!(rig.whys().is_empty());
    rig.shelves.take_time();
    assert_eq!(rig.whys(), [Why::Compiling]);
    assert_eq!(rig.shelves.notes("zuul").remove(0).finding(), None);
    rig.shelves.checked(&wanted, Ok(ONE.to_owned()));
    rig.shelves.not_kept(&wanted, "exceeded quota".to_owned());
    assert_eq!(rig.whys(), [Why::NotKept("exceeded quota".to_owned())]);
    rig.lead();
    assert!(rig.whys().is_empty());
}

#[test]
fn what_may_pass_is_looked_at_again() {
    let mut rig = Rig::default();
    let busy = Why::Refused(FailureReason::DeadlineExceeded, "1 second".to_owned());
    let wanted = rig.apply("mine", ONE, Err(busy));
    assert_eq!(rig.shelves.doubtful(), std::slice::from_ref(&wanted));
    rig.shelves.checked(&wanted, Ok(ONE.to_owned()));
    assert!(rig.shelves.doubtful().is_empty());
    assert_eq!(rig.lead(), [Step::Accept(wanted)]);
    rig.apply("mine", TWO, Err(broken()));
    assert!(rig.shelves.doubtful().is_empty());
}

#[test]
fn what_a_new_list_does_not_have_is_gone() {
    let mut rig = Rig::default();
    rig.apply("mine", ONE, Ok(()));
    rig.lead();
    rig.shelves.listed(Some("other"), &BTreeSet::new());
    assert_eq!(rig.serving(), [ONE]);
    rig.shelves.gone("zuul", "mine", "another uid");
    assert!(rig.whys().is_empty());
    rig.shelves.listed(None, &BTreeSet::new());
    assert!(rig.serving().is_empty());
}
