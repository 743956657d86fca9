//! Applying the mechanical fixes of diagnostics to the source that they are about.

use super::diagnostic::{Diagnostic, Edit};

/// The source with all fixes applied; `None` when there is none that can be. A fix that overlaps an
/// earlier one is left out whole.
pub fn apply_fixes(source: &str, diagnostics: &[Diagnostic]) -> Option<String> {
    let fixes = diagnostics
        .iter()
        .filter_map(|diagnostic| diagnostic.fix.as_ref());
    apply(source, fixes.map(|fix| fix.edits.as_slice()))
}

/// The source with those groups of edits; `None` when there is none that can be made. A group of which one overlaps
/// an earlier edit is left out whole.
pub(super) fn apply<'e>(source: &str, groups: impl Iterator<Item = &'e [Edit]>) -> Option<String> {
    let mut chosen: Vec<&Edit> = Vec::new();
    for edits in groups {
        let fits = edits.iter().all(|edit| {
            source.get(edit.range.clone()).is_some()
                && !chosen.iter().any(|earlier| overlap(earlier, edit))
        });
        if fits {
            chosen.extend(edits);
        }
    }
    if chosen.is_empty() {
        return None;
    }
    chosen.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut fixed = String::with_capacity(source.len() + 64 * chosen.len());
    let mut done = 0;
    for edit in chosen {
        fixed.push_str(source.get(done..edit.range.start)?);
        fixed.push_str(&edit.text);
        done = edit.range.end;
    }
    fixed.push_str(source.get(done..)?);
    Some(fixed)
}

/// Two insertions at one place stand one after the other; anything else that touches is in conflict.
fn overlap(a: &Edit, b: &Edit) -> bool {
    if a.range.is_empty() && b.range.is_empty() {
        return a.range == b.range && a.text == b.text;
    }
    a.range.start < b.range.end && b.range.start < a.range.end
}
