//! How large the tokens become, for the log: a token that outgrows its budget is seen before a gateway refuses it.

use claim_core::cognito::{Token, apply, encoded_size, plain_tokens};
use claim_core::contract::TokenBudget;
use claim_core::json::Value;
use claim_core::{TokenRequest, TokenShape};

use crate::log::Line;

/// Adds the sizes of both tokens, as far as the request tells, and names those over their budget.
pub(crate) fn note(line: &mut Line, request: &TokenRequest, shape: &TokenShape, budget: TokenBudget) {
    let tokens = apply(request.version, &plain_tokens(request), shape);
    let bytes = |claims| u64::try_from(encoded_size(claims)).unwrap_or(u64::MAX);
    let mut over = Vec::new();
    let sized = tokens.id.iter().map(|id| (Token::Id, "idTokenBytes", bytes(id)));
    for (token, name, size) in sized.chain([(Token::Access, "accessTokenBytes", bytes(&tokens.access))]) {
        line.add(name, size);
        if size > budget.of(token) {
            over.push(Value::from(token.as_str()));
        }
    }
    if !over.is_empty() {
        line.add("overBudget", over);
    }
}
