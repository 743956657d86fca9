//! `batos tail`: the metacognition log of all processes, merged by time. Needs no kernel.

use std::process::ExitCode;
use std::time::Duration;

use super::Context;
use super::output::{Failed, Outcome, plain, print};
use crate::metacognition::tail::{Line, Tail};
use crate::metacognition::{Filter, level_name};

/// From one look for new lines to the next.
const LOOK_PAUSE: Duration = Duration::from_millis(200);

/// Prints what there is; with `follow` goes on until it is interrupted or nobody reads.
pub(super) fn tail(context: &Context, follow: bool, filter: Option<&str>) -> Outcome {
    let filter: Filter = filter.unwrap_or_default().parse().map_err(|error| {
        Failed::new(
            anyhow::Error::new(error),
            Some("write it as in --filter 'mission=3 level>=warn event~state'".to_owned()),
        )
    })?;
    let mut tail = Tail::open(&context.home.logs(), filter);
    loop {
        while let Some(line) = tail.next_line()? {
            let text = if context.json {
                line.raw.clone()
            } else {
                shown(&line)
            };
            print(&(text + "\n"))?;
        }
        if !follow {
            return Ok(ExitCode::SUCCESS);
        }
        std::thread::sleep(LOOK_PAUSE);
        tail.look_again();
    }
}

fn shown(line: &Line) -> String {
    let mission = line.mission.map(|id| format!(" #{id}")).unwrap_or_default();
    let persona = line
        .persona
        .as_ref()
        .map(|name| format!(" {name}"))
        .unwrap_or_default();
    format!(
        "{:.3} {:<5} {}{mission}{persona}: {}",
        line.time,
        level_name(line.level),
        line.event,
        plain(&line.text).replace('\n', " ")
    )
}
