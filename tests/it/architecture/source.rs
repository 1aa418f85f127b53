//! The source files of `src` without their tests, and which of them name which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// A path of modules and items below the crate: `["web", "http", "error", "Error"]`.
type ItemPath = Vec<String>;

/// A source file, parsed.
pub struct SourceFile {
    /// Below `src`.
    pub path: String,
    pub syntax: syn::File,
}

/// All source files but `main.rs`, and the files that hold tests only.
pub fn source_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut files, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let below: PathBuf = path.strip_prefix(&root).expect("below src").to_path_buf();
            let is_test = below.iter().any(|part| part == "tests" || part == "tests.rs");
            if is_test || below.as_os_str() == "main.rs" || below.extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source file");
            let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", below.display()));
            files.push(SourceFile { path: below.display().to_string(), syntax });
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// Whether an item is compiled for tests only.
pub fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

/// For each file the others that it names, re-exports followed to the file that has the item.
pub fn references(files: &[SourceFile]) -> BTreeMap<String, BTreeSet<String>> {
    let modules: BTreeMap<ItemPath, String> =
        files.iter().map(|file| (module(&file.path), file.path.clone())).collect();
    let named: Vec<Named> = files.iter().map(|file| Named::of(file, &modules)).collect();
    let mut exports = BTreeMap::new();
    for (file, named) in files.iter().zip(&named) {
        for (name, target) in &named.exported {
            exports.insert((module(&file.path), name.clone()), target.clone());
        }
    }
    let resolver = Resolver { modules: &modules, exports: &exports };
    files
        .iter()
        .zip(named)
        .map(|(file, named)| {
            let found = named.paths.iter().filter_map(|path| resolver.file(path, 0));
            (file.path.clone(), found.filter(|other| *other != file.path && other != "lib.rs").collect())
        })
        .collect()
}

/// The module that a file is.
fn module(path: &str) -> ItemPath {
    let mut parts: ItemPath = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

struct Resolver<'a> {
    modules: &'a BTreeMap<ItemPath, String>,
    exports: &'a BTreeMap<(ItemPath, String), ItemPath>,
}

impl Resolver<'_> {
    /// The file in which an item stands.
    fn file(&self, path: &[String], depth: usize) -> Option<String> {
        let known = (0..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length]))?;
        let (module, rest) = path.split_at(known);
        let export = rest.first().and_then(|name| self.exports.get(&(module.to_vec(), name.clone())));
        match export {
            Some(target) if depth < 8 && target != path => {
                self.file(&target.iter().chain(&rest[1..]).cloned().collect::<Vec<_>>(), depth + 1)
            }
            _ => self.modules.get(module).cloned(),
        }
    }
}

/// What a file names of the crate.
struct Named<'a> {
    module: ItemPath,
    modules: &'a BTreeMap<ItemPath, String>,
    imports: BTreeMap<String, ItemPath>,
    exported: BTreeMap<String, ItemPath>,
    paths: Vec<ItemPath>,
}

impl<'a> Named<'a> {
    fn of(file: &SourceFile, modules: &'a BTreeMap<ItemPath, String>) -> Self {
        let mut named = Self {
            module: module(&file.path),
            modules,
            imports: BTreeMap::new(),
            exported: BTreeMap::new(),
            paths: Vec::new(),
        };
        for item in &file.syntax.items {
            if let syn::Item::Use(import) = item {
                named.take_use(import);
            }
        }
        named.visit_file(&file.syntax);
        named
    }

    fn take_use(&mut self, import: &syn::ItemUse) {
        let mut leaves = Vec::new();
        flatten(&import.tree, Vec::new(), &mut leaves);
        for (path, name) in leaves {
            let Some(absolute) = self.absolute(&path) else { continue };
            if !matches!(import.vis, syn::Visibility::Inherited) {
                self.exported.insert(name.clone(), absolute.clone());
            }
            self.imports.insert(name, absolute.clone());
            self.paths.push(absolute);
        }
    }

    /// None for a path of another crate, or of the prelude.
    fn absolute(&self, path: &[String]) -> Option<ItemPath> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some(self.module.iter().chain(rest).cloned().collect()),
            "super" => {
                let ups = path.iter().take_while(|part| *part == "super").count();
                let above = self.module.len().checked_sub(ups)?;
                Some(self.module[..above].iter().chain(&path[ups..]).cloned().collect())
            }
            _ => {
                let child: ItemPath = self.module.iter().chain([first]).cloned().collect();
                let known =
                    self.imports.get(first).cloned().or_else(|| self.modules.contains_key(&child).then_some(child));
                known.map(|known| known.into_iter().chain(rest.iter().cloned()).collect())
            }
        }
    }
}

impl<'ast> Visit<'ast> for Named<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: ItemPath = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if parts.len() > 1
            && let Some(absolute) = self.absolute(&parts)
        {
            self.paths.push(absolute);
        }
        visit::visit_path(self, path);
    }
}

/// The leaves of a `use`, each with the name by which the file calls it.
fn flatten(tree: &syn::UseTree, mut path: ItemPath, leaves: &mut Vec<(ItemPath, String)>) {
    match tree {
        syn::UseTree::Path(part) => {
            path.push(part.ident.to_string());
            flatten(&part.tree, path, leaves);
        }
        syn::UseTree::Name(name) if name.ident == "self" => {
            let own = path.last().cloned().unwrap_or_default();
            leaves.push((path, own));
        }
        syn::UseTree::Name(name) => {
            path.push(name.ident.to_string());
            leaves.push((path, name.ident.to_string()));
        }
        syn::UseTree::Rename(rename) => {
            if rename.ident != "self" {
                path.push(rename.ident.to_string());
            }
            leaves.push((path, rename.rename.to_string()));
        }
        syn::UseTree::Glob(_) => leaves.push((path, "*".to_owned())),
        syn::UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, path.clone(), leaves);
            }
        }
    }
}
