//! Tests of the whole library through its public face.

mod account;
mod build;
mod copies;
mod edits;
mod history;
mod lint;
mod random_edits;
mod words;
