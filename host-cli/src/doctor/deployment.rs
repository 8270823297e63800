//! What is deployed, as far as the examination asks about it. All of it is what AWS answered; nothing is personal.

use std::collections::{BTreeMap, BTreeSet};

/// Everything that was looked at. What was not named was not looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Deployment {
    pub(super) pool: Option<Pool>,
    pub(super) trigger: Option<Function>,
    pub(super) authorizer: Option<Function>,
    pub(super) gateways: Vec<GatewayAuthorizer>,
    /// The APIs that were named and have no authorizer which calls the function.
    pub(super) unguarded: Vec<String>,
    /// By their names in the contract.
    pub(super) tables: BTreeMap<String, Table>,
}

/// A user pool.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    pub(super) id: String,
    pub(super) arn: String,
    /// Its feature plan: `LITE`, `ESSENTIALS` or `PLUS`.
    pub(super) plan: Option<String>,
    /// What it calls before it makes tokens.
    pub(super) trigger: Option<PoolTrigger>,
    pub(super) clients: Vec<PoolClient>,
}

/// What a pool calls before it makes tokens.
#[derive(Clone, Debug)]
pub(super) struct PoolTrigger {
    pub(super) function: String,
    /// `V1_0`, `V2_0` or `V3_0`.
    pub(super) version: String,
}

/// An app client.
#[derive(Clone, Debug)]
pub(super) struct PoolClient {
    pub(super) id: String,
    /// The attributes that its users may write of themselves; nothing where the client names none, which lets them write
    /// the standard ones.
    pub(super) writes: Option<BTreeSet<String>>,
    /// Whether machines ask for tokens through it.
    pub(super) machines: bool,
}

/// A Lambda function, as its callers name it.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) arn: String,
    pub(super) runtime: String,
    /// In seconds.
    pub(super) timeout: i64,
    pub(super) environment: BTreeMap<String, String>,
    /// Who may invoke it.
    pub(super) grants: Vec<Grant>,
}

/// A statement of a function's policy that allows somebody to invoke it.
#[derive(Clone, Debug, Default)]
pub(super) struct Grant {
    /// A service, an account, or `*` for anybody.
    pub(super) who: String,
    pub(super) source_arn: Option<String>,
    pub(super) source_account: Option<String>,
}

/// A Lambda authorizer of API Gateway's.
#[derive(Clone, Debug)]
pub(super) struct GatewayAuthorizer {
    pub(super) kind: GatewayKind,
    pub(super) api: String,
    pub(super) id: String,
    /// The function that it calls.
    pub(super) function: String,
    pub(super) sources: Vec<String>,
    /// For how many seconds it keeps an answer.
    pub(super) ttl: i64,
    /// Whether it calls the function in a role's name, which needs no permission on the function.
    pub(super) has_role: bool,
    /// Its payload format, of an HTTP API.
    pub(super) payload: Option<String>,
    /// Whether it takes simple answers, of an HTTP API.
    pub(super) simple: bool,
}

/// The kind of a Lambda authorizer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum GatewayKind {
    Http,
    RestToken,
    RestRequest,
}

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    /// The attributes of its key; nothing if there is no such table.
    pub(super) key: Option<BTreeSet<String>>,
}
