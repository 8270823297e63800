//! A stand-in for DynamoDB that knows the records of one case at a time, and which reads it was asked for.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use claim_core::json::{Object, Value};
use claim_core::{FactOutcome, Lookup};
use tokio::net::TcpListener;

/// What the store says to a read.
#[derive(Clone, Debug)]
struct Said {
    read: Read,
    outcome: FactOutcome,
}

/// A read: all that a request says of it.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Read {
    table: String,
    key: String,
    fields: Vec<String>,
    consistent: bool,
}

impl From<&Lookup> for Read {
    fn from(lookup: &Lookup) -> Self {
        Self {
            table: lookup.table.clone(),
            key: Value::Object(lookup.key.clone()).to_string(),
            fields: lookup.fields.clone(),
            consistent: lookup.consistent,
        }
    }
}

#[derive(Debug, Default)]
struct Known {
    said: Vec<Said>,
    seen: Vec<Read>,
    unexpected: Vec<Read>,
}

/// A running store.
#[derive(Clone, Debug)]
pub struct CaseStore {
    known: Arc<Mutex<Known>>,
    endpoint: String,
}

impl CaseStore {
    /// Starts it on loopback. It ends with the runtime.
    ///
    /// # Panics
    ///
    /// Panics if there is no port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a local port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let known = Arc::new(Mutex::new(Known::default()));
        let router = Router::new().route("/", post(read)).with_state(Arc::clone(&known));
        tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Self { known, endpoint }
    }

    /// Returns where it answers.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Takes the records of the next case: what came of each lookup.
    pub fn know(&self, outcomes: &[(Lookup, FactOutcome)]) {
        let said =
            outcomes.iter().map(|(lookup, outcome)| Said { read: lookup.into(), outcome: outcome.clone() });
        *self.lock() = Known { said: said.collect(), ..Known::default() };
    }

    /// Returns whether it was asked for all of them since then, or for none at all, and for nothing else.
    ///
    /// # Errors
    ///
    /// Returns the reads that no lookup planned, or that were not made.
    pub fn asked_for_all_or_none(&self) -> Result<(), String> {
        let known = self.lock();
        let missing: Vec<&Read> =
            known.said.iter().map(|said| &said.read).filter(|read| !known.seen.contains(read)).collect();
        if !known.unexpected.is_empty() {
            return Err(format!("unplanned reads: {:?}", known.unexpected));
        }
        if known.seen.is_empty() || missing.is_empty() {
            Ok(())
        } else {
            Err(format!("missing reads: {missing:?}"))
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(State(known): State<Arc<Mutex<Known>>>, body: String) -> (StatusCode, String) {
    let asked = claim_core::json::read(&body).expect("a request is json");
    let key = asked.get("Key").and_then(Value::as_object).expect("a key");
    let key: Object = key.iter().map(|(name, value)| (name.clone(), of_attribute(value))).collect();
    let names = asked.get("ExpressionAttributeNames").and_then(Value::as_object);
    let fields = (0..names.map_or(0, Object::len)).map(|index| {
        names
            .and_then(|names| names.get(&format!("#f{index}")))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    });
    let read = Read {
        table: asked.get("TableName").and_then(Value::as_str).unwrap_or_default().to_owned(),
        key: Value::Object(key).to_string(),
        fields: fields.collect(),
        consistent: asked.get("ConsistentRead") == Some(&Value::Bool(true)),
    };
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(said) = known.said.iter().find(|said| said.read == read) else {
        known.unexpected.push(read);
        return (StatusCode::BAD_REQUEST, "{\"__type\":\"ValidationException\"}".to_owned());
    };
    let outcome = said.outcome.clone();
    known.seen.push(read.clone());
    match outcome {
        FactOutcome::Missing => (StatusCode::OK, "{}".to_owned()),
        FactOutcome::Failed => (StatusCode::BAD_REQUEST, "{\"__type\":\"AccessDeniedException\"}".to_owned()),
        FactOutcome::Found(record) => {
            let members = record.as_object().expect("a record is an object");
            // As DynamoDB projects.
            let asked =
                members.iter().filter(|(name, _)| read.fields.is_empty() || read.fields.contains(*name));
            let item: Object = asked.map(|(name, value)| (name.clone(), to_attribute(value))).collect();
            (StatusCode::OK, Value::from([("Item", item.into())]).to_string())
        }
    }
}

fn of_attribute(attribute: &Value) -> Value {
    match (attribute.get("S"), attribute.get("N").and_then(Value::as_str)) {
        (Some(text), _) => text.clone(),
        (_, Some(digits)) => claim_core::json::read(digits).expect("digits"),
        _ => Value::Null,
    }
}

/// A value as DynamoDB says it.
pub(crate) fn to_attribute(value: &Value) -> Value {
    let of = |kind: &'static str, value: Value| Value::from([(kind, value)]);
    match value {
        Value::Null => of("NULL", true.into()),
        Value::Bool(value) => of("BOOL", (*value).into()),
        Value::Number(number) => of("N", number.to_string().into()),
        Value::String(text) => of("S", text.as_str().into()),
        Value::Array(elements) => of("L", elements.iter().map(to_attribute).collect()),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), to_attribute(value)));
            of("M", Value::Object(members.collect()))
        }
    }
}
