//! The calls by which a process reads and changes files, as a supervisor sees them: x86-64, Linux.

use std::fs::{self, File};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use nix::libc;
use nix::unistd::Pid;

/// What a call is about to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Reads a file, a folder, or what is known about one.
    Read,
    /// Opens; a file that is not there is made.
    Open {
        makes: bool,
        empties: bool,
    },
    Write {
        at: u64,
        bytes: Vec<u8>,
    },
    SetLength(u64),
    Sync,
    Rename(PathBuf),
    Link(PathBuf),
    Unlink,
    MakeFolder,
    RemoveFolder,
    /// Writes to its standard output.
    Say(String),
}

#[derive(Debug, Clone)]
pub struct Call {
    pub name: &'static str,
    pub what: What,
    pub path: PathBuf,
    /// Of what an open file descriptor leads to.
    pub inode: Option<u64>,
}

impl What {
    /// Anything that a full disk can refuse.
    pub fn needs_room(&self) -> bool {
        match self {
            Self::Write { .. } | Self::SetLength(_) | Self::Rename(_) | Self::Link(_) => true,
            Self::MakeFolder => true,
            Self::Open { makes, .. } => *makes,
            _ => false,
        }
    }

    pub fn changes(&self) -> bool {
        let empties = matches!(self, Self::Open { empties: true, .. });
        let removes = matches!(self, Self::Unlink | Self::RemoveFolder | Self::Sync);
        self.needs_room() || empties || removes
    }
}

/// A call as the processor has it at its entry.
pub struct Entry {
    pub thread: Pid,
    pub number: i64,
    pub arguments: [u64; 5],
}

impl Entry {
    /// The call, when it is about files under `root` or says something.
    pub fn call(&self, root: &Path) -> Option<Call> {
        let [a, b, c, d, e] = self.arguments;
        let bytes = |at, count| self.memory(at, usize::try_from(count).unwrap());
        let offset = |fd| self.offset(fd);
        let (name, what, place) = match self.number {
            libc::SYS_write if a == 1 => {
                let text = String::from_utf8_lossy(&bytes(b, c)).into_owned();
                let (what, path, inode) = (What::Say(text), PathBuf::new(), None);
                return Some(Call {
                    name: "write",
                    what,
                    path,
                    inode,
                });
            }
            libc::SYS_write => (
                "write",
                self.written(a, offset, || bytes(b, c)),
                self.handle(a),
            ),
            libc::SYS_pwrite64 => (
                "pwrite64",
                self.written(a, |_| d, || bytes(b, c)),
                self.handle(a),
            ),
            libc::SYS_writev => (
                "writev",
                self.written(a, offset, || self.vectors(b, c)),
                self.handle(a),
            ),
            libc::SYS_ftruncate => ("ftruncate", What::SetLength(b), self.handle(a)),
            libc::SYS_truncate => (
                "truncate",
                What::SetLength(b),
                self.path(libc::AT_FDCWD as u64, a),
            ),
            libc::SYS_fsync => ("fsync", What::Sync, self.handle(a)),
            libc::SYS_fdatasync => ("fdatasync", What::Sync, self.handle(a)),
            libc::SYS_read => ("read", What::Read, self.handle(a)),
            libc::SYS_pread64 => ("pread64", What::Read, self.handle(a)),
            libc::SYS_getdents64 => ("getdents64", What::Read, self.handle(a)),
            libc::SYS_statx => ("statx", What::Read, self.path(a, b)),
            libc::SYS_newfstatat => ("newfstatat", What::Read, self.path(a, b)),
            libc::SYS_open => self.open("open", libc::AT_FDCWD as u64, a, b),
            libc::SYS_openat => self.open("openat", a, b, c),
            libc::SYS_rename => {
                let here = libc::AT_FDCWD as u64;
                (
                    "rename",
                    What::Rename(self.path(here, b)?.0),
                    self.path(here, a),
                )
            }
            libc::SYS_renameat | libc::SYS_renameat2 => {
                // The one flag that is ever used is the one for never replacing.
                (
                    "renameat2",
                    What::Rename(self.path(c, d)?.0),
                    self.path(a, b),
                )
            }
            libc::SYS_link => {
                let here = libc::AT_FDCWD as u64;
                (
                    "link",
                    What::Link(self.path(here, b)?.0),
                    self.path(here, a),
                )
            }
            libc::SYS_linkat => ("linkat", What::Link(self.path(c, d)?.0), self.path(a, b)),
            libc::SYS_unlink => ("unlink", What::Unlink, self.path(libc::AT_FDCWD as u64, a)),
            libc::SYS_unlinkat if c & libc::AT_REMOVEDIR as u64 != 0 => {
                ("unlinkat", What::RemoveFolder, self.path(a, b))
            }
            libc::SYS_unlinkat => ("unlinkat", What::Unlink, self.path(a, b)),
            libc::SYS_rmdir => (
                "rmdir",
                What::RemoveFolder,
                self.path(libc::AT_FDCWD as u64, a),
            ),
            libc::SYS_mkdir => (
                "mkdir",
                What::MakeFolder,
                self.path(libc::AT_FDCWD as u64, a),
            ),
            libc::SYS_mkdirat => ("mkdirat", What::MakeFolder, self.path(a, b)),
            _ => {
                self.must_be_known(root, a, c, e);
                return None;
            }
        };
        let (path, inode) = place?;
        path.starts_with(root).then_some(Call {
            name,
            what,
            path,
            inode,
        })
    }

