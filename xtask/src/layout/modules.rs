//! The modules of a crate and the imports between their files.
//!
//! An import is a path in a `use` item or in code that leads to another file of the crate. Re-exports are followed to the
//! file that defines the item. Tests, and the imports of generated files, are ignored.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use syn::visit::{self, Visit};

/// The maximum number of re-exports to follow, so that a cycle of re-exports ends.
const MAX_REEXPORTS: usize = 16;

/// The path of a module from the root of its crate.
type ModulePath = Vec<String>;

/// An import of one file by another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    /// The importing file, relative to the source directory.
    pub(super) from: String,
    /// The file that defines the imported item.
    pub(super) to: String,
    /// The path as written.
    pub(super) path: String,
}

#[derive(Default)]
struct Module {
    file: String,
    children: BTreeSet<String>,
    items: BTreeSet<String>,
    /// The imported names and the absolute paths they refer to.
    names: HashMap<String, ModulePath>,
    globs: Vec<ModulePath>,
    /// Every path to another module or item: the absolute path, and the path as written.
    paths: Vec<(ModulePath, String)>,
}

/// Returns the imports between the files of the crate in `source`. Two files have at most one import in each direction.
pub(super) fn imports(source: &Path) -> Result<Vec<Import>> {
    let mut found = BTreeMap::new();
    for root in ["lib.rs", "main.rs"].map(|name| source.join(name)) {
        if !root.is_file() {
            continue;
        }
        let mut tree = Tree { source, modules: BTreeMap::new() };
        tree.read(&root, source, Vec::new())?;
        for module in tree.modules.values() {
            for (path, written) in &module.paths {
                if let Some(to) = tree.file_of(path, MAX_REEXPORTS)
                    && to != module.file
                {
                    let edge = (module.file.clone(), to.to_owned());
                    found.entry(edge).or_insert_with(|| written.clone());
                }
            }
        }
    }
    Ok(found.into_iter().map(|((from, to), path)| Import { from, to, path }).collect())
}

struct Tree<'a> {
    source: &'a Path,
    modules: BTreeMap<ModulePath, Module>,
}

impl Tree<'_> {
    /// Reads a file and the files of its modules, which are in `directory`.
    fn read(&mut self, file: &Path, directory: &Path, path: ModulePath) -> Result<()> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let syntax =
            syn::parse_file(&text).with_context(|| format!("cannot parse {}", file.display()))?;
        let name = file.strip_prefix(self.source).unwrap_or(file).display().to_string();
        self.add(&name, &syntax.items, directory, path)?;
        if text.starts_with("// @generated") {
            let modules = self.modules.values_mut();
            modules.filter(|module| module.file == name).for_each(|module| module.paths.clear());
        }
        Ok(())
    }

    fn add(
        &mut self,
        file: &str,
        items: &[syn::Item],
        directory: &Path,
        path: ModulePath,
    ) -> Result<()> {
        let mut module = Module { file: file.replace('\\', "/"), ..Module::default() };
        for item in items.iter().filter(|item| !is_test(item)) {
            if let Some(name) = item_name(item) {
                module.items.insert(name);
            }
            if let syn::Item::Mod(child) = item {
                let name = child.ident.to_string();
                module.children.insert(name.clone());
                let child_path = [&path[..], std::slice::from_ref(&name)].concat();
                let child_directory = directory.join(&name);
                match &child.content {
                    Some((_, items)) => self.add(file, items, &child_directory, child_path)?,
                    // A file that another crate shares does not import files of this one.
                    None if child.attrs.iter().any(|it| it.path().is_ident("path")) => {}
                    None => {
                        let file = module_file(directory, &name)?;
                        self.read(&file, &child_directory, child_path)?;
                    }
                }
            }
        }
        let mut collector = Collector { here: &path, module: &mut module };
        for item in items.iter().filter(|item| !is_test(item)) {
            if !matches!(item, syn::Item::Mod(_)) {
                collector.visit_item(item);
            }
        }
        self.modules.insert(path, module);
        Ok(())
    }

    /// Returns the file that defines the item at an absolute path, or the file of the deepest known module of the path.
    fn file_of(&self, path: &[String], reexports: usize) -> Option<&str> {
        let depth =
            (0..=path.len()).rev().find(|depth| self.modules.contains_key(&path[..*depth]))?;
        let module = &self.modules[&path[..depth]];
        let Some(name) = path.get(depth) else { return Some(&module.file) };
        if module.items.contains(name) || reexports == 0 {
            return Some(&module.file);
        }
        if let Some(target) = module.names.get(name) {
            return self.file_of(&[target, &path[depth + 1..]].concat(), reexports - 1);
        }
        for glob in &module.globs {
            if let Some(target) = self.modules.get(glob)
                && target.items.contains(name)
            {
                return Some(&target.file);
            }
        }
        Some(&module.file)
    }
}

