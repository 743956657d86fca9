//! Pack against the model: what it removes, and from when on the past is readable.

use batos::image::{PackOptions, PackUntil};

use super::Pair;
use super::state::present;

impl Pair<'_> {
    /// Up to any transaction, first dry.
    pub fn pack(&mut self) {
        let before = self.newest();
        let until = match self.random.below(2) {
            0 => PackUntil::Newest,
            _ => PackUntil::Tid(self.horizon + self.random.below(before - self.horizon + 1)),
        };
        let options = PackOptions {
            until,
            collect: self.random.below(2) == 0,
            dry_run: true,
        };
        let dry = self.image.pack(&options, &mut |_, _| {}).unwrap();
        assert_eq!(self.image.tid(), before);
        let dry_run = false;
        let options = PackOptions { dry_run, ..options };
        let packed = self.image.pack(&options, &mut |_, _| {}).unwrap();
        let mut model = self.at(before).clone();
        let collected = if options.collect { model.collect() } else { 0 };
        assert_eq!(packed.objects, collected as u64);
        if collected > 0 {
            // So few go in one transaction.
            self.states.push(model);
        }
        assert_eq!(self.image.tid(), self.newest());
        self.horizon = match until {
            PackUntil::Tid(tid) => tid,
            _ => self.newest(),
        };
        assert_eq!(packed.horizon, self.horizon);
        assert_eq!(packed.versions_left, dry.versions_left);
        assert_eq!((packed.objects, packed.pinned), (dry.objects, dry.pinned));
        assert_eq!(present(&self.image.view()), *self.at(self.newest()));
        self.packed += 1;
    }
}
