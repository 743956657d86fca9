//! What the kernel's threads share: the image, the queue of missions, and the wish to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

use super::document::{Document, Input, state_of, summary};
use super::embedder::{Embedder, EmbedderOptions};
use super::engine_link::{Inbox, SharedStatus, Wish};
use super::heal::Causes;
use super::journal::{About, Journal};
use super::knowledge::Knowledge;
use super::memory::Memory;
use super::question::Questions;
use super::queue::{Own, Queue};
use super::send::Courier;
use super::system::Surroundings;
use super::views::summary_of;
use crate::config::{Home, Profile, Settings};
use crate::image::{Author, Image, ImageError, MissionId, Read, Tid};
use crate::method::{Compiler, CompilerError, Sandbox};
use crate::persona::Draft;
use crate::wire::messages::{
    EngineStatus, Event, LogLevel, MissionInput, MissionState, MissionSummary, Status,
};
use crate::wire::plan::Pause;

pub struct Shared {
    pub home: Home,
    pub settings: Settings,
    pub profile: Profile,
    pub image: Image,
    pub sandbox: Arc<Sandbox>,
    pub courier: Courier,
    pub journal: Journal,
    pub knowledge: Knowledge,
    pub embedder: Embedder,
    pub engine: SharedStatus,
    pub memory: Memory,
    pub safe_mode: bool,
    pub restarts: u32,
    pub started: Instant,
    queue: Mutex<Queue>,
    /// Orders what persons wish of missions, so that queue and stored documents agree.
    wishes: Mutex<()>,
    /// Missions that the system set itself, by what they are to mend.
    pub causes: Mutex<Causes>,
    pub questions: Questions,
    compiler: Mutex<Option<Arc<Compiler>>>,
    pub surroundings: Surroundings,
    inbox: Sender<Inbox>,
    stopping: AtomicBool,
    failed: AtomicBool,
    /// Counts missions that ended, for those who wait.
    ended: watch::Sender<u64>,
}

/// What a kernel is made of, before it runs.
pub struct Parts {
    pub home: Home,
    pub settings: Settings,
    pub profile: Profile,
    pub image: Image,
    pub sandbox: Arc<Sandbox>,
    pub journal: Journal,
    pub safe_mode: bool,
    pub restarts: u32,
    pub inbox: Sender<Inbox>,
    pub embedder: EmbedderOptions,
}

/// Where a mission was that is to be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelling {
    /// It had not begun.
    Waited,
    /// The missions thread ends it soon.
    Runs,
    /// Neither queued nor running.
    Unknown,
}

/// Why a mission is not taken.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    #[error("the mission is empty")]
    Empty,
    #[error(transparent)]
    Draft(#[from] crate::persona::DraftError),
    #[error("slot `{slot}` of `{object}` is a {existing}; the mission wants a {wanted}")]
    SlotType {
        object: String,
        slot: String,
        existing: String,
        wanted: String,
    },
    #[error("check {check}: there is no slot `{slot}`")]
    UnknownSlot { check: usize, slot: String },
    #[error(
        "the kernel is in safe mode after repeated deaths: the image can be read, nothing is changed"
    )]
    SafeMode,
    #[error("the kernel is stopping")]
    Stopping,
    #[error("the mission could not be stored: {0}")]
    Image(String),
}

impl From<ImageError> for AcceptError {
    fn from(error: ImageError) -> Self {
        Self::Image(error.to_string())
    }
}

impl Shared {
    pub fn new(parts: Parts) -> Self {
        Self {
            courier: Courier::new(
                parts.image.clone(),
                parts.sandbox.clone(),
                parts.journal.clone(),
            ),
            knowledge: Knowledge::new(&parts.home),
            home: parts.home,
            settings: parts.settings,
            profile: parts.profile,
            image: parts.image,
            sandbox: parts.sandbox,
            journal: parts.journal,
            embedder: Embedder::new(parts.embedder),
            engine: SharedStatus::default(),
            memory: Memory::default(),
            safe_mode: parts.safe_mode,
            restarts: parts.restarts,
            started: Instant::now(),
            queue: Mutex::default(),
            wishes: Mutex::default(),
            causes: Mutex::default(),
            questions: Questions::default(),
            compiler: Mutex::default(),
            surroundings: Surroundings::default(),
            inbox: parts.inbox,
            stopping: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            ended: watch::channel(0).0,
        }
    }

