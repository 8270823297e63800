//! Every vector, natively. Suite `runtimes` puts them to every other runtime too, each as a test of its own.

use corpus::{bundle, cases, judge, native_answer};

#[test]
fn the_core_answers_every_vector() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter_map(|case| {
            let bundle = bundle(case).map(|bundle| bundle.to_text());
            let held = bundle.and_then(|text| judge(case, &native_answer(case, &text)));
            held.err().map(|why| format!("{}: {why}", case.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
