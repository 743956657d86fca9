//! Where a pane's contents are scrolled to.

/// The first row shown, or the promise to show the last ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scroll {
    top: usize,
    follow: bool,
}

impl Scroll {
    /// From the first row on.
    pub const START: Self = Self {
        top: 0,
        follow: false,
    };
    /// Always the last rows.
    pub const FOLLOW: Self = Self {
        top: 0,
        follow: true,
    };

    /// From that row on.
    pub const fn at(top: usize) -> Self {
        Self { top, follow: false }
    }

    pub fn follows(self) -> bool {
        self.follow
    }

    /// The first row as it was set; `None` while it follows.
    pub fn left_at(self) -> Option<usize> {
        (!self.follow).then_some(self.top)
    }

    /// The first row to show of `total` in `height` rows.
    pub fn top(self, total: usize, height: usize) -> usize {
        let last = total.saturating_sub(height);
        if self.follow {
            last
        } else {
            self.top.min(last)
        }
    }

    /// Moves by `rows`. Reaching the end takes up following only where `may_follow`.
    pub fn move_by(&mut self, rows: isize, total: usize, height: usize, may_follow: bool) {
        let last = total.saturating_sub(height);
        let top = self
            .top(total, height)
            .saturating_add_signed(rows)
            .min(last);
        self.top = top;
        self.follow = may_follow && rows > 0 && top == last;
    }
}
