//! Messages of ours in every direction, where a fuzzer may begin.

use crate::wire::engine::{
    Candidate, Constraint, Embed, Finish, FromEngine, Generate, Generated, LoadModel, Sampling,
    Stop, ToEngine, Turn,
};
use crate::wire::frame::{Message, encode};
use crate::wire::image::{ImageReply, ImageRequest, TransactionView};
use crate::wire::knowledge::{
    ChunkView, FoundView, HitView, KnowledgeReply, KnowledgeRequest, LookedView, UseView, UsedView,
};
use crate::wire::memory::{Gpu, Gpus, MainMemory, MemoryView, ModelView, Spoke, Swap, SwapKind};
use crate::wire::messages::{
    DiagnosticView, Event, Failure, FailureKind, FromKernel, JudgedView, LogEntry, LogLevel,
    MethodView, MissionInput, MissionReport, MissionState, MissionSummary, ObjectView, PersonaView,
    Reply, Request, ResidentModel, SendOutcome, SlotView, StageReport, ToKernel, Understood,
};
use crate::wire::plan::{Budget, PartReport, PartState, Pause, StoryEntry};
use crate::wire::system::{Found, ImageUse, ProfileView, SystemView, WatchedView};

const HEADER_BYTES: usize = 8;

/// Their bodies, without frames.
pub fn messages() -> &'static [Vec<u8>] {
    static MESSAGES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    MESSAGES.get_or_init(|| [requests(), replies(), events(), to_engine(), from_engine()].concat())
}

fn bodies<T: Message>(messages: impl IntoIterator<Item = T>) -> Vec<Vec<u8>> {
    let body = |message: T| encode(&message).unwrap().split_off(HEADER_BYTES);
    messages.into_iter().map(body).collect()
}

fn requests() -> Vec<Vec<u8>> {
    let requests = [
        Request::Subscribe { log_entries: 200 },
        Request::StartMission(MissionInput::Words("teach Account to deposit".into())),
        Request::WaitSend {
            mission: 4,
            place: 1,
        },
        Request::StartMission(MissionInput::WordsAbout {
            words: "teach it to deposit".into(),
            selected: "Account".into(),
        }),
        Request::Understand {
            words: "deposit 5".into(),
            selected: Some("Account".into()),
        },
        Request::Send {
            object: "Account".into(),
            selector: "deposit".into(),
            args_json: "[2.0]".into(),
        },
        Request::NewObject {
            name: "Savings".into(),
            parent: Some("Account".into()),
            slots_json: "{}".into(),
        },
        Request::Image(ImageRequest::Diff {
            from: "3".into(),
            to: "newest".into(),
            object: Some("Account".into()),
        }),
        Request::Knowledge(KnowledgeRequest::Add {
            name: "/home/ada/fees.md".into(),
            format: "markdown".into(),
            text: "# Fees".into(),
        }),
        Request::Knowledge(KnowledgeRequest::Show {
            name: "/home/ada/fees.md".into(),
        }),
        Request::Image(ImageRequest::History {
            object: Some("Account".into()),
            method: Some("deposit".into()),
            limit: 200,
        }),
        Request::Knowledge(KnowledgeRequest::Look {
            name: "/home/ada/fees.md".into(),
        }),
        Request::System,
        Request::ReadOnly,
    ];
    bodies(requests.map(|request| ToKernel { id: 7, request }))
}

