//! The event that a trigger or goal listens for, with its settings.

use egui::Ui;

use super::Page;
use crate::app::widgets;
use crate::base::id::EmailId;
use crate::model::event::{EVENT_TYPES, ListenedBy};
use crate::model::{
    Choice, Element, ElementKind, Email, EventFilter, EventType, Field, Form, FormOutcome, Product, Tag,
};

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element, on: &mut EventFilter) {
    widgets::section(ui, "Event");
    let info = on.event_type().info();
    // M-03: the one trigger of its kind keeps its event, and no other becomes a second
    if *on == EventFilter::AddedToAutomation {
        ui.label(info.title);
        widgets::help(ui, info.help);
        return;
    }
    let is_goal = matches!(element.kind, ElementKind::Goal(_));
    let rows: Vec<_> = EVENT_TYPES
        .iter()
        .filter(|row| row.event_type != EventType::AddedToAutomation)
        .filter(|row| !is_goal || row.listened_by == ListenedBy::Both)
        .map(|row| (row.event_type, row.title))
        .collect();
    let (response, chosen) = widgets::select(ui, "event", info.event_type, &rows);
    response.accessible_name("Event");
    widgets::help(ui, info.help);
    if let Some(event_type) = chosen {
        *on = EventFilter::blank(event_type);
    }
    settings(page, ui, on);
}

fn settings(page: &mut Page<'_>, ui: &mut Ui, on: &mut EventFilter) {
    match on {
        EventFilter::Created | EventFilter::AddedToAutomation => {}
        EventFilter::FormSubmitted { form, outcome } => {
            page.any_or_several::<Form>(ui, "forms", form);
            form_outcome(page, ui, form, outcome);
        }
        EventFilter::Order(products) | EventFilter::Refund(products) => {
            page.any_or_several::<Product>(ui, "products", products);
        }
        EventFilter::TagAdded(tag) | EventFilter::TagRemoved(tag) => {
            page.one::<Tag>(ui, "Tag", tag);
            if tag.is_none() {
                widgets::warning(ui, "No tag is chosen yet, so nothing matches");
            }
        }
        EventFilter::FieldUpdated(field) => {
            page.one::<Field>(ui, "Field", field);
            if field.is_none() {
                widgets::warning(ui, "No field is chosen yet, so nothing matches");
            }
        }
        EventFilter::EmailLinkClicked { email, link } => {
            if page.one::<Email>(ui, "E-mail", email) {
                *link = 0;
            }
            match email {
                Some(email) => links(page, ui, *email, link),
                None => drop(widgets::warning(ui, "No e-mail is chosen yet, so nothing matches")),
            }
        }
    }
}

/// Only a form that takes payments can fail; the question shows where one can be meant, or is asked already.
fn form_outcome(
    page: &Page<'_>,
    ui: &mut Ui,
    form: &Choice<crate::base::id::FormId>,
    outcome: &mut Option<FormOutcome>,
) {
    let takes_payment = |id| page.project.catalogue.forms.get(id).is_some_and(|form| form.order_form);
    let meant = match form {
        Choice::Any => page.project.catalogue.forms.values().any(|form| form.order_form),
        Choice::OneOf(forms) => forms.iter().any(takes_payment),
    };
    if !meant && outcome.is_none() {
        return;
    }
    let label = widgets::label(ui, "Outcome");
    let rows = [
        (None, "Success or failure"),
        (Some(FormOutcome::Success), "Only success"),
        (Some(FormOutcome::Failure), "Only failure"),
    ];
    let (response, chosen) = widgets::select(ui, "outcome", *outcome, &rows);
    response.labelled_by(label.id);
    widgets::help(ui, "An order form fails when its payment does");
    if let Some(chosen) = chosen {
        *outcome = chosen;
    }
}

/// Which link of the e-mail counts, by its place and address.
fn links(page: &Page<'_>, ui: &mut Ui, email: EmailId, link: &mut u8) {
    let known = page.project.catalogue.emails.get(&email).map_or(&[][..], |email| &email.links);
    let mut rows = vec![(0, "0: any link".to_owned())];
    rows.extend((1..=u8::MAX).zip(known).map(|(number, address)| (number, format!("{number}: {address}"))));
    // A number without a link can come from a file; it is shown, so that one sees why nothing matches.
    let beyond = usize::from(*link) > known.len();
    if beyond {
        rows.push((*link, format!("{link}: not in this e-mail")));
    }
    let label = widgets::label(ui, "Link");
    let (response, chosen) = widgets::select(ui, "link", *link, &rows);
    response.labelled_by(label.id);
    if beyond {
        widgets::warning(ui, "The e-mail has no such link, so nothing matches");
    } else {
        widgets::help(ui, "Numbered from left to right and from top to bottom");
    }
    if let Some(chosen) = chosen {
        *link = chosen;
    }
}
