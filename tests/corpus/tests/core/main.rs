//! What needs nothing but the core. One program, because a thousand mutants are linked with it.

mod backend;
mod bundles;
mod cel;
mod contract;
mod decisions;
mod docs;
mod examinations;
mod guard;
mod json;
mod limits;
mod names;
mod outlines;
mod presentations;
mod previews;
mod sentences;
mod vectors;
