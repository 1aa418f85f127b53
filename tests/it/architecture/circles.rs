//! Circles of files: each of them names another, and in the end itself.

use std::collections::{BTreeMap, BTreeSet};

type References = BTreeMap<String, BTreeSet<String>>;

/// The circles among files, but those of a folder's `mod.rs` with files below that folder.
pub fn circles(references: &References) -> Vec<BTreeSet<String>> {
    among(references, &references.keys().cloned().collect())
}

fn among(references: &References, files: &BTreeSet<String>) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&String, BTreeSet<String>> =
        files.iter().map(|file| (file, reachable(references, files, file))).collect();
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for (file, others) in &reached {
        if seen.contains(*file) || !others.contains(*file) {
            continue;
        }
        let circle: BTreeSet<String> = others.iter().filter(|other| reached[other].contains(*file)).cloned().collect();
        seen.extend(circle.iter().cloned());
        match circle.iter().find(|file| is_folder_of_all(file, &circle)) {
            Some(folder) => {
                found.extend(among(references, &circle.iter().filter(|file| *file != folder).cloned().collect()));
            }
            None => found.push(circle),
        }
    }
    found
}

/// Whether a file is the `mod.rs` of a folder in which all of them are.
fn is_folder_of_all(file: &str, files: &BTreeSet<String>) -> bool {
    file.strip_suffix("mod.rs").is_some_and(|folder| files.iter().all(|other| other.starts_with(folder)))
}

/// What is named by a file, by what that names, and so on.
fn reachable(references: &References, files: &BTreeSet<String>, from: &str) -> BTreeSet<String> {
    let (mut reached, mut waiting) = (BTreeSet::new(), vec![from.to_owned()]);
    while let Some(file) = waiting.pop() {
        for other in references.get(&file).into_iter().flatten().filter(|other| files.contains(*other)) {
            if reached.insert(other.clone()) {
                waiting.push(other.clone());
            }
        }
    }
    reached
}
