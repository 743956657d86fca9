//! Exactly once: a kernel that is killed at every transition and at random moments of its missions leaves the
//! state that one leaves which nobody kills.
//!
//! `BATOS_ONCE_KILLS` says how many kills (20), `BATOS_ONCE_SEED` where. Each mission meets one: it is killed as soon
//! as it is seen in the next of its states, or after a random time. The kernel runs without a watchdog, whose breaker
//! such a life would open.

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use batos::image::{Image, state_hash};
use batos::wire::messages::{MissionInput, MissionState, MissionSummary, Reply, Request};
use batos::wire::socket::{SyncConnection, connect_sync};
use serde_json::{Value, json};

use super::home::{GOOD_DEPOSIT, TestHome, deposit};

/// Missions of one round, each killed once.
const KILLS_A_ROUND: u32 = 6;
/// Parts of a plan.
const PARTS: u32 = 3;
const PATIENCE: Duration = Duration::from_secs(60);
const MOST_ROUNDS: u32 = 100;
const PUT_IN: &str = "\n        self.balance += amount;\n        self.mark_changed();\n        Ok(self.balance)\n    }";
const TAKE_OUT: &str = "\n        self.balance -= amount;\n        self.mark_changed();\n        Ok(self.balance)\n    }";
const MOVE_ON: &str = "\n        self.put_in(amount)?;\n        let left = self.take_out(amount)?;\n        Ok(left)\n    }";
const WITHDRAW: &str =
    "\n        self.balance -= amount;\n        self.mark_changed();\n        self.balance\n    }";

fn script() -> Value {
    let design = r#"{"receiver": "&mut self", "parameters": [{"name": "amount", "type": "f64"}], "returns": "f64", "slots": []}"#;
    let plans = (0..MOST_ROUNDS).map(|round| {
        let part = |name: &str, calls: &[&str]| {
            json!({"object": format!("Till{round}"), "method": name, "does": format!("{name} the amount, or fail"), "calls": calls})
        };
        let parts = [part("move_on", &["put_in", "take_out"]), part("put_in", &[]), part("take_out", &[])];
        json!({"when": format!("Object: Till{round} "), "candidates": [json!({"parts": parts}).to_string()], "delay_ms_per_token": 1})
    });
    let designed = r#"{"parameters": [{"name": "amount", "type": "f64"}], "returns": "Result<f64, String>",
        "slots": [{"name": "balance", "type": "f64", "value": 0.0}], "changes": ["balance"]}"#;
    let designs = ["put_in", "take_out", "move_on"].map(|name| {
        json!({"when": format!("Method: {name}\n"), "candidates": [designed], "delay_ms_per_token": 1})
    });
    let mut answers: Vec<Value> = designs.into_iter().chain(plans).collect();
    let others = json!([
        {"when": "pub fn put_in", "candidates": [PUT_IN], "delay_ms_per_token": 4},
        {"when": "pub fn take_out", "candidates": [TAKE_OUT], "delay_ms_per_token": 4},
        {"when": "pub fn move_on", "candidates": [MOVE_ON], "delay_ms_per_token": 4},
        {"when": "Design:", "candidates": [design], "delay_ms_per_token": 2},
        {"when": "fn withdraw", "candidates": [WITHDRAW], "delay_ms_per_token": 4},
    {"candidates": [GOOD_DEPOSIT], "delay_ms_per_token": 4}]);
    answers.extend(others.as_array().unwrap().iter().cloned());
    json!({"answers": answers, "default": ""})
}

/// A larger brief, which becomes three parts.
fn planned(round: u32) -> Value {
    json!({"intent": "teach", "object": format!("Till{round}"),
        "brief": format!("Till {round} needs the methods put_in(amount), take_out(amount) and move_on(amount)")})
}

/// What is done in one round, in order. The last one's selector is not there: a mission of the system's own writes it.
fn missions_of(round: u32) -> [Value; KILLS_A_ROUND as usize] {
    let object = format!("Account{round}");
    let mut teach = deposit();
    teach["object"] = json!(object);
    teach["brief"] = json!(format!("Deposit into account {round}."));
    let send = |selector: &str, amount: f64| {
        json!({"intent": "send", "object": object, "selector": selector, "args": [amount],
            "brief": format!("{selector} with account {round}")})
    };
    [
        json!({"intent": "make", "object": object, "brief": format!("make account {round}"),
            "slots": {"balance": {"type": "f64", "value": 10.0}}}),
        teach,
        send("deposit", 2.5),
        json!({"intent": "remember", "brief": format!("account {round} belongs to customer {}", round * 7)}),
        send("withdraw", 1.0),
        planned(round),
    ]
}

/// A kernel without a watchdog, and whoever asks it.
struct Kernel<'a> {
    home: &'a TestHome,
    process: Child,
    connection: Option<SyncConnection>,
}

impl<'a> Kernel<'a> {
    fn start(home: &'a TestHome) -> Self {
        Self {
            home,
            process: spawn(home),
            connection: None,
        }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.connection = None;
        self.process = spawn(self.home);
    }

    /// Whatever the kernel's life does to it, the answer is one of a kernel.
    fn ask(&mut self, request: &Request) -> Option<Reply> {
        if self.connection.is_none() {
            let socket = self.home.path().join("home/run/kernel.sock");
            self.connection = connect_sync(&socket).ok();
        }
        let answer = self.connection.as_mut()?.request(request.clone());
        if answer.is_err() {
            self.connection = None;
        }
        answer.ok()
    }

