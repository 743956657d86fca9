//! Vectors are kept, and a damaged file costs no more than computing them again.

use std::collections::HashSet;
use std::fs;

use batos::knowledge::{Key, Vectors, cosine};

fn key(number: u16) -> Key {
    let mut key = [0; 16];
    key[..2].copy_from_slice(&number.to_le_bytes());
    key
}

#[test]
fn they_are_there_again_for_the_same_model() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/vectors");
    let mut vectors = Vectors::open(&path, "mini");
    for number in 0..10 {
        vectors
            .add(key(number), vec![f32::from(number), 1.0])
            .unwrap();
    }
    drop(vectors);
    let mut vectors = Vectors::open(&path, "mini");
    assert_eq!(vectors.len(), 10);
    assert_eq!(vectors.get(&key(7)), Some(&[7.0, 1.0][..]));
    vectors.add(key(10), vec![10.0, 1.0]).unwrap();
    assert_eq!(Vectors::open(&path, "mini").len(), 11);
    assert!(Vectors::open(&path, "other").is_empty());
    assert!(Vectors::open(&folder.path().join("none"), "mini").is_empty());
}

#[test]
fn what_is_damaged_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vectors");
    let mut vectors = Vectors::open(&path, "mini");
    for number in 0..10 {
        vectors
            .add(key(number), vec![f32::from(number), 1.0])
            .unwrap();
    }
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let read = Vectors::open(&path, "mini");
        for number in 0..10 {
            let vector = read.get(&key(number));
            assert!(
                vector.is_none_or(|vector| vector == [f32::from(number), 1.0]),
                "{at}"
            );
        }
        assert!(read.len() < 10, "{at}");
    }
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let mut read = Vectors::open(&path, "mini");
        read.add(key(99), vec![0.5, 0.5]).unwrap();
        let again = Vectors::open(&path, "mini");
        assert_eq!(again.get(&key(99)), Some(&[0.5, 0.5][..]), "{length}");
        assert_eq!(again.len(), read.len(), "{length}");
    }
}

#[test]
fn those_of_texts_that_are_gone_leave_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vectors");
    let mut vectors = Vectors::open(&path, "mini");
    for number in 0..2000 {
        vectors.add(key(number), vec![1.0, 0.0]).unwrap();
    }
    let kept: HashSet<Key> = (0..5).map(key).collect();
    vectors.keep(&kept).unwrap();
    assert_eq!(Vectors::open(&path, "mini").len(), 5);
    assert!(fs::metadata(&path).unwrap().len() < 1000);
}

#[test]
fn a_cosine_is_of_vectors_of_one_model() {
    assert!((cosine(&[1.0, 0.0], &[0.6, 0.8]) - 0.6).abs() < 1e-6);
    assert!(cosine(&[1.0], &[0.6, 0.8]).abs() < 1e-6);
}
