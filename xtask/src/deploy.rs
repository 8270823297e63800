//! What is deployed, and with what: checked without a network, and tried on an emulator of AWS.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::package::{self, Architecture, FUNCTIONS};
use crate::steps::{Outcome, artifacts, output, program, read, root, step, write};
use crate::test::workspace;
use crate::{component, pack, tools};

/// The provider that the module is written for, as a mirror of providers files it.
const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";

/// Makes all that the end-to-end test needs, and runs it.
pub(crate) fn alone() -> Outcome<()> {
    step("the binaries are compiled", &mut workspace("build"))?;
    component::build()?;
    pack::pack()?;
    package::sample()?;
    constructs()?;
    smoke()?;
    end_to_end()
}

/// Starts the packaged functions, those of another processor by an emulator of it.
pub(crate) fn smoke() -> Outcome<()> {
    tools::foreign_programs()?;
    for architecture in Architecture::ALL {
        let mut smoke = Command::new(program("smoke"));
        for function in FUNCTIONS {
            smoke.arg(package::unpack(function, architecture)?);
        }
        if architecture == Architecture::Arm64 && !cfg!(target_arch = "aarch64") {
            smoke.args(["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"]);
        }
        step(&format!("the packaged functions answer on {}", architecture.name()), &mut smoke)?;
    }
    Ok(())
}

/// Invokes the packaged functions a hundred thousand times, or as often as somebody says.
pub(crate) fn load(count: &[&str]) -> Outcome<()> {
    if let Some(other) = count.iter().find(|count| count.parse::<u32>().is_err()) {
        return Err(format!("`cargo xtask load` takes a number of invocations and not `{other}`"));
    }
    package::sample_here()?;
    step("the load is compiled", workspace("build").args(["--bin", "load"]))?;
    let mut load = Command::new(program("load"));
    for function in FUNCTIONS {
        load.arg(package::unpack(function, Architecture::HERE)?);
    }
    step("no answer is wrong, no function ends, no memory grows", load.args(count))
}

/// Checks the Terraform module and the CDK constructs. Nothing is deployed.
pub(crate) fn infrastructure() -> Outcome<()> {
    terraform()?;
    constructs()?;
    template()
}

/// Installs all of Python's that checking and deploying take.
pub(crate) fn python() -> Outcome<()> {
    linters()?;
    emulator().map(drop)
}

fn linters() -> Outcome<PathBuf> {
    tools::python("infra", &root().join("infra/requirements.txt"))
}

fn emulator() -> Outcome<PathBuf> {
    tools::python("e2e", &root().join("tests/e2e/requirements.txt"))
}

/// Checks the Terraform module.
pub(crate) fn terraform() -> Outcome<()> {
    let linters = linters()?;
    let settings = terraform_settings()?;
    let terraform = |folder: &str, arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.arg(format!("-chdir={}", root().join(folder).display())).args(arguments);
        // Nothing is kept beside the sources.
        command.env("TF_DATA_DIR", artifacts().join("terraform").join(folder.replace('/', "-")));
        command
            .env("TF_CLI_CONFIG_FILE", &settings)
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_IN_AUTOMATION", "1");
        command
    };
    let mut fmt = terraform(".", &["fmt", "-check", "-diff", "-recursive", "infra"]);
    step("terraform's files are formatted", &mut fmt)?;
    let mut fmt = terraform(".", &["fmt", "-check", "-diff", "-recursive", "tests/e2e/terraform"]);
    step("those of the end-to-end test too", &mut fmt)?;
    for folder in ["infra/terraform", "tests/e2e/terraform"] {
        let mut init = terraform(folder, &["init", "-backend=false", "-input=false", "-no-color"]);
        step(&format!("terraform finds what {folder} is made of"), &mut init)?;
        let mut validate = terraform(folder, &["validate", "-no-color"]);
        step(&format!("{folder} is valid"), &mut validate)?;
    }
    let mut test = terraform("infra/terraform", &["test", "-no-color"]);
    step("the module plans what it promises", &mut test)?;
    let mut check = Command::new(linters.join("checkov"));
    check
        .args(["--config-file", ".checkov.yaml", "--directory", "."])
        .current_dir(root().join("infra/terraform"));
    let found = output("checkov finds nothing that is not explained", &mut check)?;
    // A file that it cannot read is none that it has checked, and it ends well.
    if found.to_lowercase().contains("parsing errors") {
        return Err(format!("checkov does not read every file of infra/terraform:\n{found}"));
    }
    Ok(())
}

/// Installs what the CDK constructs are made with, compiles them and runs their tests.
pub(crate) fn constructs() -> Outcome<()> {
    let npm = |arguments: &[&str]| {
        let mut command = Command::new("npm");
        command.args(arguments).current_dir(root().join("infra/cdk"));
        command
    };
    step(
        "the packages of infra/cdk are installed",
        &mut npm(&["ci", "--no-fund", "--no-audit", "--ignore-scripts"]),
    )?;
    step("the constructs hold their promises", &mut npm(&["test", "--silent"]))
}

