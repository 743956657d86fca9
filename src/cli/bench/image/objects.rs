//! The objects that are measured with: many alike, each with a name, a number and a text.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::{Measured, Random, per_second};
use crate::cli::output::progress;
use crate::image::{Author, Image, ImageError, Oid, Read, Slot, Transaction};

/// Objects that one transaction makes.
const BATCH: u64 = 1_000;
/// The fact that says that an image was made for this, and of which sizes.
const SIZES_FACT: &str = "batos bench image";

/// Kept in the image, so that one that holds something else is never written into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sizes {
    pub objects: u64,
    pub bytes: usize,
}

/// Making the objects.
#[derive(Debug, Serialize)]
pub(super) struct Filled {
    pub seconds: f64,
    pub objects_per_second: f64,
    pub per_transaction: u64,
}

pub(super) fn name(index: u64) -> String {
    format!("item-{index:09}")
}

/// The text of an object, so that it differs from version to version.
pub(super) fn text(sizes: Sizes, random: &mut Random) -> Slot {
    let letters = (0..sizes.bytes).map(|_| letter(random));
    let text: String = letters.collect();
    let mut value = Vec::with_capacity(text.len() + 5);
    // Into memory, where nothing can fail.
    let _ = rmp::encode::write_str(&mut value, &text);
    slot("text", "String", value)
}

fn letter(random: &mut Random) -> char {
    let [number, ..] = random.below(26).to_le_bytes();
    char::from(b'a' + number)
}

fn number(number: u64) -> Slot {
    let mut value = Vec::new();
    let _ = rmp::encode::write_uint(&mut value, number);
    slot("number", "u64", value)
}

fn slot(name: &str, rust_type: &str, value: Vec<u8>) -> Slot {
    Slot {
        name: name.to_owned(),
        rust_type: rust_type.to_owned(),
        value,
    }
}

/// Makes an image with objects of these sizes; `None` when they are there already.
///
/// # Errors
/// An image that has something else in it is left as it is.
pub(super) fn fill(folder: &Path, sizes: Sizes) -> Measured<Option<Filled>> {
    let image = Image::open(folder)?;
    let wanted = serde_json::to_string(&sizes)?;
    match image.view().fact(SIZES_FACT)? {
        Some(found) if found == wanted => return Ok(None),
        Some(found) => anyhow::bail!("the image in {} has {found}", folder.display()),
        None if image.tid() > 0 => {
            anyhow::bail!("the image in {} was not made for this", folder.display())
        }
        None => {}
    }
    progress(&format!("making {} objects", sizes.objects));
    let start = Instant::now();
    let mut random = Random::new(1);
    for first in (0..sizes.objects).step_by(usize::try_from(BATCH)?) {
        let last = (first + BATCH).min(sizes.objects);
        let mut transaction = image.begin(Author::Person);
        for index in first..last {
            create(&mut transaction, index, sizes, &mut random)?;
        }
        if last == sizes.objects {
            transaction.set_fact(SIZES_FACT, &wanted)?;
        }
        transaction.commit()?;
    }
    image.close().context("cannot close the image")?;
    let elapsed = start.elapsed();
    Ok(Some(Filled {
        seconds: elapsed.as_secs_f64(),
        objects_per_second: per_second(sizes.objects, elapsed),
        per_transaction: BATCH,
    }))
}

fn create(
    transaction: &mut Transaction,
    index: u64,
    sizes: Sizes,
    random: &mut Random,
) -> Result<(), ImageError> {
    let oid = transaction.create_object(&name(index), None)?;
    transaction.set_slot(oid, number(index))?;
    transaction.set_slot(oid, text(sizes, random))
}

/// The number of the first object; those of the others follow it.
pub(super) fn first_oid(image: &Image) -> Measured<Oid> {
    let found = image.view().oid_named(&name(0))?;
    found.context("the objects are not there")
}

/// Those of an image that was made for this.
pub(super) fn sizes_of(image: &Image) -> Measured<Sizes> {
    let found = image.view().fact(SIZES_FACT)?;
    Ok(serde_json::from_str(
        &found.context("the image was not made for this")?,
    )?)
}