    /// Other ways to change a file would make the record of changes wrong.
    fn must_be_known(&self, root: &Path, first: u64, third: u64, fifth: u64) {
        let ways = [
            libc::SYS_pwritev,
            libc::SYS_pwritev2,
            libc::SYS_sendfile,
            libc::SYS_fallocate,
            libc::SYS_creat,
        ];
        let (target, flags) = match self.number {
            libc::SYS_copy_file_range => (third, 0),
            libc::SYS_mmap => (fifth, third & libc::PROT_WRITE as u64),
            number if ways.contains(&number) => (first, 0),
            _ => return,
        };
        if self.number == libc::SYS_mmap && flags == 0 {
            return;
        }
        if let Some((path, _)) = self.handle(target) {
            assert!(
                !path.starts_with(root),
                "call {} on {}",
                self.number,
                path.display()
            );
        }
    }

    fn written(&self, fd: u64, at: impl Fn(u64) -> u64, bytes: impl Fn() -> Vec<u8>) -> What {
        // Sockets and pipes have no place.
        let is_file = self.handle(fd).is_some();
        let (at, bytes) = if is_file {
            (at(fd), bytes())
        } else {
            (0, Vec::new())
        };
        What::Write { at, bytes }
    }

    fn open(
        &self,
        name: &'static str,
        folder: u64,
        path: u64,
        flags: u64,
    ) -> (&'static str, What, Option<(PathBuf, Option<u64>)>) {
        let place = self.path(folder, path);
        let has = |flag: i32| flags & flag as u64 != 0;
        let exists = place
            .as_ref()
            .is_some_and(|(path, _)| fs::symlink_metadata(path).is_ok());
        let what = What::Open {
            makes: has(libc::O_CREAT) && !exists,
            empties: has(libc::O_TRUNC) && exists,
        };
        (name, what, place)
    }

    fn proc(&self, what: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{what}", self.thread))
    }

    /// Where an open file is, and its inode.
    fn handle(&self, fd: u64) -> Option<(PathBuf, Option<u64>)> {
        let link = self.proc(&format!("fd/{}", fd as i32));
        let path = fs::read_link(&link).ok()?;
        let inode = fs::metadata(&link).ok()?.ino();
        path.is_absolute().then_some((path, Some(inode)))
    }

    fn path(&self, folder: u64, at: u64) -> Option<(PathBuf, Option<u64>)> {
        let path = PathBuf::from(self.text(at));
        if path.is_absolute() {
            return Some((path, None));
        }
        let base = if folder as i32 == libc::AT_FDCWD {
            fs::read_link(self.proc("cwd")).ok()?
        } else {
            self.handle(folder)?.0
        };
        Some((
            if path.as_os_str().is_empty() {
                base
            } else {
                base.join(path)
            },
            None,
        ))
    }

    /// Where the next write of an open file goes.
    fn offset(&self, fd: u64) -> u64 {
        let info = fs::read_to_string(self.proc(&format!("fdinfo/{}", fd as i32))).unwrap();
        let number = |field: &str, radix| {
            let line = info
                .lines()
                .find_map(|line| line.strip_prefix(field))
                .unwrap();
            u64::from_str_radix(line.trim(), radix).unwrap()
        };
        if number("flags:", 8) & libc::O_APPEND as u64 != 0 {
            return fs::metadata(self.proc(&format!("fd/{}", fd as i32)))
                .unwrap()
                .len();
        }
        number("pos:", 10)
    }

    fn vectors(&self, at: u64, count: u64) -> Vec<u8> {
        let table = self.memory(at, usize::try_from(count * 16).unwrap());
        let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap());
        let vectors = table
            .chunks_exact(16)
            .map(|entry| (word(&entry[..8]), word(&entry[8..])));
        vectors
            .flat_map(|(at, count)| self.memory(at, usize::try_from(count).unwrap()))
            .collect()
    }

    fn text(&self, at: u64) -> String {
        let mut text = Vec::new();
        loop {
            let byte = self.memory(at + text.len() as u64, 1)[0];
            if byte == 0 {
                return String::from_utf8(text).unwrap();
            }
            text.push(byte);
        }
    }

    fn memory(&self, at: u64, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        let memory = File::open(self.proc("mem")).unwrap();
        memory.read_exact_at(&mut bytes, at).unwrap();
        bytes
    }
}
