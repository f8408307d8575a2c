//! All integration tests in one program, which links once.

mod build;
mod csv;
mod edits;
mod format;
mod generate;
mod lint;
mod random_edits;
mod store;
mod words;
