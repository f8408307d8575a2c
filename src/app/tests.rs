//! Tests of the window, by label.
