//! All integration tests in one program, which links once.

mod build;
mod edits;
mod format;
mod lint;
mod random_edits;
mod store;
mod words;
