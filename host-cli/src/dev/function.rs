//! The real binary of the function, as Lambda starts it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use axum::body::Bytes;
use tokio::process::{Child, Command};

use super::runtime_api::{Answer, RuntimeApi};
use crate::Failure;

/// Lambda gives a function ten seconds to start.
const START: Duration = Duration::from_secs(10);

/// What a function is started with.
#[derive(Debug)]
pub struct Start<'a> {
    /// The binary, `bootstrap` in Lambda.
    pub binary: &'a Path,
    /// The compiled component.
    pub logic: &'a [u8],
    /// The logic components that the contract names: the name of each file, and what is in it.
    pub custom: &'a [(String, Vec<u8>)],
    /// The bundle, of a component that has none baked in.
    pub bundle: Option<&'a str>,
    /// Where DynamoDB answers.
    pub endpoint: &'a str,
    /// Further settings.
    pub settings: &'a [(&'a str, &'a str)],
}

/// A running function.
#[derive(Debug)]
pub struct Function {
    child: Child,
    api: RuntimeApi,
    /// Where its files lie, as long as it runs.
    directory: PrivateDirectory,
}

impl Function {
    /// Starts the binary and waits until it listens.
    ///
    /// # Errors
    ///
    /// Returns a sentence if the binary is not there or ends at once.
    pub async fn start(start: &Start<'_>) -> Result<Self, Failure> {
        Self::start_with_log(start, Stdio::inherit()).await
    }

    /// Starts the binary as [`Function::start`] does, and throws its log away.
    ///
    /// # Errors
    ///
    /// As [`Function::start`].
    pub async fn start_quiet(start: &Start<'_>) -> Result<Self, Failure> {
        Self::start_with_log(start, Stdio::null()).await
    }

    /// Starts the binary as [`Function::start`] does; its log goes somewhere else.
    ///
    /// # Errors
    ///
    /// As [`Function::start`].
    pub async fn start_with_log(start: &Start<'_>, log: Stdio) -> Result<Self, Failure> {
        let api = RuntimeApi::start().await?;
        let directory = PrivateDirectory::new()?;
        let put = |name: &str, bytes: &[u8]| {
            std::fs::write(directory.0.join(name), bytes)
                .map_err(|error| format!("`{name}` cannot be written: {error}"))
        };
        put("logic.cwasm", start.logic)?;
        for (name, code) in start.custom {
            put(name, code)?;
        }
        if let Some(bundle) = start.bundle {
            put("bundle.json", bundle.as_bytes())?;
        }
        let child = Command::new(start.binary)
            .env_clear()
            .envs([
                ("AWS_LAMBDA_FUNCTION_NAME", "token-trigger"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
                ("AWS_REGION", "eu-west-1"),
                ("AWS_ACCESS_KEY_ID", "local"),
                ("AWS_SECRET_ACCESS_KEY", "local"),
                ("AWS_ENDPOINT_URL_DYNAMODB", start.endpoint),
            ])
            .env("AWS_LAMBDA_RUNTIME_API", api.address())
            .env("LAMBDA_TASK_ROOT", &directory.0)
            .envs(start.settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                format!(
                    "the function `{}` does not start ({error}); build it with `cargo build -p host-lambda`",
                    start.binary.display()
                )
            })?;
        let mut function = Self { child, api, directory };
        tokio::select! {
            () = function.api.ready() => Ok(function),
            status = function.child.wait() => Err(match status {
                Ok(status) => format!(
                    "the function `{}` ended at once ({status}); its last line says why",
                    start.binary.display()
                ),
                Err(error) => format!("the function `{}` is lost: {error}", start.binary.display()),
            }),
            () = tokio::time::sleep(START) => {
                Err(format!(
                    "the function `{}` did not ask for an event within {} s; build it with `cargo build -p host-lambda`",
                    start.binary.display(),
                    START.as_secs()
                ))
            }
        }
    }

    /// Returns where the function's Runtime API answers.
    #[must_use]
    pub fn address(&self) -> String {
        self.api.address()
    }

    /// Returns the folder that its files lie in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.directory.0
    }

    /// Returns the process id.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Invokes the function.
    ///
    /// # Errors
    ///
    /// Returns a sentence if it does not answer.
    pub async fn invoke(&self, event: &str) -> Result<Answer, Failure> {
        self.api.invoke(Bytes::copy_from_slice(event.as_bytes())).await
    }

    /// Invokes the function with bytes that need not be a text.
    ///
    /// # Errors
    ///
    /// Returns a sentence if it does not answer.
    pub async fn invoke_bytes(&self, event: Vec<u8>) -> Result<Answer, Failure> {
        self.api.invoke(event).await
    }

    /// Ends the function.
    pub async fn stop(mut self) {
        drop(self.child.kill().await);
    }
}

/// A directory that only this user can write, because what lies in it is run as machine code. It goes with this value.
#[derive(Debug)]
struct PrivateDirectory(PathBuf);

impl Drop for PrivateDirectory {
    fn drop(&mut self) {
        // What is left in the temporary directory harms nobody.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

impl PrivateDirectory {
    fn new() -> Result<Self, Failure> {
        use std::os::unix::fs::DirBuilderExt as _;
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let mut builder = std::fs::DirBuilder::new();
        builder.mode(0o700);
        for _ in 0..1_000 {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let directory = std::env::temp_dir().join(format!("claimwright-{}-{count}", std::process::id()));
            // Never an existing one: it could be somebody else's.
            match builder.create(&directory) {
                Ok(()) => return Ok(Self(directory)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(format!("`{}` cannot be made: {error}", directory.display())),
            }
        }
        Err("there is no free name for a temporary directory".to_owned())
    }
}
