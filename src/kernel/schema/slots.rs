//! What is done to the slot itself, and to the copies of it that objects which delegate have made by writing.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::error::SchemaError;
use crate::image::{Head, ImageError, Oid, Read, Slot, Transaction};
use crate::kernel::names::{NamesOf, name_of, oid_of};
use crate::method::{
    Packed, StructSpec, Type, default_value, value_converted, value_from_json_with,
    value_to_json_with,
};
use crate::persona::is_identifier;
use crate::wire::schema::SlotChange;

/// A change that was read, and found to make sense.
pub struct Edit {
    pub oid: Oid,
    /// The object's.
    pub name: String,
    pub slot: String,
    pub kind: Kind,
}

pub enum Kind {
    Add { ty: Type, value: Packed },
    Remove,
    Retype { ty: Type, value: Option<Packed> },
    Rename { to: String },
    Set { ty: Type, value: Packed },
}

impl Edit {
    pub fn resolve(
        transaction: &Transaction,
        object: &str,
        slot: &str,
        change: &SlotChange,
    ) -> Result<Self, SchemaError> {
        let oid = oid_of(transaction, object)?;
        let head = match oid {
            Some(oid) => transaction.head(oid)?,
            None => None,
        };
        let head = head.ok_or_else(|| SchemaError::UnknownObject(object.to_owned()))?;
        let asked = Asked {
            transaction,
            head: &head,
            slot,
        };
        Ok(Self {
            oid: head.oid,
            name: name_of(&head),
            slot: slot.to_owned(),
            kind: asked.kind(change)?,
        })
    }

    /// Slots that may be others than before to whoever sees this object's.
    pub fn touched(&self) -> Vec<&str> {
        let mut touched = vec![self.slot.as_str()];
        if let Kind::Rename { to } = &self.kind {
            touched.push(to);
        }
        touched
    }

    /// The slot's name afterwards.
    pub fn renamed(&self) -> &str {
        match &self.kind {
            Kind::Rename { to } => to,
            _ => &self.slot,
        }
    }

    /// Writes it; gives the objects whose copies of the slot were changed with it.
    pub fn perform(
        &self,
        transaction: &mut Transaction,
        family: &[Oid],
    ) -> Result<Vec<Oid>, SchemaError> {
        let old = transaction
            .head(self.oid)?
            .and_then(|head| head.slot(&self.slot).cloned());
        let copies = match &old {
            Some(old) if !matches!(self.kind, Kind::Set { .. }) => {
                self.copies(transaction, family, &old.rust_type)?
            }
            _ => Vec::new(),
        };
        self.write(transaction, self.oid, old.as_ref())?;
        // What is inherited from further up instead has the same copies.
        let inherited = transaction.find_slot(self.oid, &self.slot)?;
        let as_before = |(_, slot): &(Oid, Slot)| {
            old.as_ref()
                .is_some_and(|old| old.rust_type == slot.rust_type)
        };
        if inherited.as_ref().is_some_and(as_before) {
            return Ok(Vec::new());
        }
        for oid in &copies {
            let own = transaction.head(*oid)?;
            let own = own.and_then(|head| head.slot(&self.slot).cloned());
            self.write(transaction, *oid, own.as_ref())?;
        }
        Ok(copies)
    }

    /// Objects below this one with a slot of their own that has the same name and type, and no other between.
    fn copies(
        &self,
        transaction: &Transaction,
        family: &[Oid],
        rust_type: &str,
    ) -> Result<Vec<Oid>, ImageError> {
        let mut of_it: HashSet<Oid> = HashSet::from([self.oid]);
        let mut copies = Vec::new();
        for oid in family.iter().skip(1) {
            let Some(head) = transaction.head(*oid)? else {
                continue;
            };
            if !head.parent.is_some_and(|parent| of_it.contains(&parent)) {
                continue;
            }
            match head.slot(&self.slot) {
                Some(own) if own.rust_type != rust_type => continue,
                Some(_) => copies.push(*oid),
                None => {}
            }
            of_it.insert(*oid);
        }
        Ok(copies)
    }

