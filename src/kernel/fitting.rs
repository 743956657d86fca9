//! A method that the image has already and that is what a mission asks for: it is used, not written again.
//!
//! No model has a say in this, and in doubt the method is written. It fits when the object has or inherits it,
//! the mission's signature and slots are its own, its author was asked for the same in the same words, and every
//! check holds: the person's, else those that it was installed with. A part of a plan need not be in the same words, unless they
//! want the method changed.

use super::document::{Document, Input};
use super::plan::{Part, Progress};
use super::psm::{Run, StepError, Worker};
use super::schema::fits;
use super::teach::{draft_of, hopeless};
use crate::image::{Method, Mission, Oid, Read, View};
use crate::knowledge::Kind;
use crate::method::{Check, Signature, StructSpec, Type, run_checks};
use crate::persona::{Draft, Intent, wants_change};

/// Methods that are looked at for having been taught in the same words.
const LOOKED_AT: usize = 8;

/// What a mission in the same words made.
pub(super) enum Before {
    Method(Box<Draft>),
    Parts(Vec<Part>),
}

/// The method with all that was looked at.
struct Fitting {
    oid: Oid,
    /// The object that has it.
    owner: String,
    method: Method,
    checks: usize,
}

impl Worker {
    /// The mission that the same words once made, when the method that it wrote is still there.
    pub(super) fn taught_before(&self, words: &str) -> Result<Option<Before>, StepError> {
        let view = self.shared.image.view();
        let said = plain(words);
        for hit in self.search_words(&view, words, &[Kind::Method], LOOKED_AT)? {
            let Some((object, selector)) = hit.entry.name.split_once('.') else {
                continue;
            };
            let object = view.object_named(object)?;
            let method = object.and_then(|object| object.method(selector).cloned());
            let Some(document) = method.and_then(|method| written_by(&view, &method)) else {
                continue;
            };
            if !matches!(&document.input, Input::Words(words) if plain(words) == said) {
                continue;
            }
            if let Some(plan) = &document.plan {
                let parts = plan.parts.iter();
                let counted = parts.filter(|part| part.progress != Progress::Replanned);
                let counted: Vec<&Part> = counted.collect();
                // What did not come to be is planned anew.
                if !counted.iter().all(|part| part.is_there()) {
                    continue;
                }
                let parts = counted.into_iter().map(Part::anew);
                return Ok(Some(Before::Parts(parts.collect())));
            }
            if let Some(draft) = document.draft
                && draft.intent == Intent::Teach
            {
                return Ok(Some(Before::Method(Box::new(draft))));
            }
        }
        Ok(None)
    }

    /// Whether DELEGATING will find a method that fits.
    pub(super) fn has_fitting(&self, draft: &Draft) -> Result<bool, StepError> {
        Ok(self.fitting(draft, false)?.is_some())
    }