    /// Stores a mission and queues it. Durable on return.
    pub fn accept(&self, input: MissionInput) -> Result<MissionId, AcceptError> {
        if self.safe_mode {
            return Err(AcceptError::SafeMode);
        }
        if self.is_stopping() {
            return Err(AcceptError::Stopping);
        }
        let selected = match &input {
            MissionInput::WordsAbout { selected, .. } => Some(selected.clone()),
            MissionInput::Words(_) | MissionInput::Json(_) => None,
        };
        let (input, brief, draft) = match input {
            MissionInput::Words(words) | MissionInput::WordsAbout { words, .. } => {
                let words = words.trim().to_owned();
                if words.is_empty() {
                    return Err(AcceptError::Empty);
                }
                (Input::Words(words.clone()), words, None)
            }
            MissionInput::Json(text) => {
                let draft = Draft::from_json(&text)?;
                let view = self.image.view();
                refuse_other_types(&view, &draft)?;
                refuse_unknown_slots(&view, &draft)?;
                (Input::Document(text), draft.brief.clone(), Some(draft))
            }
        };
        let mut transaction = self.image.begin(Author::Person);
        let now_ms = transaction.now_ms();
        let seed = seed_of(&input, transaction.tid());
        let mut document = Document::new(input, brief, seed, now_ms);
        document.draft = draft;
        document.selected = selected;
        let id =
            transaction.create_mission(now_ms, MissionState::Idle.name(), document.to_text())?;
        transaction.audit(&format!("mission {id} accepted"));
        transaction
            .commit()
            .map_err(|error| AcceptError::Image(error.to_string()))?;
        self.journal.record(
            LogLevel::Info,
            About {
                mission: Some(id),
                persona: None,
            },
            "mission.accepted",
            &document.brief,
            serde_json::json!({"seed": document.seed}),
        );
        self.journal.tell(Event::Mission(summary(
            id,
            MissionState::Idle,
            now_ms,
            &document,
        )));
        self.enqueue(id);
        Ok(id)
    }

    /// Puts every mission that has not ended back into the queue, oldest first: a killed kernel's work.
    pub fn resume_missions(&self) -> Result<usize, ImageError> {
        let missions = self.image.view().missions()?;
        let open = missions
            .iter()
            .filter(|mission| !state_of(mission).has_ended());
        let mut count = 0;
        let mut queue = self.queue();
        for mission in open {
            count += 1;
            let id = mission.id;
            match serde_json::from_str::<Document>(&mission.document) {
                Ok(document) if document.paused => {
                    queue.paused.insert(id);
                }
                Ok(document) if document.origin.is_some() => queue.push_own(Own {
                    id,
                    due_ms: document.due_ms,
                }),
                _ => queue.push(id),
            }
        }
        Ok(count)
    }

    /// The next mission to work on; it counts as running until [`Shared::finish`].
    pub fn take_next(&self) -> Option<MissionId> {
        self.queue().take_next(now_ms())
    }

    /// How long until a mission of the system's own is due, if one waits.
    pub fn until_due(&self) -> Option<Duration> {
        let due_ms = self.queue().next_due_ms()?;
        Some(Duration::from_millis(due_ms.saturating_sub(now_ms())))
    }

    /// The running mission is paused, or, as one of the system's own, makes room for a person's, or cannot go on before
    /// the pause is over.
    pub fn put_down(&self, id: MissionId, pause: Duration) {
        let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        let due_ms = if pause_ms == 0 {
            0
        } else {
            now_ms().saturating_add(pause_ms)
        };
        self.queue().put_down(id, due_ms);
    }

    /// Nobody else's wish comes between while it is held.
    pub fn wishes(&self) -> MutexGuard<'_, ()> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds a mission from its next transition on, and takes it out of the queue where it waits there.
    pub fn hold(&self, id: MissionId) {
        let mut queue = self.queue();
        queue.paused.insert(id);
        queue.withdraw(id);
    }

    /// Lets it go on: into the queue, unless it is at work still. `own` tells how one of the system's own is queued.
    pub fn release(&self, id: MissionId, own: Option<Own>) {
        {
            let mut queue = self.queue();
            queue.paused.remove(&id);
            if queue.running != Some(id) {
                match own {
                    Some(own) => queue.push_own(own),
                    None => queue.push_in_order(id),
                }
            }
        }
        self.wake();
    }

    pub fn is_paused(&self, id: MissionId) -> bool {
        self.queue().paused.contains(&id)
    }

    /// Whether the mission is held, or will be once its present state ends.
    pub fn pause_of(&self, id: MissionId, document: &Document) -> Pause {
        if !document.paused {
            Pause::No
        } else if self.queue().running == Some(id) {
            Pause::Asked
        } else {
            Pause::Yes
        }
    }

    /// The running mission has ended, or was put down because the kernel stops.
    pub fn finish(&self, id: MissionId) {
        {
            let mut queue = self.queue();
            queue.running = None;
            queue.cancelled.remove(&id);
            if !self.is_stopping() {
                queue.paused.remove(&id);
            }
        }
        self.ended.send_modify(|count| *count += 1);
    }

    /// A mission that was not at work was ended: whoever waits for one looks again.
    pub fn finish_waiting(&self, id: MissionId) {
        self.queue().paused.remove(&id);
        self.ended.send_modify(|count| *count += 1);
    }

    /// Asks for an end of that mission. One that waits is taken out of the queue, and the caller ends it.
    pub fn cancel(&self, id: MissionId) -> Cancelling {
        let cancelling = {
            let mut queue = self.queue();
            if queue.withdraw(id) {
                Cancelling::Waited
            } else if queue.running == Some(id) {
                queue.cancelled.insert(id);
                Cancelling::Runs
            } else {
                Cancelling::Unknown
            }
        };
        self.wake();
        cancelling
    }

