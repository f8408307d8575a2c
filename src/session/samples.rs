//! Sample projects, carried inside the program.

/// One of them.
#[derive(Debug)]
pub struct Sample {
    /// Its name on the command line and in files.
    pub name: &'static str,
    /// Its name in the window.
    pub title: &'static str,
    /// One sentence: what can be seen in it.
    pub about: &'static str,
    /// The project as RON.
    pub text: &'static str,
}

/// All of them in the order of the start page.
pub const ALL: &[Sample] = &[];
