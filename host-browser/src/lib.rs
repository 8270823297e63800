//! claim-core for JavaScript.
