//! An image on another machine: it opens, and its methods run, where no compiler is.

use std::fs;
use std::path::Path;

use batos::image::{Extent, Image, Read, restore};
use serde_json::json;

use super::home::{GOOD_DEPOSIT, Ran, TestHome, deposit};

/// Runs a command as on a machine where no rustc is found.
fn batos(home: &TestHome, arguments: &[&str]) -> Ran {
    let mut command = home.command(arguments);
    for unset in [
        "PATH",
        "HOME",
        "RUSTUP_HOME",
        "CARGO_HOME",
        "XDG_CACHE_HOME",
    ] {
        command.env_remove(unset);
    }
    let output = command.env("BATOS_RUSTC", "/nowhere/rustc").output();
    let output = output.unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn live_image(home: &TestHome) -> std::path::PathBuf {
    home.path().join("home/live_image")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Everything that a moved image promises.
fn check(home: &TestHome, balance: f64) {
    batos(home, &["up"]).expect(0);
    let sent = batos(home, &["send", "Account", "deposit", "[1]", "--json"]).expect(0);
    assert_eq!(sent.json(), json!({"returns": {"Ok": balance + 1.0}}));
    // There really is no compiler: a new method cannot be written here.
    let file = home.path().join("take.json");
    let mut take = deposit();
    take["selector"] = json!("take");
    take["signature"] = json!("fn take(&mut self, amount: f64) -> Result<f64, String>");
    fs::write(&file, take.to_string()).unwrap();
    let mission = [
        "mission",
        "--file",
        file.to_str().unwrap(),
        "--wait",
        "--json",
    ];
    let failed = batos(home, &mission).expect(3);
    assert!(
        failed.stdout.contains("/nowhere/rustc"),
        "{}",
        failed.stdout
    );
    let sent = batos(home, &["send", "Account", "deposit", "[1]", "--json"]).expect(0);
    assert_eq!(sent.json(), json!({"returns": {"Ok": balance + 2.0}}));
    batos(home, &["down"]).expect(0);
}

#[test]
fn a_moved_image_opens_and_its_methods_run_without_a_compiler() {
    let script = json!({"answers": [], "default": GOOD_DEPOSIT});
    let first = TestHome::scripted(&script);
    first.up();
    let id = first.start(&deposit());
    first.wait_for(id, &["COMPLETE"]);
    first
        .batos(&["send", "Account", "deposit", "[2.5]"])
        .expect(0);
    first.batos(&["down"]).expect(0);
    // Copied as it is.
    let second = TestHome::scripted(&script);
    copy(&live_image(&first), &live_image(&second));
    check(&second, 2.5);
    // By a backup.
    let backups = second.path().join("backups");
    let image = Image::open(&live_image(&second)).unwrap();
    image.backup(&backups, Extent::Full, &mut |_| {}).unwrap();
    // What is installed is WebAssembly, never a machine's own code.
    for object in image.view().objects().unwrap() {
        for method in object.methods {
            let code = image.blobs().get(method.wasm).unwrap();
            assert!(code.starts_with(b"\0asm\x01\0\0\0"));
        }
    }
    drop(image);
    let third = TestHome::scripted(&script);
    fs::create_dir_all(third.path().join("home")).unwrap();
    restore(&backups, &live_image(&third), None, &mut |_| {}).unwrap();
    check(&third, 4.5);
}
