//! Rebuilds the program when a migration or a static file was added: the compiler does not watch the directories that
//! are embedded.

fn main() {
    for directory in ["migrations", "static"] {
        println!("cargo::rerun-if-changed={directory}");
    }
}
