//! A disk that has what was synced to it, and loses the rest with the power (`disk.c`).

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use polls::db::Connection;

use crate::support::database::open;
use crate::support::{Random, Setup, run};

const DATABASE: &str = "polls.sqlite3";
const SECTOR: usize = 512;

pub struct Disk {
    /// Where the database is.
    directory: PathBuf,
    state: PathBuf,
}

impl Disk {
    /// Puts the disk under the program's database.
    pub fn under(setup: Setup) -> (Self, Setup) {
        let directory = fs::canonicalize(setup.path(".")).expect("the directory is there");
        let disk = Self { state: directory.join("disk"), directory };
        disk.format();
        let text = |path: &Path| path.to_str().expect("the path is text").to_owned();
        let setup = preloaded(setup, &text(&disk.directory.join(DATABASE)));
        let place = text(&disk.state);
        (disk, setup.variable("DISK_STATE", &place))
    }

    /// What was not synced is gone, but for some sectors that had been written all the same. The program is dead.
    pub fn lose_power(&self, random: &mut Random) {
        for suffix in ["", "-wal", "-journal"] {
            let name = format!("{DATABASE}{suffix}");
            let (file, durable) = (self.directory.join(&name), self.state.join("names").join(&name));
            match self.left_of(&file, &durable, random) {
                Some(bytes) => fs::write(&file, bytes).expect("the database can be written"),
                None => drop(fs::remove_file(&file)),
            }
        }
        // Never synced, and made anew from the log.
        let _ = fs::remove_file(self.directory.join(format!("{DATABASE}-shm")));
        self.format();
    }

    /// The bytes that a name leads to after the power loss.
    fn left_of(&self, file: &Path, durable: &Path, random: &mut Random) -> Option<Vec<u8>> {
        let written = fs::metadata(file).ok();
        let content = written.map(|file| self.state.join("content").join(file.ino().to_string()));
        let is_same = |content: &Path| fs::metadata(content).ok().map(|content| content.ino());
        match (durable.exists(), content) {
            // The name is what it was when it was synced.
            (true, Some(content)) if is_same(&content) == is_same(durable) => {
                Some(torn(fs::read(durable).expect("it can be read"), &fs::read(file).expect("likewise"), random))
            }
            (true, _) => Some(fs::read(durable).expect("it can be read")),
            // Nobody has opened it since the power was there.
            (false, Some(content)) if !content.exists() => fs::read(file).ok(),
            // A new name may be there or not.
            (false, Some(content)) if random.one_in(2) => {
                Some(torn(fs::read(content).expect("it can be read"), &fs::read(file).expect("likewise"), random))
            }
            (false, _) => None,
        }
    }

    /// Looks into a copy, so that nothing is recovered in the place of the program.
    pub fn open_copy(&self) -> Connection {
        let copy = self.directory.join("copy");
        let _ = fs::remove_dir_all(&copy);
        fs::create_dir(&copy).expect("a directory can be made");
        for suffix in ["", "-wal", "-journal"] {
            let name = format!("{DATABASE}{suffix}");
            if self.directory.join(&name).exists() {
                fs::copy(self.directory.join(&name), copy.join(&name)).expect("the database can be copied");
            }
        }
        open(&format!("sqlite://{}", copy.join(DATABASE).display()))
    }

    /// What is there now is durable.
    fn format(&self) {
        let _ = fs::remove_dir_all(&self.state);
        for directory in ["content", "names"] {
            fs::create_dir_all(self.state.join(directory)).expect("a directory can be made");
        }
    }
}

/// What was synced, with some of the sectors that were only written.
fn torn(mut durable: Vec<u8>, written: &[u8], random: &mut Random) -> Vec<u8> {
    for (index, sector) in written.chunks(SECTOR).enumerate() {
        let from = index * SECTOR;
        let to = from + sector.len();
        if durable.get(from..to) != Some(sector) && random.one_in(2) {
            durable.resize(durable.len().max(to), 0);
            durable[from..to].copy_from_slice(sector);
        }
    }
    durable
}

/// The program with the layer in front of the C library.
pub fn preloaded(setup: Setup, database: &str) -> Setup {
    static LAYER: LazyLock<PathBuf> = LazyLock::new(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/durability/disk.c");
        let layer = run::directory("disk").join("disk.so");
        run::prepare(Command::new("cc").args(["-O2", "-shared", "-fPIC", "-o"]).arg(&layer).arg(source));
        layer
    });
    let layer = LAYER.to_str().expect("the path is text");
    setup.variable("LD_PRELOAD", layer).variable("DISK_DATABASE", database)
}
