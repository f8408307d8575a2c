//! Folds over what the engine says: numbers on elements and lines ([`flow`]), states in sequences ([`states`]), what
//! visitors spend ([`value`]), one
//! contact's history ([`trace`]), why a goal was not achieved ([`why`]), what conditions saw ([`seen`]), which campaigns
//! orders are credited to ([`attribution`]).

pub mod attribution;
pub mod flow;
pub mod seen;
pub mod states;
pub mod trace;
pub mod value;
pub mod why;