    /// Ends the mission with a method that fits; false when there is none.
    pub(super) fn use_installed(&self, run: &mut Run) -> Result<bool, StepError> {
        // The system's own is there because the method that is installed will not do.
        if run.document.origin.is_some() {
            return Ok(false);
        }
        let draft = draft_of(run)?;
        let of_plan = run.document.plan.is_some();
        let is_told = of_plan && !changes_it(&run.document.brief, &draft);
        let Some(fitting) = self.fitting(&draft, is_told)? else {
            return Ok(false);
        };
        let object = draft.object.clone().unwrap_or_default();
        let note = note(&object, &fitting);
        let ended = self.end_with(run, |ended, transaction| {
            let found = transaction.find_method(fitting.oid, &fitting.method.selector)?;
            let same = found.is_some_and(|(_, method)| method.wasm == fitting.method.wasm);
            if !same || !fits(transaction, fitting.oid, &fitting.method.slots)? {
                return Err(StepError::Moved(note.clone()));
            }
            let document = &mut ended.document;
            if let Some(draft) = &mut document.draft {
                draft.selector = Some(fitting.method.selector.clone());
                draft.signature = Some(fitting.method.signature.clone());
            }
            document.installed = Some(format!("{}.{}", fitting.owner, fitting.method.selector));
            document.source = Some(fitting.method.source.clone());
            if !of_plan {
                document.answer = Some(note.clone());
            }
            Ok(ended.part_done(Progress::Used, note.clone()))
        });
        match ended {
            Ok(()) => Ok(true),
            // Somebody changed it meanwhile.
            Err(StepError::Moved(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A plan's part is told in BRICK's words, so that there the signature decides: the plan has it from the method.
    fn fitting(&self, draft: &Draft, by_signature: bool) -> Result<Option<Fitting>, StepError> {
        let view = self.shared.image.view();
        let signature = draft.parsed_signature().map_err(hopeless)?;
        let selector = draft
            .selector
            .as_ref()
            .or(signature.as_ref().map(|signature| &signature.name));
        let (Some(name), Some(selector)) = (&draft.object, selector) else {
            return Ok(None);
        };
        let Some(oid) = view.oid_named(name)? else {
            return Ok(None);
        };
        let Some((owner, method)) = view.find_method(oid, selector)? else {
            return Ok(None);
        };
        let Ok(own) = Signature::parse(&method.signature) else {
            return Ok(None);
        };
        let wanted: Vec<(String, String)> = draft
            .typed_slots()
            .map_err(hopeless)?
            .into_iter()
            .map(|(name, ty, _)| (name, ty.to_string()))
            .collect();
        let alike = signature.is_none_or(|signature| signature == own)
            && fits(&view, oid, &wanted)?
            && fits(&view, oid, &method.slots)?
            && (by_signature || asked_for_the_same(&view, draft, &method))
            // One that nobody's checks decided about and that has failed since is doubtful.
            && !(method.self_checked && method.failures > 0);
        if !alike {
            return Ok(None);
        }
        let checks: Vec<Check> = if draft.checks.is_empty() {
            serde_json::from_str(&method.checks_json).unwrap_or_default()
        } else {
            draft.checks.clone()
        };
        if !self.hold(draft, oid, &method, &own, &checks)? {
            return Ok(None);
        }
        let owner = view.head(owner)?.map(|head| head.known_as());
        Ok(Some(Fitting {
            oid,
            owner: owner.unwrap_or_default(),
            method,
            checks: checks.len(),
        }))
    }

    /// Whether the checks hold for the method as it is installed.
    fn hold(
        &self,
        draft: &Draft,
        oid: Oid,
        method: &Method,
        signature: &Signature,
        checks: &[Check],
    ) -> Result<bool, StepError> {
        if checks.is_empty() {
            return Ok(true);
        }
        let object = draft.object.clone().unwrap_or_default();
        let mut slots = Vec::new();
        for (name, rust_type) in &method.slots {
            slots.push((name.clone(), Type::parse(rust_type).map_err(hopeless)?));
        }
        let structure = StructSpec {
            name: object.clone(),
            slots,
        };
        // A check about a slot that the method does not see decides nothing about it.
        let sees = |name: &String| method.slots.iter().any(|(slot, _)| slot == name);
        let named = |check: &Check| check.slots.keys().chain(check.after.keys()).all(sees);
        if !checks.iter().all(named) {
            return Ok(false);
        }
        let base = self.base_of(draft, &structure, Some(oid))?;
        let wasm = self.shared.image.blobs().get(method.wasm)?;
        let module = self.shared.sandbox.load(&wasm).map_err(hopeless)?;
        let mut host = self.shared.courier.scratch(&object, signature.receiver);
        let sandbox = &self.shared.sandbox;
        let held = run_checks(
            sandbox, &module, signature, &structure, &base, checks, &mut host,
        );
        Ok(held.is_ok())
    }
}

/// Whether the words want the method that the draft is about to be another one.
fn changes_it(words: &str, draft: &Draft) -> bool {
    let selector = draft.selector.as_deref();
    selector.is_some_and(|selector| wants_change(words, selector))
}

/// Whether who wrote the method was asked in the same words. A method of another image has no mission here;
/// its brief is the comment that it begins with.
fn asked_for_the_same(view: &View, draft: &Draft, method: &Method) -> bool {
    let wanted = plain(&draft.brief);
    let document = written_by(view, method);
    let by_mission = document.is_some_and(|document| {
        let object = draft.object.as_deref().unwrap_or_default();
        let told = document.draft_of(object, &method.selector);
        let whole = document.plan.is_none() && plain(&document.brief) == wanted;
        whole || told.is_some_and(|told| plain(&told.brief) == wanted)
    });
    by_mission || plain(&comment(&method.source)) == wanted
}

pub(super) fn written_by(view: &View, method: &Method) -> Option<Document> {
    let mission: Option<Mission> = view.mission(method.mission?).ok()?;
    serde_json::from_str(&mission?.document).ok()
}

/// The first doc comment.
fn comment(source: &str) -> String {
    comment_lines(source).replace('\n', " ")
}

/// The same in its lines.
pub(super) fn comment_lines(source: &str) -> String {
    let lines = source
        .lines()
        .map(str::trim)
        .skip_while(|line| !line.starts_with("///"))
        .map_while(|line| line.strip_prefix("///"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Words without what does not change what they say.
fn plain(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_end_matches(['.', '!', ' ']).to_lowercase()
}

fn note(object: &str, fitting: &Fitting) -> String {
    let method = &fitting.method;
    let from = if fitting.owner == object {
        String::new()
    } else {
        format!(" from `{}`", fitting.owner)
    };
    let author = method
        .mission
        .map(|id| format!(" (mission {id} wrote it)"))
        .unwrap_or_default();
    let proof = match fitting.checks {
        0 => "nothing was written".to_owned(),
        1 => "its check holds, and nothing was written".to_owned(),
        count => format!("its {count} checks hold, and nothing was written"),
    };
    format!(
        "{object} understands `{}` already{from}{author}: {proof}; for another one say what is to be different",
        method.signature
    )
}
