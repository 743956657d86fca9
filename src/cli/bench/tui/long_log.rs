//! The long log: once as the kernel's files, once the same lines as plain text for other programs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use jiff::{Timestamp, ToSpan as _};

use crate::metacognition::{KERNEL_FAMILY, LogName};

/// As many lines as the kernel puts into one file.
const PER_FILE: u32 = 90_000;
/// Some of what a kernel has to say, with its level, persona and event.
const SAID: [(&str, &str, &str, &str); 6] = [
    (
        "info",
        "BRICK",
        "mission.state",
        "SYNTHESIZING: round 1: 3 candidates",
    ),
    (
        "info",
        "BRICK",
        "engine.answer",
        "BRICK read 250 and wrote 50 tokens in 17.9 s (8.1/s)",
    ),
    (
        "warn",
        "ALFRED",
        "guardian.verdict",
        "candidate 1 is refused: compile: cannot find value `current_stock`",
    ),
    (
        "info",
        "BRICK",
        "mission.repair",
        "BRICK is asked to repair",
    ),
    (
        "info",
        "ROBIN",
        "mission.state",
        "COMPLETE: Inventory.receive is installed",
    ),
    (
        "debug",
        "BABS",
        "knowledge.search",
        "0 methods and 0 lessons found",
    ),
];

/// Writes the kernel's files into `logs` and the plain one to `plain`.
pub(super) fn write(logs: &Path, plain: &Path, lines: u32) -> anyhow::Result<()> {
    std::fs::create_dir_all(logs)?;
    let begin = Timestamp::from_second(1_790_000_000)?;
    let mut text = BufWriter::new(File::create(plain)?);
    let mut file = None;
    for (number, said) in (0..lines).zip(SAID.iter().cycle()) {
        if number % PER_FILE == 0 {
            let name = LogName {
                family: KERNEL_FAMILY.to_owned(),
                date: begin.to_zoned(jiff::tz::TimeZone::UTC).date(),
                part: number / PER_FILE,
            };
            file = Some(BufWriter::new(File::create(logs.join(name.file_name()))?));
        }
        let (level, persona, event, words) = said;
        let time = begin.checked_add((i64::from(number) * 20).milliseconds())?;
        let mission = number / 60 + 1;
        if let Some(file) = &mut file {
            writeln!(
                file,
                r#"{{"time":"{time:.3}","level":"{level}","mission":{mission},"persona":"{persona}","event":"{event}","text":"{words}","fields":{{"line":{number}}}}}"#
            )?;
        }
        writeln!(
            text,
            "{time:.3} {level} #{mission} {persona} {event}: {words}"
        )?;
    }
    text.flush()?;
    if let Some(mut file) = file {
        file.flush()?;
    }
    Ok(())
}
