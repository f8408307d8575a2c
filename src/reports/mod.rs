//! Folds over what the engine says: numbers on elements and lines ([`flow`]), states in sequences ([`states`]), one
//! contact's history ([`trace`]), why a goal was not achieved ([`why`]).

pub mod flow;
pub mod states;
pub mod trace;
pub mod why;