    fn write(
        &self,
        transaction: &mut Transaction,
        oid: Oid,
        old: Option<&Slot>,
    ) -> Result<(), SchemaError> {
        let slot = |ty: &Type, value: &Packed| Slot {
            name: self.slot.clone(),
            rust_type: ty.to_string(),
            value: value.clone(),
        };
        match &self.kind {
            Kind::Add { ty, value } | Kind::Set { ty, value } => {
                transaction.set_slot(oid, slot(ty, value))?;
            }
            Kind::Remove => {
                transaction.remove_slot(oid, &self.slot)?;
            }
            Kind::Rename { to } => {
                transaction.rename_slot(oid, &self.slot, to)?;
            }
            Kind::Retype { ty, value } => {
                let given = value.clone().filter(|_| oid == self.oid);
                let value = match (given, old) {
                    (Some(given), _) => given,
                    (None, Some(old)) => self.converted(transaction, oid, old)?,
                    (None, None) => default_value(ty),
                };
                transaction.set_slot(oid, slot(ty, &value))?;
            }
        }
        Ok(())
    }

    fn converted(
        &self,
        transaction: &Transaction,
        oid: Oid,
        old: &Slot,
    ) -> Result<Packed, SchemaError> {
        if let Some(value) = self.carried_over(&old.rust_type, &old.value) {
            return Ok(value);
        }
        let head = transaction.head(oid)?;
        let shown = Type::parse(&old.rust_type)
            .ok()
            .and_then(|ty| value_to_json_with(&ty, &old.value, &NamesOf(transaction)).ok())
            .map_or_else(|| old.rust_type.clone(), |json| shortened(&json));
        Err(SchemaError::NoConversion {
            object: head.as_ref().map(name_of).unwrap_or_default(),
            slot: self.slot.clone(),
            value: shown,
            rust_type: match &self.kind {
                Kind::Retype { ty, .. } => ty.to_string(),
                _ => old.rust_type.clone(),
            },
        })
    }

    /// A value of the slot's type before as one of its type now: converted, else the one that was given.
    pub fn carried_over(&self, rust_type: &str, packed: &[u8]) -> Option<Packed> {
        let Kind::Retype { ty, value } = &self.kind else {
            return Some(packed.to_vec());
        };
        let from = Type::parse(rust_type).ok()?;
        let converted = value_converted(&from, ty, packed).ok()?;
        converted.or_else(|| value.clone())
    }

    /// What was done, for people and the audit.
    pub fn told(&self, along: usize) -> String {
        let Self { slot, name, .. } = self;
        let mut text = match &self.kind {
            Kind::Add { ty, .. } => format!("slot `{slot}` of {name} is there now: {ty}"),
            Kind::Remove => format!("slot `{slot}` of {name} is removed"),
            Kind::Retype { ty, .. } => format!("slot `{slot}` of {name} is now: {ty}"),
            Kind::Rename { to } => format!("slot `{slot}` of {name} is now called `{to}`"),
            Kind::Set { .. } => format!("slot `{slot}` of {name} has another value"),
        };
        match along {
            0 => {}
            1 => text.push_str(", and with it that of an object that delegates to it"),
            count => text.push_str(&format!(
                ", and with it those of {count} objects that delegate to it"
            )),
        }
        text
    }

    /// What is refused.
    pub fn refused(&self) -> String {
        let Self { slot, name, .. } = self;
        match &self.kind {
            Kind::Add { ty, .. } => format!("{name} cannot have a slot `{slot}: {ty}`"),
            Kind::Remove => format!("slot `{slot}` of {name} cannot be removed"),
            Kind::Retype { ty, .. } => format!("slot `{slot}` of {name} cannot get the type {ty}"),
            Kind::Rename { to } => format!("slot `{slot}` of {name} cannot be called `{to}`"),
            Kind::Set { .. } => format!("slot `{slot}` of {name} cannot have another value"),
        }
    }
}

/// What a person asks for, before it is known to make sense.
struct Asked<'a> {
    transaction: &'a Transaction,
    head: &'a Head,
    slot: &'a str,
}

