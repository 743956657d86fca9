//! How many of the shown entries fell into each stretch of time, and how bad the worst of them was.

use super::Log;
use crate::wire::messages::LogLevel;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin {
    pub count: u64,
    pub worst: LogLevel,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    pub bins: Vec<Bin>,
    /// Milliseconds since 1970.
    pub from_ms: u64,
    pub to_ms: u64,
    /// The bin that the reading row is in.
    pub here: usize,
}

impl Log {
    /// Over all shown entries, in `columns` equal stretches of time. `None` when there is nothing to see.
    pub fn over_time(&self, columns: usize) -> Option<Histogram> {
        let last = self.shown.len().checked_sub(1)?;
        let (from, to) = (self.time_ms(0)?, self.time_ms(last)?);
        // A clock that was put back must not take time before the start.
        let (from_ms, to_ms) = (from.min(to), from.max(to));
        let span = (to_ms - from_ms).max(1_000) + 1;
        let columns = columns.max(1);
        let place = |time_ms: u64| {
            let time = time_ms.clamp(from_ms, to_ms) - from_ms;
            let at = u128::from(time) * columns as u128 / u128::from(span);
            usize::try_from(at).unwrap_or(0).min(columns - 1)
        };
        let empty = Bin {
            count: 0,
            worst: LogLevel::Debug,
        };
        let mut bins = vec![empty; columns];
        for number in &self.shown {
            let (Some(time), Some((level, _, _))) = (self.time_of(*number), self.facts(*number))
            else {
                continue;
            };
            if let Some(bin) = bins.get_mut(place(time)) {
                bin.count += 1;
                bin.worst = bin.worst.max(level);
            }
        }
        Some(Histogram {
            bins,
            from_ms,
            to_ms,
            here: place(self.time_ms(self.row())?),
        })
    }
}
