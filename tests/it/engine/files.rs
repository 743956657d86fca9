//! Model files that cannot be used: the error names the file and what to do, and the engine goes on.

use super::*;

fn refusal(engine: &mut Engine, path: &std::path::Path) -> (String, String) {
    match engine.load(load(path)) {
        FromEngine::Failed {
            id: None,
            model: Some(model),
            message,
            hint: Some(hint),
        } => {
            assert_eq!(model, "small");
            assert!(message.contains(path.to_str().unwrap()), "{message}");
            (message, hint)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_that_are_no_model_are_refused_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = Engine::start().ready();

    let (message, hint) = refusal(&mut engine, &folder.path().join("missing.gguf"));
    assert!(message.contains("could not open it"), "{message}");
    assert!(hint.contains("batos model fetch"), "{hint}");

    let page = folder.path().join("page.gguf");
    std::fs::write(&page, "<html>Not found</html>").unwrap();
    let (message, _) = refusal(&mut engine, &page);
    assert!(message.contains("not a GGUF file"), "{message}");

    let (_, hint) = refusal(&mut engine, folder.path());
    assert!(!hint.is_empty());
}

#[test]
fn a_truncated_file_is_found_out_before_it_is_mapped() {
    let Some(path) = model(SMALL) else { return };
    let folder = tempfile::tempdir().unwrap();
    let cut = folder.path().join("cut.gguf");
    let bytes = std::fs::read(&path).unwrap();
    let mut engine = Engine::start().ready();
    for length in [bytes.len() - 1, bytes.len() / 2, 5000, 40] {
        std::fs::write(&cut, &bytes[..length]).unwrap();
        let (message, hint) = refusal(&mut engine, &cut);
        assert!(message.contains("cut short"), "{length}: {message}");
        assert!(hint.contains("batos model fetch"), "{hint}");
    }
}

#[test]
fn an_architecture_that_llama_cpp_does_not_know_is_named() {
    let Some(path) = model(SMALL) else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes
        .windows(20)
        .position(|w| w == b"general.architecture")
        .unwrap()
        + 20
        + 4
        + 8;
    assert_eq!(&bytes[at..at + 5], b"llama");
    let odd = folder.path().join("odd.gguf");
    bytes[at..at + 5].copy_from_slice(b"vicun");
    std::fs::write(&odd, &bytes).unwrap();
    let mut engine = Engine::start().ready();
    let (message, hint) = refusal(&mut engine, &odd);
    assert!(
        message.contains("unknown model architecture: 'vicun'"),
        "{message}"
    );
    assert!(hint.contains("newer batos"), "{hint}");

    bytes[at..at + 5].copy_from_slice(b"bert2");
    std::fs::write(&odd, &bytes).unwrap();
    let (message, _) = refusal(&mut engine, &odd);
    assert!(message.contains("cannot write text"), "{message}");

    let loaded = engine.load(load(&path));
    assert!(matches!(loaded, FromEngine::Loaded { .. }), "{loaded:?}");
}
