//! Folds over what the engine says: numbers on elements and lines ([`flow`]), one contact's history ([`trace`]).

pub mod flow;
pub mod trace;
