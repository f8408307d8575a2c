//! Projects to begin with, part of the program.

use std::path::Path;

use crate::model::Project;
use crate::store::{StoreError, text};

/// A project to begin with.
#[derive(Debug)]
pub struct Sample {
    /// Its name for the command.
    pub name: &'static str,
    /// Its name on the start page.
    pub title: &'static str,
    /// What it shows, in a sentence.
    pub about: &'static str,
    /// The project as text.
    pub text: &'static str,
}

/// All of them; the first is the one to try first.
pub const ALL: [Sample; 2] = [
    Sample {
        name: "nurture",
        title: "Nurture in ten mails",
        about: "Ten mails after a sign-up, until the contact buys: who buys gets no more of them",
        text: include_str!("../../sample_projects/nurture.ron"),
    },
    Sample {
        name: "online_retail",
        title: "Second purchase",
        about: "A year of real invoices of a shop: who comes back, and which mail had gone out by then",
        text: include_str!("../../sample_projects/online_retail.ron"),
    },
];

impl Sample {
    /// The sample with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|sample| sample.name == name)
    }

    /// A project of one's own from the sample, with a key that no other project has.
    pub fn project(&self) -> Result<Project, StoreError> {
        let mut project = text::parse(self.text.as_bytes(), Path::new(self.name))?;
        project.key = super::open::new_key();
        Ok(project)
    }
}
