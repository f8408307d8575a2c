//! CSV out: comma, UTF-8, a header; what is written reads back the same.

use std::io::{self, Write};

use super::events::value_cell;
use super::mapping::REFUSED_COLUMNS;
use super::{Imported, Refused};
use crate::model::event::EVENT_TYPES;
use crate::model::{Email, Field, Form, FormOutcome, Happening, OrderLine, Product, Project, Tag};

/// Writes a table.
pub fn table<H: AsRef<str>, C: AsRef<[u8]>>(
    out: &mut dyn Write,
    headers: &[H],
    rows: impl IntoIterator<Item = impl IntoIterator<Item = C>>,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(headers.iter().map(|name| name.as_ref().as_bytes()))?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.flush()
}

/// All contacts with their fields.
pub fn contacts(project: &Project, out: &mut dyn Write) -> io::Result<()> {
    let catalogue = &project.catalogue;
    let fields: Vec<_> = catalogue.fields.keys().copied().collect();
    let mut headers: Vec<_> = ["contact", "created", "zone", "tags"].map(ToOwned::to_owned).to_vec();
    headers.extend(catalogue.fields.values().map(|field| field.name.clone()));
    let rows = project.people.contacts().map(|(_, contact)| {
        let tags: Vec<_> = contact.tags.iter().map(|tag| catalogue.name::<Tag>(*tag)).collect();
        let created = contact.created.map(|at| at.to_string()).unwrap_or_default();
        let zone = contact.zone.map(|zone| zone.name().to_owned()).unwrap_or_default();
        let mut row = vec![contact.key.to_string(), created, zone, tags.join("|")];
        row.extend(fields.iter().map(|field| {
            let held = contact.fields.iter().find(|(other, _)| other == field);
            value_cell(held.map(|(_, value)| value))
        }));
        row
    });
    table(out, &headers, rows)
}

/// All events; an order has a row for each of its lines.
pub fn events(project: &Project, out: &mut dyn Write) -> io::Result<()> {
    let mut headers = vec!["contact", "at", "event"];
    for column in EVENT_TYPES.iter().flat_map(|info| info.columns) {
        if !headers.contains(column) {
            headers.push(column);
        }
    }
    let rows = project.people.all_events().flat_map(|(ix, event)| {
        let key = project.people.contact(ix).map_or("", |contact| &contact.key);
        let head = [key.to_owned(), event.at.to_string(), event.what.event_type().info().tag.to_owned()];
        event_rows(project, &event.what).into_iter().map(move |cells| (head.clone(), cells))
    });
    let rows = rows.map(|([key, at, tag], cells)| {
        headers.iter().map(move |header| match *header {
            "contact" => key.clone(),
            "at" => at.clone(),
            "event" => tag.clone(),
            column => {
                let cell = cells.iter().find(|(name, _)| *name == column);
                cell.map(|(_, text)| text.clone()).unwrap_or_default()
            }
        })
    });
    table(out, &headers, rows)
}

/// The own columns of an event, a row for each line of an order.
fn event_rows(project: &Project, what: &Happening) -> Vec<Vec<(&'static str, String)>> {
    let catalogue = &project.catalogue;
    let row = match what {
        Happening::Created => vec![],
        Happening::FormSubmitted { form, outcome } => {
            let outcome = match outcome {
                FormOutcome::Success => "success",
                FormOutcome::Failure => "failure",
            };
            vec![("form", catalogue.name::<Form>(*form)), ("outcome", outcome.into())]
        }
        Happening::Order(order) | Happening::Refund(order) => {
            let reference = || ("order", order.reference.clone());
            if order.lines.is_empty() {
                return vec![vec![reference()]];
            }
            let row = |line: &OrderLine| {
                vec![
                    reference(),
                    ("product", catalogue.name::<Product>(line.product)),
                    ("quantity", line.quantity.to_string()),
                    ("amount", line.amount.amount().to_string()),
                ]
            };
            return order.lines.iter().map(row).collect();
        }
        Happening::TagAdded(tag) | Happening::TagRemoved(tag) => vec![("tag", catalogue.name::<Tag>(*tag))],
        Happening::FieldUpdated { field, value } => {
            vec![("field", catalogue.name::<Field>(*field)), ("value", value_cell(value.as_ref()))]
        }
        Happening::EmailLinkClicked { email, link } => {
            vec![("email", catalogue.name::<Email>(*email)), ("link", link.to_string())]
        }
        Happening::AddedToAutomation(map) => {
            let name = project.map(*map).map_or_else(|| map.to_string(), |map| map.name.clone());
            vec![("map", name)]
        }
    };
    vec![row]
}

/// The rows that an import refused, as they were, with the reason in front: put right they can be imported again.
pub fn refused(imported: &Imported, out: &mut dyn Write) -> io::Result<()> {
    let mut headers = REFUSED_COLUMNS.map(ToOwned::to_owned).to_vec();
    headers.extend(imported.headers.iter().cloned());
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(out);
    writer.write_record(&headers)?;
    for Refused { line, reason, cells } in &imported.refused {
        writer.write_field(line.to_string())?;
        writer.write_field(reason.as_bytes())?;
        writer.write_record(cells)?;
    }
    writer.flush()
}
