//! `claims doctor`: what AWS says of a deployment, beside what the contract and Cognito need.

mod collect;
mod deployment;
mod findings;
mod outputs;

use claim_core::json::{Object, Value};

use self::deployment::Deployment;
use self::findings::{Contract, Finding, Weight, examine};
use self::outputs::Names;
use crate::arguments::{DoctorArguments, Format};
use crate::render::say;
use crate::{Failure, input};

pub(crate) fn run(arguments: &DoctorArguments) -> Result<(), Failure> {
    let (bundle, compiled) = input::compiled(&arguments.contract)?;
    let names = Names::read(arguments)?;
    let deployment = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the requests to aws do not start: {error}"))?
        .block_on(collect::collect(&names, &bundle))?;
    let contract = Contract { bundle: &bundle, trusted: &compiled.trusted_attributes };
    let findings = examine(&contract, &deployment);
    match arguments.format {
        Format::Text => show(&deployment, &findings),
        Format::Json => say(&Value::from(findings.iter().map(json).collect::<Vec<_>>()).to_string()),
    }
    let errors = findings.iter().filter(|finding| finding.weight == Weight::Error).count();
    match errors {
        0 => Ok(()),
        1 => Err("1 error; the deployment does not do what the contract says".to_owned()),
        errors => Err(format!("{errors} errors; the deployment does not do what the contract says")),
    }
}

fn show(deployment: &Deployment, findings: &[Finding]) {
    let counted =
        |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    if let Some(pool) = &deployment.pool {
        let trigger = pool.trigger.as_ref().map_or("none", |trigger| trigger.version.as_str());
        let clients = counted(pool.clients.len(), "app client");
        say(&format!("pool        {}: trigger {trigger}, {clients}", pool.id));
    }
    let functions = [("trigger", &deployment.trigger), ("authorizer", &deployment.authorizer)];
    for (what, function) in
        functions.into_iter().filter_map(|(what, function)| Some((what, function.as_ref()?)))
    {
        say(&format!("{what:<11} {}: {}, {} s", function.arn, function.runtime, function.timeout));
    }
    for gateway in &deployment.gateways {
        say(&format!(
            "gateway     {} of api {}: keeps answers for {} s",
            gateway.id, gateway.api, gateway.ttl
        ));
    }
    for (name, table) in &deployment.tables {
        say(&format!("table       {name}: {}", table.name));
    }
    say("");
    for finding in findings {
        say(&format!(
            "{}[{}] {}: {}",
            finding.weight.as_str(),
            finding.code,
            finding.subject,
            finding.message
        ));
    }
    if findings.is_empty() {
        say("nothing is wrong with what was looked at");
    }
}

fn json(finding: &Finding) -> Value {
    Value::Object(Object::from([
        ("code".to_owned(), finding.code.into()),
        ("message".to_owned(), finding.message.as_str().into()),
        ("severity".to_owned(), finding.weight.as_str().into()),
        ("subject".to_owned(), finding.subject.as_str().into()),
    ]))
}
