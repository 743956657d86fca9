//! The index follows the image, and finds what is there and nothing else.

use batos::image::{Author, Image, Method, Transaction};
use batos::knowledge::{Document, Format, Hit, Index, Kind, Query, key_of, terms};

struct Known {
    _folder: tempfile::TempDir,
    image: Image,
    index: Index,
}

impl Known {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            image: Image::open(&folder.path().join("image")).unwrap(),
            _folder: folder,
            index: Index::default(),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Transaction)) -> u64 {
        let mut transaction = self.image.begin(Author::Person);
        change(&mut transaction);
        transaction.commit().unwrap()
    }

    fn add(&self, name: &str, text: &str) -> u64 {
        let document = Document::of(Format::Markdown, text).to_fact();
        self.change(|transaction| transaction.set_fact(&key_of(name), &document).unwrap())
    }

    fn teach(&self, object: &str, selector: &str, brief: &str) {
        let wasm = self.image.blobs().put(b"code").unwrap();
        self.change(|transaction| {
            use batos::image::Read as _;
            let oid = transaction.oid_named(object).unwrap();
            let oid = oid.unwrap_or_else(|| transaction.create_object(object, None).unwrap());
            let signature = format!("fn {selector}(&self) -> i64");
            let source =
                format!("impl {object} {{\n    /// {brief}\n    pub {signature} {{ 0 }}\n}}\n");
            let method = Method {
                selector: selector.to_owned(),
                signature,
                source,
                wasm,
                slots: Vec::new(),
                author: "BRICK".to_owned(),
                mission: None,
                checks_json: "[]".to_owned(),
                self_checked: false,
                calls: 0,
                failures: 0,
            };
            transaction.put_method(oid, method).unwrap();
        });
    }

    fn search(&mut self, text: &str) -> Vec<Hit> {
        self.index.follow(&self.image.view()).unwrap();
        self.index.search(&Query {
            text,
            kinds: &[Kind::Document, Kind::Fact, Kind::Method, Kind::Lesson],
            limit: 10,
            meaning: None,
        })
    }

    fn names(&mut self, text: &str) -> Vec<String> {
        let hits = self.search(text);
        hits.iter().map(|hit| hit.entry.name.clone()).collect()
    }
}

#[test]
fn words_are_found_in_other_forms_and_in_names() {
    assert_eq!(terms("The deposits"), terms("deposit"));
    assert_eq!(terms("charged"), terms("charges"));
    assert_eq!(terms("stopped"), terms("stops"));
    assert_eq!(terms("countries"), terms("country"));
    assert!(terms("current_balance").contains(&"balanc".to_owned()));
    assert!(terms("currentBalance").contains(&"balanc".to_owned()));
    assert!(terms("HTTPServer").contains(&"server".to_owned()));
    assert!(terms("is it the one that was?").len() == 1);
}

#[test]
fn the_best_chunk_comes_first() {
    let mut known = Known::new();
    known.add(
        "bank.md",
        "# Hours\n\nThe bank opens at nine and closes at five.\n\n# Fees\n\nA withdrawal abroad costs two percent of the amount.\n",
    );
    known.add(
        "garden.md",
        "# Roses\n\nWater the roses at nine in the evening.\n",
    );
    let hits = known.search("what does a withdrawal abroad cost?");
    assert_eq!(hits[0].entry.name, "bank.md");
    assert_eq!(hits[0].entry.heading, "Fees");
    assert_eq!(hits[0].entry.line, 5);
    assert!(hits[0].share > 0.99, "{}", hits[0].share);
    assert_eq!(hits.len(), 1);
    assert_eq!(known.names("roses"), ["garden.md"]);
    assert!(known.names("unicorn").is_empty());
    assert!(known.names("the of and").is_empty());
}

#[test]
fn what_is_undone_is_found_no_more() {
    let mut known = Known::new();
    known.add("a.md", "The vault is green.\n");
    let tid = known.add("b.md", "The vault is below the stairs.\n");
    assert_eq!(known.names("stairs"), ["b.md"]);
    known.change(|transaction| {
        transaction.undo(tid).unwrap();
    });
    assert!(known.names("stairs").is_empty());
    assert_eq!(known.names("vault"), ["a.md"]);
    // Undo of the undo.
    let tid = known.image.tid();
    known.change(|transaction| {
        transaction.undo(tid).unwrap();
    });
    assert_eq!(known.names("stairs"), ["b.md"]);
    // Another text under the same name.
    known.add("b.md", "The vault is in the attic.\n");
    assert!(known.names("stairs").is_empty());
    assert_eq!(known.names("attic"), ["b.md"]);
    known.change(|transaction| {
        transaction.remove_fact(&key_of("b.md")).unwrap();
    });
    assert!(known.names("attic").is_empty());
}

