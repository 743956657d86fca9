//! Whether arguments fit a signature.

use serde_json::Value;

use super::SendError;
use crate::method::{Names, Packed, Signature, value_from_json_with, value_to_json};

pub(super) fn pack_arguments(
    signature: &Signature,
    args: &[Value],
    names: &dyn Names,
) -> Result<Vec<Packed>, SendError> {
    count_arguments(signature, args.len())?;
    signature
        .params
        .iter()
        .zip(args)
        .map(|(param, value)| {
            value_from_json_with(&param.ty, value, names).map_err(|error| {
                SendError::Arguments(format!(
                    "argument `{}` of `{signature}`: {error}",
                    param.name
                ))
            })
        })
        .collect()
}

pub(super) fn check_arguments(signature: &Signature, args: &[Packed]) -> Result<(), SendError> {
    count_arguments(signature, args.len())?;
    for (param, packed) in signature.params.iter().zip(args) {
        value_to_json(&param.ty, packed).map_err(|error| {
            SendError::Arguments(format!(
                "argument `{}` of `{signature}`: {error}",
                param.name
            ))
        })?;
    }
    Ok(())
}

fn count_arguments(signature: &Signature, given: usize) -> Result<(), SendError> {
    if given == signature.params.len() {
        return Ok(());
    }
    Err(SendError::Arguments(format!(
        "`{signature}` takes {} arguments, and {given} were given",
        signature.params.len()
    )))
}
