//! Which missions used what the system knows: looked up in the missions' own documents.

use super::document::Document;
use crate::image::{ImageError, Read as _, View};
use crate::wire::knowledge::UseView;

/// How far back missions are looked through.
const MISSIONS_LOOKED_AT: usize = 2_000;
const MOST_USES: usize = 100;

/// The missions whose prompts had a part of that document or fact, newest first.
pub fn of(view: &View, name: &str) -> Result<Vec<UseView>, ImageError> {
    let mut uses = Vec::new();
    for mission in view.missions()?.iter().rev().take(MISSIONS_LOOKED_AT) {
        // A document that is not named anywhere in the text need not be parsed.
        let spelled = serde_json::to_string(name).unwrap_or_default();
        if !mission.document.contains(&spelled) {
            continue;
        }
        let Ok(document) = serde_json::from_str::<Document>(&mission.document) else {
            continue;
        };
        let mut headings: Vec<String> = Vec::new();
        let mut used = false;
        for passage in document.passages.iter().filter(|one| one.name == name) {
            used = true;
            if !passage.heading.is_empty() && !headings.contains(&passage.heading) {
                headings.push(passage.heading.clone());
            }
        }
        if used {
            uses.push(UseView {
                mission: mission.id,
                brief: document.brief,
                headings,
            });
        }
        if uses.len() == MOST_USES {
            break;
        }
    }
    Ok(uses)
}
