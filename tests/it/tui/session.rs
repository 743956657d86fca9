//! The event loop against a pipe for a terminal and a scripted kernel.

use super::support::*;
use batos::config::{Environment, Home, Settings};
use batos::tui::client::{Channel, Connect};
use batos::tui::history;
use batos::tui::keep;
use batos::tui::state::{Beginning, State};
use batos::tui::terminal::Writer;
use batos::tui::{ExitReason, Options, Preferences, Reload, Session};
use batos::wire::messages::*;
use crossterm::event::Event as Input;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

type Keys = mpsc::UnboundedSender<io::Result<Input>>;

/// Runs a workbench; `play` presses keys and looks at the bytes written so far.
fn with_workbench<F>(
    connect: Connect,
    history: &Path,
    play: impl FnOnce(Keys, Arc<AtomicUsize>) -> F,
) -> ExitReason
where
    F: Future<Output = ()>,
{
    with_settings(connect, history, None, play)
}

/// The same with settings that are read anew.
fn with_settings<F>(
    connect: Connect,
    history: &Path,
    reload: Option<Reload>,
    play: impl FnOnce(Keys, Arc<AtomicUsize>) -> F,
) -> ExitReason
where
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (mut reader, writer) = io::pipe().unwrap();
        let written = Arc::new(AtomicUsize::new(0));
        let count = written.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                count.fetch_add(read, Ordering::SeqCst);
            }
        });
        let options = Options {
            connect,
            themes: "/nonexistent".into(),
            history: history.into(),
            read_only: false,
            archive: None,
            preferences: preferences(),
            reload,
            kept: history.with_extension("workbench"),
            helpers: None,
        };
        let state = State::new(Beginning {
            size: (80, 24),
            ..Beginning::default()
        });
        let fitted = options
            .preferences
            .fit(Path::new("/nonexistent"), &Environment::default())
            .unwrap();
        let session = Session::new(state, fitted, Writer::to(writer).unwrap(), options).unwrap();
        let (keys, input) = mpsc::unbounded_channel();
        let input = std::rc::Rc::new(std::cell::RefCell::new(input));
        let open = || {
            let input = input.clone();
            futures_util::stream::poll_fn(move |context| input.borrow_mut().poll_recv(context))
        };
        let (ended, ()) = tokio::join!(session.serve(open, None), play(keys, written));
        ended.unwrap()
    })
}

/// Those that hold where nothing is set.
fn preferences() -> Preferences {
    let home = Home {
        root: "/nonexistent".into(),
    };
    let settings = Settings::defaults(&home, &Environment::default());
    Preferences {
        theme: settings.theme,
        terminal: settings.terminal,
        keys: settings.keys,
    }
}

fn press(keys: &Keys, name: &str) {
    keys.send(Ok(Input::Key(key(name)))).unwrap();
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited too long for: {what}");
}

/// A kernel that answers a subscription, tells what it is asked, and hangs up when told to.
fn scripted(heard: mpsc::UnboundedSender<Request>, connections: Arc<AtomicUsize>) -> Connect {
    Box::new(move || {
        let (heard, connections) = (heard.clone(), connections.clone());
        Box::pin(async move {
            let (requests, mut incoming) = mpsc::channel::<ToKernel>(8);
            let (outgoing, messages) = mpsc::channel(8);
            connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                while let Some(ToKernel { id, request }) = incoming.recv().await {
                    let _ = heard.send(request.clone());
                    let reply = match request {
                        Request::Subscribe { .. } => Reply::Snapshot(Box::new(full())),
                        Request::StartMission(_) => return,
                        _ => Reply::Stopping,
                    };
                    let _ = outgoing.send(Ok(FromKernel::Reply { id, reply })).await;
                }
            });
            Ok(Channel { requests, messages })
        })
    })
}

#[test]
fn idle_writes_nothing_and_control_q_ends() {
    let folder = tempfile::tempdir().unwrap();
    let (heard, mut requests) = mpsc::unbounded_channel();
    let connect = scripted(heard, Arc::default());
    let reason = with_workbench(
        connect,
        &folder.path().join("history"),
        |keys, written| async move {
            requests.recv().await.unwrap();
            until("the first screens", || written.load(Ordering::SeqCst) > 500).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
            let before = written.load(Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(1_500)).await;
            assert_eq!(
                written.load(Ordering::SeqCst),
                before,
                "bytes without an event"
            );
            press(&keys, "a");
            until("the answer to a key", || {
                written.load(Ordering::SeqCst) > before
            })
            .await;
            press(&keys, "ctrl+q");
        },
    );
    assert_eq!(reason, ExitReason::Quit);
}

#[test]
fn whoever_leaves_keeps_the_words_that_were_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("history");
    let (heard, mut requests) = mpsc::unbounded_channel();
    let connect = scripted(heard, Arc::default());
    with_workbench(connect, &history, |keys, _| async move {
        requests.recv().await.unwrap();
        for name in ["h", "a", "l", "f", "ctrl+q"] {
            press(&keys, name);
        }
    });
    let kept = keep::load(&history.with_extension("workbench")).unwrap();
    let state = State::new(Beginning {
        remembered: Some(kept),
        ..Beginning::default()
    });
    assert_eq!(state.composer.line.text(), "half");
}

