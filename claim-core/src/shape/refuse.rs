//! The sign-ins that a contract refuses.

use super::rules::Rules;
use crate::json::Value;
use crate::refusal::{Refusal, RuleFault};

impl Rules<'_> {
    /// Refuses the request if a rule says so.
    ///
    /// Unlike the `when` of a claim, which then does not hold, a condition here that reads something absent is a fault:
    /// `!facts.account.active` must not let somebody in because nobody wrote the field.
    pub(super) fn refuse(&self) -> Result<(), Refusal> {
        for (index, rule) in self.bundle.refuse.iter().enumerate() {
            let place = format!("refuse[{index}]");
            let failed = |fault| Err(Refusal::RuleFailed { rule: place.clone(), fault });
            if self.for_others(&rule.condition).is_some() || self.speaks_of_absent_user(None, &rule.condition)
            {
                continue;
            }
            let holds = match &rule.condition.when {
                None => Some(Value::Bool(true)),
                Some(when) => match self.evaluate(when) {
                    Ok(value) => value,
                    Err(error) => return failed(RuleFault::Evaluation(error)),
                },
            };
            match holds {
                Some(Value::Bool(false)) => {}
                Some(Value::Bool(true)) => {
                    return Err(Refusal::Blocked { rule: place, message: rule.message.clone() });
                }
                Some(_) => return failed(RuleFault::WrongType),
                None => return failed(RuleFault::NoValue),
            }
        }
        Ok(())
    }
}
