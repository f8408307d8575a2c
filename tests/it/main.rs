//! All integration tests in one program, which links once.

mod account;
mod against_reference;
mod architecture;
mod build;
mod cli;
mod copies;
mod corners;
mod csv;
mod docs;
mod edits;
mod format;
mod generate;
mod golden;
mod history;
mod lint;
mod meetings;
mod publishing;
mod random;
mod random_edits;
mod retail;
mod saved_tests;
mod seeds;
mod sequences;
mod store;
mod words;
