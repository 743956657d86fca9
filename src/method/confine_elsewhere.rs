//! Systems without Landlock: no job is run there, and the reason is said.

use std::process::{Child, Command, ExitStatus};

use super::{Access, ConfineError, JobLimits};

pub(super) fn describe() -> Result<String, ConfineError> {
    Err(ConfineError::Unsupported {
        why: "compile jobs are confined by Linux's Landlock and seccomp only".into(),
    })
}

pub(super) fn confine(_: &mut Command, _: &Access, _: &JobLimits) -> Result<(), ConfineError> {
    describe().map(drop)
}

pub(super) fn has_ended(_: &Child) -> std::io::Result<bool> {
    Ok(true)
}

pub(super) fn kill_session(_: &Child) {}

pub(super) fn limit_passed(_: ExitStatus) -> Option<String> {
    None
}
