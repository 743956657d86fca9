//! `batos bench answers`: what single answers to a mission's first request are worth, before anything is chosen or asked
//! again.
//!
//! It is for work on prompts and on mechanical repairs: each answer is mended by machine as the mission loop does it, then
//! judged by the hidden checks.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use serde::Serialize;

use super::missions::append;
use super::model::Alone;
use super::problem::{Judge, Problem, Worth};
use super::range::Range;
use crate::cli::Context;
use crate::cli::output::{Failed, Outcome, print, print_json, progress};
use crate::kernel::generate::TOP_P;
use crate::persona::{Role, completed, opening, synthesize};
use crate::wire::engine::Sampling;

#[derive(Debug, Args)]
pub(crate) struct AnswersBenchArguments {
    #[command(flatten)]
    pub range: Range,
    /// Answers to each problem: the first is greedy
    #[arg(long, default_value_t = 4)]
    pub samples: u32,
    /// How widely the others are sampled
    #[arg(long, default_value_t = 0.8)]
    pub temperature: f32,
    /// Ask as every second round asks, with more told
    #[arg(long)]
    pub in_full: bool,
    /// Write each answer as a line of JSON as it comes
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Answer {
    problem: String,
    sample: u32,
    #[serde(flatten)]
    worth: Worth,
    tokens: u32,
    /// As the model wrote it.
    written: String,
    /// After all that a machine could mend.
    source: String,
}

pub(super) fn run(context: &Context, arguments: &AnswersBenchArguments) -> Outcome {
    let judge = Judge::new()?;
    let mut model = Alone::start(context, Role::Brick, None)?;
    let mut all = Vec::new();
    for file in arguments.range.files()? {
        let problem = Problem::read(&file)?;
        let answers = answers(&mut model, &judge, &problem, arguments)?;
        let right = answers.iter().filter(|answer| answer.is_right()).count();
        progress(&format!(
            "{}: {right} of {} right",
            problem.name,
            answers.len()
        ));
        for answer in &answers {
            if let Some(file) = &arguments.results {
                append(file, &serde_json::to_value(answer)?)?;
            }
        }
        all.extend(answers);
    }
    if context.json {
        print_json(&serde_json::to_value(&all)?)?;
    } else {
        print(&text(&all))?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Answer {
    fn is_right(&self) -> bool {
        self.worth.right == Some(true)
    }
}

fn answers(
    model: &mut Alone,
    judge: &Judge,
    problem: &Problem,
    arguments: &AnswersBenchArguments,
) -> Result<Vec<Answer>, Failed> {
    let Some((signature, structure)) = problem.shape() else {
        return Ok(Vec::new());
    };
    let brief = problem.brief(&signature, &structure, arguments.in_full);
    let samples = (0..arguments.samples).map(|sample| Sampling {
        seed: u64::from(sample) + 1,
        temperature: if sample == 0 {
            0.0
        } else {
            arguments.temperature
        },
        top_p: TOP_P,
    });
    let generated = model.sample(&synthesize(&brief), samples.collect())?;
    let opening = opening(&brief);
    let next = AtomicUsize::new(0);
    let judged = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((at, candidate)) = take(&generated.candidates, &next) {
                    let written = completed(&opening, &candidate.text);
                    let worth = judge.mended(problem, &written);
                    let answer = worth.map(|(worth, source)| Answer {
                        problem: problem.name.clone(),
                        sample: u32::try_from(at).unwrap_or(u32::MAX),
                        worth,
                        tokens: candidate.tokens,
                        written,
                        source,
                    });
                    if let Ok(mut judged) = judged.lock() {
                        judged.push(answer);
                    }
                }
            });
        }
    });
    let judged = judged.into_inner().unwrap_or_default();
    let mut answers = judged.into_iter().collect::<Result<Vec<_>, _>>()?;
    answers.sort_by_key(|answer| answer.sample);
    Ok(answers)
}

/// The next one that nobody has taken yet.
fn take<'a, T>(all: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    all.get(at).map(|one| (at, one))
}

/// Builds, right answers and tokens of the first answers, of all, and how many problems any answer solves.
fn text(answers: &[Answer]) -> String {
    let count = |which: &dyn Fn(&&Answer) -> bool| answers.iter().filter(which).count();
    let firsts = count(&|answer| answer.sample == 0);
    let mut solved: Vec<&str> = answers
        .iter()
        .filter(|answer| answer.is_right())
        .map(|answer| answer.problem.as_str())
        .collect();
    solved.dedup();
    format!(
        "greedy: {} of {firsts} built, {} right\nall: {} of {} built, {} right; {} problems solved by one at least\n",
        count(&|answer| answer.sample == 0 && answer.worth.built),
        count(&|answer| answer.sample == 0 && answer.is_right()),
        count(&|answer| answer.worth.built),
        answers.len(),
        count(&|answer| answer.is_right()),
        solved.len()
    )
}
