//! Builds the program anew when a migration came: the compiler does not watch the directory that is embedded.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
