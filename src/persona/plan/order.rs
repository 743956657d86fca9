//! The order of a plan's parts: what is called comes before what calls it.

use super::{MOST_PARTS, PartDesign, PlanError, PlannedCall};

/// A method that is there already and may be called: object and selector.
pub type Known = (String, String);

/// Puts the parts in an order in which each comes after those that it calls, as near to theirs as can be.
///
/// # Errors
/// When there is none, a name stands there twice, or something is called that is neither a part nor there.
pub fn ordered(mut parts: Vec<PartDesign>, known: &[Known]) -> Result<Vec<PartDesign>, PlanError> {
    if parts.is_empty() {
        return Err(PlanError::Empty);
    }
    if parts.len() > MOST_PARTS {
        return Err(PlanError::TooMany(parts.len()));
    }
    for (at, part) in parts.iter().enumerate() {
        if parts
            .iter()
            .take(at)
            .any(|other| other.is(&part.object, &part.selector))
        {
            return Err(PlanError::Twice(part.name()));
        }
    }
    resolve_calls(&mut parts, known)?;
    let mut done: Vec<PartDesign> = Vec::new();
    while !parts.is_empty() {
        let is_left = |call: &PlannedCall| {
            parts
                .iter()
                .any(|other| other.is(&call.object, &call.selector))
        };
        let waits = |part: &PartDesign| part.calls.iter().any(is_left);
        let Some(next) = parts.iter().position(|part| !waits(part)) else {
            let names = parts.iter().map(PartDesign::name).collect();
            return Err(PlanError::Cycle(names));
        };
        done.push(parts.remove(next));
    }
    Ok(done)
}

/// Calls are told by selector; it is the own object's, else the only one of that name.
fn resolve_calls(parts: &mut [PartDesign], known: &[Known]) -> Result<(), PlanError> {
    let mut there: Vec<Known> = parts
        .iter()
        .map(|part| (part.object.clone(), part.selector.clone()))
        .collect();
    there.extend(known.iter().cloned());
    for part in parts {
        let mut calls: Vec<PlannedCall> = Vec::new();
        for mut call in std::mem::take(&mut part.calls) {
            let named = |(object, selector): &&Known| {
                *selector == call.selector
                    && (*object == call.object || call.object.is_empty() && *object == part.object)
            };
            let alike =
                |(_, selector): &&Known| *selector == call.selector && call.object.is_empty();
            let found = there.iter().find(named);
            let Some((object, _)) = found.or_else(|| there.iter().find(alike)) else {
                return Err(PlanError::Unknown {
                    part: part.name(),
                    called: call.selector,
                });
            };
            call.object.clone_from(object);
            if !calls.contains(&call) {
                calls.push(call);
            }
        }
        part.calls = calls;
    }
    Ok(())
}
