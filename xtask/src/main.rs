//! The project's own commands. `cargo xtask help` lists them.

mod bench;
mod browser;
mod component;
mod demo;
mod deploy;
mod fuzz;
mod instructions;
mod logic;
mod mutants;
mod pack;
mod package;
mod steps;
mod supply;
mod test;
mod tools;

use std::process::ExitCode;

use steps::Outcome;

const HELP: &str = "\
Usage: cargo xtask <command>

Commands:
  demo [--serve]   sign a sample user in on this machine and show what the contract changes; nothing in the cloud
  test             set up what is needed and run every check and test
  build            build the component and the browser's module into target/claimwright
  bench all        all of these, one after the other (`BLESS=1`: into docs/bench)
  bench authorizer measure one decision beside the bare signature check and other authorizers
  bench browser    measure the npm package beside jwt-decode and jose, in Node and in Chromium
  bench check      measure how long an author waits for `claims check` and `claims preview`
  bench core       measure the logic alone: native, in an instance, and how its price grows
  bench logic      measure what a claim from a logic component costs, in each language
  bench trigger    measure one sign-in beside functions that others would write
  bench coldstart  measure each packaged function from its start to its first answer
  e2e              package the sample, deploy it to an emulator of AWS on this machine, and try the whole of it
  fuzz [target [seconds]]
                   fuzz all that reads what strangers write, ten minutes each unless told otherwise
  instructions     count what a sign-in and a decision take, and compare with what they took before
  load [count]     invoke both packaged functions a hundred thousand times, with faults, and compare every answer
  mutants [0/4]    put one small mistake at a time into the core, and see that a test finds it; or every fourth mistake
  pack             build the npm package into target/claimwright/npm
  infra            check the Terraform module and the CDK constructs, without deploying anything
  package [contract] [--arch x86_64|arm64]
                   make the zips that are deployed, with the contract baked in, into target/claimwright/package
  deny             check the licences, sources and advisories of every dependency
  sbom             list what is linked into each thing that is shipped (CycloneDX), into target/claimwright/sbom
  adapter          assemble claim-core/component/adapter.wat
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["demo", rest @ ..] => demo::run(rest),
        ["test"] => test::run(),
        ["build"] => component::build().and_then(|logic| {
            component::hostile()?;
            logic::build()?;
            let browser = browser::build()?;
            steps::say(&format!("built {} and {}", logic.display(), browser.display()));
            Ok(())
        }),
        ["bench", "all"] => bench::all(),
        ["bench", "core"] => bench::core(),
        ["bench", "authorizer"] => bench::authorizer(),
        ["bench", "browser"] => bench::browser(),
        ["bench", "coldstart"] => bench::coldstart(),
        ["bench", "check"] => bench::check(),
        ["bench", "logic"] => bench::logic(),
        ["bench", "trigger"] => bench::trigger(),
        ["instructions"] => component::build()
            .and_then(|_| package::command_line())
            .and_then(|()| instructions::run(instructions::Counts::asked())),
        ["e2e"] => deploy::alone(),
        ["load", rest @ ..] => deploy::load(rest),
        ["infra"] => deploy::infrastructure(),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["mutants", rest @ ..] => mutants::run(rest),
        ["pack"] => pack::pack().map(|tarball| steps::say(&format!("packed {}", tarball.display()))),
        ["package", rest @ ..] => package::run(rest),
        ["deny"] => supply::deny(),
        ["sbom"] => supply::sbom(),
        ["adapter"] => component::assemble_adapter(),
        [] | ["help" | "--help" | "-h"] => {
            steps::say(HELP);
            Ok(())
        }
        other => Err(format!("there is no command `{}`; `cargo xtask help` lists them", other.join(" "))),
    };
    finish(outcome)
}

fn finish(outcome: Outcome<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            steps::complain(&error);
            ExitCode::FAILURE
        }
    }
}
