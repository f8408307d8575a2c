//! Settings of events about the contact's record: maps, date fields, tasks, forms, relationships, e-mails.

use chrono::NaiveDate;
use egui::Ui;

use super::super::Page;
use super::super::items::DATE_FIELDS;
use super::super::values::select;
use super::SO;
use crate::app::widgets;
use crate::base::id::{EmailId, FieldId, FormId, MapId, RelationshipId, TaskId};
use crate::base::time::Side;
use crate::model::{Change, Choice, Email, Form, FormOutcome, Relationship, Task, words};

pub(super) fn other_map(page: &mut Page<'_>, ui: &mut Ui, map: &mut Option<MapId>) {
    page.one_map(ui, "Other map", true, map);
    match *map {
        None => drop(widgets::warning(ui, "No map is chosen yet, so nothing matches")),
        Some(id) if id == page.map.id => {
            widgets::warning(ui, "A map hears nothing about itself, so nothing matches");
        }
        Some(id) if page.project.map(id).is_none() => {
            widgets::warning(ui, "The map is no longer in the project");
        }
        Some(_) => {}
    }
}

pub(super) fn automation(page: &mut Page<'_>, ui: &mut Ui, map: &mut Option<MapId>, change: &mut Change) {
    other_map(page, ui, map);
    let rows = [(Change::Added, "Comes onto it"), (Change::Removed, "Goes off it")];
    select(ui, "What the contact does", change, &rows);
    let help = match change {
        Change::Added => "When it comes to hold its first place there",
        Change::Removed => "When its last place there is gone",
    };
    widgets::help(ui, help);
}

pub(super) fn date_field(page: &mut Page<'_>, ui: &mut Ui, field: &mut Option<FieldId>) {
    page.needed_of(ui, "Date field", &DATE_FIELDS, field, SO);
    let at = words::time_in_words(page.project.settings.date_event_time);
    let help =
        format!("At {at} on the account's clocks; a date and time at its own time, a birthday every year");
    widgets::help(ui, &help);
}

pub(super) fn days_from_field(
    page: &mut Page<'_>,
    ui: &mut Ui,
    field: &mut Option<FieldId>,
    side: &mut Side,
    days: &mut u32,
) {
    let rows = match days {
        1 => [(Side::Before, "day before"), (Side::After, "day after")],
        _ => [(Side::Before, "days before"), (Side::After, "days after")],
    };
    page.number_and(ui, "How far", (days, 1), ("Before or after", side), &rows);
    date_field(page, ui, field);
}

pub(super) fn specific_date(page: &mut Page<'_>, ui: &mut Ui, date: &mut Option<NaiveDate>) {
    let at = words::time_in_words(page.project.settings.date_event_time);
    page.date_or_none(ui, "Date", date, &format!("At {at} on the account's clocks"));
    if date.is_none() {
        widgets::warning(ui, "No day is chosen yet, so nothing matches");
    }
}

/// A task, and which of its outcomes count.
pub(super) fn task(page: &mut Page<'_>, ui: &mut Ui, task: &mut Option<TaskId>, outcomes: &mut Vec<u8>) {
    let before = *task;
    page.needed::<Task>(ui, "Task", task, SO);
    if *task != before {
        outcomes.clear();
        return;
    }
    let known = task.and_then(|task| page.project.catalogue.tasks.get(&task));
    let known = known.map_or(&[][..], |task| &task.outcomes);
    let mut rows: Vec<_> =
        (1..=u8::MAX).zip(known).map(|(number, outcome)| (number, outcome.name.clone())).collect();
    // Numbers without an outcome can come from a file; they are shown, so that one sees why nothing matches.
    let odd = outcomes.iter().filter(|number| **number == 0 || usize::from(**number) > known.len());
    rows.extend(odd.map(|number| (*number, format!("Outcome {number}: not in this task"))));
    if rows.is_empty() {
        if task.is_some() {
            widgets::help(ui, "It has no outcomes: it counts when it is done");
        }
        return;
    }
    widgets::label(ui, "Outcomes that count");
    for (number, name) in rows {
        let mut on = outcomes.contains(&number);
        if widgets::check(ui, &mut on, &name, "").changed() {
            outcomes.retain(|other| *other != number);
            if on {
                outcomes.push(number);
                outcomes.sort_unstable();
            }
        }
    }
    if outcomes.is_empty() {
        widgets::help(ui, "None is ticked: it counts however it comes out");
    }
}

pub(super) fn form(
    page: &mut Page<'_>,
    ui: &mut Ui,
    form: &mut Choice<FormId>,
    outcome: &mut Option<FormOutcome>,
) {
    page.any_or_several::<Form>(ui, "forms", form);
    form_outcome(page, ui, form, outcome);
}

/// Only a form that takes payments can fail; the question shows where one can be meant, or is asked already.
fn form_outcome(page: &Page<'_>, ui: &mut Ui, form: &Choice<FormId>, outcome: &mut Option<FormOutcome>) {
    let forms = &page.project.catalogue.forms;
    let takes_payment = |id| forms.get(id).is_some_and(|form| form.order_form);
    let meant = match form {
        Choice::Any => forms.values().any(|form| form.order_form),
        Choice::OneOf(forms) => forms.iter().any(takes_payment),
    };
    if !meant && outcome.is_none() {
        return;
    }
    let rows = [
        (None, "Success or failure"),
        (Some(FormOutcome::Success), "Only success"),
        (Some(FormOutcome::Failure), "Only failure"),
    ];
    select(ui, "Outcome", outcome, &rows);
    widgets::help(ui, "An order form fails when its payment does");
}

pub(super) fn relationship(
    page: &mut Page<'_>,
    ui: &mut Ui,
    relationship: &mut Option<RelationshipId>,
    change: &mut Change,
) {
    page.needed::<Relationship>(ui, "Relationship", relationship, SO);
    select(ui, "What happens to it", change, &Change::ALL);
}

/// An e-mail, and which link of it.
pub(super) fn email_link(page: &mut Page<'_>, ui: &mut Ui, email: &mut Option<EmailId>, link: &mut u8) {
    let before = *email;
    page.needed::<Email>(ui, "E-mail", email, SO);
    if *email != before {
        *link = 0;
    } else if let Some(email) = email {
        page.link(ui, *email, link, SO);
    }
}

impl Page<'_> {
    /// Which link of the e-mail counts, by its place and address; 0 is any. `so`: what follows if there is no such link.
    pub fn link(&self, ui: &mut Ui, email: EmailId, link: &mut u8, so: &str) {
        let known = self.project.catalogue.emails.get(&email).map_or(&[][..], |email| &email.links);
        let mut rows = vec![(0, "0: any link".to_owned())];
        rows.extend(
            (1..=u8::MAX).zip(known).map(|(number, address)| (number, format!("{number}: {address}"))),
        );
        // A number without a link can come from a file; it is shown, so that one sees what is wrong.
        let beyond = usize::from(*link) > known.len();
        if beyond {
            rows.push((*link, format!("{link}: not in this e-mail")));
        }
        select(ui, "Link", link, &rows);
        if beyond {
            widgets::warning(ui, &format!("The e-mail has no such link, {so}"));
        } else {
            widgets::help(ui, "Numbered from left to right and from top to bottom");
        }
    }
}
