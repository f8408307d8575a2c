//! The application without a window: what the window and the command drive alike.

pub mod command;
pub mod layout;
