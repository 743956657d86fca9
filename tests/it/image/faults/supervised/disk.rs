//! What a disk holds after a cut of power: everything that was synced, and of the rest whatever it likes.
//!
//! A file's writes and changes of length are synced by a sync of the file, what a folder's names mean by
//! a sync of the folder. A rename is there or not, as one. What a failed sync covered is never made durable by
//! a later one: the system takes it for written.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::record::{Event, Moment, Node, ROOT};
use crate::image::model::change::Random;

const SECTOR: u64 = 512;

/// What is there of the changes that were not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Nothing,
    All,
    /// All up to some moment.
    Beginning,
    /// The same, and the last write is torn at the boundary of a sector.
    TornBeginning,
    /// Each or not.
    Some,
}

/// Each change that had happened: all of it, none, or so many bytes.
type Fates = HashMap<Moment, u64>;

/// The changes of which a cut may leave whatever it likes.
fn doubtful(events: &[Event]) -> Vec<Moment> {
    let mut pending: HashMap<Node, Vec<Moment>> = HashMap::new();
    let mut given_up = Vec::new();
    for (moment, event) in events.iter().enumerate() {
        match event {
            Event::Write { node, .. } | Event::SetLength { node, .. } => {
                pending.entry(*node).or_default().push(moment);
            }
            Event::Enter { folder, .. } | Event::Leave { folder, .. } => {
                pending.entry(*folder).or_default().push(moment);
            }
            Event::Sync {
                node,
                begun,
                failed,
            } => {
                let waiting = pending.entry(*node).or_default();
                let covered = waiting.iter().filter(|moment| *moment < begun);
                if *failed {
                    given_up.extend(covered.copied());
                }
                waiting.retain(|moment| moment >= begun);
            }
            Event::Said(_) => {}
        }
    }
    given_up.extend(pending.into_values().flatten());
    given_up.sort_unstable();
    given_up
}

fn fates(events: &[Event], kept: Kept, random: &mut Random) -> Fates {
    let doubtful = doubtful(events);
    let mut fates: Fates = HashMap::new();
    let length = doubtful.len() as u64;
    let until = usize::try_from(random.below(length + 1)).unwrap();
    for (place, moment) in doubtful.iter().enumerate() {
        let stays = match kept {
            Kept::Nothing => false,
            Kept::All => true,
            Kept::Beginning | Kept::TornBeginning => place < until,
            Kept::Some => random.below(2) == 0,
        };
        fates.insert(*moment, if stays { u64::MAX } else { 0 });
    }
    let writes = |moment: &&Moment| matches!(events[**moment], Event::Write { .. });
    let last = doubtful[..until].iter().rev().find(writes);
    if let (Kept::TornBeginning, Some(last)) = (kept, last)
        && let Event::Write { at, bytes, .. } = &events[*last]
    {
        let sectors = (at + bytes.len() as u64) / SECTOR - at / SECTOR;
        let end = (at / SECTOR + random.below(sectors + 1)) * SECTOR;
        fates.insert(*last, end.saturating_sub(*at));
    }
    fates
}

/// Makes what is there after these events and a cut of power, in an empty folder. `is_folder` tells files and
/// folders apart.
pub fn after_cut(events: &[Event], is_folder: &[bool], kept: Kept, random: &mut Random, to: &Path) {
    let fates = fates(events, kept, random);
    let stays = |moment: Moment| fates.get(&moment).copied().unwrap_or(u64::MAX);
    let mut folders: HashMap<Node, BTreeMap<&str, Node>> = HashMap::new();
    let mut files: HashMap<Node, Vec<Moment>> = HashMap::new();
    for (moment, event) in events.iter().enumerate() {
        match event {
            _ if stays(moment) == 0 => {}
            Event::Write { node, .. } | Event::SetLength { node, .. } => {
                files.entry(*node).or_default().push(moment);
            }
            Event::Enter {
                folder,
                name,
                node,
                from,
            } => {
                if let Some((folder, name)) = from {
                    let names = folders.entry(*folder).or_default();
                    if names.get(name.as_str()) == Some(node) {
                        names.remove(name.as_str());
                    }
                }
                folders.entry(*folder).or_default().insert(name, *node);
            }
            Event::Leave { folder, name } => {
                folders.entry(*folder).or_default().remove(name.as_str());
            }
            Event::Sync { .. } | Event::Said(_) => {}
        }
    }
    let disk = Disk {
        events,
        is_folder,
        folders,
        files,
        stays: &stays,
    };
    disk.fill(ROOT, to);
}

struct Disk<'a> {
    events: &'a [Event],
    is_folder: &'a [bool],
    folders: HashMap<Node, BTreeMap<&'a str, Node>>,
    files: HashMap<Node, Vec<Moment>>,
    stays: &'a dyn Fn(Moment) -> u64,
}

impl Disk<'_> {
    fn fill(&self, folder: Node, path: &Path) {
        for (name, node) in self.folders.get(&folder).into_iter().flatten() {
            let path = path.join(name);
            if self.is_folder[*node] {
                fs::create_dir(&path).unwrap();
                self.fill(*node, &path);
            } else {
                self.write(*node, &path);
            }
        }
    }

    fn write(&self, node: Node, path: &Path) {
        let file = File::create(path).unwrap();
        for moment in self.files.get(&node).into_iter().flatten() {
            match &self.events[*moment] {
                Event::Write { at, bytes, .. } => {
                    let count = usize::try_from((self.stays)(*moment)).unwrap_or(usize::MAX);
                    let bytes = &bytes[..count.min(bytes.len())];
                    file.write_all_at(bytes, *at).unwrap();
                }
                Event::SetLength { length, .. } => file.set_len(*length).unwrap(),
                _ => {}
            }
        }
    }
}