    fn missions(&mut self) -> Vec<MissionSummary> {
        let since = Instant::now();
        loop {
            if let Some(Reply::Missions(missions)) = self.ask(&Request::ListMissions) {
                return missions;
            }
            assert!(since.elapsed() < PATIENCE, "no kernel answers");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Hands the mission over; where no answer came, looks whether it was taken.
    fn begin(&mut self, document: &Value) {
        let brief = document["brief"].as_str().unwrap();
        while !self.missions().iter().any(|mission| mission.brief == brief) {
            let input = MissionInput::Json(document.to_string());
            self.ask(&Request::StartMission(input));
        }
    }

    fn wait_until(&mut self, holds: impl Fn(&[MissionSummary]) -> bool) {
        let since = Instant::now();
        loop {
            let missions = self.missions();
            if holds(&missions) {
                return;
            }
            assert!(since.elapsed() < PATIENCE, "waited in vain: {missions:#?}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn stop(mut self) {
        self.ask(&Request::Stop);
        self.process.wait().unwrap();
    }
}

fn spawn(home: &TestHome) -> Child {
    let mut command = home.command(&["kernel"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Where a mission meets its kill.
#[derive(Debug, Clone, Copy)]
enum Kill {
    /// As soon as any mission that has not ended is in this state or one after it, or all have ended.
    Seen(MissionState),
    /// The same, of the part with that number.
    Part(u32, MissionState),
    After(Duration),
}

/// `SplitMix64`.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut bits = *seed;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

fn rank(state: MissionState) -> usize {
    MissionState::ALL
        .iter()
        .position(|one| *one == state)
        .unwrap()
}

/// Does the rounds, and gives the state hash and how every mission ended.
fn life<const MISSIONS: usize>(
    rounds: u32,
    missions: impl Fn(u32) -> [Value; MISSIONS],
    mut next_kill: impl FnMut() -> Option<Kill>,
) -> (String, Vec<(String, MissionState)>) {
    let home = TestHome::scripted(&script());
    let mut kernel = Kernel::start(&home);
    for round in 0..rounds {
        for document in missions(round) {
            kernel.begin(&document);
            match next_kill() {
                None => {}
                Some(Kill::After(delay)) => {
                    std::thread::sleep(delay);
                    kernel.kill();
                }
                Some(Kill::Part(number, state)) => {
                    let label = format!("part {number} ");
                    kernel.wait_until(|missions| {
                        let open = missions.iter().find(|one| !one.state.has_ended());
                        open.is_none_or(|one| {
                            let part = one.part.as_deref().unwrap_or_default();
                            part.starts_with(&label) && rank(one.state) >= rank(state)
                        })
                    });
                    kernel.kill();
                }
                Some(Kill::Seen(state)) => {
                    kernel.wait_until(|missions| {
                        let open: Vec<_> = missions
                            .iter()
                            .filter(|one| !one.state.has_ended())
                            .collect();
                        open.is_empty() || open.iter().any(|one| rank(one.state) >= rank(state))
                    });
                    kernel.kill();
                }
            }
            kernel.wait_until(|missions| missions.iter().all(|mission| mission.state.has_ended()));
        }
    }
    let mut ends: Vec<(u64, String, MissionState)> = kernel
        .missions()
        .into_iter()
        .map(|mission| (mission.id, mission.brief, mission.state))
        .collect();
    ends.sort_by_key(|(id, ..)| *id);
    kernel.stop();
    let folder: PathBuf = home.path().join("home/live_image");
    let image = Image::open(&folder).unwrap();
    let hash = state_hash(&image.view()).unwrap().to_string();
    image.close().unwrap();
    let ends = ends.into_iter().map(|(_, brief, state)| (brief, state));
    (hash, ends.collect())
}

#[test]
fn killed_at_every_transition_the_state_is_the_same() {
    let number = |name: &str, default: u64| {
        let text = std::env::var(name).ok();
        text.map_or(default, |text| text.parse().unwrap())
    };
    let kills = u32::try_from(number("BATOS_ONCE_KILLS", 20)).unwrap();
    let mut seed = number("BATOS_ONCE_SEED", 1);
    let rounds = kills.div_ceil(KILLS_A_ROUND);
    let undisturbed = life(rounds, missions_of, || None);
    assert_eq!(undisturbed.1.len(), 7 * rounds as usize);
    let states = [
        MissionState::Idle,
        MissionState::Decomposing,
        MissionState::Delegating,
        MissionState::Synthesizing,
        MissionState::Validating,
        MissionState::Complete,
    ];
    let mut done = 0;
    let killed = life(rounds, missions_of, || {
        done += 1;
        let random = random(&mut seed);
        Some(if done % 2 == 0 {
            Kill::After(Duration::from_millis(random % 900))
        } else {
            Kill::Seen(states[(done / 2 + random as usize % 2) % states.len()])
        })
    });
    assert_eq!(killed.1, undisturbed.1);
    assert_eq!(killed.0, undisturbed.0, "the state differs");
    eprintln!("{done} kills: state {}", killed.0);
}

#[test]
fn killed_in_every_state_of_every_part_the_state_is_the_same() {
    let states = [
        MissionState::Delegating,
        MissionState::Synthesizing,
        MissionState::Validating,
    ];
    let moments: Vec<Kill> = (1..=PARTS)
        .flat_map(|part| states.map(|state| Kill::Part(part, state)))
        .collect();
    let rounds = u32::try_from(moments.len()).unwrap();
    let undisturbed = life(rounds, |round| [planned(round)], || None);
    assert!(
        undisturbed
            .1
            .iter()
            .all(|(_, state)| *state == MissionState::Complete)
    );
    let mut kills = moments.into_iter();
    let killed = life(rounds, |round| [planned(round)], || kills.next());
    assert_eq!(killed, undisturbed);
}
