//! What holds of every bundle, also of one that no compiler of ours wrote.

use super::logic::{MAX_LOGIC, is_word};
use super::{Bundle, BundleError, Source};
use crate::cognito::{Token, Touch, is_name, is_scope, touch};

impl Bundle {
    /// Checks that no rule can name what belongs to Cognito.
    pub(super) fn check(&self) -> Result<(), BundleError> {
        let wrong = |place: String| {
            Err(BundleError::Malformed(format!("`{place}` names what a trigger may not touch")))
        };
        for (name, claim) in &self.claims {
            let touchable = |token: &Token| matches!(touch(*token, name), Touch::Free | Touch::ClientId);
            if !is_name(name) || !claim.tokens.iter().all(touchable) {
                return wrong(format!("claims.{}", name.escape_debug()));
            }
        }
        let known = |source: &Source| match source {
            Source::Logic(name) => self.logic.contains_key(name),
            _ => true,
        };
        let elsewhere = self.scopes.add.iter().map(|rule| &rule.source);
        let elsewhere = elsewhere.chain(self.groups.iter().chain(&self.roles).map(|rule| &rule.source));
        let elsewhere = elsewhere.chain(self.preferred_role.iter().map(|rule| &rule.source));
        let context = self.authorize.iter().flat_map(|authorize| authorize.context.values());
        let mut elsewhere = elsewhere.chain(context.map(|rule| &rule.source));
        if elsewhere.any(|source| matches!(source, Source::Logic(_)))
            || !self.claims.values().all(|claim| known(&claim.source))
            || self.logic.len() > MAX_LOGIC
            || !self.logic.keys().chain(self.facts.keys()).all(|name| is_word(name))
            || !self.logic.values().all(super::LogicComponent::is_pinned)
        {
            return Err(BundleError::Malformed("`logic` is not what a contract says of it".to_owned()));
        }
        for token in Token::ALL {
            for name in self.suppress.of(token) {
                let suppressible =
                    matches!(touch(token, name), Touch::Free | Touch::SuppressOnly | Touch::Groups);
                if !is_name(name) || !suppressible {
                    return wrong(format!("suppress.{}", token.as_str()));
                }
            }
        }
        if !self.scopes.suppress.iter().all(|scope| is_scope(scope)) {
            return wrong("scopes.suppress".to_owned());
        }
        Ok(())
    }
}
