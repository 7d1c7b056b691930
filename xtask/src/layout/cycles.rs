//! Cycles in the imports of a crate.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::modules::Import;

/// A group of files that all import each other, directly or through others in the group.
#[derive(Debug)]
pub(super) struct Cycle {
    pub(super) files: BTreeSet<String>,
    /// The imports of a shortest cycle.
    pub(super) shortest: Vec<Import>,
}

/// Returns the cycles, except those of a type and its builder. Each file is in at most one.
pub(super) fn cycles(imports: &[Import]) -> Vec<Cycle> {
    let mut edges: BTreeMap<&str, Vec<&Import>> = BTreeMap::new();
    for import in imports {
        edges.entry(&import.from).or_default().push(import);
    }
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        edges.keys().map(|file| (*file, reachable(file, &edges))).collect();
    let mut cycles = Vec::new();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for (file, reached) in &reach {
        if done.contains(*file) || !reached.contains(file) {
            continue;
        }
        let is_mutual = |other: &&&str| reach.get(**other).is_some_and(|back| back.contains(file));
        let files: BTreeSet<&str> = reached.iter().filter(is_mutual).copied().collect();
        done.extend(&files);
        if !is_builder_pair(&files) {
            let shortest = files.iter().filter_map(|file| shortest_cycle(file, &edges));
            let shortest = shortest.min_by_key(Vec::len).unwrap_or_default();
            let files = files.into_iter().map(ToOwned::to_owned).collect();
            cycles.push(Cycle { files, shortest });
        }
    }
    cycles
}

/// Returns the files that `file` imports, directly or through others.
fn reachable<'a>(file: &'a str, edges: &BTreeMap<&'a str, Vec<&'a Import>>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![file];
    while let Some(file) = open.pop() {
        for import in edges.get(file).into_iter().flatten() {
            if found.insert(import.to.as_str()) {
                open.push(&import.to);
            }
        }
    }
    found
}

/// Returns the fewest imports that lead from `start` back to it.
fn shortest_cycle(start: &str, edges: &BTreeMap<&str, Vec<&Import>>) -> Option<Vec<Import>> {
    let mut before: BTreeMap<&str, &Import> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(file) = open.pop_front() {
        for import in edges.get(file).into_iter().flatten() {
            if import.to == start {
                let mut cycle = vec![(*import).clone()];
                let mut file = import.from.as_str();
                while file != start {
                    let import = before[file];
                    cycle.push(import.clone());
                    file = &import.from;
                }
                cycle.reverse();
                return Some(cycle);
            }
            if !before.contains_key(import.to.as_str()) {
                before.insert(&import.to, import);
                open.push_back(&import.to);
            }
        }
    }
    None
}

/// Returns true if the files are a type and its builder.
fn is_builder_pair(files: &BTreeSet<&str>) -> bool {
    let is_builder = |file: &&str| file.ends_with("builder.rs") || file.ends_with("builder/mod.rs");
    files.len() == 2 && files.iter().any(is_builder)
}
