//! A pid file has one holder, and tells an ordinary end from a death.

use std::fs;

use batos::wire::pidfile::{Holder, Pidfile, PidfileError};

#[test]
fn one_holds_it_and_the_next_is_told_who() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kernel.pid");
    assert_eq!(Pidfile::holder(&path).unwrap(), Holder::Nobody);
    let held = Pidfile::acquire(&path).unwrap();
    let own = std::process::id();
    assert_eq!(Pidfile::holder(&path).unwrap(), Holder::Running(own));
    let error = Pidfile::acquire(&path).unwrap_err();
    assert!(
        matches!(error, PidfileError::Held { pid, .. } if pid == own),
        "{error}"
    );
    drop(held);
    assert_eq!(Pidfile::holder(&path).unwrap(), Holder::Nobody);
    Pidfile::acquire(&path).unwrap();
}

#[test]
fn a_number_without_a_lock_is_a_death() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kernel.pid");
    fs::write(&path, "4242\n").unwrap();
    assert_eq!(Pidfile::holder(&path).unwrap(), Holder::Died(4242));
    let held = Pidfile::acquire(&path).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        format!("{}\n", std::process::id())
    );
    drop(held);
    for damaged in ["", "42", "x\n", "-3\n"] {
        fs::write(&path, damaged).unwrap();
        assert_eq!(
            Pidfile::holder(&path).unwrap(),
            Holder::Nobody,
            "{damaged:?}"
        );
    }
}

#[test]
fn asking_does_not_keep_others_from_taking_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kernel.pid");
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            for _ in 0..2000 {
                Pidfile::holder(&path).unwrap();
            }
        });
        while !asking.is_finished() {
            Pidfile::acquire(&path).unwrap();
        }
    });
}
