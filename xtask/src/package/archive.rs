//! A zip that is the same bytes from the same members: no times, no owners, one order.

use std::io::{Cursor, Read as _, Write as _};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// What may be done with a member.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    /// Read.
    File,
    /// Read and run.
    Program,
}

/// Returns a zip of members, in their order.
pub(super) fn write(members: &[(&str, &[u8], Mode)]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes, mode) in members {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            // The first day that a zip can name.
            .last_modified_time(DateTime::default())
            .unix_permissions(match mode {
                Mode::File => 0o644,
                Mode::Program => 0o755,
            });
        zip.start_file(*name, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Reads one member.
pub(super) fn member(zip: &[u8], name: &str) -> ZipResult<Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(zip))?;
    let mut bytes = Vec::new();
    zip.by_name(name)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}
