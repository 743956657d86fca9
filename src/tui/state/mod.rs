//! What the workbench knows and shows: one struct with one sub-struct per panel.
//!
//! Only data and the small steps that keep it consistent. Nothing here reads a clock, a file or a
//! socket; all text from the kernel has been through [`super::clean`] before it is kept.

pub mod composer;
pub mod deed;
pub mod display;
pub mod inspector;
pub mod knowledge;
pub mod line;
pub mod log;
pub mod memory;
pub mod missions;
pub mod objects;
pub mod picker;
pub mod places;
pub mod reader;
pub mod remembered;
pub mod scroll;
pub mod stream;
pub mod system;
pub mod tour;

use std::collections::BTreeMap;

use super::keymap::Keymap;
use super::theme::Role;
use crate::wire::memory::Gpu;
use crate::wire::messages::{MissionState, MissionSummary, PersonaView, Status};
use crate::wire::upkeep::Before;
pub use composer::{Composer, Reading};
pub use deed::{Deed, Question};
pub use display::Display;
pub use inspector::Inspector;
pub use knowledge::Knowledge;
pub use line::Line;
pub use log::Log;
pub use memory::Memory;
pub use missions::Missions;
pub use objects::Objects;
pub use picker::Picker;
pub use places::Places;
pub use reader::Reader;
pub use remembered::Remembered;
pub use scroll::Scroll;
pub use stream::Stream;
pub use system::System;
pub use tour::Tour;

/// A part of the screen that keys can go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pane {
    Composer,
    Missions,
    Objects,
    Stream,
    Mission,
    Object,
    Log,
    Itself,
    Memory,
    Knowledge,
    System,
}

impl Pane {
    /// Those with a number, in the number's order, from 1; the tenth has the key 0.
    pub const NUMBERED: [Self; 10] = [
        Self::Missions,
        Self::Objects,
        Self::Stream,
        Self::Mission,
        Self::Object,
        Self::Log,
        Self::Itself,
        Self::Memory,
        Self::Knowledge,
        Self::System,
    ];

    /// All, in the order in which Tab goes through them.
    pub const ALL: [Self; 11] = {
        let [a, b, c, d, e, f, g, h, i, j] = Self::NUMBERED;
        [Self::Composer, a, b, c, d, e, f, g, h, i, j]
    };

    /// That of a number, from 1.
    pub fn numbered(number: u8) -> Option<Self> {
        Self::NUMBERED
            .get(usize::from(number).wrapping_sub(1))
            .copied()
    }

    /// As the palette and the settings call it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Composer => "composer",
            Self::Missions => "missions",
            Self::Objects => "objects",
            Self::Stream => "stream",
            Self::Mission => "mission",
            Self::Object => "object",
            Self::Log => "metacognition",
            Self::Itself => "self",
            Self::Memory => "memory",
            Self::Knowledge => "knowledge",
            Self::System => "system",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Composer => "Composer",
            Self::Missions => "Missions",
            Self::Objects => "Objects",
            Self::Stream => "Stream",
            Self::Mission => "Mission",
            Self::Object => "Object",
            Self::Log => "Metacognition",
            Self::Itself => "Self",
            Self::Memory => "Memory",
            Self::Knowledge => "Knowledge",
            Self::System => "System",
        }
    }

    /// True for the panes that share the middle of a wide screen.
    pub const fn is_content(self) -> bool {
        matches!(
            self,
            Self::Stream
                | Self::Mission
                | Self::Object
                | Self::Itself
                | Self::Memory
                | Self::Knowledge
                | Self::System
        )
    }
}

/// The connection to the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Not connected yet since the start.
    Connecting,
    Up,
    /// Lost, or not there; it is tried again.
    Away {
        tries: u32,
        reason: String,
    },
}

