//! The layers of `src/lib.rs`: each knows only those above it in the list, and each library from outside has one home.

use std::fs;
use std::path::{Path, PathBuf};

/// Layers from the innermost; a layer may use those before it and itself.
const LAYERS: [&str; 8] = ["base", "model", "engine", "reports", "store", "session", "app", "cli"];

/// Crates that only one layer may name.
const HOMES: [(&str, &str); 5] =
    [("rusqlite", "store"), ("egui", "app"), ("eframe", "app"), ("rfd", "app"), ("clap", "cli")];

/// What no code may hold back.
const UNFINISHED: [&str; 4] = ["todo!(", "unimplemented!(", "#[ignore", "allow(dead_code)"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Lines of code without comments.
fn code(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned()).collect()
}

fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let free = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
        free && line[at + word.len()..].starts_with("::")
    })
}

#[test]
fn layers_know_only_those_before_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![];
    for (place, layer) in LAYERS.iter().enumerate() {
        let folder = src.join(layer);
        assert!(folder.is_dir(), "the layer {layer} has a folder");
        for file in sources(&folder) {
            for (number, line) in code(&file).iter().enumerate() {
                let site = || format!("{}:{}: {}", file.display(), number + 1, line.trim());
                // the window and the command do not know each other either
                let later = LAYERS
                    .iter()
                    .enumerate()
                    .filter(|(other, name)| *other > place || (*layer == "cli" && **name == "app"));
                found.extend(
                    later.filter(|(_, name)| line.contains(&format!("crate::{name}"))).map(|_| site()),
                );
                let foreign = HOMES.iter().filter(|(name, home)| home != layer && names(line, name));
                found.extend(foreign.map(|_| site()));
            }
        }
    }
    assert!(found.is_empty(), "uses that the code map forbids:\n{}", found.join("\n"));
}

#[test]
fn nothing_is_left_unfinished() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["src", "benches"].iter().flat_map(|folder| sources(&root.join(folder)));
    let found: Vec<_> = files
        .flat_map(|file| {
            let lines = code(&file).into_iter().enumerate();
            lines
                .filter(|(_, line)| UNFINISHED.iter().any(|mark| line.contains(mark)))
                .map(|(number, line)| format!("{}:{}: {}", file.display(), number + 1, line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(found.is_empty(), "unfinished:\n{}", found.join("\n"));
}
