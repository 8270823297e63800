//! Another time for a process, which can be changed while it runs.

use std::path::{Path, PathBuf};

/// A library that shows a process the time of a file.
#[derive(Clone, Debug)]
pub struct Clock {
    library: String,
    file: PathBuf,
}

/// Returns the library that shows a process another time.
///
/// # Panics
///
/// Panics if it is not installed.
#[must_use]
pub fn library() -> String {
    let places = ["x86_64-linux-gnu", "aarch64-linux-gnu"];
    let mut paths = places.into_iter().map(|place| format!("/usr/lib/{place}/faketime/libfaketimeMT.so.1"));
    let found = paths.find(|path| Path::new(path).exists());
    found.expect("libfaketime is needed: install `faketime`, as `cargo xtask test` does")
}

impl Clock {
    /// Makes a clock that shows the real time until it is told otherwise.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let clock = Self { library: library(), file: folder.join("clock") };
        clock.jump("+0");
        clock
    }

    /// Shows a time that lies so far from the real one: `+2h`, `-1d`.
    ///
    /// # Panics
    ///
    /// Panics if the file cannot be written.
    pub fn jump(&self, by: &str) {
        // Replaced and not rewritten: a process that reads an empty file shows no time at all.
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("{by}\n")).expect("the clock is writable");
        std::fs::rename(new, &self.file).expect("the clock is writable");
    }

    /// The settings of a process that sees this clock. What measures time, and does not tell it, goes on as before.
    ///
    /// # Panics
    ///
    /// Panics if the folder has no name in UTF-8.
    #[must_use]
    pub fn settings(&self) -> [(&'static str, &str); 5] {
        [
            ("LD_PRELOAD", &self.library),
            ("FAKETIME_TIMESTAMP_FILE", self.file.to_str().expect("a path")),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("DONT_FAKE_MONOTONIC", "1"),
        ]
    }
}