impl Asked<'_> {
    fn kind(&self, change: &SlotChange) -> Result<Kind, SchemaError> {
        match change {
            SlotChange::Add {
                rust_type,
                value_json,
            } => {
                if let Some(own) = self.head.slot(self.slot) {
                    return Err(self.there(own));
                }
                let ty = self.declared(rust_type)?;
                let value = match value_json {
                    Some(json) => self.value(&ty, json)?,
                    None if ty.has_default() => default_value(&ty),
                    None => {
                        return Err(SchemaError::NoDefault {
                            object: name_of(self.head),
                            slot: self.slot.to_owned(),
                            rust_type: ty.to_string(),
                        });
                    }
                };
                Ok(Kind::Add { ty, value })
            }
            SlotChange::Remove => self.own().map(|_| Kind::Remove),
            SlotChange::Retype {
                rust_type,
                value_json,
            } => {
                let own = self.own()?;
                let ty = self.declared(rust_type)?;
                if ty.to_string() == own.rust_type && value_json.is_none() {
                    return Err(self.there(own));
                }
                let value = value_json.as_deref().map(|json| self.value(&ty, json));
                Ok(Kind::Retype {
                    ty,
                    value: value.transpose()?,
                })
            }
            SlotChange::Rename { to } => {
                self.own()?;
                if !is_identifier(to)
                    || StructSpec::new("Any", vec![(to.clone(), Type::Unit)]).is_err()
                {
                    return Err(SchemaError::Name(to.clone()));
                }
                Ok(Kind::Rename { to: to.clone() })
            }
            SlotChange::Set { value_json } => {
                let found = self.transaction.find_slot(self.head.oid, self.slot)?;
                let (_, slot) = found.ok_or_else(|| self.unknown())?;
                let ty = Type::parse(&slot.rust_type)?;
                let value = self.value(&ty, value_json)?;
                Ok(Kind::Set { ty, value })
            }
        }
    }

    fn own(&self) -> Result<&Slot, SchemaError> {
        if let Some(own) = self.head.slot(self.slot) {
            return Ok(own);
        }
        let Some((owner, _)) = self.transaction.find_slot(self.head.oid, self.slot)? else {
            return Err(self.unknown());
        };
        let owner = self.transaction.head(owner)?;
        Err(SchemaError::Inherited {
            object: name_of(self.head),
            slot: self.slot.to_owned(),
            owner: owner.as_ref().map(name_of).unwrap_or_default(),
        })
    }

    fn declared(&self, rust_type: &str) -> Result<Type, SchemaError> {
        let ty = Type::parse(rust_type)?;
        if !is_identifier(self.slot) {
            return Err(SchemaError::Name(self.slot.to_owned()));
        }
        StructSpec::new("Any", vec![(self.slot.to_owned(), ty.clone())])?;
        Ok(ty)
    }

    fn value(&self, ty: &Type, json: &str) -> Result<Packed, SchemaError> {
        let refused = |why: String| SchemaError::Value {
            object: name_of(self.head),
            slot: self.slot.to_owned(),
            why,
        };
        let json: Value = serde_json::from_str(json)
            .map_err(|error| refused(format!("the value is not JSON: {error}")))?;
        value_from_json_with(ty, &json, &NamesOf(self.transaction))
            .map_err(|error| refused(error.to_string()))
    }

    fn unknown(&self) -> SchemaError {
        SchemaError::UnknownSlot {
            object: name_of(self.head),
            slot: self.slot.to_owned(),
        }
    }

    fn there(&self, own: &Slot) -> SchemaError {
        SchemaError::SlotThere {
            object: name_of(self.head),
            slot: self.slot.to_owned(),
            rust_type: own.rust_type.clone(),
        }
    }
}

/// The object and all that delegate to it, each after its parent.
pub fn family(read: &impl Read, oid: Oid) -> Result<Vec<Oid>, ImageError> {
    let mut children: HashMap<Oid, Vec<Oid>> = HashMap::new();
    for head in read.heads()? {
        if let Some(parent) = head.parent {
            children.entry(parent).or_default().push(head.oid);
        }
    }
    let mut family = vec![oid];
    let mut next = 0;
    while let Some(parent) = family.get(next) {
        family.extend(children.remove(parent).unwrap_or_default());
        next += 1;
    }
    Ok(family)
}

fn shortened(json: &Value) -> String {
    const MOST: usize = 60;
    let text = json.to_string();
    if text.chars().count() <= MOST {
        return text;
    }
    text.chars().take(MOST).chain("…".chars()).collect()
}
