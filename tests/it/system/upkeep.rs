//! The image's upkeep from the command line: by the kernel while it runs, by the command otherwise.

use std::fs;

use serde_json::{Value, json};

use super::home::{GOOD_DEPOSIT, Ran, TestHome, deposit};

/// A running system in which Account can deposit.
fn taught() -> TestHome {
    let home = TestHome::scripted(&json!({"answers": [], "default": GOOD_DEPOSIT}));
    home.up();
    let id = home.start(&deposit());
    home.wait_for(id, &["COMPLETE"]);
    home
}

fn path(home: &TestHome, name: &str) -> String {
    home.path().join(name).display().to_string()
}

fn balance(home: &TestHome) -> Value {
    let ran = home.batos(&["object", "show", "Account", "--json"]);
    ran.expect(0).json()["slots"]["balance"]["value"].clone()
}

/// What a person reads, without what differs from run to run.
fn errors(home: &TestHome, ran: &Ran) -> String {
    ran.stderr.replace(&path(home, ""), "…/")
}

#[test]
fn a_check_says_the_same_with_and_without_a_kernel() {
    let home = taught();
    let image = path(&home, "home/live_image");
    let open = home.batos(&["image", "fsck", "--json"]).expect(0).json();
    assert_eq!(open["clean"], true, "{open}");
    assert_eq!(open["objects"], 1);
    assert_eq!(open["methods"], 1);
    let verified = home.batos(&["image", "verify", "--json"]).expect(0).json();
    let hash = verified["hash"].as_str().unwrap().to_owned();
    assert_eq!(hash.len(), 64);
    // An image that is open is no other process's to look at.
    let refused = home.batos(&["image", "fsck", "--folder", &image]).expect(1);
    assert!(refused.stderr.contains("has it open"), "{}", refused.stderr);
    let refused = home.batos(&["image", "fsck", "--repair"]).expect(1);
    insta::assert_snapshot!(refused.stderr, @r"
    error: the image is in use by the kernel
    hint: stop it with `batos down`, repair, and start it again with `batos up`
    ");
    home.batos(&["send", "Account", "deposit", "[1]"]).expect(0);
    let found = home.batos(&["image", "verify", &hash, "--json"]).expect(0);
    assert_eq!(found.json()["found"], verified["tid"]);
    home.batos(&["down"]).expect(0);
    let closed = home.batos(&["image", "fsck", "--json"]).expect(0).json();
    assert_eq!(closed["clean"], true, "{closed}");
    assert_eq!(closed["methods"], open["methods"]);
    let found = home.batos(&["image", "verify", &hash]).expect(0).stdout;
    assert!(found.contains("nothing up to there was changed since"));
    let other = "f".repeat(64);
    let ran = home.batos(&["image", "verify", &other]).expect(5);
    assert!(ran.stdout.contains("not on the chain"), "{}", ran.stdout);
    let ran = home.batos(&["image", "verify", "abc"]).expect(1);
    insta::assert_snapshot!(ran.stderr, @r#"
    error: "abc" is not a hash of the chain: 64 hexadecimal digits are
    hint: give the hash as `batos image verify` printed it
    "#);
    let ran = home.batos(&["image", "fsck", "--folder", &path(&home, "none")]);
    insta::assert_snapshot!(errors(&home, &ran.expect(1)), @r"
    error: there is no image in …/none
    hint: name the folder of an image
    ");
}

#[test]
fn damage_is_found_and_repaired_with_the_kernel_down() {
    let home = taught();
    home.batos(&["down"]).expect(0);
    let log = home.path().join("home/live_image/log");
    let segment = fs::read_dir(log).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&segment).unwrap();
    let mut bytes = whole.clone();
    bytes[200] ^= 1;
    fs::write(&segment, &bytes).unwrap();
    let ran = home.batos(&["up"]);
    assert_ne!(ran.code, 0, "a damaged image is not opened");
    home.batos(&["down"]);
    let found = home.batos(&["image", "fsck", "--json"]).expect(5).json();
    assert_eq!(found["clean"], false);
    assert_eq!(found["findings"][0]["part"], "log");
    let text = home.batos(&["image", "fsck"]).expect(5).stdout;
    assert!(text.contains("hint: `batos image fsck --repair`"), "{text}");
    let plan = home.batos(&["image", "fsck", "--repair", "--dry-run"]);
    assert!(plan.expect(5).stdout.starts_with("a repair would\n- "));
    assert_eq!(fs::read(&segment).unwrap(), bytes, "a dry run does nothing");
    let done = home.batos(&["image", "fsck", "--repair", "--json"]);
    let done = done.expect(0).json();
    assert_eq!(done["remaining"], json!([]), "{done}");
    assert_eq!(done["lost"], Value::Null);
    home.batos(&["image", "fsck"]).expect(0);
    home.up();
    home.batos(&["send", "Account", "deposit", "[2]"]).expect(0);
    assert_eq!(balance(&home), 2.0);
}

#[test]
fn backups_are_made_while_the_system_works_and_restored() {
    let home = taught();
    let backups = path(&home, "backups");
    let full = home.batos(&["image", "backup", &backups, "--json"]);
    let full = full.expect(0).json();
    assert_eq!(full["full"], true);
    home.batos(&["send", "Account", "deposit", "[5]"]).expect(0);
    let since = ["image", "backup", &backups, "--since", "newest", "--json"];
    let second = home.batos(&since).expect(0).json();
    assert_eq!(second["full"], false);
    assert_eq!(second["after"], full["tid"]);
    // Nothing new.
    let ran = home.batos(&["image", "backup", &backups, "--since", "newest"]);
    assert!(ran.expect(0).stdout.starts_with("nothing new since "));
    let ran = home.batos(&["image", "backup", &backups, "--since", "x"]);
    insta::assert_snapshot!(ran.expect(1).stderr, @r#"
    error: "x" is no transaction
    hint: `--since` takes a transaction with which a backup in the folder ends, or `newest`
    "#);
    home.batos(&["down"]).expect(0);
    // Nothing is overwritten.
    let ran = home.batos(&["image", "restore", &backups]).expect(1);
    insta::assert_snapshot!(errors(&home, &ran), @r"
    error: cannot restore to …/home/live_image: there is an image
    hint: stop it with `batos down`, keep what is there with `mv …/home/live_image …/home/live_image.before`, and restore again; or name another folder with `--into`
    ");
    // Without a kernel, too.
    home.batos(&["image", "backup", &path(&home, "more")])
        .expect(0);
    fs::rename(
        home.path().join("home/live_image"),
        home.path().join("home/live_image.before"),
    )
    .unwrap();
    let tid = full["tid"].to_string();
    let into = path(&home, "older");
    let older = ["image", "restore", &backups, "--to", &tid, "--into", &into];
    home.batos(&older).expect(0);
    home.batos(&["image", "fsck", "--folder", &into]).expect(0);
    let done = home.batos(&["image", "restore", &backups, "--json"]);
    let done = done.expect(0).json();
    assert_eq!(done["tid"], second["tid"]);
    assert_eq!(done["from"].as_array().unwrap().len(), 2);
    home.up();
    assert_eq!(balance(&home), 5.0);
    home.batos(&["send", "Account", "deposit", "[1]"]).expect(0);
    let none = path(&home, "none");
    home.batos(&["image", "restore", &none]).expect(1);
}

#[test]
fn an_object_moves_from_one_system_to_another() {
    let home = taught();
    let file = path(&home, "account.batobj");
    let exported = home.batos(&["image", "export", "Account", &file, "--json"]);
    assert_eq!(exported.expect(0).json()["objects"], json!(["Account"]));
    let ran = home.batos(&["image", "export", "Account", &file]).expect(1);
    insta::assert_snapshot!(errors(&home, &ran), @r"
    error: …/account.batobj is there already
    hint: name another file, or replace it with `--force`
    ");
    home.batos(&["image", "export", "Account", &file, "--force"])
        .expect(0);
    let ran = home.batos(&["image", "export", "Nobody", &file, "--force"]);
    insta::assert_snapshot!(ran.expect(1).stderr, @r"
    error: there is no object `Nobody`
    hint: list them with `batos object ls`
    ");
    let ran = home.batos(&["image", "import", &file]).expect(1);
    insta::assert_snapshot!(ran.stderr, @r"
    error: cannot import Account: an object of that name exists
    hint: import under other names with `--prefix`, or take what is equal here with `--reuse`
    ");
    let ran = home.batos(&["image", "import", &file, "--reuse"]).expect(0);
    assert_eq!(ran.stdout, "here already: Account\n");
    let copy = ["image", "import", &file, "--prefix", "Old", "--json"];
    let copy = home.batos(&copy).expect(0).json();
    assert_eq!(copy["objects"], json!(["OldAccount"]));
    assert_eq!(copy["methods"], 1);
    home.batos(&["send", "OldAccount", "deposit", "[3]"])
        .expect(0);
    // Its method still says `impl Account`: compiled again and moved on as it is.
    let rename = [
        "object",
        "slot",
        "OldAccount",
        "rename",
        "balance",
        "money",
        "--json",
    ];
    let renamed = home.batos(&rename).expect(0).json();
    assert_eq!(renamed["rebuilt"], json!(["OldAccount.deposit"]));
    let onward = path(&home, "onward.batobj");
    home.batos(&["image", "export", "OldAccount", &onward])
        .expect(0);
    let other = TestHome::scripted(&json!({"answers": []}));
    let down = other.batos(&["image", "import", &file]).expect(1);
    assert!(down.stderr.contains("hint: start it with `batos up`"));
    other.up();
    other.batos(&["image", "import", &file]).expect(0);
    let sent = other.batos(&["send", "Account", "deposit", "[4]", "--json"]);
    assert_eq!(sent.expect(0).json(), json!({"returns": {"Ok": 4.0}}));
    let here = home.batos(&["object", "show", "OldAccount", "--json"]);
    let money = here.expect(0).json()["slots"]["money"]["value"].clone();
    other.batos(&["image", "import", &onward]).expect(0);
    let sent = other.batos(&["send", "OldAccount", "deposit", "[2]", "--json"]);
    let onward = json!({"returns": {"Ok": money.as_f64().unwrap() + 2.0}});
    assert_eq!(sent.expect(0).json(), onward);
    for _ in 0..4 {
        other.batos(&["image", "undo"]).expect(0);
    }
    other.batos(&["object", "show", "Account"]).expect(1);
    // Something else, and something cut.
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    let ran = other.batos(&["image", "import", &file]).expect(1);
    assert!(ran.stderr.contains("error: "), "{}", ran.stderr);
    other.batos(&["object", "show", "Account"]).expect(1);
}

#[test]
fn a_method_that_breaks_the_covenant_is_not_imported() {
    use batos::image::{Author, Image, Method, Slot};
    let source = "impl Account {\n    pub fn deposit(&mut self, amount: f64) -> f64 {\n        \
                  self.balance += amount;\n        self.balance\n    }\n}\n";
    let home = TestHome::scripted(&json!({"answers": []}));
    let image = Image::open(&home.path().join("hostile")).unwrap();
    let mut t = image.begin(Author::Person);
    let oid = t.create_object("Account", None).unwrap();
    let slot = Slot {
        name: "balance".into(),
        rust_type: "f64".into(),
        value: vec![0xcb, 0, 0, 0, 0, 0, 0, 0, 0],
    };
    t.set_slot(oid, slot).unwrap();
    let method = Method {
        selector: "deposit".into(),
        signature: "fn deposit(&mut self, amount: f64) -> f64".into(),
        source: source.into(),
        wasm: image.blobs().put(b"what a stranger says it is").unwrap(),
        slots: vec![("balance".into(), "f64".into())],
        author: "BRICK".into(),
        mission: Some(7),
        checks_json: "[]".into(),
        self_checked: false,
        calls: 0,
        failures: 0,
    };
    t.put_method(oid, method).unwrap();
    t.commit().unwrap();
    let file = path(&home, "hostile.batobj");
    let mut out = fs::File::create(&file).unwrap();
    image.export(&image.view(), oid, &mut out).unwrap();
    home.up();
    let ran = home.batos(&["image", "import", &file]).expect(1);
    insta::assert_snapshot!(ran.stderr, @r"
    error: cannot import the method deposit of Account: covenant: the method returns this without `self.mark_changed();`
    hint: nothing was changed; the method would have to be written anew
    ");
    assert_eq!(home.batos(&["object", "ls", "--json"]).json(), json!([]));
}

#[test]
fn old_history_is_packed_away_while_the_system_works() {
    let home = taught();
    home.batos(&["image", "tag", "set", "taught"]).expect(0);
    for _ in 0..5 {
        home.batos(&["send", "Account", "deposit", "[1]"]).expect(0);
    }
    let tag = home.batos(&["image", "tag", "ls", "--json"]).expect(0);
    let taught = tag.json()[0]["tid"].clone();
    // Nothing is 30 days old yet.
    let young = home.batos(&["image", "pack", "--json"]).expect(0).json();
    assert_eq!(young["dropped"]["transactions"], 0, "{young}");
    let plan = home.batos(&["image", "pack", "newest", "--dry-run"]);
    let plan = plan.expect(0).stdout;
    assert!(plan.starts_with("it would drop "), "{plan}");
    home.batos(&["image", "at", "1", "ls"]).expect(0);
    let done = home.batos(&["image", "pack", "newest", "--json"]);
    let done = done.expect(0).json();
    assert_eq!(done["pinned"], json!([taught]), "{done}");
    assert!(done["dropped"]["transactions"].as_u64().unwrap() > 5);
    let refused = home.batos(&["image", "at", "1", "ls"]).expect(1);
    assert!(
        refused.stderr.contains("was packed away"),
        "{}",
        refused.stderr
    );
    let then = ["image", "at", "taught", "show", "Account", "--json"];
    let then = home.batos(&then).expect(0).json();
    assert_eq!(then["slots"]["balance"]["value"], 0.0);
    home.batos(&["image", "fsck"]).expect(0);
    let refused = home.batos(&["image", "pack", "nowhere"]).expect(1);
    assert!(
        refused.stderr.contains("`nowhere` is neither"),
        "{}",
        refused.stderr
    );
    home.batos(&["send", "Account", "deposit", "[1]"]).expect(0);
    home.batos(&["down"]).expect(0);
    home.batos(&["image", "pack", "newest"]).expect(0);
    home.batos(&["image", "fsck"]).expect(0);
    home.up();
    assert_eq!(balance(&home), 6.0);
}
