//! The scripted engine, which stands in for a model in the kernel's tests, keeps to the same protocol.

use super::*;

fn scripted(script: &serde_json::Value) -> Engine {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.json");
    std::fs::write(&path, script.to_string()).unwrap();
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_batos"))
        .with_file_name("examples/scripted_engine");
    let mut command = Command::new(binary);
    command.arg("engine").env("BATOS_SCRIPT", path);
    let log = folder.path().join("engine.log");
    let mut engine = Engine::spawn(command, log, folder).ready();
    let loaded = engine.load(load(std::path::Path::new("any.gguf")));
    assert!(matches!(loaded, FromEngine::Loaded { .. }), "{loaded:?}");
    engine
}

#[test]
fn it_answers_by_what_is_asked() {
    let mut engine = scripted(&serde_json::json!({
        "answers": [{"when": "deposit", "candidates": ["one \u{20AC}\u{20AC}\u{20AC}", "two STOP three"]}],
        "default": "neither"
    }));
    let mut asked = request(1, "teach deposit");
    asked.samples = vec![sampling(1, 0.0); 3];
    asked.stop = Stop::Texts(vec![" STOP".into()]);
    let texts: Vec<String> = engine
        .done(asked)
        .candidates
        .into_iter()
        .map(|c| c.text)
        .collect();
    assert_eq!(
        texts,
        [
            "one \u{20AC}\u{20AC}\u{20AC}",
            "two",
            "one \u{20AC}\u{20AC}\u{20AC}"
        ]
    );
    assert_eq!(
        engine.done(request(2, "other")).candidates[0].text,
        "neither"
    );
}

#[test]
fn it_can_be_cancelled() {
    let mut engine = scripted(&serde_json::json!({
        "answers": [{"candidates": ["word ".repeat(5000)], "delay_ms_per_token": 20}]
    }));
    let mut endless = request(1, "x");
    endless.max_tokens = 100_000;
    engine.send(&ToEngine::Generate(Box::new(endless)));
    while !matches!(engine.next().unwrap(), FromEngine::Token { .. }) {}
    engine.send(&ToEngine::Cancel { id: 1 });
    while !matches!(engine.next().unwrap(), FromEngine::Cancelled { id: 1 }) {}
    engine.send(&ToEngine::Shutdown);
    assert_eq!(engine.next(), None);
}
