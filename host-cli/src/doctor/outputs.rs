//! The names of what is deployed: from the outputs of Terraform or CDK, and from the command line.

use std::collections::BTreeMap;
use std::path::Path;

use claim_core::json::{self, Object, Value};

use crate::arguments::DoctorArguments;
use crate::{Failure, input};

/// The names of what is looked at.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Names {
    pub(super) region: Option<String>,
    pub(super) pool: Option<String>,
    pub(super) trigger: Option<String>,
    pub(super) authorizer: Option<String>,
    pub(super) http_api: Option<String>,
    pub(super) rest_api: Option<String>,
    /// Real names by their names in the contract.
    pub(super) tables: BTreeMap<String, String>,
}

impl Names {
    /// Reads the names. What stands on the command line is meant.
    pub(super) fn read(arguments: &DoctorArguments) -> Result<Self, Failure> {
        let mut names = match &arguments.outputs {
            Some(path) => Self::of_file(path)?,
            None => Self::default(),
        };
        let given = [
            (&mut names.region, &arguments.region),
            (&mut names.pool, &arguments.pool),
            (&mut names.trigger, &arguments.trigger),
            (&mut names.authorizer, &arguments.authorizer),
            (&mut names.http_api, &arguments.http_api),
            (&mut names.rest_api, &arguments.rest_api),
        ];
        for (name, given) in given {
            if let Some(given) = given {
                *name = Some(given.clone());
            }
        }
        // A pool's id says where it is.
        if names.region.is_none() {
            let region = names.pool.as_deref().and_then(|pool| pool.split_once('_'));
            names.region = region.map(|(region, _)| region.to_owned());
        }
        if names.pool.is_none() && names.trigger.is_none() && names.authorizer.is_none() {
            return Err(
                "nothing was named to look at; give `--outputs FILE`, or one of `--pool`, `--trigger` and \
                 `--authorizer`"
                    .to_owned(),
            );
        }
        Ok(names)
    }

    fn of_file(path: &Path) -> Result<Self, Failure> {
        let file = Value::Object(input::object(path)?);
        let outputs = find(&file).ok_or_else(|| {
            format!(
                "`{}` has no output `claimwright` of terraform (`terraform output -json claimwright`) nor `Claimwright` of cdk (`cdk deploy \
                 --outputs-file`)",
                path.display()
            )
        })?;
        let text = |name: &str| outputs.get(name).and_then(Value::as_str).map(str::to_owned);
        let tables = outputs.get("tables").and_then(Value::as_object).cloned().unwrap_or_default();
        Ok(Self {
            region: text("region"),
            pool: text("user_pool_id"),
            trigger: text("trigger_function_arn").or_else(|| text("trigger_function_name")),
            authorizer: text("authorizer_function_arn").or_else(|| text("authorizer_function_name")),
            http_api: text("http_api_id"),
            rest_api: text("rest_api_id"),
            tables: tables
                .into_iter()
                .filter_map(|(name, real)| Some((name, real.as_str()?.to_owned())))
                .collect(),
        })
    }
}

/// Finds the outputs: the module's object itself, Terraform's `{ claimwright: { value } }`, or CDK's
/// `{ STACK: { Claimwright: "…" } }`, whose value is JSON as a text.
fn find(file: &Value) -> Option<Object> {
    let members = file.as_object()?;
    if members.contains_key("user_pool_id")
        && members.get("user_pool_id").is_some_and(|id| id.as_str().is_some())
    {
        return Some(members.clone());
    }
    if let Some(output) = members.get("claimwright") {
        return output.get("value").unwrap_or(output).as_object().cloned();
    }
    members.values().find_map(|stack| match stack.get("Claimwright")?.as_str().map(json::read)? {
        Ok(Value::Object(outputs)) => Some(outputs),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::find;
    use claim_core::json::{self, Value};

    #[test]
    fn outputs_of_both_tools_are_found() {
        for text in [
            r#"{ "user_pool_id": "eu-west-1_A" }"#,
            r#"{ "claimwright": { "sensitive": false, "type": "object", "value": { "user_pool_id": "eu-west-1_A" } } }"#,
            r#"{ "Orders": { "Other": "x", "Claimwright": "{\"user_pool_id\":\"eu-west-1_A\"}" } }"#,
        ] {
            let found = find(&json::read(text).unwrap()).unwrap();
            assert_eq!(found.get("user_pool_id").and_then(Value::as_str), Some("eu-west-1_A"), "{text}");
        }
        for text in [
            r#"{ "user_pool_id": { "value": "eu-west-1_A" } }"#,
            r#"{ "Orders": { "Claimwright": "no json" } }"#,
        ] {
            assert_eq!(find(&json::read(text).unwrap()), None, "{text}");
        }
    }
}
