//! The home folder: everything one system owns, except the models, which many homes may share.
//!
//! Found once, always absolute. Only this user may look inside: folders are made with mode 0700.

use std::fs::{DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{ConfigError, Environment};

/// Says in a home that it is that of a branch, and lies in `branches/` of the home that it is a branch of.
const BRANCH_MARK: &str = "branch";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    pub root: PathBuf,
}

impl Home {
    /// The flag's folder, else `$BATOS_HOME`, else `batos/` in the XDG data folder. Makes nothing.
    pub fn locate(flag: Option<&Path>) -> Result<Self, ConfigError> {
        Self::locate_in(flag, &Environment::of_process())
    }

    /// As [`Home::locate`], with these environment variables.
    pub fn locate_in(flag: Option<&Path>, environment: &Environment) -> Result<Self, ConfigError> {
        let root = flag
            .filter(|path| !path.as_os_str().is_empty())
            .map(Path::to_path_buf)
            .or_else(|| environment.get("BATOS_HOME").map(PathBuf::from))
            .or_else(|| {
                environment
                    .absolute_path("XDG_DATA_HOME")
                    .map(|data| data.join("batos"))
            })
            .or_else(|| {
                environment
                    .absolute_path("HOME")
                    .map(|home| home.join(".local/share/batos"))
            })
            .ok_or(ConfigError::NoHome)?;
        let root = std::path::absolute(&root)
            .map_err(|source| ConfigError::Read { path: root, source })?;
        Ok(Self { root })
    }

    /// Makes the home and the folders in it that every part expects, for this user only (0700).
    pub fn create(&self) -> Result<(), ConfigError> {
        let inner = [
            self.run(),
            self.logs(),
            self.lora(),
            self.profiles(),
            self.themes(),
        ];
        for path in std::iter::once(self.root.clone()).chain(inner) {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&path)
                .map_err(|source| ConfigError::Create { path, source })?;
        }
        // One that was there before may be wider than what the socket in it needs.
        let run = self.run();
        std::fs::set_permissions(&run, Permissions::from_mode(0o700))
            .map_err(|source| ConfigError::Create { path: run, source })
    }

    /// Homes of the image's branches, by name.
    pub fn branches(&self) -> PathBuf {
        self.root.join("branches")
    }

    /// That of a branch, whether there is one or not.
    #[must_use]
    pub fn branch(&self, name: &str) -> Self {
        let root = self.branches().join(name);
        Self { root }
    }

    /// The home that this one is a branch of.
    pub fn trunk(&self) -> Option<Self> {
        if !self.branch_mark().is_file() {
            return None;
        }
        let root = self.root.parent()?.parent()?.to_owned();
        Some(Self { root })
    }

    /// The file that makes it a branch's.
    pub fn branch_mark(&self) -> PathBuf {
        self.root.join(BRANCH_MARK)
    }

    pub fn settings_file(&self) -> PathBuf {
        self.root.join("batos.toml")
    }

    /// Where the image is unless `image.path` says otherwise.
    /// Vectors of what is known; computed again when the file is gone.
    pub fn vectors(&self) -> PathBuf {
        self.root.join("knowledge.vectors")
    }

    pub fn image(&self) -> PathBuf {
        self.root.join("live_image")
    }

    /// Sockets, pipes and pid files.
    pub fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    /// Where the kernel listens unless `link.socket` says otherwise.
    pub fn socket(&self) -> PathBuf {
        self.run().join("kernel.sock")
    }

    /// The named pipe unless `link.missions` says otherwise.
    pub fn missions_pipe(&self) -> PathBuf {
        self.run().join("missions")
    }

    pub fn kernel_pid(&self) -> PathBuf {
        self.run().join("kernel.pid")
    }

    pub fn watchdog_pid(&self) -> PathBuf {
        self.run().join("watchdog.pid")
    }

    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    pub fn kernel_log(&self) -> PathBuf {
        self.logs().join("kernel.log")
    }

    pub fn engine_log(&self) -> PathBuf {
        self.logs().join("engine.log")
    }

    pub fn watchdog_log(&self) -> PathBuf {
        self.logs().join("watchdog.log")
    }

    /// The person's own profiles, `NAME.toml`; they go before the built-in ones. A branch has those of
    /// what it is a branch of.
    pub fn profiles(&self) -> PathBuf {
        self.shared_root().join("gguf")
    }

    /// Adapters waiting to be taken in unless `personas.lora_staging` says otherwise.
    pub fn lora(&self) -> PathBuf {
        self.root.join("lora_adapters")
    }

    /// The person's own themes, `NAME.toml`.
    pub fn themes(&self) -> PathBuf {
        self.shared_root().join("themes")
    }

    fn shared_root(&self) -> PathBuf {
        self.trunk()
            .map_or_else(|| self.root.clone(), |trunk| trunk.root)
    }

    /// The log unless `metacognition.file` says otherwise: a link to the newest of its rotated files.
    pub fn metacognition_file(&self) -> PathBuf {
        self.root.join("metacognition.jsonl")
    }
}
