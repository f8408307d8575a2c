//! Folds over what the engine says: numbers on elements and lines ([`flow`]), states in sequences ([`states`]), one
//! contact's history ([`trace`]), why a goal was not achieved ([`why`]), what conditions saw ([`seen`]).

pub mod flow;
pub mod seen;
pub mod states;
pub mod trace;
pub mod why;
