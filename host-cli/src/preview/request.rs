//! The request of a preview: an event as Cognito sends it, or a user described by options.

use claim_core::cognito::event;
use claim_core::json::Object;
use claim_core::{TokenRequest, TriggerSource, TriggerVersion, User};

use crate::arguments::PreviewArguments;
use crate::{Failure, input};

/// The id of a user whom nobody gives one.
const SUB: &str = "00000000-0000-4000-8000-000000000000";

pub(super) fn of(arguments: &PreviewArguments) -> Result<TokenRequest, Failure> {
    if let Some(path) = &arguments.event {
        let text = input::text(path)?;
        let event =
            event::read(&text, arguments.now).map_err(|error| format!("`{}`: {error}", path.display()))?;
        return Ok(event.request);
    }
    let mut attributes = Object::from([("sub".to_owned(), SUB.into())]);
    for attribute in &arguments.attribute {
        let (name, value) = attribute.split_once('=').ok_or_else(|| {
            format!("`--attribute {attribute}` has no `=`; write for example `--attribute custom:tier=pro`")
        })?;
        attributes.insert(name.to_owned(), value.into());
    }
    let user = arguments.user.as_ref().map(|name| User {
        name: Some(name.clone()),
        attributes,
        groups: arguments.group.clone(),
        roles: Vec::new(),
        preferred_role: None,
    });
    Ok(TokenRequest {
        version: if user.is_none() { TriggerVersion::V3 } else { TriggerVersion::V2 },
        trigger: if user.is_none() {
            TriggerSource::ClientCredentials
        } else {
            TriggerSource::Authentication
        },
        pool_id: "eu-west-1_Example00".to_owned(),
        region: "eu-west-1".to_owned(),
        client_id: arguments.client.clone(),
        user,
        scopes: arguments.scope.clone(),
        client_metadata: Object::new(),
        now: arguments.now,
    })
}
