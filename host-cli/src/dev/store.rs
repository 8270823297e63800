//! A DynamoDB-compatible engine in this process, on loopback, with the contract's tables.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use claim_core::Bundle;
use claim_core::json::{Object, Value};
use dynoxide::Database;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::Failure;

/// A running engine.
#[derive(Debug)]
pub struct Store {
    endpoint: String,
    tables: BTreeMap<String, usize>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Store {
    /// Starts the engine, makes the tables that the contract names, and puts the items in.
    ///
    /// # Errors
    ///
    /// Returns a sentence if the seed has a table that the contract does not name, or an item without the table's key.
    pub async fn start(bundle: &Bundle, seed: &Object) -> Result<Self, Failure> {
        let database =
            Database::memory().map_err(|error| format!("the table engine does not start: {error}"))?;
        let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for fact in bundle.facts.values() {
            keys.entry(&fact.table).or_default().extend(fact.key.keys().map(String::as_str));
        }
        if let Some(other) = seed.keys().find(|table| !keys.contains_key(table.as_str())) {
            let known = keys.keys().map(|table| format!("`{table}`")).collect::<Vec<_>>().join(", ");
            let known = if known.is_empty() { "none".to_owned() } else { known };
            return Err(format!(
                "the seed has items for the table `{other}`, and of tables the contract reads {known}; take it out of the seed, or add a fact that reads it"
            ));
        }
        let mut tables = BTreeMap::new();
        for (table, key) in keys {
            let items = match seed.get(table) {
                None => &[],
                Some(Value::Array(items)) => items.as_slice(),
                Some(other) => {
                    return Err(format!(
                        "the seed's table `{table}` holds {} and takes a list of items",
                        other.kind()
                    ));
                }
            };
            fill(&database, table, &key, items)?;
            tables.insert(table.to_owned(), items.len());
        }

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(|error| format!("no local port: {error}"))?;
        let address = listener.local_addr().map_err(|error| format!("no local port: {error}"))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            let stopped = async move { drop(stopped.await) };
            // The tables live in memory: there is nothing to save when the server ends.
            drop(dynoxide::server::serve_with_shutdown(listener, database, stopped).await);
        });
        Ok(Self { endpoint: format!("http://{address}"), tables, stop, server })
    }

    /// Returns where the engine answers.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(crate) fn describe(&self) -> String {
        let describe = |(table, items): (&String, &usize)| format!("{table} ({items} items)");
        if self.tables.is_empty() {
            "none".to_owned()
        } else {
            self.tables.iter().map(describe).collect::<Vec<_>>().join(", ")
        }
    }

    /// Stops the engine.
    pub async fn stop(self) {
        // A server that has ended by itself hears nothing.
        self.stop.send(()).unwrap_or_default();
        drop(self.server.await);
    }
}

fn fill(database: &Database, table: &str, key: &BTreeSet<&str>, items: &[Value]) -> Result<(), Failure> {
    let failed = |error: String| format!("the table `{table}` cannot be made: {error}");
    let kind = |attribute: &str| match items.first().and_then(|item| item.get(attribute)) {
        Some(Value::Number(_)) => "N",
        _ => "S",
    };
    let list = |of: &dyn Fn((usize, &str)) -> serde_json::Value| {
        key.iter().copied().enumerate().map(of).collect::<Vec<_>>()
    };
    let create = serde_json::json!({
        "TableName": table,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": list(&|(_, name)| serde_json::json!({ "AttributeName": name, "AttributeType": kind(name) })),
        "KeySchema": list(&|(index, name)| {
            let role = if index == 0 { "HASH" } else { "RANGE" };
            serde_json::json!({ "AttributeName": name, "KeyType": role })
        }),
    });
    let create = serde_json::from_value(create).map_err(|error| failed(error.to_string()))?;
    database.create_table(create).map_err(|error| failed(error.to_string()))?;
    for (index, item) in items.iter().enumerate() {
        let members = item.as_object().ok_or_else(|| {
            format!("item {index} of the seed's table `{table}` is {} and takes an object", item.kind())
        })?;
        let put = serde_json::json!({ "TableName": table, "Item": attributes(members) });
        let put = serde_json::from_value(put).map_err(|error| failed(error.to_string()))?;
        database.put_item(put).map_err(|error| failed(error.to_string()))?;
    }
    Ok(())
}

/// JSON in DynamoDB's own notation.
fn attributes(members: &Object) -> serde_json::Value {
    members
        .iter()
        .map(|(name, value)| (name.clone(), attribute(value)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn attribute(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::json!({ "NULL": true }),
        Value::Bool(value) => serde_json::json!({ "BOOL": value }),
        Value::Number(number) => serde_json::json!({ "N": number.to_string() }),
        Value::String(text) => serde_json::json!({ "S": text }),
        Value::Array(elements) => {
            serde_json::json!({ "L": elements.iter().map(attribute).collect::<Vec<_>>() })
        }
        Value::Object(members) => serde_json::json!({ "M": attributes(members) }),
    }
}
