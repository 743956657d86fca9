//! Export and import: what arrives is what left, under other numbers, or nothing at all.

use std::fs;

use batos::image::transfer::{ImportOptions, Imported, OnConflict, Package, TransferError, decode};
use batos::image::{Author, BlobId, Image, Method, Object, Oid, Read, Slot, state_hash};

use super::{commit, create, method, slot};

fn reference(oid: Oid) -> Vec<u8> {
    [&[0xd7, 1][..], &oid.to_be_bytes()].concat()
}

fn refers(name: &str, oids: &[Oid]) -> Slot {
    let mut value = vec![0x90 | u8::try_from(oids.len()).unwrap()];
    for oid in oids {
        value.extend(reference(*oid));
    }
    Slot {
        name: name.into(),
        rust_type: "Vec<ObjectRef>".into(),
        value,
    }
}

/// `Account` with a parent, and with references around a ring of three, one of them nameless.
fn bank(image: &Image) -> Oid {
    let wasm = image.blobs().put(b"wasm").unwrap();
    let other = image.blobs().put(b"other").unwrap();
    create(image, "Stranger", None);
    commit(image, |t| {
        let base = t.create_object("Base", None).unwrap();
        let account = t.create_object("Account", Some(base)).unwrap();
        let entry = t.create_object("", None).unwrap();
        t.set_slot(base, slot("limit", 9)).unwrap();
        t.set_slot(account, slot("balance", 1)).unwrap();
        t.set_slot(account, refers("entries", &[entry, base]))
            .unwrap();
        t.set_slot(entry, refers("of", &[account])).unwrap();
        t.put_method(base, method("total", "base", wasm)).unwrap();
        t.put_method(account, method("deposit", "one", wasm))
            .unwrap();
        t.put_method(account, method("take", "two", other)).unwrap();
        account
    })
}

fn export(image: &Image, oid: Oid) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.export(&image.view(), oid, &mut bytes).unwrap();
    bytes
}

fn as_it_is(_: &Object, method: &Method) -> Result<Method, String> {
    Ok(method.clone())
}

fn import(
    image: &Image,
    package: &Package,
    options: &ImportOptions,
) -> Result<Imported, TransferError> {
    let mut t = image.begin(Author::Person);
    let imported = t.import(package, options, &mut as_it_is);
    match &imported {
        Ok(_) => drop(t.commit().unwrap()),
        Err(_) => assert!(t.is_empty()),
    }
    imported
}

/// The objects that one leads to, by name and number in the line, so that images can be compared.
fn render(image: &Image, oid: Oid) -> String {
    let view = image.view();
    let account = view.object(oid).unwrap().unwrap();
    let base = view.object(account.parent.unwrap()).unwrap().unwrap();
    let entries = &account.slot("entries").unwrap().value;
    let entry = Oid::from_be_bytes(*entries[3..].first_chunk().unwrap());
    assert_eq!(entries[13..], base.oid.to_be_bytes());
    let entry = view.object(entry).unwrap().unwrap();
    assert_eq!(entry.slot("of").unwrap().value[3..], oid.to_be_bytes());
    let mut text = String::new();
    for object in [account, base, entry] {
        let slots: Vec<_> = object
            .slots
            .iter()
            .map(|s| (&s.name, &s.rust_type))
            .collect();
        text.push_str(&format!("{:?} {slots:?}", object.name));
        for method in &object.methods {
            let wasm = image.blobs().get(method.wasm).unwrap();
            let Method {
                selector,
                signature,
                source,
                slots,
                author,
                checks_json,
                ..
            } = method;
            text.push_str(&format!(
                "\n  {selector} {signature} {source} {slots:?} {author} {checks_json} {} {wasm:?}",
                method.self_checked
            ));
        }
        text.push('\n');
    }
    text
}

/// Message and hint.
fn told(error: &TransferError) -> String {
    format!("{error}\nhint: {}", error.hint())
}

