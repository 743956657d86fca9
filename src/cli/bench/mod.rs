//! `batos bench`: measure, print a table, claim nothing.

mod answers;
mod image;
mod missions;
mod model;
mod problem;
mod range;
mod sentences;
mod single;
mod tui;

use super::Context;
use super::arguments::BenchCommand;
use super::output::Outcome;
use super::serve;
use crate::engine::bench::BenchOptions;

pub(super) use answers::AnswersBenchArguments;
pub(super) use image::ImageBenchArguments;
pub(super) use missions::MissionsBenchArguments;
pub(super) use tui::TuiBenchArguments;

pub(super) fn run(context: &Context, command: BenchCommand) -> Outcome {
    match command {
        BenchCommand::Engine {
            model,
            threads,
            tokens,
            rounds,
            candidates,
        } => serve::bench_engine(
            context,
            &BenchOptions {
                model,
                threads,
                tokens,
                rounds,
                candidates,
            },
        ),
        BenchCommand::Missions(arguments) => missions::run(context, &arguments),
        BenchCommand::Answers(arguments) => answers::run(context, &arguments),
        BenchCommand::Sentences { file, half } => sentences::run(context, &file, half.as_deref()),
        BenchCommand::Image(arguments) => image::run(context, &arguments),
        BenchCommand::Tui(arguments) => tui::run(context, &arguments),
        BenchCommand::ImageOpen { image } => image::open_and_say(&image),
        BenchCommand::ImageLoad { image, writers } => image::write_until_killed(&image, writers),
    }
}