fn module_file(directory: &Path, name: &str) -> Result<PathBuf> {
    let files = [directory.join(name).with_extension("rs"), directory.join(name).join("mod.rs")];
    let found = files.into_iter().find(|file| file.is_file());
    found.with_context(|| format!("cannot find the module {name} in {}", directory.display()))
}

fn is_test(item: &syn::Item) -> bool {
    let attributes = match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|flag| flag == "test")
    })
}

fn item_name(item: &syn::Item) -> Option<String> {
    let ident = match item {
        syn::Item::Const(item) => &item.ident,
        syn::Item::Enum(item) => &item.ident,
        syn::Item::Fn(item) => &item.sig.ident,
        syn::Item::Macro(item) => item.ident.as_ref()?,
        syn::Item::Static(item) => &item.ident,
        syn::Item::Struct(item) => &item.ident,
        syn::Item::Trait(item) => &item.ident,
        syn::Item::Type(item) => &item.ident,
        syn::Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// Collects the paths in the items of a module.
struct Collector<'a> {
    here: &'a [String],
    module: &'a mut Module,
}

impl Collector<'_> {
    /// Makes a path absolute; `None` if it leads out of the crate.
    fn absolute(&self, segments: &[String]) -> Option<ModulePath> {
        let first = segments.first()?;
        let (base, rest) = match first.as_str() {
            "crate" => (&self.here[..0], 1),
            "self" => (self.here, 1),
            "super" => {
                let supers = segments.iter().take_while(|segment| *segment == "super").count();
                (&self.here[..self.here.len().checked_sub(supers)?], supers)
            }
            name if self.module.children.contains(name) => (self.here, 0),
            _ => return None,
        };
        Some([base, &segments[rest..]].concat())
    }

    fn add_use(&mut self, tree: &syn::UseTree, prefix: &[String]) {
        match tree {
            syn::UseTree::Path(path) => {
                let prefix = [prefix, &[path.ident.to_string()]].concat();
                self.add_use(&path.tree, &prefix);
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.add_use(tree, prefix));
            }
            syn::UseTree::Name(name) => {
                let name = name.ident.to_string();
                let segments = match name.as_str() {
                    "self" => prefix.to_vec(),
                    _ => [prefix, &[name]].concat(),
                };
                let local = segments.last().cloned().unwrap_or_default();
                self.add_name(&segments, local);
            }
            syn::UseTree::Rename(rename) => {
                let segments = [prefix, &[rename.ident.to_string()]].concat();
                self.add_name(&segments, rename.rename.to_string());
            }
            syn::UseTree::Glob(_) => {
                if let Some(path) = self.absolute(prefix) {
                    self.module.globs.push(path.clone());
                    self.module.paths.push((path, prefix.join("::")));
                }
            }
        }
    }

    fn add_name(&mut self, segments: &[String], local: String) {
        if let Some(path) = self.absolute(segments) {
            self.module.names.insert(local, path.clone());
            self.module.paths.push((path, segments.join("::")));
        }
    }
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_use(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let is_visibility = matches!(segments.as_slice(), [only] if only != "self");
        if !is_visibility
            && segments.len() > 1
            && let Some(absolute) = self.absolute(&segments)
        {
            self.module.paths.push((absolute, segments.join("::")));
        }
        visit::visit_path(self, path);
    }
}
