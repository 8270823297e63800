//! What holds of every bundle, also of one that no compiler of ours wrote.

use super::{Bundle, BundleError};
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
                return wrong(format!("claims.{name}"));
            }
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