/// What was asked of the kernel and not yet answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    Snapshot,
    Status,
    Start {
        brief: String,
    },
    Understand,
    Pause {
        mission: u64,
    },
    Resume {
        mission: u64,
    },
    Mission {
        mission: u64,
    },
    Object,
    Display,
    Memory,
    Send {
        text: String,
    },
    /// What an undo would change, before it is asked whether to do it.
    UndoLook,
    /// What a pack would drop, before it is asked whether to do it.
    PackLook(Before),
    /// The versions of an object, or of one of its methods.
    History {
        object: String,
        method: Option<String>,
    },
    Difference {
        from: String,
        to: String,
    },
    /// For the list of what can be found.
    KnowledgeList,
    KnowledgeText,
    /// For the knowledge view.
    Knowledge,
    /// A document that is to be kept.
    Adding,
    /// Its parts, for the knowledge view.
    Look,
    System,
    /// The same, to choose a profile from.
    Profiles,
    /// What the person has confirmed.
    Deed(Deed),
}

/// A text that is in the person's own editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Editing {
    Brief,
    Method { object: String, selector: String },
}

impl Editing {
    /// What its file's name ends with, so that the editor knows what it is.
    pub const fn suffix(&self) -> &'static str {
        match self {
            Self::Brief => ".md",
            Self::Method { .. } => ".rs",
        }
    }
}

/// What lies over the panes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    Help(HelpView),
    Prompt { purpose: Purpose, line: Line },
    List(Picker),
    Question(Question),
    Keys(Inspector),
    Reader(Reader),
}

/// Where one reads in help, and what of it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HelpView {
    pub top: usize,
    pub search: Line,
    /// The search is being typed.
    pub typing: bool,
}

/// What a one-line input is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    Search,
    Filter,
    Send {
        object: String,
    },
    SearchKnowledge,
    /// A path.
    AddDocument,
}

/// A line for the person, shown until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub role: Role,
    pub text: String,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "none of them depends on another"
)]
#[derive(Debug, Clone)]
pub struct State {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Milliseconds since 1970, as last told.
    pub now_ms: u64,
    /// Seconds east of UTC, for the log's times.
    pub utc_offset_s: i32,
    /// The home whose log files can be read here.
    pub home: Option<String>,
    pub link: Link,
    /// Nothing may be changed from here; the kernel holds to it too.
    pub read_only: bool,
    pub status: Option<Status>,
    pub personas: Vec<PersonaView>,
    pub asked: BTreeMap<u64, Asked>,
    pub next_id: u64,
    pub focus: Pane,
    /// The pane other than the composer that had the focus last.
    pub last_pane: Pane,
    /// Of those that share the middle, the one that is there.
    pub content: Pane,
    pub zoom: bool,
    pub places: Places,
    pub overlay: Option<Overlay>,
    pub notice: Option<Notice>,
    /// Ctrl+C was pressed on an empty composer; the next one quits.
    pub quit_armed: bool,
    /// The terminal has the focus, as far as it tells.
    pub focused: bool,
    pub theme: String,
    pub themes: Vec<String>,
    pub keymap: Keymap,
    pub composer: Composer,
    pub missions: Missions,
    pub objects: Objects,
    pub stream: Stream,
    pub log: Log,
    pub display: Display,
    pub memory: Memory,
    pub knowledge: Knowledge,
    pub system: System,
    /// The tour of the first run, while it is open.
    pub tour: Option<Tour>,
    /// Nobody has worked in this home yet.
    pub first_run: bool,
}

/// What is known at the start.
#[derive(Debug, Clone, Default)]
pub struct Beginning {
    pub size: (u16, u16),
    pub now_ms: u64,
    pub utc_offset_s: i32,
    /// The home whose log files can be read here.
    pub home: Option<String>,
    pub read_only: bool,
    pub theme: String,
    pub themes: Vec<String>,
    pub keymap: Keymap,
    /// Earlier briefs, oldest first.
    pub history: Vec<String>,
    /// Nobody has worked in this home yet.
    pub first_run: bool,
    /// How the workbench was left.
    pub remembered: Option<Remembered>,
}

