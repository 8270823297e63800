//! Writing what people ask for.

use std::path::Path;

use crate::Failure;

/// Writes a file, and makes its folder if there is none.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let write = || {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)
    };
    write().map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}
