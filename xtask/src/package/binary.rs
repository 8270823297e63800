//! What a binary must be to start where it is deployed.

use object::{Object as _, ObjectSection as _};

/// Checks that a binary has no debug symbols and asks for no C library newer than `glibc` (2.x).
pub(super) fn check(bytes: &[u8], glibc: u32) -> Result<(), String> {
    let file = object::File::parse(bytes).map_err(|error| format!("it is no program ({error})"))?;
    if let Some(section) =
        file.sections().find_map(|section| section.name().ok().filter(|name| is_debug(name)))
    {
        return Err(format!("it has the section `{section}`; a release has no symbols"));
    }
    let names = file.section_by_name(".dynstr").and_then(|section| section.data().ok()).unwrap_or_default();
    let newest: Option<u32> = names
        .split(|byte| *byte == 0)
        .filter_map(|name| {
            std::str::from_utf8(name).ok()?.strip_prefix("GLIBC_2.")?.split('.').next()?.parse().ok()
        })
        .max();
    match newest {
        None => Err("it names no version of the c library".to_owned()),
        Some(newest) if newest > glibc => {
            Err(format!("it asks for glibc 2.{newest}, and `provided.al2023` has 2.{glibc}"))
        }
        Some(_) => Ok(()),
    }
}

fn is_debug(section: &str) -> bool {
    section.starts_with(".debug") || section == ".symtab"
}
