//! Tests of `image`: what is promised about reading, transactions, durability and damage.

mod backup;
mod branch;
mod check;
mod durability;
mod faults;
mod golden;
mod history;
mod log;
mod model;
mod opening;
mod pack;
mod reading;
mod repair;
mod transactions;
mod transfer;
mod undo;

use batos::image::{Author, BlobId, Image, Method, Oid, Slot, Transaction};

/// A slot of type `i64`; the value is not looked into by the image.
fn slot(name: &str, value: u8) -> Slot {
    Slot {
        name: name.into(),
        rust_type: "i64".into(),
        value: vec![value],
    }
}

fn method(selector: &str, source: &str, wasm: BlobId) -> Method {
    Method {
        selector: selector.into(),
        signature: format!("fn {selector}(&self) -> i64"),
        source: source.into(),
        wasm,
        slots: vec![("balance".into(), "i64".into())],
        author: "BRICK".into(),
        mission: Some(3),
        checks_json: "[]".into(),
        self_checked: true,
        calls: 0,
        failures: 0,
    }
}

/// Commits what `work` does.
fn commit<T>(image: &Image, work: impl FnOnce(&mut Transaction) -> T) -> T {
    let mut transaction = image.begin(Author::Kernel);
    let value = work(&mut transaction);
    transaction.commit().unwrap();
    value
}

fn create(image: &Image, name: &str, parent: Option<Oid>) -> Oid {
    commit(image, |t| t.create_object(name, parent).unwrap())
}
