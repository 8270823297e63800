//! Cognito's events as requests, and shapes as Cognito's answers.
//!
//! Events are read leniently: members may be missing, null or unknown, and what is not understood is passed back
//! byte for byte. What is understood must have the right kind, because a list of groups that is no list is not
//! "no groups". Answers say nothing that they need not say: an empty group override would take all groups away.

use std::fmt;

use super::answer::response;
use crate::json::{self, Member, Object, ReadError, Value, members, read as read_json, write_string};
use crate::request::{TokenRequest, TriggerSource, TriggerVersion, User};
use crate::shape::TokenShape;

/// How large an event may be, in bytes. The largest that Cognito can send, with fifty full attributes, has 150 kB.
pub const MAX_EVENT: usize = 1024 * 1024;

/// How long a user's name may be, in characters: Cognito's own limit for `Username`.
pub const MAX_USER_NAME: usize = 128;

/// An event of the pre token generation trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggerEvent<'a> {
    /// What it asks.
    pub request: TokenRequest,
    members: Vec<Member<'a>>,
}

/// Why a text is no event. It names members and never a value, because values are personal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum EventError {
    /// It is larger than [`MAX_EVENT`].
    TooLarge,
    /// It is not JSON within our bounds, or not an object.
    NotJson(ReadError),
    /// A member has the wrong kind; the first text is its path.
    WrongKind(&'static str, &'static str),
    /// The user's name is longer than [`MAX_USER_NAME`].
    LongUserName,
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the event has more than {MAX_EVENT} bytes"),
            Self::NotJson(error) => write!(f, "the event is not a json object: {error}"),
            Self::WrongKind(path, want) => write!(f, "`{path}` of the event must be {want}"),
            Self::LongUserName => {
                write!(f, "`userName` of the event has more than {MAX_USER_NAME} characters")
            }
        }
    }
}

impl std::error::Error for EventError {}

/// Reads an event.
///
/// # Errors
///
/// Returns [`EventError`] if the text is not a JSON object, or if a member that decides something has the wrong kind.
pub fn read(text: &str, now: u64) -> Result<TriggerEvent<'_>, EventError> {
    if text.len() > MAX_EVENT {
        return Err(EventError::TooLarge);
    }
    let top = members(text).map_err(EventError::NotJson)?;
    let fields = Fields(&top);
    let inner = match fields.text("request") {
        "null" => Vec::new(),
        text if text.starts_with('{') => members(text).map_err(EventError::NotJson)?,
        _ => return Err(EventError::WrongKind("request", "an object")),
    };
    let request = Fields(&inner);

    let name = fields.string("userName", "userName")?;
    if name.as_ref().is_some_and(|name| name.chars().count() > MAX_USER_NAME) {
        return Err(EventError::LongUserName);
    }
    let trigger = fields.string("triggerSource", "triggerSource")?;
    let trigger = TriggerSource::from_event(trigger.as_deref().unwrap_or_default());
    let scopes = strings(request.get("scopes", "request.scopes")?.as_ref(), "request.scopes")?;
    let groups = request.object("groupConfiguration", "request.groupConfiguration")?;
    let attributes = request.object("userAttributes", "request.userAttributes")?;
    let user = User {
        name,
        attributes,
        groups: strings(groups.get("groupsToOverride"), "request.groupConfiguration.groupsToOverride")?,
        roles: strings(groups.get("iamRolesToOverride"), "request.groupConfiguration.iamRolesToOverride")?,
        preferred_role: preferred_role(groups.get("preferredRole"))?,
    };
    // A source that we do not know, for the literal name that Cognito gives to machines, and without groups.
    let unknown_machine = matches!(trigger, TriggerSource::Other(_))
        && user.name.as_deref() == Some("ClientCredentials")
        && request.text("groupConfiguration") == "null";
    let is_machine = trigger == TriggerSource::ClientCredentials || unknown_machine;
    let caller = fields.object("callerContext", "callerContext")?;
    let client_id = match caller.get("clientId") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(id)) => id.clone(),
        Some(_) => return Err(EventError::WrongKind("callerContext.clientId", "a text")),
    };
    let request = TokenRequest {
        version: version(&fields),
        user: (!is_machine).then_some(user),
        trigger,
        pool_id: fields.string("userPoolId", "userPoolId")?.unwrap_or_default(),
        region: fields.string("region", "region")?.unwrap_or_default(),
        client_id,
        scopes,
        client_metadata: request.object("clientMetadata", "request.clientMetadata")?,
        now,
    };
    Ok(TriggerEvent { request, members: top })
}

