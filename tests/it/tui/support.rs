//! A workbench without terminal and kernel: events go in, effects and screens come out.

use batos::tui::screen::Screen;
use batos::tui::state::{Beginning, State};
use batos::tui::theme::Theme;
use batos::tui::update::{Effect, Event, update};
use batos::wire::memory::Gpus;
use batos::wire::messages::*;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::num::NonZero;
use std::path::Path;

pub const NOW: u64 = 1_700_000_000_000;

pub struct Bench {
    pub state: State,
    pub theme: Theme,
    screen: Screen,
    terminal: vt100::Parser,
    pub effects: Vec<Effect>,
}

impl Bench {
    pub fn new(columns: u16, rows: u16) -> Self {
        let theme = Theme::load("ansi16", Path::new("/nonexistent")).unwrap();
        let state = State::new(Beginning {
            size: (columns, rows),
            now_ms: NOW,
            theme: "ansi16".into(),
            themes: vec!["ansi16".into(), "dark".into()],
            ..Beginning::default()
        });
        Self {
            state,
            theme,
            screen: Screen::new(columns, rows).unwrap(),
            terminal: vt100::Parser::new(at_least_one(rows), at_least_one(columns), 0),
            effects: Vec::new(),
        }
    }

    /// Attached to a kernel that has told `snapshot`.
    pub fn attached(columns: u16, rows: u16, snapshot: Snapshot) -> Self {
        let mut bench = Self::new(columns, rows);
        bench.event(Event::Connected);
        let id = bench.requests().last().unwrap().id;
        bench.reply(id, Reply::Snapshot(Box::new(snapshot)));
        bench
    }

    pub fn event(&mut self, event: Event) -> &mut Self {
        let effects = update(&mut self.state, event);
        self.effects.extend(effects);
        self
    }

    pub fn kernel(&mut self, event: batos::wire::messages::Event) -> &mut Self {
        self.event(Event::Kernel(Box::new(FromKernel::Event(event))))
    }

    pub fn reply(&mut self, id: u64, reply: Reply) -> &mut Self {
        self.event(Event::Kernel(Box::new(FromKernel::Reply { id, reply })))
    }

    pub fn requests(&self) -> Vec<ToKernel> {
        let of = |effect: &Effect| match effect {
            Effect::Request(request) => Some(request.clone()),
            _ => None,
        };
        self.effects.iter().filter_map(of).collect()
    }

    pub fn last_request(&self) -> ToKernel {
        self.requests().pop().expect("a request")
    }

    /// Presses keys named as in the key table, with single spaces between.
    pub fn keys(&mut self, names: &str) -> &mut Self {
        for name in names.split(' ') {
            self.event(Event::Key(key(name)));
        }
        self
    }

    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            self.event(Event::Key(KeyEvent::new(
                KeyCode::Char(character),
                KeyModifiers::NONE,
            )));
        }
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.terminal
            .screen_mut()
            .set_size(at_least_one(rows), at_least_one(columns));
        self.event(Event::Resize(columns, rows))
    }

    /// The bytes that a terminal would get now.
    pub fn draw(&mut self) -> Vec<u8> {
        let bytes = self
            .screen
            .draw(&self.state, &self.theme)
            .unwrap()
            .unwrap_or_default();
        self.terminal.process(&bytes);
        bytes
    }

    /// What a terminal shows, through a terminal parser, without spaces at the ends of rows.
    pub fn screen(&mut self) -> String {
        self.draw();
        let screen = self.terminal.screen();
        let (_, columns) = screen.size();
        let rows: Vec<String> = screen.rows(0, columns.get()).collect();
        rows.iter()
            .map(|row| row.trim_end())
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub fn terminal(&self) -> &vt100::Screen {
        self.terminal.screen()
    }
}

fn at_least_one(size: u16) -> NonZero<u16> {
    NonZero::new(size).unwrap_or(NonZero::<u16>::MIN)
}

pub fn key(name: &str) -> KeyEvent {
    let (modifiers, name) = match name.split_once('+') {
        Some(("ctrl", name)) => (KeyModifiers::CONTROL, name),
        Some(("alt", name)) => (KeyModifiers::ALT, name),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "backspace" => KeyCode::Backspace,
        "delete" => KeyCode::Delete,
        "f1" => KeyCode::F(1),
        "space" => KeyCode::Char(' '),
        name => KeyCode::Char(name.chars().next().unwrap()),
    };
    KeyEvent::new(code, modifiers)
}

pub fn status() -> Status {
    Status {
        kernel_pid: 4711,
        uptime_s: 3.0,
        restarts: 0,
        tid: 41,
        engine: EngineStatus {
            pid: Some(99),
            resident: vec![ResidentModel {
                name: "qwen2.5-coder-1.5b".into(),
                file: "qwen.gguf".into(),
                bytes: 1_240_000_000,
                load_seconds: 1.4,
                layers: 29,
                context: 4096,
                ..ResidentModel::default()
            }],
            loading: None,
            backend: "CPU".into(),
            trouble: None,
        },
        mission: None,
        queued: 0,
        profile: "small".into(),
        version: "0.1.0".into(),
        safe_mode: false,
        log_dropped: 0,
        home: "/home/ana/.local/share/batos".into(),
        gpus: Gpus::default(),
    }
}