    /// What the person or the system wants of the mission under way.
    pub fn wish(&self, id: MissionId) -> Wish {
        let queue = self.queue();
        if self.is_stopping() {
            Wish::Stop
        } else if queue.cancelled.contains(&id) {
            Wish::Cancel
        } else if queue.gives_way(id, self.questions.are_waiting()) {
            // Put down for a person's as for a stop, and taken up again from its last transition.
            Wish::Stop
        } else {
            Wish::GoOn
        }
    }

    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.journal.tell(Event::Stopping);
        self.wake();
    }

    /// Stops because the image can no longer be written: the watchdog starts a kernel that opens it anew.
    pub fn fail(&self) {
        self.failed.store(true, Ordering::SeqCst);
        self.stop();
    }

    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::SeqCst)
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    pub fn wait_for_ends(&self) -> watch::Receiver<u64> {
        self.ended.subscribe()
    }

    /// A compiler for methods; looked for again as long as there is none.
    pub fn compiler(&self) -> Result<Arc<Compiler>, CompilerError> {
        let mut slot = self.compiler.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(compiler) = slot.as_ref() {
            return Ok(compiler.clone());
        }
        let found = Arc::new(Compiler::find()?);
        *slot = Some(found.clone());
        Ok(found)
    }

    pub fn engine_status(&self) -> EngineStatus {
        self.engine
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn status(&self) -> Status {
        let (running, queued) = {
            let queue = self.queue();
            (queue.running, queue.len())
        };
        Status {
            kernel_pid: std::process::id(),
            uptime_s: self.started.elapsed().as_secs_f64(),
            restarts: self.restarts,
            tid: self.image.tid(),
            engine: self.engine_status(),
            mission: running.and_then(|id| self.mission_summary(id)),
            queued: u32::try_from(queued).unwrap_or(u32::MAX),
            profile: self.profile.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            safe_mode: self.safe_mode,
            log_dropped: self.journal.dropped(),
            home: self.home.root.display().to_string(),
            gpus: self.gpus(),
        }
    }

    /// Tells the front-ends how these objects are now.
    pub fn tell_changed(&self, names: &[String]) {
        let view = self.image.view();
        for name in names {
            if let Ok(Some(object)) = view.object_named(name) {
                self.journal
                    .tell(Event::ObjectChanged(summary_of(&view, &object)));
            }
        }
    }

    fn mission_summary(&self, id: MissionId) -> Option<MissionSummary> {
        let mission = self.image.view().mission(id).ok()??;
        let document: Document = serde_json::from_str(&mission.document).ok()?;
        let state = state_of(&mission);
        let mut summary = summary(id, state, mission.created_ms, &document);
        summary.pause = self.pause_of(id, &document);
        Some(summary)
    }

    fn enqueue(&self, id: MissionId) {
        self.queue().push(id);
        self.wake();
    }

    pub fn enqueue_own(&self, own: Own) {
        self.queue().push_own(own);
        self.wake();
    }

    /// The missions thread looks for what there is to do.
    pub fn wake(&self) {
        let _ = self.inbox.send(Inbox::Wake);
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Milliseconds since 1970.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// The same mission on the same history gets the same seed; asked again, another one.
pub fn seed_of(input: &Input, tid: Tid) -> u64 {
    let text = serde_json::to_string(input).unwrap_or_default();
    seed_from(&format!("{tid}:{text}"))
}

/// A seed that is the same for the same text.
pub fn seed_from(text: &str) -> u64 {
    let hash = blake3::hash(text.as_bytes());
    let mut first = [0_u8; 8];
    for (to, from) in first.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    u64::from_le_bytes(first)
}

/// A check may name only slots that the object has or the mission brings.
fn refuse_unknown_slots(read: &impl Read, draft: &Draft) -> Result<(), AcceptError> {
    let existing = match &draft.object {
        Some(name) => read.object_named(name)?,
        None => None,
    };
    for (index, check) in draft.checks.iter().enumerate() {
        for slot in check.slots.keys().chain(check.after.keys()) {
            let known = draft.slots.contains_key(slot)
                || match &existing {
                    Some(object) => read.find_slot(object.oid, slot)?.is_some(),
                    None => false,
                };
            // Without a signature the slots are yet to be designed.
            if !known && draft.signature.is_some() {
                return Err(AcceptError::UnknownSlot {
                    check: index + 1,
                    slot: slot.clone(),
                });
            }
        }
    }
    Ok(())
}

/// A mission's slot that exists keeps its value; one of another type is refused.
pub fn refuse_other_types(read: &impl Read, draft: &Draft) -> Result<(), AcceptError> {
    let Some(name) = &draft.object else {
        return Ok(());
    };
    let Some(object) = read.object_named(name)? else {
        return Ok(());
    };
    for (slot, wanted, _) in draft.typed_slots()? {
        let wanted = wanted.to_string();
        if let Some((_, existing)) = read.find_slot(object.oid, &slot)?
            && existing.rust_type != wanted
        {
            return Err(AcceptError::SlotType {
                object: name.clone(),
                slot,
                existing: existing.rust_type,
                wanted,
            });
        }
    }
    Ok(())
}