fn replies() -> Vec<Vec<u8>> {
    let report = MissionReport {
        summary: summary(),
        signature: Some("fn deposit(&mut self, amount: f64)".into()),
        candidates: 2,
        prompt_tokens: 800,
        generated_tokens: 90,
        seconds: 1.5,
        stages: vec![StageReport {
            state: MissionState::Validating,
            persona: "BRICK".into(),
            started_ms: 2,
            seconds: 0.5,
            note: String::new(),
        }],
        diagnostics: vec![diagnostic()],
        source: Some("impl Account {}".into()),
        answer: None,
        used: vec![UsedView {
            kind: "document".into(),
            name: "/home/ada/fees.md".into(),
            heading: "Fees".into(),
            text: "# Fees".into(),
        }],
        plan: vec![part()],
        story: vec![StoryEntry {
            stage: 1,
            part: 2,
            round: 1,
            persona: "BRICK".into(),
            what: "synthesize".into(),
            text: "written".into(),
            reference: "9a4dd98363ef6161".into(),
            prompt_tokens: 300,
            generated_tokens: 40,
            seconds: 4.5,
        }],
        budget: Budget {
            attempts: 7,
            tokens: 6000,
            seconds: 600,
        },
        judged: vec![JudgedView {
            candidate: 1,
            accepted: false,
            source: "impl Account {}".into(),
            diagnostics: vec![diagnostic()],
        }],
    };
    let transaction = TransactionView {
        tid: 9,
        time_ms: 3,
        author: "mission 4".into(),
        changed: vec!["Account".into(), "fact genesis".into()],
        lines: vec!["installed deposit".into()],
        tags: vec![],
    };
    let replies = [
        Reply::Mission(Box::new(report)),
        Reply::Understood(Understood {
            summary: "send Account deposit [5]".into(),
            document_json: r#"{"intent":"send","brief":"deposit 5"}"#.into(),
            changes: true,
            prompt_tokens: 900,
            reused_tokens: 832,
            generated_tokens: 20,
            seconds: 1.5,
        }),
        Reply::Object(Box::new(object())),
        Reply::Sent(SendOutcome {
            returns_json: Some("3.0".into()),
            is_err: false,
            error: None,
            mission: Some(4),
            place: Some(0),
        }),
        Reply::Image(Box::new(ImageReply::History(vec![transaction]))),
        Reply::Memory(Box::new(memory())),
        Reply::System(Box::new(system())),
        Reply::Knowledge(KnowledgeReply::Looked(LookedView {
            name: "/home/ada/fees.md".into(),
            chunks: vec![ChunkView {
                heading: "Fees".into(),
                line: 1,
                text: "# Fees".into(),
            }],
            uses: vec![UseView {
                mission: 4,
                brief: "teach Account to deposit".into(),
                headings: vec!["Fees".into()],
            }],
        })),
        Reply::Knowledge(KnowledgeReply::Found(FoundView {
            hits: vec![HitView {
                kind: "method".into(),
                name: "Account.deposit".into(),
                heading: "fn deposit(&mut self, amount: f64)".into(),
                line: 0,
                text: "impl Account {}".into(),
                score: 0.03,
                words: 2.5,
                share: 0.5,
                cosine: Some(0.25),
            }],
            model: None,
            note: Some("found by words alone".into()),
        })),
        Reply::Knowledge(KnowledgeReply::Text {
            name: "/home/ada/fees.md".into(),
            text: "# Fees".into(),
        }),
    ];
    let mut all = bodies(replies.map(|reply| FromKernel::Reply { id: 7, reply }));
    all.extend(bodies([FromKernel::Failure {
        id: 8,
        failure: Failure {
            kind: FailureKind::NotFound,
            message: "there is no object Acount".into(),
            hint: Some("did you mean Account?".into()),
        },
    }]));
    all
}

fn events() -> Vec<Vec<u8>> {
    let events = [
        Event::Mission(summary()),
        Event::Verdict {
            mission: 4,
            candidate: 1,
            accepted: false,
            source: "impl Account {}".into(),
            diagnostics: vec![diagnostic(), diagnostic()],
        },
        Event::Log(LogEntry {
            number: 1,
            time_ms: 2,
            level: LogLevel::Warn,
            mission: None,
            persona: Some("ROBIN".into()),
            event: "engine.started".into(),
            text: "the engine has started".into(),
            fields_json: "{}".into(),
        }),
    ];
    bodies(events.map(FromKernel::Event))
}

fn to_engine() -> Vec<Vec<u8>> {
    bodies([
        ToEngine::Embed(Box::new(Embed {
            id: 4,
            model: "reader".into(),
            texts: vec!["fees".into(), String::new()],
        })),
        ToEngine::Load(LoadModel {
            model: "small".into(),
            path: "small.gguf".into(),
            gpu_layers: -1,
            threads: 0,
            context: 4096,
            mmap: true,
        }),
        ToEngine::Generate(Box::new(Generate {
            id: 3,
            model: "small".into(),
            turns: ["system", "user"].map(turn).to_vec(),
            prefix: "impl Account {".into(),
            constraint: Constraint::JsonSchema("{}".into()),
            samples: vec![Sampling {
                seed: 5,
                temperature: 0.5,
                top_p: 1.0,
            }],
            max_tokens: 400,
            stop: Stop::Texts(vec!["\n\n".into(), "```".into()]),
        })),
    ])
}

fn gpus() -> Gpus {
    Gpus {
        driver: Some("580.1".into()),
        cards: vec![Gpu {
            name: "a card".into(),
            memory_total: Some(1 << 34),
            memory_used: Some(1 << 30),
            busy_percent: Some(34),
            celsius: None,
            milliwatts: Some(120_000),
            most_milliwatts: None,
            compute_mode: Some("default".into()),
        }],
        missing: None,
    }
}

fn memory() -> MemoryView {
    let resident = ResidentModel {
        name: "coder".into(),
        file: "coder.gguf".into(),
        bytes: 1 << 30,
        gpu_bytes: 1 << 29,
        load_seconds: 1.5,
        gpu_layers: 12,
        layers: 29,
        context: 8192,
        since_ms: 5,
    };
    MemoryView {
        personas: vec![PersonaView {
            name: "BRICK".into(),
            title: "Deconstruction Engine".into(),
            model: "coder".into(),
            file: "coder.gguf".into(),
            resident: true,
            spoke: Some(Spoke {
                time_ms: 6,
                read: 250,
                written: 50,
                read_rate: 900.0,
                write_rate: 45.5,
            }),
        }],
        models: vec![ModelView {
            name: "coder".into(),
            file: "coder.gguf".into(),
            file_bytes: Some(1 << 29),
            resident: Some(resident),
        }],
        main: Some(MainMemory {
            total: 1 << 36,
            available: 1 << 35,
        }),
        gpus: gpus(),
        swaps: vec![
            Swap {
                time_ms: 7,
                model: "coder".into(),
                what: SwapKind::Loaded { seconds: 1.5 },
            },
            Swap {
                time_ms: 4,
                model: "coder".into(),
                what: SwapKind::Left("the engine ended".into()),
            },
        ],
    }
}

