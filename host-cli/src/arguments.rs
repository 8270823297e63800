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
    /// Write types for programs that read the tokens: TypeScript, Rust or JSON Schema.
    #[command(
        after_help = "Examples:\n  claims types --out src/claims.contract.ts\n  claims types --format rust --out src/claims.rs\n  claims types --format json-schema"
    )]
    Types(TypesArguments),
    /// Say what changes between two contracts, for whom, and whether it breaks them.
    #[command(
        after_help = "Examples:\n  git show main:claims.yaml | claims diff - claims.yaml\n  claims diff old.yaml claims.yaml --deny breaking"
    )]
    Diff(DiffArguments),
    /// Print the JSON Schema of contracts, with which editors complete and check them.
    #[command(after_help = "Example:\n  claims schema > claims.schema.json")]
    Schema,
    /// Print a script that completes this command in a shell.
    #[command(
        after_help = "Example:\n  claims completion bash > ~/.local/share/bash-completion/completions/claims"
    )]
    Completion(CompletionArguments),
    /// Look at what is deployed, and say what does not fit the contract, Cognito or the gateways.
    #[command(
        after_help = "Examples:\n  terraform output -json claimwright > outputs.json && claims doctor --outputs outputs.json\n  claims doctor --pool eu-west-1_Ab12Cd34E --trigger token-trigger"
    )]
    #[cfg(feature = "doctor")]
    Doctor(DoctorArguments),
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
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
}

#[derive(Args, Debug)]
pub(crate) struct TypesArguments {
    /// The contract.
    #[arg(default_value = "claims.yaml")]
    pub(crate) contract: PathBuf,
    /// The language.
    #[arg(long, value_enum, default_value_t = Language::Typescript)]
    pub(crate) format: Language,
    /// The file to write; standard output, if it is left out.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// The version of the trigger: a V1 token holds texts only.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3), default_value_t = 2)]
    pub(crate) trigger_version: u8,
}

#[derive(Args, Debug)]
pub(crate) struct DiffArguments {
    /// The contract before; `-` is standard input.
    pub(crate) old: PathBuf,
    /// The contract after.
    pub(crate) new: PathBuf,
    /// Which changes fail the command.
    #[arg(long, value_enum)]
    pub(crate) deny: Option<DenyChange>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Args, Debug)]
pub(crate) struct CompletionArguments {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
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
    #[arg(long, required_unless_present_any = ["user", "machine"])]
    pub(crate) event: Option<PathBuf>,
    /// A user who signs in, in place of an event.
    #[arg(long, value_name = "NAME", conflicts_with = "event")]
    pub(crate) user: Option<String>,
    /// A machine that asks for itself, in place of an event.
    #[arg(long, conflicts_with_all = ["event", "user"])]
    pub(crate) machine: bool,
    /// An attribute of the user.
    #[arg(long, value_name = "NAME=VALUE", requires = "user")]
    pub(crate) attribute: Vec<String>,
    /// A group of the user.
    #[arg(long, value_name = "NAME", requires = "user")]
    pub(crate) group: Vec<String>,
    /// The app client of the user or machine.
    #[arg(long, value_name = "ID", default_value = "exampleclient", conflicts_with = "event")]
    pub(crate) client: String,
    /// A scope that the access token has before.
    #[arg(long, value_name = "SCOPE", conflicts_with = "event")]
    pub(crate) scope: Vec<String>,
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

#[cfg(feature = "doctor")]
#[derive(Args, Debug)]
pub(crate) struct DoctorArguments {
    /// The contract.
    #[arg(default_value = "claims.yaml")]
    pub(crate) contract: PathBuf,
    /// The outputs of `terraform output -json claimwright` or of `cdk deploy --outputs-file`.
    #[arg(long, value_name = "FILE")]
    pub(crate) outputs: Option<PathBuf>,
    /// The user pool's id.
    #[arg(long, value_name = "ID")]
    pub(crate) pool: Option<String>,
    /// The trigger's name or ARN, with its alias if the pool calls one.
    #[arg(long, value_name = "FUNCTION")]
    pub(crate) trigger: Option<String>,
    /// The authorizer's name or ARN, with its alias if gateways call one.
    #[arg(long, value_name = "FUNCTION")]
    pub(crate) authorizer: Option<String>,
    /// The HTTP or WebSocket API's id.
    #[arg(long, value_name = "ID")]
    pub(crate) http_api: Option<String>,
    /// The REST API's id.
    #[arg(long, value_name = "ID")]
    pub(crate) rest_api: Option<String>,
    /// The Region; the pool's, if it is left out.
    #[arg(long, value_name = "NAME")]
    pub(crate) region: Option<String>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
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
    /// The binary of the authorizer, for `--serve`.
    #[arg(long, default_value = "target/debug/authorizer")]
    pub(crate) authorizer: PathBuf,
    /// The people who can sign in, for `--serve`: `[ { "name": "kim", "sub": "u-1", "attributes": {}, "groups": [] } ]`.
    #[arg(long, requires = "serve")]
    pub(crate) users: Option<PathBuf>,
    /// Keep running: a page to sign in, a sample API behind the authorizer, and the contract watched.
    #[arg(long)]
    pub(crate) serve: bool,
    /// A folder of pages to serve there too: `cargo xtask pack` puts the playground into `target/claimwright/site`.
    #[arg(long, requires = "serve")]
    pub(crate) pages: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Deny {
    /// Warnings too.
    Warnings,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum DenyChange {
    /// Those that break somebody.
    Breaking,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Language {
    /// An interface for each token, and how the claims are shown.
    Typescript,
    /// A struct for each token, for serde.
    Rust,
    /// A schema for each token.
    JsonSchema,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
    /// For code scanning services: SARIF 2.1.0.
    Sarif,
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