#[test]
fn an_object_arrives_with_all_that_it_leads_to() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(&folder.path().join("a")).unwrap();
    let account = bank(&image);
    let mut bytes = Vec::new();
    let exported = image.export(&image.view(), account, &mut bytes).unwrap();
    assert_eq!(exported.objects, ["Account", "Base", "object 4"]);
    assert_eq!((exported.methods, exported.blobs), (3, 2));
    assert_eq!(exported.bytes, bytes.len() as u64);
    let package = Package::read(&bytes[..]).unwrap();
    let there = Image::open(&folder.path().join("b")).unwrap();
    for name in ["X", "Y", "Z"] {
        create(&there, name, None);
    }
    let imported = import(&there, &package, &ImportOptions::default()).unwrap();
    assert_eq!(
        imported.root,
        there.view().oid_named("Account").unwrap().unwrap()
    );
    assert_eq!(imported.objects.len(), 3);
    assert!(imported.objects.iter().all(|(new, _)| *new > 3));
    assert_eq!((imported.reused.len(), imported.methods), (0, 3));
    assert_eq!(render(&there, imported.root), render(&image, account));
    // Missions of another image mean nothing here.
    let method = there.view().method(imported.root, "take").unwrap().unwrap();
    assert_eq!(method.mission, None);
    // And so on, also after a restart, and out of the past.
    let first = there.tid();
    commit(&there, |t| {
        t.set_slot(imported.root, slot("balance", 7)).unwrap()
    });
    there.close().unwrap();
    let there = Image::open(&folder.path().join("b")).unwrap();
    let mut again = Vec::new();
    let past = there.view().at(first).unwrap();
    there.export(&past, imported.root, &mut again).unwrap();
    let third = Image::open(&folder.path().join("c")).unwrap();
    let package = decode(&again).unwrap();
    let imported = import(&third, &package, &ImportOptions::default()).unwrap();
    assert_eq!(render(&third, imported.root), render(&image, account));
    assert_eq!(
        third
            .view()
            .find_slot(imported.root, "balance")
            .unwrap()
            .unwrap()
            .1
            .value,
        [1]
    );
}