#[test]
fn methods_facts_and_lessons_are_found() {
    let mut known = Known::new();
    known.teach(
        "Account",
        "interest",
        "Computes what the bank owes for a year.",
    );
    known.teach("Account", "close", "Ends it for good.");
    known.change(|transaction| {
        transaction
            .set_fact(
                "knowledge/00000003",
                "remember that the auditor is called Ada",
            )
            .unwrap();
        transaction
            .set_fact(
                "failure/Account.transfer/00000004",
                "checks: overdraft was let through",
            )
            .unwrap();
        transaction
            .set_fact("adopted/x", "the auditor is not here")
            .unwrap();
    });
    let hits = known.search("what the bank owes");
    assert_eq!(hits[0].entry.name, "Account.interest");
    assert_eq!(hits[0].entry.kind, Kind::Method);
    let hits = known.search("who is the auditor?");
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].entry.kind, Kind::Fact);
    let hits = known.search("overdraft");
    assert_eq!(hits[0].entry.name, "Account.transfer");
    assert_eq!(hits[0].entry.kind, Kind::Lesson);
    // Renamed, and gone.
    known.change(|transaction| {
        use batos::image::Read as _;
        let oid = transaction.oid_named("Account").unwrap().unwrap();
        transaction.set_name(oid, "Ledger").unwrap();
    });
    assert_eq!(known.names("owes")[0], "Ledger.interest");
    known.change(|transaction| {
        use batos::image::Read as _;
        let oid = transaction.oid_named("Ledger").unwrap().unwrap();
        transaction.remove_object(oid).unwrap();
    });
    assert!(known.names("owes").is_empty());
}

#[test]
fn following_is_the_same_as_looking_at_everything() {
    let mut known = Known::new();
    let words = ["red", "green", "blue", "black", "white"];
    for n in 0..60_usize {
        let name = format!("{}.md", n % 7);
        let text = format!("{} {} number {n}\n", words[n % 5], words[n % 3]);
        match n % 9 {
            8 => {
                known.change(|transaction| {
                    transaction.remove_fact(&key_of(&name)).unwrap();
                    transaction.audit("removed");
                });
            }
            5 => known.teach(&format!("Object{}", n % 4), "go", &text),
            _ => {
                known.add(&name, &text);
            }
        }
        if n % 4 == 0 {
            known.search("red");
        }
    }
    let followed = words.map(|word| known.search(word));
    known.index = Index::default();
    let anew = words.map(|word| known.search(word));
    for (followed, anew) in followed.iter().zip(&anew) {
        let list = |hits: &[Hit]| -> Vec<(String, u64)> {
            hits.iter()
                .map(|hit| (hit.entry.name.clone(), hit.words.to_bits()))
                .collect()
        };
        assert_eq!(list(followed), list(anew));
    }
}

/// How long it takes: `cargo test --release --test it -- --ignored --nocapture index_of_many`.
#[test]
#[ignore = "it measures"]
fn index_of_many() {
    let mut known = Known::new();
    let mut seed = 7_u64;
    let mut word = || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // Few words are frequent, many are rare, as in a language.
        let share = ((seed >> 33) as f64 / f64::from(1_u32 << 31)).powi(4);
        format!("w{}", (share * 20_000.0) as u32)
    };
    let mut bytes = 0;
    for n in 0..100 {
        let text: String = (0..100)
            .map(|_| (0..130).map(|_| word()).collect::<Vec<_>>().join(" ") + ".\n\n")
            .collect();
        bytes += text.len();
        known.add(&format!("{n}.md"), &text);
    }
    let began = std::time::Instant::now();
    known.index.follow(&known.image.view()).unwrap();
    let whole = began.elapsed();
    let began = std::time::Instant::now();
    for n in 0..100 {
        known.search(&format!("w{n} w{} w{} w7", n * 31, n * 101));
    }
    let search = began.elapsed() / 100;
    known.add("new.md", "one more\n");
    let began = std::time::Instant::now();
    known.search("more");
    eprintln!(
        "{bytes} bytes, {} chunks: index {whole:?}, search {search:?}, one document more {:?}",
        known.index.len(),
        began.elapsed()
    );
}