impl State {
    pub fn new(beginning: Beginning) -> Self {
        let mut state = Self {
            size: beginning.size,
            now_ms: beginning.now_ms,
            utc_offset_s: beginning.utc_offset_s,
            home: beginning.home,
            read_only: beginning.read_only,
            link: Link::Connecting,
            status: None,
            personas: Vec::new(),
            asked: BTreeMap::new(),
            next_id: 1,
            focus: Pane::Composer,
            last_pane: Pane::Stream,
            content: Pane::Stream,
            zoom: false,
            places: Places::default(),
            overlay: None,
            notice: None,
            quit_armed: false,
            focused: true,
            theme: beginning.theme,
            themes: beginning.themes,
            keymap: beginning.keymap,
            composer: Composer::new(beginning.history),
            missions: Missions::default(),
            objects: Objects::default(),
            stream: Stream::default(),
            log: Log::default(),
            display: Display::default(),
            memory: Memory::default(),
            knowledge: Knowledge::default(),
            system: System::default(),
            tour: None,
            first_run: beginning.first_run,
        };
        if let Some(remembered) = beginning.remembered {
            state.recall(remembered);
        }
        state
    }

    pub fn notify(&mut self, role: Role, text: impl Into<String>) {
        self.notice = Some(Notice {
            role,
            text: text.into(),
        });
    }

    /// The mission that the kernel works on now.
    pub fn mission_under_way(&self) -> Option<&MissionSummary> {
        let told = self
            .status
            .as_ref()
            .and_then(|status| status.mission.as_ref());
        let of_list = told.and_then(|mission| self.missions.get(mission.id));
        of_list
            .or_else(|| self.missions.oldest_active())
            .filter(|mission| !mission.state.has_ended())
    }

    /// The machine's GPUs, as far as they are known.
    pub fn gpus(&self) -> &[Gpu] {
        let told = self.status.as_ref();
        told.map_or(&[], |status| status.gpus.cards.as_slice())
    }

    /// Whether the system's object has a method to display itself.
    pub fn display_is_there(&self) -> bool {
        self.objects
            .get(display::SYSTEM)
            .is_some_and(|object| object.methods.iter().any(|name| name == display::DISPLAY))
    }

    /// How many rows the list within a pane has, and which is chosen, where the pane has one beside its document.
    pub fn list_of(&self, pane: Pane) -> Option<(usize, usize)> {
        match pane {
            Pane::Object => {
                let past = self.objects.past.as_ref()?;
                Some((past.list().len(), past.row()))
            }
            Pane::Knowledge => Some((self.knowledge.len(), self.knowledge.row())),
            _ => None,
        }
    }

    /// The newest mission that is to write that method.
    pub fn display_mission(&self) -> Option<&MissionSummary> {
        let of_display = |mission: &&MissionSummary| {
            mission.object.as_deref() == Some(display::SYSTEM)
                && mission.selector.as_deref() == Some(display::DISPLAY)
        };
        let missions = self.missions.list().iter();
        missions.filter(of_display).max_by_key(|mission| mission.id)
    }

    /// True while a running mission's seconds are on the screen and have to be counted, and while the system or its
    /// memory is looked at. A mission that only waits is not counted: it may wait for hours.
    pub fn wants_ticks(&self) -> bool {
        let told = self
            .status
            .as_ref()
            .and_then(|status| status.mission.as_ref());
        let counted = self.mission_under_way().is_some_and(|mission| {
            mission.state != MissionState::Idle || told.is_some_and(|told| told.id == mission.id)
        });
        let shown = matches!(
            super::layout::main_pane(self),
            Pane::Itself | Pane::Memory | Pane::System
        );
        self.link == Link::Up && (counted || shown || self.tour.is_some())
    }
}
