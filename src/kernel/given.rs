//! A mission to teach that brings its source: no persona is asked, and every stage judges as always.

use super::psm::{Next, Run, StepError, Worker};
use super::shared::refuse_other_types;
use super::teach::hopeless;
use crate::guardian;
use crate::image::Read;
use crate::method::{Check, Signature, StructSpec};
use crate::persona::Draft;
use crate::wire::messages::MissionState;

impl Worker {
    /// DECOMPOSING: object and signature are read out of the source, where the mission does not name them.
    pub(super) fn take_given(&self, run: &mut Run, mut draft: Draft) -> Result<Next, StepError> {
        let source = draft.source.clone().unwrap_or_default();
        let named = draft.object.clone().or_else(|| guardian::subject(&source));
        let verdict = named
            .as_deref()
            .map(|object| StructSpec::new(object, Vec::new()))
            .transpose()
            .map_err(hopeless)?
            .map(|structure| guardian::judge(&source, &structure, None));
        let (Some(object), Some(verdict)) = (named, verdict) else {
            return Err(StepError::Hopeless(
                "the given source cannot be read: it should be one `impl NAME { pub fn … }`"
                    .to_owned(),
            ));
        };
        if draft.signature.is_none() {
            let Some(signature) = verdict.signature else {
                let why = verdict.diagnostics.first().map_or_else(
                    || "it has no `pub fn`".to_owned(),
                    |first| format!("line {}: {}", first.line, first.message),
                );
                return Err(StepError::Hopeless(format!(
                    "the given source cannot be read: {why}"
                )));
            };
            draft.signature = Some(signature.to_string());
        }
        let signature = draft.parsed_signature().map_err(hopeless)?;
        draft.selector = draft.selector.or(signature.map(|signature| signature.name));
        draft.object = Some(object);
        draft.validate().map_err(hopeless)?;
        refuse_other_types(&self.shared.image.view(), &draft).map_err(hopeless)?;
        let note = draft.signature.clone().unwrap_or_default();
        run.document.draft = Some(draft);
        Ok(Next::new(MissionState::Delegating, note))
    }

    /// What the method was proven by that the given source takes the place of, when a person gave it and the
    /// signature stays.
    pub(super) fn checks_before(
        &self,
        object: &str,
        signature: &Signature,
    ) -> Result<Vec<Check>, StepError> {
        let view = self.shared.image.view();
        let Some(object) = view.object_named(object)? else {
            return Ok(Vec::new());
        };
        let before = object
            .method(&signature.name)
            .filter(|method| !method.self_checked && method.signature == signature.to_string());
        let checks = before.and_then(|method| serde_json::from_str(&method.checks_json).ok());
        Ok(checks.unwrap_or_default())
    }
}
