//! The confinement, with ordinary programs in place of the compiler.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use batos::method::{Access, Compiler, JobLimits, JobOutput, run_confined};

const LIMITS: JobLimits = JobLimits {
    wall: Duration::from_secs(20),
    cpu_seconds: 10,
    memory_bytes: 1 << 30,
    file_bytes: 1 << 20,
    output_bytes: 1 << 16,
};

struct Place {
    job: tempfile::TempDir,
    outside: tempfile::TempDir,
}

fn place() -> Place {
    let place = Place {
        job: tempfile::tempdir().unwrap(),
        outside: tempfile::tempdir().unwrap(),
    };
    std::fs::write(place.outside.path().join("secret"), "the secret").unwrap();
    std::fs::write(place.job.path().join("given"), "what was given").unwrap();
    place
}

/// Runs a shell line confined; `OUTSIDE` is the folder that it must not reach.
fn shell(place: &Place, line: &str, limits: &JobLimits) -> JobOutput {
    let read = [
        "/bin",
        "/usr/bin",
        "/lib",
        "/lib64",
        "/usr/lib",
        "/etc/ld.so.cache",
    ]
    .map(PathBuf::from)
    .to_vec();
    let access = Access {
        read,
        folder: place.job.path().to_path_buf(),
    };
    let environment = [
        ("PATH", "/usr/bin:/bin".to_owned()),
        ("OUTSIDE", place.outside.path().display().to_string()),
    ];
    run_confined(
        Path::new("/bin/sh"),
        &["-c".into(), line.into()],
        &environment,
        &access,
        limits,
    )
    .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

#[test]
fn this_machine_confines_and_says_how() {
    let how = Compiler::confinement().unwrap();
    assert!(how.contains("Landlock") && how.contains("seccomp"), "{how}");
}

#[test]
fn a_job_reads_and_writes_its_own_folder() {
    let place = place();
    let output = shell(
        &place,
        "cat given && echo && echo made > made && cat made && echo $TMPDIR && pwd",
        &LIMITS,
    );
    let folder = place.job.path().display().to_string();
    assert_eq!(
        text(&output.stdout),
        format!("what was given\nmade\n{folder}\n{folder}"),
        "{}",
        text(&output.stderr)
    );
    assert!(output.status.success() && output.stopped.is_none());
}

#[test]
fn a_job_reads_nothing_else() {
    let place = place();
    for line in [
        "cat $OUTSIDE/secret",
        "ls $OUTSIDE",
        "cat /etc/passwd",
        "ls /",
        "ln -s $OUTSIDE/secret l; cat l",
        "cat /proc/1/environ",
    ] {
        let output = shell(&place, line, &LIMITS);
        assert!(!output.status.success(), "{line}");
        assert_eq!(text(&output.stdout), "", "{line}");
    }
}

#[test]
fn a_job_changes_nothing_else() {
    let place = place();
    let secret = place.outside.path().join("secret");
    for line in [
        "echo x > $OUTSIDE/secret",
        "echo x >> $OUTSIDE/secret",
        "echo x > $OUTSIDE/new",
        "rm $OUTSIDE/secret",
        "mv given $OUTSIDE/new",
        "chmod 777 $OUTSIDE/secret",
        "touch $OUTSIDE/secret",
        "truncate -s 0 $OUTSIDE/secret",
        "ln $OUTSIDE/secret here",
        "mkdir $OUTSIDE/d",
        "chown 1:1 $OUTSIDE/secret",
    ] {
        let before = std::fs::metadata(&secret).unwrap().modified().unwrap();
        let output = shell(&place, line, &LIMITS);
        assert!(!output.status.success(), "{line}");
        assert_eq!(
            std::fs::read_to_string(&secret).unwrap(),
            "the secret",
            "{line}"
        );
        assert_eq!(
            std::fs::metadata(&secret).unwrap().modified().unwrap(),
            before,
            "{line}"
        );
        assert_eq!(
            std::fs::read_dir(place.outside.path()).unwrap().count(),
            1,
            "{line}"
        );
    }
}

#[test]
fn a_job_has_no_environment_and_no_open_files_of_ours() {
    let place = place();
    let secret = std::fs::File::open(place.outside.path().join("secret")).unwrap();
    // As a native library might: a descriptor that is not closed on exec.
    let leaked = nix::unistd::dup(&secret).unwrap();
    let number = std::os::fd::AsRawFd::as_raw_fd(&leaked);
    let output = shell(
        &place,
        &format!("env | sort | cut -d= -f1; cat <&{number}"),
        &LIMITS,
    );
    let names: Vec<String> = text(&output.stdout).lines().map(str::to_owned).collect();
    assert!(
        names.iter().all(
            |name| ["OUTSIDE", "PATH", "PWD", "TMPDIR", "_", "SHLVL", "OLDPWD"]
                .contains(&name.as_str())
        ),
        "{names:?}"
    );
    assert!(!text(&output.stdout).contains("the secret"));
}

#[test]
fn a_job_reaches_no_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Outside the confinement the same line connects; without bash or perl there is nothing to try it with.
    let line = format!("exec 3<>/dev/tcp/127.0.0.1/{port}");
    let Ok(free) = std::process::Command::new("bash")
        .args(["-c", &line])
        .output()
    else {
        return;
    };
    assert!(free.status.success(), "{}", text(&free.stderr));
    let place = place();
    for line in [line, format!("exec 3<>/dev/udp/127.0.0.1/{port}")] {
        let output = shell(&place, &format!("bash -c '{line}'"), &LIMITS);
        assert!(!output.status.success(), "{line}");
        assert!(
            text(&output.stderr).contains("not permitted"),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn a_job_cannot_signal_others_nor_leave_its_session() {
    let place = place();
    let mut victim = std::process::Command::new("sleep")
        .arg("60")
        .spawn()
        .unwrap();
    let output = shell(&place, &format!("kill -9 {}", victim.id()), &LIMITS);
    assert!(!output.status.success());
    assert!(victim.try_wait().unwrap().is_none());
    victim.kill().unwrap();
    victim.wait().unwrap();
    let output = shell(&place, "setsid -w true", &LIMITS);
    assert!(!output.status.success());
}

#[test]
fn a_job_that_does_not_end_is_killed_with_all_its_children() {
    let place = place();
    let limits = JobLimits {
        wall: Duration::from_millis(300),
        ..LIMITS
    };
    let output = shell(&place, "sleep 50 & echo $!; wait", &limits);
    assert_eq!(output.stopped.as_deref(), Some("it took longer than 0.3 s"));
    let stat = PathBuf::from(format!("/proc/{}/stat", text(&output.stdout)));
    let alive = || std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z"));
    let patience = std::time::Instant::now() + Duration::from_secs(10);
    while alive() && std::time::Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(!alive());
    // One that hides behind closed output, too.
    let output = shell(&place, "exec >&- 2>&-; sleep 60", &limits);
    assert!(output.stopped.is_some());
}

#[test]
fn a_job_has_limits_of_time_memory_and_output() {
    let place = place();
    let output = shell(
        &place,
        "while :; do :; done",
        &JobLimits {
            cpu_seconds: 1,
            ..LIMITS
        },
    );
    assert!(output.stopped.is_some(), "{output:?}");
    let output = shell(&place, "yes", &LIMITS);
    assert_eq!(
        output.stopped.as_deref(),
        Some("it wrote more than 65536 bytes")
    );
    assert!(output.stdout.len() <= LIMITS.output_bytes);
    let output = shell(&place, "head -c 5000000 /dev/zero > big", &LIMITS);
    assert!(!output.status.success());
    assert!(
        std::fs::metadata(place.job.path().join("big"))
            .unwrap()
            .len()
            <= LIMITS.file_bytes
    );
    let output = shell(
        &place,
        "head -c 200000000 /dev/zero | tail -n 1 | wc -c",
        &JobLimits {
            memory_bytes: 64 << 20,
            ..LIMITS
        },
    );
    assert_ne!(text(&output.stdout), "200000000");
}
