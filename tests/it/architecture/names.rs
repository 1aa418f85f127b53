//! Names of types and addresses in the source.

use std::collections::BTreeMap;

use syn::visit::{self, Visit};

use super::source::{SourceFile, is_test};

/// Where each type is defined, by name.
pub fn types(files: &[SourceFile]) -> BTreeMap<String, Vec<String>> {
    let mut types = BTreeMap::new();
    for file in files {
        Types { path: &file.path, types: &mut types }.visit_file(&file.syntax);
    }
    types
}

struct Types<'a> {
    path: &'a str,
    types: &'a mut BTreeMap<String, Vec<String>>,
}

impl Types<'_> {
    fn add(&mut self, name: &syn::Ident) {
        self.types.entry(name.to_string()).or_default().push(self.path.to_owned());
    }
}

impl<'ast> Visit<'ast> for Types<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        match item {
            syn::Item::Struct(item) => self.add(&item.ident),
            syn::Item::Enum(item) => self.add(&item.ident),
            syn::Item::Trait(item) => self.add(&item.ident),
            syn::Item::Type(item) => self.add(&item.ident),
            syn::Item::Mod(item) if is_test(&item.attrs) => return,
            _ => {}
        }
        visit::visit_item(self, item);
    }
}

/// The texts of a file outside tests and comments.
pub fn texts(file: &SourceFile) -> Vec<String> {
    let mut texts = Texts(Vec::new());
    texts.visit_file(&file.syntax);
    texts.0
}

struct Texts(Vec<String>);

impl<'ast> Visit<'ast> for Texts {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.0.push(text.value());
    }

    /// What a macro such as `format!` is called with is not parsed; its texts are.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        for token in call.tokens.clone() {
            if let Ok(text) = syn::parse2::<syn::LitStr>(token.into()) {
                self.0.push(text.value());
            }
        }
    }
}
