//! An engine without a model: speaks the engine's protocol on stdin and stdout, and answers from a script.
//!
//! `$BATOS_SCRIPT` names a JSON file: `{"answers": [{"when": "text in the last turn or the prefix",
//! "candidates": ["text", …], "delay_ms_per_token": 0}], "default": "text"}`. The first answer that fits is
//! taken; candidate `n` gets text `n`, going round. Text comes in small pieces; `Cancel` and `StopCandidate`
//! are seen between two of them. Arguments are ignored, so that it can stand where `batos engine` does.

use std::collections::{BTreeSet, VecDeque};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use batos::wire::engine::{
    Candidate, ENGINE_PROTOCOL_VERSION, Finish, FromEngine, Generate, Generated, Stop, ToEngine,
};
use batos::wire::frame;
use serde::Deserialize;

#[derive(Deserialize)]
struct Script {
    #[serde(default)]
    answers: Vec<Answer>,
    #[serde(default)]
    default: String,
    /// Words of one meaning, by meaning: a text's vector says which of them it has.
    #[serde(default)]
    meanings: Vec<Vec<String>>,
}

#[derive(Deserialize)]
struct Answer {
    when: Option<String>,
    candidates: Vec<String>,
    #[serde(default)]
    delay_ms_per_token: u64,
}

/// Bytes of a piece of text, about.
const PIECE: usize = 4;

fn main() -> ExitCode {
    let script = std::env::var("BATOS_SCRIPT").map_err(|_| "BATOS_SCRIPT is not set".to_owned());
    let script = script.and_then(|path| std::fs::read(&path).map_err(|e| format!("{path}: {e}")));
    let script = script.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|e| e.to_string()));
    let served = match script {
        Ok(script) => serve(&script).map_err(|e| e.to_string()),
        Err(error) => Err(error),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "scripted engine: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(script: &Script) -> Result<(), frame::FrameError> {
    let (sender, messages) = mpsc::channel();
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Ok(Some(message)) = frame::read_sync::<ToEngine>(&mut input) {
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    send(&FromEngine::Ready {
        version: ENGINE_PROTOCOL_VERSION,
        pid: std::process::id(),
        backend: "CPU".to_owned(),
        devices: vec!["script".to_owned()],
        warning: None,
    })?;
    let mut engine = Engine {
        script,
        messages,
        waiting: VecDeque::new(),
        loaded: BTreeSet::new(),
    };
    while let Some(message) = engine.next() {
        match message {
            ToEngine::Load(load) | ToEngine::LoadEmbedding(load) => {
                let (model, context) = (load.model, load.context);
                send(&FromEngine::LoadProgress {
                    model: model.clone(),
                    fraction: 1.0,
                })?;
                engine.loaded.insert(model.clone());
                send(&FromEngine::Loaded {
                    model,
                    seconds: 0.0,
                    bytes: 1 << 20,
                    gpu_bytes: 0,
                    gpu_layers: 0,
                    layers: 1,
                    context,
                    architecture: "script".to_owned(),
                })?;
            }
            ToEngine::Unload { model } => {
                engine.loaded.remove(&model);
                send(&FromEngine::Unloaded { model })?;
            }
            ToEngine::Generate(request) => engine.generate(&request)?,
            ToEngine::Cancel { .. } | ToEngine::StopCandidate { .. } => {}
            ToEngine::Embed(request) => {
                let vectors = request.texts.iter().map(|text| vector(script, text));
                send(&FromEngine::Embedded {
                    id: request.id,
                    vectors: vectors.collect(),
                })?;
            }
            ToEngine::Shutdown => return Ok(()),
        }
    }
    Ok(())
}

/// One number a meaning, and one for what has none of them; of length 1.
fn vector(script: &Script, text: &str) -> Vec<f32> {
    let text = text.to_lowercase();
    let has = |words: &Vec<String>| words.iter().any(|word| text.contains(word.as_str()));
    let mut vector: Vec<f32> = script
        .meanings
        .iter()
        .map(|words| if has(words) { 1.0 } else { 0.0 })
        .collect();
    let none = vector.iter().all(|number| *number == 0.0);
    vector.push(if none { 1.0 } else { 0.0 });
    let length = vector
        .iter()
        .map(|number| number * number)
        .sum::<f32>()
        .sqrt();
    vector.iter().map(|number| number / length).collect()
}

fn send(message: &FromEngine) -> Result<(), frame::FrameError> {
    frame::write_sync(&mut io::stdout().lock(), message)
}

struct Engine<'a> {
    script: &'a Script,
    messages: Receiver<ToEngine>,
    /// Arrived while something was being answered.
    waiting: VecDeque<ToEngine>,
    loaded: BTreeSet<String>,
}

