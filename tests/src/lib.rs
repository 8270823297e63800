//! Loads the vectors.
