//! Tests of the whole library through its public face.

mod build;
mod edits;
mod lint;
mod random_edits;
mod words;