/// One candidate on its way out.
struct Track {
    text: String,
    at: usize,
    tokens: u32,
    finish: Option<Finish>,
}

impl Engine<'_> {
    fn next(&mut self) -> Option<ToEngine> {
        self.waiting
            .pop_front()
            .or_else(|| self.messages.recv().ok())
    }

    fn generate(&mut self, request: &Generate) -> Result<(), frame::FrameError> {
        let id = request.id;
        if !self.loaded.contains(&request.model) {
            return send(&FromEngine::Failed {
                id: Some(id),
                model: Some(request.model.clone()),
                message: format!("no model named {} is loaded", request.model),
                hint: Some("load it first".to_owned()),
            });
        }
        let last = request
            .turns
            .last()
            .map_or("", |turn| turn.content.as_str());
        let fits = |answer: &&Answer| {
            answer
                .when
                .as_ref()
                .is_none_or(|when| last.contains(when) || request.prefix.contains(when))
        };
        let answer = self.script.answers.iter().find(fits);
        let delay = Duration::from_millis(answer.map_or(0, |answer| answer.delay_ms_per_token));
        let texts = answer
            .map(|answer| answer.candidates.as_slice())
            .unwrap_or_default();
        let mut tracks: Vec<Track> = (0..request.samples.len())
            .map(|n| Track {
                text: texts
                    .get(n % texts.len().max(1))
                    .unwrap_or(&self.script.default)
                    .clone(),
                at: 0,
                tokens: 0,
                finish: None,
            })
            .collect();
        for track in &mut tracks {
            cut_at_stop(track, &request.stop);
        }
        let total = u32::try_from(last.len() / PIECE + 1).unwrap_or(u32::MAX);
        send(&FromEngine::PromptProgress {
            id,
            done: total,
            total,
        })?;
        loop {
            if self.take_notes(id, &mut tracks) {
                return send(&FromEngine::Cancelled { id });
            }
            let mut moved = false;
            for (candidate, track) in (0..).zip(&mut tracks) {
                if let Some(text) = track.step(request.max_tokens) {
                    moved = true;
                    send(&FromEngine::Token {
                        id,
                        candidate,
                        text,
                    })?;
                }
            }
            if !moved {
                break;
            }
            std::thread::sleep(delay);
        }
        let candidates = tracks.into_iter().map(Track::into_candidate).collect();
        send(&FromEngine::Done(Box::new(Generated {
            id,
            candidates,
            prompt_tokens: total,
            reused_tokens: 0,
            prompt_seconds: 0.001,
            generation_seconds: 0.001,
        })))
    }

    /// Reads what has come in; true when the generation is cancelled.
    fn take_notes(&mut self, running: u64, tracks: &mut [Track]) -> bool {
        loop {
            match self.messages.try_recv() {
                Ok(ToEngine::Cancel { id }) if id == running => return true,
                Ok(ToEngine::StopCandidate { id, candidate }) if id == running => {
                    if let Some(track) = tracks.get_mut(candidate as usize) {
                        track.finish.get_or_insert(Finish::Stopped);
                    }
                }
                Ok(message) => self.waiting.push_back(message),
                Err(mpsc::TryRecvError::Empty) => return false,
                // The kernel is gone: whatever is under way ends.
                Err(mpsc::TryRecvError::Disconnected) => std::process::exit(0),
            }
        }
    }
}

impl Track {
    /// The next piece; `None` when it has ended.
    fn step(&mut self, max_tokens: u32) -> Option<String> {
        if self.finish.is_some() {
            return None;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            self.finish = Some(Finish::EndOfAnswer);
            return None;
        }
        if self.tokens >= max_tokens {
            self.finish = Some(Finish::Length);
            return None;
        }
        let end = (PIECE..rest.len())
            .find(|end| rest.is_char_boundary(*end))
            .unwrap_or(rest.len());
        let piece = rest.get(..end).unwrap_or(rest).to_owned();
        self.at += piece.len();
        self.tokens += 1;
        Some(piece)
    }

    fn into_candidate(self) -> Candidate {
        Candidate {
            text: self.text.get(..self.at).unwrap_or_default().to_owned(),
            tokens: self.tokens,
            finish: self.finish.unwrap_or(Finish::EndOfAnswer),
        }
    }
}

/// Leaves out a stop text and what follows it.
fn cut_at_stop(track: &mut Track, stop: &Stop) {
    if let Stop::Texts(stops) = stop
        && let Some(end) = stops.iter().filter_map(|stop| track.text.find(stop)).min()
    {
        track.text.truncate(end);
    }
}
