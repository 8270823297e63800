//! What runs for one state of the contract: the tables, and both functions with their logs.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use claim_core::Bundle;
use claim_core::json::{self, Object, Value};
use host_lambda::engine::{CustomLogic, LogicEngine};
use tokio::sync::{Mutex, mpsc};

use super::{Answer, Function, Start, Store};
use crate::Failure;
use crate::logic::{ContractLogic, Kept};
use crate::render::say;

/// How long a line of the log may be behind its answer.
const LINE: Duration = Duration::from_millis(200);

/// What every state of the contract is started with.
#[derive(Debug)]
pub(super) struct Parts {
    /// The component as machine code.
    pub(super) logic: Vec<u8>,
    /// The logic components of the contract that are compiled already.
    pub(super) kept: Kept,
    pub(super) trigger: PathBuf,
    pub(super) authorizer: PathBuf,
    pub(super) seed: Object,
    /// `CLAIMWRIGHT_ISSUERS`
    pub(super) issuers: String,
}

/// A running state of the contract.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) bundle: Bundle,
    /// The logic components that the contract names, to say which rule gave what.
    pub(super) custom: CustomLogic,
    pub(super) revision: u64,
    pub(super) store: Store,
    pub(super) trigger: Logged,
    pub(super) authorizer: Logged,
}

impl Live {
    /// Starts everything anew.
    pub(super) async fn start(
        parts: &Parts,
        bundle: Bundle,
        named: &ContractLogic,
        revision: u64,
    ) -> Result<Self, Failure> {
        let code = named.compiled_here(&parts.kept)?;
        let store = Store::start(&bundle, &parts.seed).await?;
        let text = bundle.to_text();
        let trigger = Start {
            binary: &parts.trigger,
            logic: &parts.logic,
            custom: &code,
            bundle: Some(&text),
            endpoint: store.endpoint(),
            settings: &[],
        };
        let settings = [("CLAIMWRIGHT_ISSUERS", parts.issuers.as_str())];
        let authorizer = Start { binary: &parts.authorizer, settings: &settings, custom: &[], ..trigger };
        let (trigger, authorizer) = tokio::try_join!(Logged::start(&trigger), Logged::start(&authorizer))?;
        let custom = if code.is_empty() {
            CustomLogic::default()
        } else {
            let engine = LogicEngine::start().map_err(|error| error.to_string())?;
            CustomLogic::load(&engine, trigger.function.folder(), &text).map_err(|error| error.to_string())?
        };
        Ok(Self { bundle, custom, revision, store, trigger, authorizer })
    }
}

/// A function, and the lines that it logs. It ends when it is dropped.
#[derive(Debug)]
pub(super) struct Logged {
    function: Function,
    lines: Mutex<mpsc::UnboundedReceiver<Value>>,
}

impl Logged {
    async fn start(start: &Start<'_>) -> Result<Self, Failure> {
        let (reader, writer) = std::io::pipe().map_err(|error| format!("no pipe for the log: {error}"))?;
        let (told, lines) = mpsc::unbounded_channel();
        std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || {
                use std::io::BufRead as _;
                for line in std::io::BufReader::new(reader).lines().map_while(Result::ok) {
                    let read = json::read(&line).unwrap_or_default();
                    // What no invocation caused says why a function does not start, or gets no keys.
                    if read.get("requestId").is_none()
                        && read.get("outcome").and_then(Value::as_str) != Some("fetched")
                    {
                        say(&line);
                    }
                    if told.send(read).is_err() {
                        break;
                    }
                }
            })
            .map_err(|error| format!("no thread for the log: {error}"))?;
        let function = Function::start_with_log(start, Stdio::from(writer)).await?;
        Ok(Self { function, lines: Mutex::new(lines) })
    }

    /// Invokes the function, and returns what it logged beside its answer. One invocation follows the other, as in Lambda.
    pub(super) async fn invoke(&self, event: &str) -> Result<(Answer, Value), Failure> {
        let mut lines = self.lines.lock().await;
        while lines.try_recv().is_ok() {}
        let answer = self.function.invoke(event).await?;
        let line = async {
            // Fetches of keys write lines of their own.
            while let Some(line) = lines.recv().await {
                if line.get("requestId").is_some() {
                    return line;
                }
            }
            Value::Null
        };
        let line = tokio::time::timeout(LINE, line).await.unwrap_or_default();
        Ok((answer, line))
    }
}
