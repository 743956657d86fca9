//! Vectors of the real embedding model.

use super::*;
use batos::knowledge::cosine;

const MINI: &str = "all-minilm-l6-v2-f16.gguf";

/// `None`, said on stderr, where the model is missing: nothing needs it, so that it may be.
fn engine() -> Option<Engine> {
    let small = model(SMALL)?;
    let path = small.with_file_name(MINI);
    if !path.is_file() {
        eprintln!(
            "skipped: {} is missing; scripts/minilm.py makes it",
            path.display()
        );
        return None;
    }
    let mut engine = Engine::start().ready();
    engine.send(&ToEngine::LoadEmbedding(load(&path)));
    loop {
        match engine.next().unwrap() {
            FromEngine::LoadProgress { .. } => {}
            FromEngine::Loaded { .. } => return Some(engine),
            other => panic!("{other:?}"),
        }
    }
}

fn embed(engine: &mut Engine, texts: &[&str]) -> Vec<Vec<f32>> {
    engine.send(&ToEngine::Embed(Box::new(Embed {
        id: 5,
        model: "small".into(),
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
    })));
    match engine.next().unwrap() {
        FromEngine::Embedded { id: 5, vectors } => vectors,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_means_the_same_is_near() {
    let Some(mut engine) = engine() else { return };
    let long = "word ".repeat(5000);
    let vectors = embed(
        &mut engine,
        &[
            "A dog plays in the garden.",
            "The puppy is running around outside on the grass.",
            "The bank charges two percent for a withdrawal abroad.",
            "What does it cost to take out money in another country?",
            "",
            &long,
            "[CLS] [SEP] [PAD]",
        ],
    );
    assert!(vectors.iter().all(|vector| vector.len() == 384));
    for vector in &vectors {
        assert!((cosine(vector, vector) - 1.0).abs() < 1e-4);
    }
    let near = |a: usize, b: usize| cosine(&vectors[a], &vectors[b]);
    eprintln!(
        "dog {} money {} other {}",
        near(0, 1),
        near(2, 3),
        near(0, 2)
    );
    assert!(near(0, 1) > 0.45, "{}", near(0, 1));
    assert!(near(2, 3) > 0.45, "{}", near(2, 3));
    assert!(near(0, 2) < 0.2, "{}", near(0, 2));
    assert!(near(1, 3) < 0.2, "{}", near(1, 3));
    let alone = embed(&mut engine, &["A dog plays in the garden."]);
    assert_eq!(alone[0], vectors[0]);
}

#[test]
fn a_model_does_what_it_was_loaded_for() {
    let Some(mut engine) = engine() else { return };
    let (last, _) = engine.generate(request(9, "hello"));
    assert!(
        matches!(&last, FromEngine::Failed { id: Some(9), message, .. } if message.contains("to read")),
        "{last:?}"
    );
    engine.send(&ToEngine::Embed(Box::new(Embed {
        id: 6,
        model: "nobody".into(),
        texts: Vec::new(),
    })));
    assert!(matches!(
        engine.next(),
        Some(FromEngine::Failed { id: Some(6), .. })
    ));
    assert_eq!(embed(&mut engine, &["still here"]).len(), 1);
}
