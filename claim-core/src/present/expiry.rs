//! Where a token is in its life.

/// Where a token is in its life.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expiry {
    /// It is good for a while.
    Valid,
    /// It ends soon.
    Expiring,
    /// It has ended.
    Expired,
    /// It has not begun.
    NotYetValid,
    /// It does not say when it ends.
    NoExpiry,
}

impl Expiry {
    /// Returns the stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::NoExpiry => "no-expiry",
        }
    }
}

/// The times of a token, in seconds since 1970; not a number where it has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// When it ends, `exp`.
    pub exp: f64,
    /// When it begins, `nbf`.
    pub nbf: f64,
}

impl Times {
    /// Returns where the token is at one time, when it counts as ending soon for so many seconds.
    #[must_use]
    pub fn at(self, now: f64, within: f64) -> Expiry {
        // Written so that what is not a number never passes for time that is left.
        if self.nbf > now {
            Expiry::NotYetValid
        } else if self.exp.is_nan() {
            Expiry::NoExpiry
        } else if self.exp - now > within {
            Expiry::Valid
        } else if self.exp > now {
            Expiry::Expiring
        } else {
            Expiry::Expired
        }
    }
}

/// By how many seconds the issuer's clock is ahead of one that showed `received` when the token came in.
///
/// More than five minutes is no drift but a token that was issued long before, and counts as none.
#[must_use]
pub fn drift(iat: f64, received: f64) -> f64 {
    let ahead = iat - received;
    if ahead.abs() <= 300.0 { ahead } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{Expiry, Times, drift};

    #[test]
    fn each_second_has_its_state() {
        let times = Times { exp: 1_000.0, nbf: 100.0 };
        for (now, want) in [
            (99.0, Expiry::NotYetValid),
            (100.0, Expiry::Valid),
            (699.0, Expiry::Valid),
            (700.0, Expiry::Expiring),
            (999.0, Expiry::Expiring),
            (1_000.0, Expiry::Expired),
            (f64::NAN, Expiry::Expired),
        ] {
            assert_eq!(times.at(now, 300.0), want, "{now}");
        }
        let endless = Times { exp: f64::NAN, nbf: f64::NAN };
        assert_eq!(endless.at(1.0, 300.0), Expiry::NoExpiry);
    }

    #[test]
    fn a_drift_is_small() {
        assert!((drift(1_010.0, 1_000.0) - 10.0).abs() < 1e-9);
        assert!((drift(990.0, 1_000.0) + 10.0).abs() < 1e-9);
        assert!(drift(1_000.0, 5_000.0).abs() < 1e-9);
        assert!(drift(f64::NAN, 5_000.0).abs() < 1e-9);
    }
}
