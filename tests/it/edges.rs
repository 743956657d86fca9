//! The module map of `docs/ARCHITECTURE.md`, held: who may know whom, and who may know which library.

use std::fs;
use std::path::{Path, PathBuf};

/// For each module, the modules that it may use. `cli` may use any.
const EDGES: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("engine", &["config", "wire"]),
    ("guardian", &["method", "syntax"]),
    ("image", &[]),
    (
        "kernel",
        &[
            "config",
            "guardian",
            "image",
            "knowledge",
            "metacognition",
            "method",
            "persona",
            "wire",
        ],
    ),
    ("knowledge", &["image", "syntax"]),
    ("metacognition", &["config", "wire"]),
    ("method", &[]),
    ("persona", &["image", "method"]),
    ("syntax", &[]),
    ("tui", &["config", "syntax", "wire"]),
    ("watchdog", &["config", "metacognition", "wire"]),
    ("wire", &[]),
];

/// Libraries that only one module may name.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("llama_cpp_2", &["engine"]),
    ("llguidance", &["engine"]),
    ("nvml_wrapper", &["engine"]),
    ("fjall", &["image"]),
    ("nucleo_matcher", &["tui"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("tree_sitter", &["syntax"]),
    ("wasmtime", &["method"]),
    ("anyhow", &["cli"]),
];

/// rkyv is for what is stored and what is sent.
const RKYV: &[&str] = &["image", "wire"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn module_of(path: &Path, root: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap();
    let first = inner
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file without its comments, so that prose may name what code may not.
fn code(path: &Path) -> String {
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Names that follow `crate::` in the code, also in a group.
fn used_modules(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let end = group.find(';').unwrap_or(group.len());
            for part in group[..end].split(',') {
                used.push(name_at(part.trim()));
            }
        } else {
            used.push(name_at(rest));
        }
    }
    used
}

fn name_at(text: &str) -> String {
    text.chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect()
}

fn all() -> (PathBuf, Vec<PathBuf>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    assert!(found.len() > 40, "the sources were not found");
    (root, found)
}

#[test]
fn modules_use_only_those_below_them() {
    let (root, files) = all();
    let mut broken = Vec::new();
    for path in files {
        let module = module_of(&path, &root);
        let Some((_, allowed)) = EDGES.iter().find(|(name, _)| *name == module) else {
            continue;
        };
        for used in used_modules(&code(&path)) {
            let is_module = used == "cli" || EDGES.iter().any(|(name, _)| *name == used);
            if is_module && used != module && !allowed.contains(&used.as_str()) {
                broken.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn libraries_stay_in_their_rooms() {
    let (root, files) = all();
    let mut broken = Vec::new();
    for path in files {
        let module = module_of(&path, &root);
        let code = code(&path);
        let rooms = LIBRARIES.iter().chain([&("rkyv", RKYV)]);
        for (library, rooms) in rooms {
            let named =
                code.contains(&format!("{library}::")) || code.contains(&format!("use {library};"));
            if named && !rooms.contains(&module.as_str()) {
                broken.push(format!("{} names {library}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_map_has_no_cycle() {
    fn reaches(from: &str, to: &str) -> bool {
        let below = EDGES
            .iter()
            .find(|(name, _)| *name == from)
            .map_or(&[][..], |(_, below)| *below);
        below.contains(&to) || below.iter().any(|next| reaches(next, to))
    }
    for (module, _) in EDGES {
        assert!(!reaches(module, module), "{module} depends on itself");
    }
}

#[test]
fn the_edge_finder_finds_edges() {
    let code =
        "use crate::{image::Image, wire};\nlet x = crate::method::Type::Unit; $crate::nothing";
    assert_eq!(used_modules(code), ["image", "wire", "method"]);
}
