//! Send e-mail: which one, and what it holds.

use egui::Ui;

use super::Page;
use super::typed::{Look, any_text};
use crate::app::icons::Icon;
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::base::id::EmailId;
use crate::model::Email;
use crate::session::command::Command;

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, email: &mut Option<EmailId>) {
    let before = *email;
    page.one::<Email>(ui, "E-mail", email);
    match before {
        None => drop(widgets::warning(ui, "No e-mail is chosen yet, so nothing is sent")),
        Some(id) => match page.project.catalogue.emails.get(&id) {
            Some(email) => drop(ui.push_id(id.to_string(), |ui| contents(page, ui, email))),
            None => drop(widgets::warning(ui, "The e-mail is no longer in the account")),
        },
    }
}

/// Subject and links belong to the e-mail, wherever it is sent.
fn contents(page: &mut Page<'_>, ui: &mut Ui, email: &Email) {
    let mut changed = email.clone();
    widgets::section(ui, "In this e-mail");
    widgets::help(ui, "Holds wherever the e-mail is sent");
    let subject = page.state.drafts.form_field(
        ui,
        "Subject",
        &email.subject,
        "What the contact reads first",
        "",
        any_text,
    );
    if let Some(subject) = subject {
        changed.subject = subject;
    }
    widgets::label(ui, "Links");
    let mut removed = None;
    for (place, address) in email.links.iter().enumerate() {
        let number = place + 1;
        let mut wrong = None;
        ui.horizontal(|ui| {
            ui.label(number.to_string());
            let width = ui.available_width() - theme::CONTROL_HEIGHT - 2.0 * space::S;
            let look = Look { width, hint: "https://…" };
            let typed = page.state.drafts.field(ui, ("link", place), address, look, read_link);
            typed.response.accessible_name(format!("Address of link {number}"));
            wrong = typed.wrong;
            if let (Some(address), Some(link)) = (typed.taken, changed.links.get_mut(place)) {
                *link = address;
            }
            if Icon::Close.button(ui, &format!("Remove link {number}")).clicked() {
                removed = Some(place);
            }
        });
        if let Some(wrong) = wrong {
            widgets::error(ui, &wrong);
        }
    }
    if let Some(place) = removed {
        changed.links.remove(place);
    }
    ui.horizontal(|ui| {
        let look = Look { width: f32::INFINITY, hint: "Add a link: https://…" };
        let typed = page.state.drafts.field(ui, ("link", email.links.len()), "", look, read_link);
        typed.response.accessible_name("Add a link");
        changed.links.extend(typed.taken);
    });
    widgets::help(
        ui,
        "Numbered from left to right and from top to bottom; triggers and goals ask for the number",
    );
    if changed != *email {
        page.mean(Command::PutItem(changed.into()));
    }
}

fn read_link(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("A link needs an address; remove it with the cross".into()),
        address => Ok(address.to_owned()),
    }
}
