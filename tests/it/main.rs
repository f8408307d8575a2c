//! All integration tests in one program, which links once.

mod format;
mod random;
mod store;