#[test]
fn settings_are_read_anew_and_a_mistake_in_them_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home {
        root: folder.path().to_owned(),
    };
    let file = home.settings_file();
    let reload = Reload {
        file: file.clone(),
        load: Box::new(move || {
            let none = Environment::default();
            let settings = Settings::load_in(&home, &Vec::new(), &none);
            let settings = settings.map_err(|error| error.to_string())?;
            Ok(Preferences {
                theme: settings.theme,
                terminal: settings.terminal,
                keys: settings.keys,
            })
        }),
    };
    let (heard, mut requests) = mpsc::unbounded_channel();
    let connect = scripted(heard, Arc::default());
    let history = folder.path().join("history");
    let reason = with_settings(
        connect,
        &history,
        Some(reload),
        |keys, written| async move {
            requests.recv().await.unwrap();
            let told = |what: &'static str| {
                let (written, before) = (written.clone(), written.load(Ordering::SeqCst));
                async move { until(what, || written.load(Ordering::SeqCst) > before + 20).await }
            };
            tokio::time::sleep(Duration::from_millis(300)).await;
            let notice = told("a line about the mistake");
            std::fs::write(&file, "[keys.everywhere]\nquit = \"strg+v\"\n").unwrap();
            notice.await;
            let notice = told("a line about the change");
            std::fs::write(&file, "[keys.everywhere]\nquit = \"ctrl+v\"\n").unwrap();
            notice.await;
            press(&keys, "ctrl+v");
            // With the old keys it would go on until the input ends.
            tokio::time::sleep(Duration::from_millis(500)).await;
        },
    );
    assert_eq!(reason, ExitReason::Quit);
}

#[test]
fn a_kernel_that_goes_is_connected_to_again_and_the_brief_is_kept_in_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history");
    let (heard, mut requests) = mpsc::unbounded_channel();
    let connections = Arc::new(AtomicUsize::new(0));
    let connect = scripted(heard, connections.clone());
    let reason = with_workbench(connect, &path, |keys, _| async move {
        assert!(matches!(
            requests.recv().await.unwrap(),
            Request::Subscribe { .. }
        ));
        for name in ["h", "i", "ctrl+j", "!", "enter"] {
            press(&keys, name);
        }
        assert!(matches!(
            requests.recv().await.unwrap(),
            Request::Understand { .. }
        ));
        press(&keys, "enter");
        let sent = requests.recv().await.unwrap();
        assert_eq!(
            sent,
            Request::StartMission(MissionInput::Words("hi\n!".into()))
        );
        assert!(matches!(
            requests.recv().await.unwrap(),
            Request::Subscribe { .. }
        ));
        assert_eq!(connections.load(Ordering::SeqCst), 2);
        drop(keys);
    });
    assert_eq!(
        reason,
        ExitReason::HangUp,
        "the end of the input is the end of the terminal"
    );
    assert_eq!(history::load(&path).unwrap(), ["hi\n!"]);
}

/// The real socket: attached, cut off by a kernel that goes, and attached again to the next one.
#[test]
fn at_the_socket_one_kernel_follows_another() {
    use batos::tui::client::{Client, at_socket};
    use batos::tui::update::Event;
    use batos::wire::socket::listen;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run").join("kernel.sock");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut client = Client::new(at_socket(path.clone()));
        let Event::Away { tries: 1, reason } = client.next().await else {
            panic!("there is no kernel yet");
        };
        assert!(
            reason.contains("no kernel is running") && reason.contains("batos up"),
            "{reason}"
        );
        assert!(!client.send(ToKernel {
            id: 1,
            request: Request::Status
        }));
        for _ in 0..2 {
            let mut listener = listen(&path).unwrap();
            let kernel = tokio::spawn(async move {
                let (mut reader, mut writer) = listener.accept().await.unwrap().split();
                let request: ToKernel = reader.next().await.unwrap().unwrap();
                let reply = FromKernel::Reply {
                    id: request.id,
                    reply: Reply::Status(status()),
                };
                writer.send(&reply).await.unwrap();
            });
            while client.next().await != Event::Connected {}
            assert!(client.send(ToKernel {
                id: 7,
                request: Request::Status
            }));
            let Event::Kernel(message) = client.next().await else {
                panic!("the reply");
            };
            assert!(matches!(*message, FromKernel::Reply { id: 7, .. }));
            kernel.await.unwrap();
            assert!(matches!(client.next().await, Event::Away { tries: 0, .. }));
        }
    });
}

#[test]
fn the_history_file_is_private_bounded_and_survives_damage() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history");
    assert!(history::load(&path).unwrap().is_empty());
    history::append(&path, "two\nrows").unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    std::fs::write(
        &path,
        [std::fs::read(&path).unwrap(), b"\xff{broken\n".to_vec()].concat(),
    )
    .unwrap();
    history::append(&path, "after").unwrap();
    assert_eq!(history::load(&path).unwrap(), ["two\nrows", "after"]);
    for number in 0..1_200 {
        history::append(&path, &number.to_string()).unwrap();
    }
    assert_eq!(history::load(&path).unwrap().len(), 500);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 500);
}