/// Reads the version of the trigger from the form of the event, and from `version` where that tells nothing.
///
/// The guide calls the member the version of the *function*, and test events leave it out. An answer in the form of
/// another version would change nothing, without an error.
fn version(fields: &Fields<'_, '_>) -> TriggerVersion {
    let response = members(fields.text("response")).unwrap_or_default();
    let has = |name: &str| response.iter().any(|member| member.name == name);
    let said = fields.text("version").trim_matches('"');
    match (has("claimsOverrideDetails"), has("claimsAndScopeOverrideDetails"), said) {
        (_, _, "3") => TriggerVersion::V3,
        (_, true, _) | (false, false, "2") => TriggerVersion::V2,
        // Also where nothing is known: V1 asks for less.
        (_, false, _) => TriggerVersion::V1,
    }
}

/// The members of an object by name; null is absent.
struct Fields<'m, 'a>(&'m [Member<'a>]);

impl Fields<'_, '_> {
    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|member| member.name == name).map_or("null", |member| member.text)
    }

    fn get(&self, name: &str, path: &'static str) -> Result<Option<Value>, EventError> {
        match read_json(self.text(name)) {
            Ok(Value::Null) => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(ReadError { kind: json::ReadErrorKind::InexactNumber, .. }) => {
                Err(EventError::WrongKind(path, "without numbers beyond 64 bits"))
            }
            Err(error) => Err(EventError::NotJson(error)),
        }
    }

    fn string(&self, name: &str, path: &'static str) -> Result<Option<String>, EventError> {
        match self.get(name, path)? {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(EventError::WrongKind(path, "a text")),
        }
    }

    fn object(&self, name: &str, path: &'static str) -> Result<Object, EventError> {
        match self.get(name, path)? {
            None => Ok(Object::new()),
            Some(Value::Object(members)) => Ok(members),
            Some(_) => Err(EventError::WrongKind(path, "an object")),
        }
    }
}

fn strings(value: Option<&Value>, path: &'static str) -> Result<Vec<String>, EventError> {
    let wrong = EventError::WrongKind(path, "a list of texts");
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(elements)) => elements
            .iter()
            .map(|element| element.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or(wrong),
        Some(_) => Err(wrong),
    }
}

/// The console's own test event has a list here.
fn preferred_role(value: Option<&Value>) -> Result<Option<String>, EventError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(role)) => Ok(Some(role.clone()).filter(|role| !role.is_empty())),
        Some(Value::Array(roles)) => {
            Ok(roles.first().and_then(Value::as_str).filter(|role| !role.is_empty()).map(str::to_owned))
        }
        Some(_) => Err(EventError::WrongKind("request.groupConfiguration.preferredRole", "a text")),
    }
}

impl TriggerEvent<'_> {
    /// Writes the event with the shape as its response: every other member stands as it came.
    #[must_use]
    pub fn answer(&self, shape: &TokenShape) -> String {
        let response = Value::Object(response(self.request.version, shape)).to_string();
        let texts = self.members.iter().map(|member| member.name.len().saturating_add(member.text.len()));
        let about = texts.fold(response.len(), |sum, length| sum.saturating_add(length).saturating_add(4));
        let mut text = String::with_capacity(about);
        text.push('{');
        let mut written = false;
        for member in &self.members {
            if text.len() > 1 {
                text.push(',');
            }
            write_string(&mut text, &member.name).unwrap_or_default();
            text.push(':');
            let is_response = member.name == "response";
            written |= is_response;
            text.push_str(if is_response { &response } else { member.text });
        }
        if !written {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str("\"response\":");
            text.push_str(&response);
        }
        text.push('}');
        text
    }
}