pub fn empty() -> Snapshot {
    Snapshot {
        status: status(),
        missions: vec![],
        objects: vec![],
        log: vec![],
        personas: vec![],
    }
}

pub fn full() -> Snapshot {
    let mut done = mission(2, MissionState::Complete);
    done.selector = Some("withdraw".into());
    done.outcome = "Account.withdraw is installed".into();
    let object = |name: &str, parent: Option<&str>, slots, methods: &[&str]| ObjectSummary {
        name: name.into(),
        parent: parent.map(Into::into),
        slots,
        methods: methods.iter().map(|name| (*name).into()).collect(),
        written_by: methods.iter().map(|_| Some(2)).collect(),
        tid: 3,
    };
    Snapshot {
        missions: vec![done],
        objects: vec![
            object("Account", Some("Object"), 2, &["deposit", "withdraw"]),
            object("Object", None, 0, &[]),
            object("Savings", Some("Account"), 1, &[]),
        ],
        log: (0..50).map(entry).collect(),
        ..empty()
    }
}

pub fn mission(id: u64, state: MissionState) -> MissionSummary {
    MissionSummary {
        id,
        state,
        intent: "teach".into(),
        brief: "teach Account to deposit an amount: refuse amounts that are not positive".into(),
        object: Some("Account".into()),
        selector: Some("deposit".into()),
        created_ms: NOW - 60_000,
        state_since_ms: NOW - 12_000,
        attempts: 1,
        outcome: String::new(),
        part: None,
        pause: batos::wire::plan::Pause::No,
    }
}

pub fn entry(number: u64) -> LogEntry {
    let levels = [
        LogLevel::Debug,
        LogLevel::Info,
        LogLevel::Warn,
        LogLevel::Error,
    ];
    LogEntry {
        number,
        time_ms: NOW + number * 1000,
        level: levels[(number % 4) as usize],
        mission: number.is_multiple_of(3).then_some(2),
        persona: number.is_multiple_of(2).then(|| "BRICK".into()),
        event: "engine.step".into(),
        text: format!("entry number {number}"),
        fields_json: "{\"step\":1}".into(),
    }
}

pub const REFUSED: &str = "impl Account {
    pub fn deposit(&mut self, amount: f64) -> Result<f64, String> {
        if amount <= 0.0 {
            return Err(\"amount must be positive\".into());
        }
        self.balance += amount;
        Ok(self.balance)
    }
}";

pub fn verdict() -> batos::wire::messages::Event {
    batos::wire::messages::Event::Verdict {
        mission: 3,
        candidate: 0,
        accepted: false,
        source: REFUSED.into(),
        diagnostics: vec![DiagnosticView {
            stage: "covenant".into(),
            message: "this path changes slots and returns without `self.mark_changed();`".into(),
            line: 7,
            column: 9,
            hint: Some("insert `self.mark_changed();` before this line".into()),
        }],
    }
}

pub fn account() -> ObjectView {
    ObjectView {
        oid: 7,
        name: "Account".into(),
        parent: Some("Object".into()),
        slots: vec![
            SlotView {
                name: "balance".into(),
                rust_type: "f64".into(),
                value_json: "12.5".into(),
                inherited_from: None,
            },
            SlotView {
                name: "owners".into(),
                rust_type: "Vec<String>".into(),
                value_json: "[\"Ana\",\"寿司\"]".into(),
                inherited_from: Some("Object".into()),
            },
        ],
        methods: vec![MethodView {
            selector: "deposit".into(),
            signature: "fn deposit(&mut self, amount: f64) -> Result<f64, String>".into(),
            source: REFUSED.into(),
            mission: Some(2),
            calls: 12,
            failures: 1,
            inherited_from: None,
            self_checked: true,
            author: "BRICK".into(),
            checks_json: r#"[{"slots":{"balance":1.0},"args":[2.0],"returns":{"Ok":3.0},"after":{"balance":3.0}},{"args":[-1.0],"error":true}]"#.into(),
        }],
        tid: 41,
    }
}

pub fn report(judged: Vec<JudgedView>) -> MissionReport {
    MissionReport {
        summary: mission(3, MissionState::Validating),
        signature: Some("fn deposit(&mut self, amount: f64) -> Result<f64, String>".into()),
        candidates: 2,
        prompt_tokens: 800,
        generated_tokens: 90,
        seconds: 12.5,
        stages: vec![],
        diagnostics: vec![],
        source: None,
        answer: None,
        used: vec![],
        plan: vec![],
        story: vec![],
        budget: batos::wire::plan::Budget {
            attempts: 7,
            tokens: 6000,
            seconds: 600,
        },
        judged,
    }
}
