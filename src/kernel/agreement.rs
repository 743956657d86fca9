//! What made-up calls tell of candidates: whether they bear them, and which to trust when no check tells them
//! apart.
//!
//! For the latter each is run on the same made-up arguments and slots; the one whose results most others share wins, and
//! between equals the earliest. Right programs tend to agree, wrong ones differ each in its own way.

use super::probe;
use crate::method::{
    Check, Host, Module, Packed, Probed, Sandbox, Signature, StructSpec, TrapKind, run_checks,
    run_probe,
};

/// A loop that does not end costs its whole fuel: after so many traps no more is tried.
const MOST_TRAPS: usize = 3;

/// The candidates' method, and where its calls start.
pub struct Trial<'a> {
    pub sandbox: &'a Sandbox,
    pub signature: &'a Signature,
    pub structure: &'a StructSpec,
    pub base: &'a [(String, Packed)],
    /// Stated calls, near which others are tried.
    pub examples: &'a [Check],
}

/// A module and how many answers it was written by.
#[derive(Clone, Copy)]
pub struct Voted<'a> {
    pub module: &'a Module,
    pub votes: u32,
}

/// The module to trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trusted {
    pub index: usize,
    /// The votes for it and for those that do the same in every call.
    pub votes: u32,
}

impl Trial<'_> {
    /// The one to trust; `modules` is not empty. What it shares with the others counts as often as it passes the
    /// `guesses`, and once more.
    pub fn choose<H: Host>(
        &self,
        modules: &[Voted<'_>],
        guesses: &[Check],
        host: &mut dyn FnMut() -> H,
    ) -> Trusted {
        let mut probes = probe::samples(self.signature, self.structure);
        probes.extend(probe::variations(self.examples));
        probes.extend(guesses.iter().map(|guess| Check {
            slots: guess.slots.clone(),
            args: guess.args.clone(),
            ..Check::default()
        }));
        let results: Vec<Vec<Option<Probed>>> = modules
            .iter()
            .map(|voted| self.results(voted.module, &probes, host))
            .collect();
        let mut best = (0, 0);
        for (index, (voted, mine)) in modules.iter().zip(&results).enumerate() {
            let shared: usize = results
                .iter()
                .zip(modules)
                .map(|(other, voted)| shared(mine, other) * voted.votes as usize)
                .sum();
            let score = shared * (1 + self.passed(voted.module, guesses, host));
            if score > best.1 {
                best = (index, score);
            }
        }
        let index = best.0;
        let same = |other: &Vec<Option<Probed>>| {
            // What returned nothing anywhere has shown nothing.
            Some(other) == results.get(index) && other.iter().any(Option::is_some)
        };
        let votes = results.iter().zip(modules);
        let votes = votes.filter(|(other, _)| same(other));
        Trusted {
            index,
            votes: votes.map(|(_, voted)| voted.votes).sum(),
        }
    }

    /// How many of the checks hold.
    fn passed<H: Host>(
        &self,
        module: &Module,
        checks: &[Check],
        host: &mut dyn FnMut() -> H,
    ) -> usize {
        let result = run_checks(
            self.sandbox,
            module,
            self.signature,
            self.structure,
            self.base,
            checks,
            &mut host(),
        );
        checks.len() - result.map_or_else(|failures| failures.len(), |()| 0)
    }

    /// What a module returns for each probe; nothing from where it has trapped too often to be trusted.
    fn results<H: Host>(
        &self,
        module: &Module,
        probes: &[Check],
        host: &mut dyn FnMut() -> H,
    ) -> Vec<Option<Probed>> {
        let mut traps = 0;
        let results = probes.iter().map(|probe| {
            if traps >= MOST_TRAPS {
                return None;
            }
            match self.probe(module, probe, &mut host()) {
                Some(Probed::Trapped { .. }) => {
                    traps += 1;
                    None
                }
                probed => probed,
            }
        });
        results.collect()
    }

    fn probe(&self, module: &Module, probe: &Check, host: &mut dyn Host) -> Option<Probed> {
        let (sandbox, base) = (self.sandbox, self.base);
        run_probe(
            sandbox,
            module,
            self.signature,
            self.structure,
            base,
            probe,
            host,
        )
        .ok()
    }

    /// Whether an ordinary call traps when that parameter is empty.
    pub fn traps_at_empty(&self, module: &Module, param: &str, host: &mut dyn Host) -> bool {
        let mut params = self.signature.params.iter();
        let at = params.position(|known| known.name == param);
        let probe = at.map(|at| probe::with_empty(self.signature, at));
        let probed = probe.and_then(|probe| self.probe(module, &probe, host));
        matches!(probed, Some(Probed::Trapped { kind, .. }) if is_its_fault(kind))
    }

    /// How it traps at the edges of its arguments and slots, each told in a line; at most [`MOST_TRAPS`].
    pub fn traps(&self, module: &Module, host: &mut dyn Host) -> Vec<String> {
        let edges = probe::edges(self.signature, self.structure).into_iter();
        let probes = edges.chain(probe::variations(self.examples));
        let traps = probes.filter_map(|probe| match self.probe(module, &probe, host) {
            Some(Probed::Trapped { kind, message }) if is_its_fault(kind) => Some(message),
            _ => None,
        });
        traps.take(MOST_TRAPS).collect()
    }
}

/// Whether the method's code is why the call trapped, not what the system is or has.
const fn is_its_fault(kind: TrapKind) -> bool {
    matches!(
        kind,
        TrapKind::Panic | TrapKind::Fuel | TrapKind::Deadline | TrapKind::Memory
    )
}

/// Calls of which both returned the same.
fn shared(mine: &[Option<Probed>], other: &[Option<Probed>]) -> usize {
    let pairs = mine.iter().zip(other);
    pairs
        .filter(|(mine, other)| mine.is_some() && mine == other)
        .count()
}
