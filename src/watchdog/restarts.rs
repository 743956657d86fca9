//! When to start a dead kernel again: pure arithmetic over times that the caller gives.
//!
//! Pauses grow 0, 0.1, 0.2, 0.4 … up to a limit, with jitter, and begin anew after a time of health. Too many
//! deaths in a short time open the breaker: from then on the kernel is started in safe mode.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The measures of patience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The second pause; the first is none.
    pub first_pause: Duration,
    pub longest_pause: Duration,
    /// A kernel that lived this long was healthy.
    pub healthy_after: Duration,
    /// This many deaths …
    pub deaths: usize,
    /// … within this time open the breaker.
    pub within: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(30),
            healthy_after: Duration::from_mins(1),
            deaths: 5,
            within: Duration::from_mins(1),
        }
    }
}

/// What to do after a death.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Start again after this pause.
    Again(Duration),
    /// The breaker has just opened: start again in safe mode.
    SafeMode,
    /// No kernel has ever answered, in safe mode neither: starting yet another would not help.
    GiveUp,
}

/// The history of one watchdog's kernels.
#[derive(Debug)]
pub struct Restarts {
    patience: Patience,
    /// Those within the window.
    deaths: VecDeque<Instant>,
    /// Deaths since the last time of health.
    in_a_row: u32,
    count: u32,
    safe_mode: bool,
    ever_answered: bool,
}

impl Restarts {
    pub fn new(patience: Patience) -> Self {
        Self {
            patience,
            deaths: VecDeque::new(),
            in_a_row: 0,
            count: 0,
            safe_mode: false,
            ever_answered: false,
        }
    }

    /// Deaths so far, which is how often a kernel was started again.
    pub fn count(&self) -> u32 {
        self.count
    }

    pub fn safe_mode(&self) -> bool {
        self.safe_mode
    }

    /// A kernel has answered a probe.
    pub fn answered(&mut self) {
        self.ever_answered = true;
    }

    /// A kernel that was started at `started` died at `now`. `jitter` is between 0 and 1.
    pub fn died(&mut self, started: Instant, now: Instant, jitter: f64) -> Verdict {
        let patience = self.patience;
        if now.duration_since(started) >= patience.healthy_after {
            self.in_a_row = 0;
        }
        self.count = self.count.saturating_add(1);
        self.deaths.push_back(now);
        while self
            .deaths
            .front()
            .is_some_and(|death| now.duration_since(*death) > patience.within)
        {
            self.deaths.pop_front();
        }
        if self.deaths.len() >= patience.deaths {
            if !self.safe_mode {
                self.safe_mode = true;
                self.deaths.clear();
                self.in_a_row = 0;
                return Verdict::SafeMode;
            }
            if !self.ever_answered {
                return Verdict::GiveUp;
            }
        }
        let pause = self.pause(jitter);
        self.in_a_row = self.in_a_row.saturating_add(1);
        Verdict::Again(pause)
    }

    /// The next pause, between three quarters and the whole of its nominal length.
    fn pause(&self, jitter: f64) -> Duration {
        let Some(doublings) = self.in_a_row.checked_sub(1) else {
            return Duration::ZERO;
        };
        let factor = 2_u32.saturating_pow(doublings);
        self.patience
            .first_pause
            .saturating_mul(factor)
            .min(self.patience.longest_pause)
            .mul_f64(0.75 + 0.25 * jitter.clamp(0.0, 1.0))
    }
}