/// Checks the template of the sample, which names the packaged zips.
pub(crate) fn template() -> Outcome<()> {
    let linters = linters()?;
    let folder = root().join("infra/cdk");
    let out = artifacts().join("cdk.out");
    let mut synth = Command::new("node");
    synth.arg("build/examples/orders/app.js").current_dir(&folder);
    synth.env("CDK_OUTDIR", &out).env("CLAIMWRIGHT_PACKAGES", package::samples());
    step("the sample's template is written", &mut synth)?;
    let mut lint = Command::new(linters.join("cfn-lint"));
    lint.arg(out.join("*.template.json")).current_dir(&folder);
    step("cfn-lint finds nothing that is not explained", &mut lint)
}

/// Deploys the zips to an emulator of AWS, by Terraform and by CDK, and tries the whole of it.
pub(crate) fn end_to_end() -> Outcome<()> {
    let node = end_to_end_command()?;
    let mut whole = node();
    whole.arg("run.mjs");
    whole.env("TF_CLI_CONFIG_FILE", terraform_settings()?).env("TERRAFORM", tools::found("terraform")?);
    whole.env("CDK_APP", root().join("infra/cdk/build/examples/orders/app.js"));
    whole.env("CHROMIUM", tools::chromium()?).env("SITE", pack::site()).env("CLAIMS", program("claims"));
    step("the deployed whole works, from a sign-in to a page", &mut whole)?;
    let mut runtime = node();
    runtime.args(["--test", "--test-reporter=spec", "runtime.test.mjs"]);
    step("the functions survive a hundred invocations in aws's own runtime emulator", &mut runtime)
}

/// Installs what `tests/e2e` needs, and returns what starts node there, told where everything is.
pub(crate) fn end_to_end_command() -> Outcome<impl Fn() -> Command> {
    let folder = root().join("tests/e2e");
    let python = emulator()?;
    let mut packages = Command::new("npm");
    packages.args(["ci", "--no-fund", "--no-audit", "--ignore-scripts"]).current_dir(&folder);
    step("the packages of tests/e2e are installed", &mut packages)?;
    let emulator = runtime_emulator(&python)?;
    Ok(move || {
        let mut node = Command::new("node");
        node.current_dir(&folder).env("PYTHON", python.join("python")).env("PACKAGES", package::samples());
        node.env("RIE", &emulator).env("LOGS", artifacts().join("e2e"));
        node
    })
}

/// AWS's own runtime emulator, which stands in a wheel of AWS's.
fn runtime_emulator(python: &Path) -> Outcome<PathBuf> {
    let emulator = artifacts().join("tools/aws-lambda-rie");
    if emulator.exists() {
        return Ok(emulator);
    }
    let wheels = artifacts().join("wheels");
    let mut download = Command::new(python.join("pip"));
    download.args([
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
        "--dest",
    ]);
    download.arg(&wheels).arg("--requirement").arg(root().join("tests/e2e/rie.txt"));
    step("aws's lambda runtime emulator is fetched", &mut download)?;
    let name = if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" };
    let wheel = std::fs::read_dir(&wheels)
        .map_err(|error| error.to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or("the wheel with the runtime emulator is not there after it was fetched")?;
    let bytes = package::member(&read(&wheel)?, &format!("samcli/local/rapid/aws-lambda-rie-{name}"))?;
    write(&emulator, &bytes)?;
    tools::may_run(&emulator)?;
    Ok(emulator)
}

/// Settings of Terraform's: its provider comes from a mirror where this machine has one, and from its registry elsewhere.
fn terraform_settings() -> Outcome<PathBuf> {
    tools::found("terraform")?;
    if let Some(given) =
        std::env::var_os("TF_CLI_CONFIG_FILE").map(PathBuf::from).filter(|path| path.exists())
    {
        return Ok(given);
    }
    let text = match mirror() {
        Some(mirror) => format!(
            "provider_installation {{\n  filesystem_mirror {{\n    path    = \"{}\"\n    include = [\"{PROVIDER}\"]\n  }}\n  direct {{\n    \
             exclude = [\"{PROVIDER}\"]\n  }}\n}}\n",
            mirror.display()
        ),
        None => "provider_installation {\n  direct {}\n}\n".to_owned(),
    };
    let settings = artifacts().join("terraform.rc");
    write(&settings, text.as_bytes())?;
    Ok(settings)
}

/// Where providers lie on machines without a way to the registry: the folders that Terraform looks into by itself, and
/// those that hold further software.
fn mirror() -> Option<PathBuf> {
    let further =
        std::fs::read_dir("/opt").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let usual = ["/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins"].map(PathBuf::from);
    usual.into_iter().chain(further).find(|folder| folder.join(PROVIDER).is_dir())
}
