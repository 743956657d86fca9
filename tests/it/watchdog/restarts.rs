//! Pauses, health and the breaker, in made-up time.

use std::time::{Duration, Instant};

use batos::watchdog::restarts::{Patience, Restarts, Verdict};

/// Kernels that live so long each; a pause is taken before the next.
fn verdicts(restarts: &mut Restarts, now: &mut Instant, lives: &[u64]) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for seconds in lives {
        let started = *now;
        *now += Duration::from_secs(*seconds);
        let verdict = restarts.died(started, *now, 1.0);
        if let Verdict::Again(pause) = verdict {
            *now += pause;
        }
        verdicts.push(verdict);
    }
    verdicts
}

fn again(milliseconds: u64) -> Verdict {
    Verdict::Again(Duration::from_millis(milliseconds))
}

#[test]
fn pauses_double_and_begin_anew_after_health() {
    let mut restarts = Restarts::new(Patience::default());
    let mut now = Instant::now();
    // Each lives 20 s, so that five never fall within a minute.
    let growing = verdicts(&mut restarts, &mut now, &[20; 12]);
    let expected = [
        0, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000,
    ];
    assert_eq!(growing, expected.map(again));
    assert_eq!(
        verdicts(&mut restarts, &mut now, &[60, 20]),
        [again(0), again(100)]
    );
    assert_eq!(restarts.count(), 14);
    assert!(!restarts.safe_mode());
}

#[test]
fn five_quick_deaths_open_the_breaker_once() {
    let mut restarts = Restarts::new(Patience::default());
    let mut now = Instant::now();
    let first = verdicts(&mut restarts, &mut now, &[1; 5]);
    assert_eq!(first[4], Verdict::SafeMode);
    assert!(
        first[..4]
            .iter()
            .all(|verdict| matches!(verdict, Verdict::Again(_)))
    );
    assert!(restarts.safe_mode());
    restarts.answered();
    let later = verdicts(&mut restarts, &mut now, &[1; 20]);
    assert!(
        later
            .iter()
            .all(|verdict| matches!(verdict, Verdict::Again(_)))
    );
    assert!(restarts.safe_mode());
}

#[test]
fn one_that_never_answered_is_given_up() {
    let mut restarts = Restarts::new(Patience::default());
    let mut now = Instant::now();
    let all = verdicts(&mut restarts, &mut now, &[0; 10]);
    assert_eq!(all[4], Verdict::SafeMode);
    assert_eq!(all[9], Verdict::GiveUp);
    assert!(
        all[5..9]
            .iter()
            .all(|verdict| matches!(verdict, Verdict::Again(_)))
    );
}

#[test]
fn jitter_shortens_a_pause_by_a_quarter_at_most() {
    let now = Instant::now();
    for (jitter, milliseconds) in [(0.0, 75), (1.0, 100), (7.0, 100), (-1.0, 75)] {
        let mut restarts = Restarts::new(Patience::default());
        restarts.died(now, now, jitter);
        assert_eq!(restarts.died(now, now, jitter), again(milliseconds));
    }
}
