//! Repeats one call, so that instructions can be counted: `cargo xtask instructions` runs it under valgrind, with a few
//! calls and with more, and the difference is what calls cost.
//!
//! `counted native|component FILE EXAMPLE CALLS`: the bundle or the compiled component, the example's folder, how often.

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;

use claim_core::authorize::{AccessRequest, Decision, authorize};
use claim_core::cognito::{Token, event};
use claim_core::json::{self, Object, Value};
use claim_core::{Bundle, FactOutcome, FactRecord, TokenRequest, TokenShape};
use host_lambda::engine::{Logic, LogicEngine};

/// The claims of a caller of `examples/api`.
const CLAIMS: &str = include_str!("../../caller.json");

/// What is asked.
struct Call {
    sign_in: TokenRequest,
    facts: Vec<FactRecord>,
    access: AccessRequest,
}

impl Call {
    fn read(example: &Path) -> Result<Self, String> {
        let text =
            |name: &str| std::fs::read_to_string(example.join(name)).map_err(|error| error.to_string());
        let object = |text: &str| match json::read(text) {
            Ok(Value::Object(members)) => Ok::<Object, String>(members),
            _ => Err("no object".to_owned()),
        };
        let records = object(&text("facts.json")?)?.into_iter();
        Ok(Self {
            sign_in: event::read(&text("event.json")?, 1_790_000_000)
                .map_err(|error| error.to_string())?
                .request,
            facts: records
                .map(|(name, record)| FactRecord { name, outcome: FactOutcome::Found(record) })
                .collect(),
            access: AccessRequest {
                claims: object(CLAIMS)?,
                token: Token::Access,
                method: "GET".to_owned(),
                path: "/orders/7".to_owned(),
                now: 1_790_000_000,
            },
        })
    }

    fn native(&self, bundle: &Bundle) -> Result<(), String> {
        if bundle.authorize.is_some() {
            return allowed(&black_box(authorize(bundle, &self.access)));
        }
        black_box(claim_core::plan(bundle, &self.sign_in)).map_err(|refusal| refusal.code().to_owned())?;
        let shape = claim_core::shape(bundle, &self.sign_in, &self.facts);
        shaped(&black_box(shape).map_err(|refusal| refusal.code().to_owned())?)
    }

    fn component(&self, logic: &Logic, decides: bool) -> Result<(), String> {
        let mut session = logic.session().map_err(|error| error.to_string())?;
        if decides {
            let decision = black_box(session.authorize(&self.access)).map_err(|error| error.to_string())?;
            return allowed(&decision);
        }
        black_box(session.plan(&self.sign_in)).map_err(|error| error.to_string())?;
        let shape =
            black_box(session.shape(&self.sign_in, &self.facts)).map_err(|error| error.to_string())?;
        shaped(&shape)
    }
}

/// What is counted must be the whole work, and not a refusal.
fn allowed(decision: &Decision) -> Result<(), String> {
    if decision.is_allowed() && decision.grants.is_some() {
        Ok(())
    } else {
        Err("the call is denied".to_owned())
    }
}

fn shaped(shape: &TokenShape) -> Result<(), String> {
    if shape.id.add.is_empty() { Err("the token has no claims".to_owned()) } else { Ok(()) }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let [how, file, example, calls] = arguments else {
        return Err("usage: counted native|component FILE EXAMPLE CALLS".to_owned());
    };
    let calls: u32 = calls.parse().map_err(|_| format!("`{calls}` is no number"))?;
    let call = Call::read(Path::new(example))?;
    if how == "native" {
        let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
        let bundle = Bundle::read(&text).map_err(|error| error.to_string())?;
        return (0..calls).try_for_each(|_| call.native(&bundle));
    }
    let engine = LogicEngine::pooled().map_err(|error| error.to_string())?;
    let logic = Logic::load(&engine, Path::new(file), None).map_err(|error| error.to_string())?;
    let decides = Bundle::read(logic.bundle()).is_ok_and(|bundle| bundle.authorize.is_some());
    (0..calls).try_for_each(|_| call.component(&logic, decides))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