fn from_engine() -> Vec<Vec<u8>> {
    bodies([
        FromEngine::Ready {
            version: 2,
            pid: 2,
            backend: "CPU".into(),
            devices: vec!["a processor".into()],
            warning: None,
        },
        FromEngine::Done(Box::new(Generated {
            id: 3,
            candidates: vec![Candidate {
                text: "self.balance += amount;".into(),
                tokens: 9,
                finish: Finish::Stop,
            }],
            prompt_tokens: 100,
            reused_tokens: 50,
            prompt_seconds: 0.5,
            generation_seconds: 0.25,
        })),
        FromEngine::Embedded {
            id: 4,
            vectors: vec![vec![1.0, 0.0], vec![0.6, 0.8]],
        },
        FromEngine::Loaded {
            model: "coder".into(),
            seconds: 1.5,
            bytes: 1 << 30,
            gpu_bytes: 1 << 29,
            gpu_layers: 12,
            layers: 29,
            context: 8192,
            architecture: "qwen2".into(),
        },
        FromEngine::Gpus(gpus()),
        FromEngine::Failed {
            id: Some(3),
            model: Some("small".into()),
            message: "the context is full".into(),
            hint: None,
        },
    ])
}

fn turn(role: &str) -> Turn {
    Turn {
        role: role.into(),
        content: "Write a method.".into(),
    }
}

fn summary() -> MissionSummary {
    MissionSummary {
        id: 4,
        state: MissionState::Synthesizing,
        intent: "teach".into(),
        brief: "teach Account to deposit".into(),
        object: Some("Account".into()),
        selector: Some("deposit".into()),
        created_ms: 1,
        state_since_ms: 2,
        attempts: 1,
        outcome: String::new(),
        part: Some("part 2 of 3, Account.withdraw".into()),
        pause: Pause::Asked,
    }
}

fn part() -> PartReport {
    PartReport {
        number: 2,
        object: "Account".into(),
        selector: "withdraw".into(),
        signature: "fn withdraw(&mut self, amount: f64)".into(),
        brief: "take the amount".into(),
        calls: vec!["Account.deposit".into()],
        state: PartState::Replanned,
        tid: Some(9),
        again: true,
        attempts: 2,
        candidates: 3,
        prompt_tokens: 500,
        generated_tokens: 60,
        seconds: 8.5,
        diagnosis: "after 2 rounds".into(),
        source: Some("impl Account {}".into()),
    }
}

fn system() -> SystemView {
    let found = |remedy: Option<&str>| Found {
        text: "rustc 1.95.0 at /usr/bin/rustc".into(),
        remedy: remedy.map(Into::into),
    };
    SystemView {
        watchdog: Some(11),
        watched: vec![WatchedView {
            time_ms: 3,
            level: LogLevel::Error,
            text: "kernel 12 ended: killed by SIGKILL".into(),
        }],
        kernel_bytes: Some(1 << 26),
        engine_bytes: None,
        engine_starts: 2,
        replaced: false,
        processors: 2,
        image: ImageUse {
            folder: "/home/ada/live_image".into(),
            log: 9000,
            store: 800_000,
            blobs: 70_000,
            free: Some(1 << 34),
        },
        compiler: found(None),
        confinement: found(Some("allow user namespaces")),
        profiles: vec![ProfileView {
            name: "small".into(),
            description: "one model for all".into(),
            bytes: 1 << 30,
            needs: 1 << 31,
            may_need_more: true,
            gpu_mib: Some(22_000),
            too_large: false,
            missing: vec!["coder.gguf".into()],
        }],
        profile_by_machine: true,
    }
}

fn diagnostic() -> DiagnosticView {
    DiagnosticView {
        stage: "covenant".into(),
        message: "this path does not mark the change".into(),
        line: 3,
        column: 9,
        hint: Some("write self.mark_changed(); before it".into()),
    }
}

fn object() -> ObjectView {
    ObjectView {
        oid: 1,
        name: "Account".into(),
        parent: None,
        slots: vec![SlotView {
            name: "balance".into(),
            rust_type: "f64".into(),
            value_json: "1.5".into(),
            inherited_from: None,
        }],
        methods: vec![MethodView {
            selector: "deposit".into(),
            signature: "fn deposit(&mut self, amount: f64)".into(),
            source: "impl Account {}".into(),
            mission: Some(4),
            calls: 3,
            failures: 1,
            inherited_from: Some("Asset".into()),
            self_checked: true,
            author: "BRICK".into(),
            checks_json: "[]".into(),
        }],
        tid: 9,
    }
}