#[test]
fn names_that_are_taken_are_refused_reused_or_avoided() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let account = bank(&image);
    let package = decode(&export(&image, account)).unwrap();
    let before = state_hash(&image.view()).unwrap();
    let refuse = ImportOptions::default();
    let error = import(&image, &package, &refuse).unwrap_err();
    insta::assert_snapshot!(told(&error), @r"
    cannot import Base: an object of that name exists
    hint: import under other names with a prefix, or reuse what is equal
    ");
    // What has a name is there already; what has none is new, and so `Account` would not be equal.
    let reuse = ImportOptions {
        on_conflict: OnConflict::Reuse,
        ..ImportOptions::default()
    };
    let error = import(&image, &package, &reuse).unwrap_err();
    insta::assert_snapshot!(told(&error), @r"
    cannot reuse Account: the object of that name has another slot entries
    hint: import under other names with a prefix
    ");
    assert_eq!(state_hash(&image.view()).unwrap(), before);
    let prefixed = ImportOptions {
        prefix: "old ".into(),
        ..ImportOptions::default()
    };
    let imported = import(&image, &package, &prefixed).unwrap();
    let view = image.view();
    assert_eq!(view.oid_named("old Account").unwrap(), Some(imported.root));
    assert!(view.oid_named("old Base").unwrap().is_some());
    assert_ne!(imported.root, account);
    // A parent that is equal is shared.
    let base = view.oid_named("Base").unwrap().unwrap();
    let child = create(&image, "Child", Some(base));
    let package = decode(&export(&image, child)).unwrap();
    commit(&image, |t| t.set_name(child, "First child").unwrap());
    let imported = import(&image, &package, &reuse).unwrap();
    assert_eq!(imported.reused, [(base, base)]);
    assert_eq!(
        image.view().head(imported.root).unwrap().unwrap().parent,
        Some(base)
    );
    // One that is not equal is not.
    commit(&image, |t| {
        t.set_name(imported.root, "Second child").unwrap()
    });
    for change in ["slot", "method"] {
        commit(&image, |t| match change {
            "slot" => t.set_slot(base, slot("limit", 10)).unwrap(),
            _ => {
                t.set_slot(base, slot("limit", 9)).unwrap();
                t.remove_method(base, "total").unwrap();
            }
        });
        let error = import(&image, &package, &reuse).unwrap_err();
        assert!(
            error.to_string().starts_with(&format!(
                "cannot reuse Base: the object of that name has another {change} "
            )),
            "{error}"
        );
    }
}

#[test]
fn methods_are_judged_and_one_that_is_refused_stops_all() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(&folder.path().join("a")).unwrap();
    let account = bank(&image);
    let package = decode(&export(&image, account)).unwrap();
    let there = Image::open(&folder.path().join("b")).unwrap();
    let mut t = there.begin(Author::Person);
    let options = ImportOptions::default();
    let mut seen = Vec::new();
    let error = t.import(&package, &options, &mut |object, method| {
        seen.push(format!("{}.{}", object.name, method.selector));
        match method.selector.as_str() {
            "take" => Err("it is unsafe".into()),
            _ => Ok(method.clone()),
        }
    });
    insta::assert_snapshot!(told(&error.unwrap_err()), @r"
    cannot import the method take of Account: it is unsafe
    hint: nothing was changed; the method would have to be written anew
    ");
    assert_eq!(seen, ["Base.total", "Account.deposit", "Account.take"]);
    assert!(t.is_empty());
    // Compiled here: the code of the package is not taken.
    let compiled = there.blobs().put(b"compiled here").unwrap();
    let imported = t.import(&package, &options, &mut |_, method| {
        let mut method = method.clone();
        if method.selector == "take" {
            method.wasm = compiled;
            method.author = "a stranger".into();
        }
        Ok(method)
    });
    t.commit().unwrap();
    let take = there
        .view()
        .method(imported.unwrap().root, "take")
        .unwrap()
        .unwrap();
    assert_eq!((take.wasm, take.author.as_str()), (compiled, "a stranger"));
    assert!(!there.blobs().contains(BlobId::of(b"other")));
    assert!(there.blobs().contains(BlobId::of(b"wasm")));
    // Code that is nowhere, and another selector, are no answers.
    let third = Image::open(&folder.path().join("c")).unwrap();
    let mut t = third.begin(Author::Person);
    let error = t.import(&package, &options, &mut |_, method| {
        let mut method = method.clone();
        method.wasm = BlobId::of(b"nowhere");
        Ok(method)
    });
    assert!(error.unwrap_err().to_string().ends_with("does not exist"));
    let error = t.import(&package, &options, &mut |_, method| {
        let mut method = method.clone();
        method.selector = "other".into();
        Ok(method)
    });
    assert!(matches!(error, Err(TransferError::Refused { .. })));
    assert!(t.is_empty());
}

#[test]
fn what_cannot_be_exported_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let account = bank(&image);
    let error = image
        .export(&image.view(), 99, &mut Vec::new())
        .unwrap_err();
    insta::assert_snapshot!(told(&error), @r"
    there is no object 99 to export
    hint: see `batos object ls`
    ");
    let path = folder
        .path()
        .join("blobs")
        .join(BlobId::of(b"other").to_string());
    fs::write(path, "another").unwrap();
    let error = image
        .export(&image.view(), account, &mut Vec::new())
        .unwrap_err();
    assert!(error.to_string().contains("is damaged"), "{error}");
}

#[test]
fn no_flipped_bit_and_no_cut_of_an_export_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(folder.path()).unwrap();
    let whole = export(&image, bank(&image));
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            assert!(decode(&flipped).is_err(), "byte {at}, bit {bit}");
        }
        assert!(decode(&whole[..at]).is_err(), "cut at {at}");
    }
    assert!(decode(&[&whole[..], b"x"].concat()).is_err());
    insta::assert_snapshot!(told(&decode(b"#!/bin/sh").unwrap_err()), @r"
    this is not an export of an object: it is too short
    hint: name a file that `batos image export` wrote
    ");
    insta::assert_snapshot!(told(&decode(&[b'x'; 200]).unwrap_err()), @r"
    this is not an export of an object: it does not begin as one
    hint: name a file that `batos image export` wrote
    ");
    insta::assert_snapshot!(told(&decode(&whole[..200]).unwrap_err()), @r"
    the export is damaged: it says 769 bytes, there are 136
    hint: copy the file again; nothing was changed
    ");
}

/// Makes every hash fit again, as an enemy does.
fn resign(bytes: &mut [u8]) {
    let objects = u32::from_le_bytes(*bytes[16..].first_chunk().unwrap());
    let mut at = 64;
    for _ in 0..objects {
        let Some(length) = bytes.get(at..).and_then(|rest| rest.first_chunk()) else {
            break;
        };
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let end = (at + 8).saturating_add(length);
        let Some(sealed) = bytes
            .get_mut(at + 8..end)
            .filter(|sealed| sealed.len() >= 10)
        else {
            break;
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update(&sealed[..2]).update(&sealed[10..]);
        sealed[2..10].copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        at = end;
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..32]).update(&bytes[64..]);
    let hash = *hasher.finalize().as_bytes();
    bytes[32..64].copy_from_slice(&hash);
}

#[test]
fn an_enemy_who_signs_changes_nothing_but_values() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::open(&folder.path().join("a")).unwrap();
    let mut whole = export(&image, bank(&image));
    let signed = whole.clone();
    resign(&mut whole);
    assert_eq!(whole, signed);
    let there = Image::open(&folder.path().join("b")).unwrap();
    let (mut refused, mut taken) = (0, 0);
    for at in (0..whole.len()).filter(|at| !(32..64).contains(at)) {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[at] ^= change;
            resign(&mut changed);
            let Ok(package) = decode(&changed) else {
                refused += 1;
                continue;
            };
            // Whatever it is by now: all of it or nothing, and never a panic.
            let mut t = there.begin(Author::Person);
            let imported = t.import(&package, &ImportOptions::default(), &mut as_it_is);
            match imported {
                Ok(imported) => {
                    let object = t.object(imported.root).unwrap().unwrap();
                    assert!(
                        object
                            .parent
                            .is_none_or(|oid| t.head(oid).unwrap().is_some())
                    );
                    taken += 1;
                }
                Err(_) => assert!(t.is_empty()),
            }
        }
    }
    assert!(
        refused > 500 && taken > 500,
        "{refused} refused, {taken} taken"
    );
    // Counts and lengths of more than there is cost nothing.
    for (at, length) in [(8, 8), (16, 4), (20, 4), (64, 8)] {
        let mut changed = whole.clone();
        changed[at..at + length].fill(0xff);
        resign(&mut changed);
        assert!(decode(&changed).is_err());
    }
}
