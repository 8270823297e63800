//! What the command takes.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Claim contracts for Amazon Cognito: one file says which claims the tokens carry.
#[derive(Debug, Parser)]
#[command(name = "claims", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a contract to begin with.
    #[command(after_help = "Example:\n  claims init")]
    Init(InitArguments),
    /// Check a contract and explain every mistake.
    #[command(
        after_help = "Examples:\n  claims check\n  claims check examples/profile/claims.yaml --deny warnings"
    )]
    Check(CheckArguments),
    /// Compile a contract to a bundle, and the component to machine code.
    #[command(
        after_help = "Examples:\n  claims build --out dist\n  claims build --logic logic.wasm --target aarch64 --out dist"
    )]
    Build(BuildArguments),
    /// Show both tokens that an event and facts lead to, and why each claim is there or not.
    #[command(
        after_help = "Examples:\n  claims preview --event event.json --facts facts.json\n  claims preview --event event.json --fail profile --format json"
    )]
    Preview(PreviewArguments),
    /// Run the contract's own tests.
    #[command(
        after_help = "Examples:\n  claims test\n  claims test examples/subscription/claims.yaml --junit report.xml"
    )]
    Test(TestArguments),
    /// Run everything on this machine: a table engine, the real Lambda function, and a sign-in.
    #[command(
        after_help = "Example:\n  claims dev examples/profile/claims.yaml --event event.json --seed seed.json --logic logic.wasm --trigger token-trigger"
    )]
    Dev(DevArguments),
}

#[derive(Args, Debug)]
pub(crate) struct InitArguments {
    /// The contract.
    #[arg(default_value = "claims.yaml")]
    pub(crate) contract: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    /// The contract.
    #[arg(default_value = "claims.yaml")]
    pub(crate) contract: PathBuf,
    /// What fails the check beside errors.
    #[arg(long, value_enum)]
    pub(crate) deny: Option<Deny>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Args, Debug)]
pub(crate) struct BuildArguments {
    /// The contract.
    #[arg(default_value = "claims.yaml")]
    pub(crate) contract: PathBuf,
    /// The directory to write `bundle.json` and `logic.cwasm` into.
    #[arg(long, default_value = "dist")]
    pub(crate) out: PathBuf,
    /// The component, as `cargo component build --release` makes it; without it only the bundle is written.
    #[arg(long)]
    pub(crate) logic: Option<PathBuf>,
    /// The processor of the function.
    #[arg(long, value_enum, default_value_t = Target::X86_64)]
    pub(crate) target: Target,
}

#[derive(Args, Debug)]
pub(crate) struct PreviewArguments {
    /// The contract.
    #[arg(default_value = "claims.yaml")]
    pub(crate) contract: PathBuf,
    /// The event, as Cognito sends it; `-` is standard input.
    #[arg(long)]
    pub(crate) event: PathBuf,
    /// The facts: an object with a record for each, or null where there is none; `-` is standard input.
    #[arg(long)]
    pub(crate) facts: Option<PathBuf>,
    /// A fact whose store does not answer.
    #[arg(long, value_name = "FACT")]
    pub(crate) fail: Vec<String>,
    /// The time, in seconds since 1970, so that the same preview is the same text.
    #[arg(long, default_value_t = 1_700_000_000)]
    pub(crate) now: u64,
    /// How to show it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Args, Debug)]
pub(crate) struct TestArguments {
    /// The contract.
    #[arg(default_value = "claims.yaml")]
    pub(crate) contract: PathBuf,
    /// Write a report in the format of JUnit, which CI systems show.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct DevArguments {
    /// The contract.
    #[arg(default_value = "claims.yaml")]
    pub(crate) contract: PathBuf,
    /// The event of the user who signs in.
    #[arg(long)]
    pub(crate) event: PathBuf,
    /// The items of each table: `{ "profiles": [ { "id": "USER#ben", … } ] }`.
    #[arg(long)]
    pub(crate) seed: Option<PathBuf>,
    /// The component.
    #[arg(long, default_value = "target/claimwright/logic.wasm")]
    pub(crate) logic: PathBuf,
    /// The binary of the Lambda function.
    #[arg(long, default_value = "target/debug/token-trigger")]
    pub(crate) trigger: PathBuf,
    /// Keep running and answer events on a local address.
    #[arg(long)]
    pub(crate) serve: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Deny {
    /// Warnings too.
    Warnings,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Target {
    /// Intel and AMD.
    #[value(name = "x86_64")]
    X86_64,
    /// Graviton.
    Aarch64,
}

impl Target {
    pub(crate) const fn triple(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64-unknown-linux-gnu",
            Self::Aarch64 => "aarch64-unknown-linux-gnu",
        }
    }

    /// The processor that this command runs on.
    pub(crate) const fn here() -> Self {
        if cfg!(target_arch = "aarch64") { Self::Aarch64 } else { Self::X86_64 }
    }
}
