//! Vectors that a person reads and a program writes: `BLESS=1` puts today's answers into them.

use serde_json::Value;

use crate::vectors::repository;

/// Writes the answer to each case of a group into its file, if `BLESS` is set.
///
/// # Panics
///
/// Panics if a file cannot be read or written.
pub fn bless(group: &str, answer: impl Fn(&Value) -> Value) {
    if std::env::var_os("BLESS").is_none() {
        return;
    }
    let folder = repository().join("tests/vectors").join(group);
    for entry in std::fs::read_dir(folder).expect("the vectors are there") {
        let path = entry.expect("the directory is readable").path();
        let text = std::fs::read_to_string(&path).expect("the file is readable");
        let mut file: Value = serde_json::from_str(&text).expect("the file is json");
        for case in file["cases"].as_array_mut().expect("there are cases") {
            let mut asked = case.clone();
            // As suites read it.
            asked.as_object_mut().expect("a case is an object").remove("why");
            case["want"] = answer(&asked);
        }
        let text = serde_json::to_string_pretty(&file).expect("json is written");
        std::fs::write(&path, text + "\n").expect("the file is writable");
    }
}
