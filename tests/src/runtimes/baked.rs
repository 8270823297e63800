//! The component as it is deployed: its contract in its memory, and compiled ahead of time.

use corpus::Case;
use host_cli::build::{Baker, compiled_here};
use host_lambda::engine::{Logic, LogicEngine};

use super::{Answered, Answers, in_two_threads};
use crate::command::scratch;
use crate::engines::session_answer;
use crate::function::component;
use crate::gathered::gathered;

/// Bakes each bundle in and asks its cases.
///
/// # Panics
///
/// Panics if a bundle is not taken.
#[must_use]
pub fn baked(cases: &[Case]) -> Answers {
    let wasm = component();
    let baker = Baker::new(&wasm).expect("the component takes bundles");
    let engine = LogicEngine::start().expect("the engine starts");
    let folder = scratch("baked-corpus");
    let gathered: Vec<_> = gathered(cases).into_iter().enumerate().collect();
    let answers = in_two_threads(&gathered, |(index, gathered)| {
        let wasm = baker.bake(&gathered.bundle).expect("the contract is baked in");
        let path = folder.join(format!("{index}.cwasm"));
        std::fs::write(&path, compiled_here(&wasm).expect("it compiles")).expect("it is written");
        let logic = Logic::load(&engine, &path, None).expect("it needs no bundle");
        let asked = gathered.cases.iter().map(|case| Answered {
            case: case.clone(),
            bundle: gathered.bundle.clone(),
            answer: Ok(session_answer(&logic, case)),
        });
        let asked = asked.collect();
        drop(logic);
        drop(std::fs::remove_file(&path));
        asked
    });
    drop(std::fs::remove_dir_all(folder));
    answers
}
