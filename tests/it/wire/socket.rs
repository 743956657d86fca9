//! Who may connect, what the handshake says, and that a live socket is never taken.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use batos::wire::messages::{
    Failure, FailureKind, FromKernel, PROTOCOL_VERSION, Reply, Request, ToKernel,
};
use batos::wire::socket::{
    HELLO_BYTES, Hello, Listener, RequestError, Role, SocketError, connect, connect_as,
    connect_sync, listen,
};

fn socket_in(folder: &Path) -> PathBuf {
    folder.join("run/kernel.sock")
}

/// Answers every request of every connection: `Stop` with a failure, the rest with its id as a tid.
fn serve(mut listener: Listener) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let Ok(connection) = listener.accept().await else {
                continue;
            };
            tokio::spawn(async move {
                let (mut reader, mut writer) = connection.split();
                while let Ok(Some(ToKernel { id, request })) = reader.next().await {
                    let answer = match request {
                        Request::Stop => FromKernel::Failure {
                            id,
                            failure: Failure {
                                kind: FailureKind::Unavailable,
                                message: "not now".to_owned(),
                                hint: Some("later".to_owned()),
                            },
                        },
                        _ => FromKernel::Reply {
                            id,
                            reply: Reply::Alive { tid: id },
                        },
                    };
                    writer.send(&answer).await.unwrap();
                }
            });
        }
    })
}

#[tokio::test]
async fn requests_are_answered_over_both_kinds_of_connection() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(folder.path());
    serve(listen(&path).unwrap());

    let mut connection = connect(&path).await.unwrap();
    assert_eq!(connection.peer_role(), Role::Kernel);
    let reply = connection.request(41, Request::Probe).await.unwrap();
    assert_eq!(reply, Reply::Alive { tid: 41 });

    let outcome = tokio::task::spawn_blocking(move || {
        let mut connection = connect_sync(&path).unwrap();
        let reply = connection.request(Request::Probe).unwrap();
        (reply, connection.request(Request::Stop).unwrap_err())
    });
    let (reply, error) = outcome.await.unwrap();
    assert_eq!(reply, Reply::Alive { tid: 1 });
    assert!(matches!(error, RequestError::Failed(_)));
    assert_eq!(error.hint().as_deref(), Some("later"));
}

#[tokio::test]
async fn the_socket_and_its_folder_are_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(folder.path());
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::set_permissions(path.parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
    let listener = listen(&path).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    drop(listener);
    assert!(!path.exists(), "the socket file must go with its listener");
}

#[tokio::test]
async fn a_live_socket_is_not_taken_and_a_dead_one_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(folder.path());
    let first = listen(&path).unwrap();
    assert!(matches!(listen(&path), Err(SocketError::InUse { .. })));
    drop(first);
    // A dead socket file, as a killed kernel leaves it.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    assert!(matches!(
        connect(&path).await,
        Err(SocketError::NotRunning { .. })
    ));
    serve(listen(&path).unwrap());
    connect(&path).await.unwrap();
}

#[tokio::test]
async fn a_file_in_the_way_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(folder.path());
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, "precious").unwrap();
    assert!(matches!(listen(&path), Err(SocketError::NotASocket { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
}

#[tokio::test]
async fn a_deep_home_works_where_the_system_allows() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("d".repeat(120));
    let path = socket_in(&deep);
    if cfg!(target_os = "linux") {
        serve(listen(&path).unwrap_or_else(|error| panic!("{error}: {:?}", error)));
        connect(&path).await.unwrap();
        assert!(matches!(listen(&path), Err(SocketError::InUse { .. })));
    } else {
        let error = listen(&path).unwrap_err();
        assert!(error.hint().unwrap().contains("--home"));
    }
}

#[tokio::test]
async fn nobody_there_is_told_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let error = connect(&folder.path().join("none/kernel.sock"))
        .await
        .unwrap_err();
    assert!(matches!(error, SocketError::NotRunning { .. }));
    assert_eq!(error.hint().as_deref(), Some("start it with `batos up`"));
    assert!(matches!(
        connect_sync(&folder.path().join("kernel.sock")),
        Err(SocketError::NotRunning { .. })
    ));
}

#[tokio::test]
async fn another_version_is_named_on_both_sides() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(folder.path());
    let mut listener = listen(&path).unwrap();
    let later = Hello {
        version: PROTOCOL_VERSION + 1,
        role: Role::FrontEnd,
    };
    let client = tokio::task::spawn_blocking({
        let path = path.clone();
        move || {
            let mut stream = UnixStream::connect(path).unwrap();
            stream.write_all(&later.to_bytes()).unwrap();
            let mut answer = [0; HELLO_BYTES];
            stream.read_exact(&mut answer).unwrap();
            let rest = stream.read_to_end(&mut Vec::new()).unwrap();
            (Hello::from_bytes(answer).unwrap(), rest)
        }
    });
    let error = listener.accept().await.unwrap_err();
    insta::assert_snapshot!(error, @"this kernel speaks protocol 5, the batos that connected speaks 6");
    let (answer, rest) = client.await.unwrap();
    assert_eq!(answer, Hello::of(Role::Kernel));
    assert_eq!(rest, 0);
    drop(listener);

    // A kernel of a later version, and a front-end of ours.
    let later = Hello {
        version: PROTOCOL_VERSION + 1,
        role: Role::Kernel,
    };
    let kernel = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let server = tokio::task::spawn_blocking(move || {
        let (mut stream, _) = kernel.accept().unwrap();
        stream.write_all(&later.to_bytes()).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    });
    let error = connect(&path).await.unwrap_err();
    insta::assert_snapshot!(error, @"this batos speaks protocol 5, the running kernel speaks 6");
    assert!(error.hint().unwrap().contains("batos down"));
    server.await.unwrap();
}

#[tokio::test]
async fn strangers_and_silent_peers_hold_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(folder.path());
    let mut listener = listen(&path).unwrap();
    let silent = UnixStream::connect(&path).unwrap();
    let mut stranger = UnixStream::connect(&path).unwrap();
    stranger.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let front_end = tokio::spawn({
        let path = path.clone();
        async move { connect_as(&path, Role::Watchdog).await.map(|_| ()) }
    });
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        outcomes.push(listener.accept().await);
    }
    assert!(
        outcomes
            .iter()
            .any(|outcome| matches!(outcome, Err(SocketError::NotBatos)))
    );
    assert!(
        outcomes
            .iter()
            .flatten()
            .any(|connection| connection.peer_role() == Role::Watchdog)
    );
    front_end.await.unwrap().unwrap();
    drop(silent);
}
