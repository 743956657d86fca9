//! A mission document as a person, a script or the translator writes it (`M.json`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::method::{self, AnyName, Check, Signature, StructSpec, Type, value_from_json_with};

/// The longest name of a slot, a method or an object.
const MAX_NAME_BYTES: usize = 64;

/// What kind of work a mission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Intent {
    /// Write a method.
    Teach,
    /// Call one.
    Send,
    /// Answer from knowledge and the image.
    Ask,
    /// Keep a fact.
    Remember,
    /// Make a new object.
    Make,
    /// Show an object.
    Inspect,
    /// Take a transaction back.
    Undo,
    /// Talk.
    Chat,
}

impl Intent {
    pub const ALL: [Self; 8] = [
        Self::Teach,
        Self::Send,
        Self::Ask,
        Self::Remember,
        Self::Make,
        Self::Inspect,
        Self::Undo,
        Self::Chat,
    ];

    /// The intent of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|intent| intent.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Teach => "teach",
            Self::Send => "send",
            Self::Ask => "ask",
            Self::Remember => "remember",
            Self::Make => "make",
            Self::Inspect => "inspect",
            Self::Undo => "undo",
            Self::Chat => "chat",
        }
    }
}

/// A slot that a mission brings along.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotDraft {
    /// Rust type, such as `Vec<String>`.
    #[serde(rename = "type")]
    pub rust_type: String,
    /// Its initial value, also where every check starts from.
    pub value: Value,
}

/// All but `intent` and `brief` may be missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub intent: Intent,
    pub brief: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// In the order in which they become fields.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub slots: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// For `teach`: the method as a person wrote it. It is the only candidate; no persona writes another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// For `send`: the arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<Value>>,
    /// For `make`: the prototype.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// Why a mission document cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    #[error("the mission document is not valid: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the brief is empty")]
    EmptyBrief,
    #[error("`{0}` is not a name for an object or a method")]
    Name(String),
    #[error("slot `{name}`: {why}")]
    Slot { name: String, why: String },
    #[error("the signature `{text}` cannot be used: {why}")]
    Signature { text: String, why: String },
    #[error("the signature is of `{found}`, but the selector is `{selector}`")]
    Selector { found: String, selector: String },
    #[error("check {number}: {why}")]
    Check { number: usize, why: String },
    #[error("only a mission to teach takes a source")]
    Source,
    #[error("a mission to {0} needs {1}")]
    Missing(&'static str, &'static str),
}

impl Draft {
    /// Reads and checks a document: types parse, values fit, checks have the right number of arguments. Whether
    /// there are the objects that it refers to is known only in an image.
    pub fn from_json(text: &str) -> Result<Self, DraftError> {
        let draft: Self = serde_json::from_str(text)?;
        draft.validate()?;
        Ok(draft)
    }

    pub fn validate(&self) -> Result<(), DraftError> {
        if self.brief.trim().is_empty() {
            return Err(DraftError::EmptyBrief);
        }
        if self.source.is_some() && self.intent != Intent::Teach {
            return Err(DraftError::Source);
        }
        for name in self.object.iter().chain(self.parent.iter()) {
            if !is_object_name(name) {
                return Err(DraftError::Name(name.clone()));
            }
        }
        if let Some(selector) = &self.selector
            && !is_identifier(selector)
        {
            return Err(DraftError::Name(selector.clone()));
        }
        self.typed_slots()?;
        let Some(signature) = self.parsed_signature()? else {
            return Ok(());
        };
        if let Some(selector) = &self.selector
            && signature.name != *selector
        {
            return Err(DraftError::Selector {
                found: signature.name,
                selector: selector.clone(),
            });
        }
        self.validate_checks(&signature)
    }

    /// The slots with parsed types, in order.
    pub fn typed_slots(&self) -> Result<Vec<(String, Type, Value)>, DraftError> {
        self.slots
            .iter()
            .map(|(name, value)| {
                let refuse = |why: String| DraftError::Slot {
                    name: name.clone(),
                    why,
                };
                if !is_identifier(name) {
                    return Err(refuse("not a name for a slot".to_owned()));
                }
                let slot: SlotDraft = serde_json::from_value(value.clone())
                    .map_err(|error| refuse(error.to_string()))?;
                let parsed =
                    Type::parse(&slot.rust_type).map_err(|error| refuse(error.to_string()))?;
                value_from_json_with(&parsed, &slot.value, &AnyName)
                    .map_err(|error| refuse(error.to_string()))?;
                Ok((name.clone(), parsed, slot.value))
            })
            .collect()
    }

    pub fn parsed_signature(&self) -> Result<Option<Signature>, DraftError> {
        self.signature
            .as_deref()
            .map(|text| {
                Signature::parse(text).map_err(|error| DraftError::Signature {
                    text: text.to_owned(),
                    why: error.to_string(),
                })
            })
            .transpose()
    }

    fn validate_checks(&self, signature: &Signature) -> Result<(), DraftError> {
        let slots: BTreeMap<String, Type> = self
            .typed_slots()?
            .into_iter()
            .map(|(name, parsed, _)| (name, parsed))
            .collect();
        for (index, check) in self.checks.iter().enumerate() {
            let refuse = |why: String| DraftError::Check {
                number: index + 1,
                why,
            };
            if check.args.len() != signature.params.len() {
                return Err(refuse(format!(
                    "it has {} arguments, but the method takes {}",
                    check.args.len(),
                    signature.params.len()
                )));
            }
            for (param, value) in signature.params.iter().zip(&check.args) {
                value_from_json_with(&param.ty, value, &AnyName)
                    .map_err(|error| refuse(format!("argument `{}`: {error}", param.name)))?;
            }
            if let Some(returns) = &check.returns {
                value_from_json_with(&signature.returns, returns, &AnyName)
                    .map_err(|error| refuse(format!("`returns`: {error}")))?;
            }
            for (name, value) in check.slots.iter().chain(&check.after) {
                if let Some(parsed) = slots.get(name) {
                    value_from_json_with(parsed, value, &AnyName)
                        .map_err(|error| refuse(format!("slot `{name}`: {error}")))?;
                }
            }
        }
        Ok(())
    }
}

/// A name that a slot, a method or an object may have: what a method's source can use, and not too long to show.
pub fn is_identifier(text: &str) -> bool {
    text.len() <= MAX_NAME_BYTES && method::is_identifier(text)
}

/// A name that an object may have: methods are written in a module where some names already mean something.
pub fn is_object_name(text: &str) -> bool {
    is_identifier(text) && StructSpec::new(text, Vec::new()).is_ok()
}
