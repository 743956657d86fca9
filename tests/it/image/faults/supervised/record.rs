//! What a supervised worker has done to the disk, in order: the changes to files and folders, what was synced
//! when, and what was said in between.
//!
//! Files and folders are numbered as they are made, so that a name that is used again, or an inode, is not
//! taken for what it was before.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;

use super::calls::{Call, What};

/// A file or a folder. The first is the folder that the image is in.
pub type Node = usize;
/// A place in the order of all that happened.
pub type Moment = usize;

pub const ROOT: Node = 0;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Write {
        node: Node,
        at: u64,
        bytes: Vec<u8>,
    },
    SetLength {
        node: Node,
        length: u64,
    },
    /// A name in a folder comes to mean this; `from` is where it was until then.
    Enter {
        folder: Node,
        name: String,
        node: Node,
        from: Option<(Node, String)>,
    },
    Leave {
        folder: Node,
        name: String,
    },
    /// What had happened to the node when this began is durable; or, when it failed, may never be.
    Sync {
        node: Node,
        begun: Moment,
        failed: bool,
    },
    Said(String),
}

#[derive(Default)]
struct Known {
    is_folder: bool,
    names: HashMap<String, Node>,
}

/// Records all that workers do, one after the other, from an empty folder on.
pub struct Recorder {
    root: PathBuf,
    pub events: Vec<Event>,
    nodes: Vec<Known>,
    inodes: HashMap<u64, Node>,
    /// When the calls that are under way began, by name and path.
    begun: HashMap<(&'static str, PathBuf), Moment>,
}

impl Recorder {
    pub fn new(root: &Path) -> Self {
        let inode = fs::metadata(root).unwrap().ino();
        let known = Known {
            is_folder: true,
            ..Known::default()
        };
        Self {
            root: root.to_owned(),
            events: Vec::new(),
            nodes: vec![known],
            inodes: HashMap::from([(inode, ROOT)]),
            begun: HashMap::new(),
        }
    }

    pub fn folders(&self) -> Vec<bool> {
        self.nodes.iter().map(|node| node.is_folder).collect()
    }

    pub fn before(&mut self, call: &Call) {
        if let What::Say(text) = &call.what {
            // When the answer leaves the worker its promise holds.
            let lines = text.lines().map(|line| Event::Said(line.to_owned()));
            self.events.extend(lines);
        }
        if call.what == What::Sync {
            self.begun
                .insert((call.name, call.path.clone()), self.events.len());
        }
    }

    pub fn after(&mut self, call: &Call, result: Result<u64, Errno>) {
        if call.what == What::Sync {
            let begun = self.begun.remove(&(call.name, call.path.clone())).unwrap();
            let node = self.inodes[&call.inode.unwrap()];
            let failed = result.is_err();
            self.events.push(Event::Sync {
                node,
                begun,
                failed,
            });
        } else if let Ok(returned) = result {
            self.did(call, returned);
        }
    }

    fn did(&mut self, call: &Call, returned: u64) {
        match &call.what {
            What::Write { at, bytes } => {
                let node = self.inodes[&call.inode.unwrap()];
                let bytes = bytes[..usize::try_from(returned).unwrap()].to_vec();
                self.events.push(Event::Write {
                    node,
                    at: *at,
                    bytes,
                });
            }
            What::SetLength(length) => {
                let node = match call.inode {
                    Some(inode) => self.inodes[&inode],
                    None => self.node(&call.path),
                };
                self.events.push(Event::SetLength {
                    node,
                    length: *length,
                });
            }
            What::Open { makes: true, .. } => self.make(&call.path, false),
            What::Open { empties: true, .. } => {
                let node = self.node(&call.path);
                self.events.push(Event::SetLength { node, length: 0 });
            }
            What::MakeFolder => self.make(&call.path, true),
            What::Rename(to) => {
                let node = self.node(&call.path);
                let (folder, name) = self.place(&call.path);
                self.nodes[folder].names.remove(&name);
                self.enter(to, node, Some((folder, name)));
            }
            What::Link(to) => {
                let node = self.node(&call.path);
                self.enter(to, node, None);
            }
            What::Unlink | What::RemoveFolder => {
                let (folder, name) = self.place(&call.path);
                self.nodes[folder].names.remove(&name);
                self.events.push(Event::Leave { folder, name });
            }
            What::Open { .. } | What::Read | What::Sync | What::Say(_) => {}
        }
    }

    fn make(&mut self, path: &Path, is_folder: bool) {
        let node = self.nodes.len();
        self.nodes.push(Known {
            is_folder,
            ..Known::default()
        });
        self.inodes.insert(fs::metadata(path).unwrap().ino(), node);
        self.enter(path, node, None);
    }

    fn enter(&mut self, path: &Path, node: Node, from: Option<(Node, String)>) {
        let (folder, name) = self.place(path);
        self.nodes[folder].names.insert(name.clone(), node);
        self.events.push(Event::Enter {
            folder,
            name,
            node,
            from,
        });
    }

    fn place(&self, path: &Path) -> (Node, String) {
        let name = path.file_name().unwrap().to_str().unwrap();
        (self.node(path.parent().unwrap()), name.to_owned())
    }

    fn node(&self, path: &Path) -> Node {
        let below = path.strip_prefix(&self.root).unwrap();
        below.iter().fold(ROOT, |folder, name| {
            let name = name.to_str().unwrap();
            let known = &self.nodes[folder].names;
            *known
                .get(name)
                .unwrap_or_else(|| panic!("{} is not known", path.display()))
        })
    }
}
