//! What missions have learnt, and under which keys the image keeps it and what it was told in a sentence.

use serde::{Deserialize, Serialize};

/// Facts that a person had the system remember: the number of the mission follows.
pub const FACTS: &str = "knowledge/";
/// Why missions failed: `failure/Account.deposit/MISSION`.
pub const FAILURES: &str = "failure/";
/// What cured a refused attempt: `cure/Account.deposit/MISSION`.
pub const CURES: &str = "cure/";

/// What the keys of one method's failures begin with.
pub fn failure_key(object: &str, selector: &str) -> String {
    format!("{FAILURES}{object}.{selector}/")
}

/// What the keys of one method's cures begin with.
pub fn cure_key(object: &str, selector: &str) -> String {
    format!("{CURES}{object}.{selector}/")
}

/// A refused attempt and what made it right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cure {
    /// What the method was to do.
    pub brief: String,
    /// Why the attempt was refused.
    pub problem: String,
    /// Lines that it had and that are gone.
    pub removed: Vec<String>,
    /// Lines that took their place.
    pub added: Vec<String>,
}

impl Cure {
    /// Of a fact's value.
    pub fn from_fact(value: &str) -> Option<Self> {
        serde_json::from_str(value).ok()
    }

    pub fn to_fact(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As it is searched and shown.
    pub fn text(&self) -> String {
        let mut text = format!("{}\nrefused: {}\ncured by:", self.brief, self.problem);
        for (sign, lines) in [('-', &self.removed), ('+', &self.added)] {
            for line in lines {
                text.push_str(&format!("\n{sign} {line}"));
            }
        }
        text
    }

    /// For a prompt: in a line.
    pub fn line(&self) -> String {
        match self.added.first() {
            Some(added) => format!("{} (what cured it: `{}`)", self.problem, added.trim()),
            None => self.problem.clone(),
        }
    }
}
