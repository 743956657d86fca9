//! The process: what it says of itself, what it takes, and how it ends.

use super::*;

#[test]
fn it_says_what_it_is_and_what_a_load_takes() {
    let Some(path) = model(SMALL) else { return };
    let mut engine = Engine::start();
    let Some(FromEngine::Ready {
        version,
        pid,
        backend,
        devices,
        ..
    }) = engine.next()
    else {
        panic!()
    };
    assert_eq!((version, pid), (ENGINE_PROTOCOL_VERSION, engine.child.id()));
    assert!(!backend.is_empty() && !devices.is_empty());

    engine.send(&ToEngine::Load(load(&path)));
    let mut fractions = Vec::new();
    let loaded = loop {
        match engine.next().unwrap() {
            FromEngine::LoadProgress { fraction, .. } => fractions.push(fraction),
            last => break last,
        }
    };
    assert!(
        fractions.is_sorted() && fractions.last() == Some(&1.0),
        "{fractions:?}"
    );
    let FromEngine::Loaded {
        bytes,
        context,
        architecture,
        gpu_layers,
        layers,
        gpu_bytes,
        ..
    } = loaded.clone()
    else {
        panic!("{loaded:?}")
    };
    assert_eq!(
        (architecture.as_str(), context, layers),
        ("llama", 1024, 31)
    );
    let on_gpu = u32::try_from(super::gpu_layers()).map_or(layers, |wanted| wanted.min(layers));
    assert_eq!(gpu_layers, on_gpu);
    assert_eq!(gpu_bytes > 0, on_gpu > 0, "{gpu_bytes} bytes on the GPU");
    let file = std::fs::metadata(&path).unwrap().len();
    assert!(
        bytes > file,
        "{bytes} bytes for weights and context, and the file alone has {file}"
    );
    assert_eq!(
        engine.load(load(&path)),
        loaded,
        "loading it again does nothing"
    );

    engine.send(&ToEngine::Unload {
        model: "small".into(),
    });
    assert_eq!(
        engine.next(),
        Some(FromEngine::Unloaded {
            model: "small".into()
        })
    );
    let (last, _) = engine.generate(request(1, "hi"));
    let FromEngine::Failed {
        id: Some(1),
        message,
        ..
    } = last
    else {
        panic!("{last:?}")
    };
    assert!(message.contains("no model named small"), "{message}");

    let log = std::fs::read_to_string(&engine.log).unwrap();
    assert!(!log.contains("ChatML"), "the model's own template is used");
    assert!(
        log.contains("llama_model_loader"),
        "llama.cpp's log is in the file"
    );
}

#[test]
fn it_ends_with_its_stdin_also_in_the_middle_of_an_answer() {
    let Some(mut engine) = Engine::with_small_model() else {
        return;
    };
    let mut endless = request(1, "Count from 1 to 1000.");
    endless.max_tokens = 900;
    engine.send(&ToEngine::Generate(Box::new(endless)));
    while !matches!(engine.next().unwrap(), FromEngine::Token { .. }) {}
    drop(engine.input.take());
    let mut written = 0;
    while let Some(message) = engine.next() {
        written += u32::from(matches!(message, FromEngine::Token { .. }));
    }
    assert!(written < 700, "{written} tokens were still written");
    engine.child.wait().unwrap();
}

#[test]
fn it_ends_cleanly_when_told_and_when_it_is_spoken_to_in_another_language() {
    let mut engine = Engine::start().ready();
    engine.send(&ToEngine::Shutdown);
    assert_eq!(engine.next(), None);
    assert!(engine.child.wait().unwrap().success());

    let mut engine = Engine::start().ready();
    let input = engine.input.as_mut().unwrap();
    std::io::Write::write_all(input, b"GET / HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(engine.next(), None);
    engine.child.wait().unwrap();
    assert!(!std::fs::read_to_string(&engine.log).unwrap().is_empty());
}
