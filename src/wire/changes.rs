//! Which requests change something: a front-end that only looks on may not make them.
//!
//! Each variant is named, so that a new request has to be thought about here.

use super::image::ImageRequest;
use super::knowledge::KnowledgeRequest;
use super::messages::Request;
use super::upkeep::UpkeepRequest;

impl Request {
    /// True when it may change the image, the queue of missions, or a file.
    pub const fn changes(&self) -> bool {
        match self {
            Self::StartMission(_)
            | Self::CancelMission { .. }
            | Self::PauseMission { .. }
            | Self::ResumeMission { .. }
            | Self::Send { .. }
            | Self::NewObject { .. }
            | Self::Stop
            | Self::Probe
            | Self::Schema(_) => true,
            Self::Status
            | Self::Subscribe { .. }
            | Self::Understand { .. }
            | Self::WaitMission { .. }
            | Self::WaitSend { .. }
            | Self::ShowMission { .. }
            | Self::ListMissions
            | Self::ListObjects
            | Self::ShowObject { .. }
            | Self::Memory
            | Self::System
            | Self::ReadOnly => false,
            Self::Image(request) => request.changes(),
            Self::Knowledge(request) => request.changes(),
        }
    }
}

impl ImageRequest {
    const fn changes(&self) -> bool {
        match self {
            Self::Undo { dry_run, .. } => !*dry_run,
            Self::SetTag { .. } | Self::RemoveTag { .. } => true,
            Self::History { .. } | Self::Diff { .. } | Self::At { .. } | Self::Tags => false,
            Self::Upkeep(request) => request.changes(),
        }
    }
}

impl UpkeepRequest {
    const fn changes(&self) -> bool {
        match self {
            Self::Pack { dry_run, .. } | Self::Adopt { dry_run, .. } => !*dry_run,
            Self::Backup { .. }
            | Self::Export { .. }
            | Self::Import { .. }
            | Self::Branch { .. } => true,
            Self::Fsck | Self::Verify { .. } => false,
        }
    }
}

impl KnowledgeRequest {
    const fn changes(&self) -> bool {
        match self {
            Self::Add { .. } | Self::Remove { .. } => true,
            Self::Search { .. } | Self::List | Self::Show { .. } | Self::Look { .. } => false,
        }
    }
}
