//! CSV out: comma, UTF-8, a header; what is written reads back the same.

use std::io::{self, Write};

use super::events::value_cell;
use super::mapping::REFUSED_COLUMNS;
use super::{Imported, Refused};
use crate::base::id::{EmailId, MapId, PageId, ProductId, SiteId, TaskId};
use crate::model::catalogue::Shelved;
use crate::model::event::{HAPPENINGS, Listed};
use crate::model::{
    Catalogue, Email, Field, Form, Happening, Level, LineStatus, List, Member, MoreOfContact, Order,
    OrderLine, OrderStatus, Page, Product, Project, Relationship, Site, StatusChange, Tag, Task, Touchpoint,
    words,
};

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
    // columns that say nothing for all are left out
    let has_more = project.people.contacts().any(|(_, contact)| contact.more.is_some());
    headers.extend(MORE.iter().filter(|_| has_more).map(|name| (*name).to_owned()));
    headers.extend(catalogue.fields.values().map(|field| field.name.clone()));
    let rows = project.people.contacts().map(|(_, contact)| {
        let tags: Vec<_> = contact.tags.iter().map(|tag| listed::<Tag>(catalogue, *tag)).collect();
        let created = contact.created.map(|at| at.to_string()).unwrap_or_default();
        let zone = contact.zone.map(|zone| zone.name().to_owned()).unwrap_or_default();
        let mut row = vec![contact.key.to_string(), created, zone, tags.join("|")];
        if has_more {
            row.extend(more_cells(project, contact.more.as_deref()));
        }
        row.extend(fields.iter().map(|field| {
            let held = contact.fields.iter().find(|(other, _)| other == field);
            value_cell(held.map(|(_, value)| value))
        }));
        row
    });
    table(out, &headers, rows)
}

/// The columns of what few records say.
const MORE: [&str; 7] =
    ["email_status", "sms_status", "owner", "lists", "levels", "memberships", "relationships"];

fn more_cells(project: &Project, more: Option<&MoreOfContact>) -> [String; 7] {
    let Some(more) = more else { return Default::default() };
    let catalogue = &project.catalogue;
    let joined = |names: Vec<String>| names.join("|");
    [
        more.email_status.tag().to_owned(),
        more.sms_status.tag().to_owned(),
        more.owner.map(|owner| catalogue.name::<Member>(owner)).unwrap_or_default(),
        joined(more.lists.iter().map(|list| listed::<List>(catalogue, *list)).collect()),
        joined(more.levels.iter().map(|level| listed::<Level>(catalogue, *level)).collect()),
        joined(
            (more.memberships.iter())
                .map(|(site, status)| format!("{}={}", listed::<Site>(catalogue, *site), status.tag()))
                .collect(),
        ),
        joined(
            (more.relationships.iter())
                .map(|(kind, record)| {
                    format!("{}={}", listed::<Relationship>(catalogue, *kind), escaped(record))
                })
                .collect(),
        ),
    ]
}

/// The name of one of several things in a cell.
fn listed<T: Shelved>(catalogue: &Catalogue, id: T::Id) -> String {
    escaped(&catalogue.name::<T>(id))
}

/// What stands between names in one cell, with a backslash before it where it is part of a name.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        if matches!(letter, '|' | '=' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

/// All events; an order has a row for each of its lines.
pub fn events(project: &Project, out: &mut dyn Write) -> io::Result<()> {
    let mut headers = vec!["contact", "at", "event"];
    for column in HAPPENINGS.iter().flat_map(|info| info.columns) {
        if !headers.contains(column) {
            headers.push(column);
        }
    }
    let rows = project.people.all_events().flat_map(|(ix, event)| {
        let key = project.people.contact(ix).map_or("", |contact| &contact.key);
        let head = [key.to_owned(), event.at.to_string(), event.what.kind().info().tag.to_owned()];
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

/// A cell with its column.
type Named = (&'static str, String);

/// The own columns of an event, a row for each line of an order.
fn event_rows(project: &Project, what: &Happening) -> Vec<Vec<Named>> {
    let catalogue = &project.catalogue;
    let on_map = |map: &MapId| {
        let name = project.map(*map).map_or_else(|| map.to_string(), |map| map.name.clone());
        vec![("map", name)]
    };
    let email = |email: &EmailId| ("email", catalogue.name::<Email>(*email));
    let page = |page: &PageId| vec![("page", catalogue.name::<Page>(*page))];
    let site = |site: &SiteId| ("site", catalogue.name::<Site>(*site));
    let row = match what {
        Happening::Created | Happening::CallLogged | Happening::EmailReceived => vec![],
        // these follow from others, also when the file is read again
        Happening::CameOnMap(_) | Happening::WentOffMap(_) | Happening::DateCame(_) | Happening::Sale(_) => {
            return vec![];
        }
        Happening::FormSubmitted { form, outcome } => {
            vec![("form", catalogue.name::<Form>(*form)), ("outcome", outcome.tag().into())]
        }
        Happening::Order(order) | Happening::Refund(order) => return order_rows(project, order),
        Happening::TagAdded(tag) | Happening::TagRemoved(tag) => vec![("tag", catalogue.name::<Tag>(*tag))],
        Happening::ListAdded(list) | Happening::ListRemoved(list) => {
            vec![("list", catalogue.name::<List>(*list))]
        }
        Happening::RelationshipAdded { relationship, record }
        | Happening::RelationshipRemoved { relationship, record } => {
            let name = catalogue.name::<Relationship>(*relationship);
            vec![("relationship", name), ("record", record.to_string())]
        }
        Happening::TaskCompleted { task, outcome } => {
            vec![
                ("task", catalogue.name::<Task>(*task)),
                ("outcome", outcome_cell(catalogue, *task, *outcome)),
            ]
        }
        Happening::EmailStatus(status) => vec![("status", status.tag().into())],
        Happening::SmsStatus(status) => vec![("status", status.tag().into())],
        Happening::FieldUpdated { field, value } => {
            vec![("field", catalogue.name::<Field>(*field)), ("value", value_cell(value.as_ref()))]
        }
        Happening::EmailOpened(id) => vec![email(id)],
        Happening::EmailLinkClicked { email: id, link } => vec![email(id), ("link", link.to_string())],
        Happening::EmailBounced { email: id, hard } => {
            vec![email(id), ("bounce", if *hard { "hard" } else { "soft" }.into())]
        }
        Happening::SmsReceived(text) => vec![("text", text.to_string())],
        Happening::AddedToAutomation(map)
        | Happening::RemovedFromAutomation(map)
        | Happening::Paused(map)
        | Happening::Unpaused(map) => on_map(map),
        Happening::Payment { reference, declined } => {
            let payment = if *declined { "declined" } else { "charged" };
            vec![("order", reference.to_string()), ("payment", payment.into())]
        }
        Happening::OrderCancelled { reference } => vec![("order", reference.to_string())],
        Happening::CheckoutStarted(checkout) | Happening::CheckoutAbandoned(checkout) => {
            let row = |product: &ProductId| {
                vec![
                    ("order", checkout.reference.clone()),
                    ("product", catalogue.name::<Product>(*product)),
                    ("provider", checkout.provider.tag().into()),
                ]
            };
            return checkout.products.iter().map(row).collect();
        }
        Happening::PageVisited(id)
        | Happening::PurlVisited(id)
        | Happening::UrlVisited(id)
        | Happening::LinkClicked(id) => page(id),
        Happening::SiteVisited(id) => vec![site(id)],
        Happening::MembershipUpdated { site: id, status }
        | Happening::MembershipCreated { site: id, status } => {
            vec![site(id), ("status", status.tag().into())]
        }
        Happening::LevelGiven(level) | Happening::LevelLost(level) => {
            vec![("level", catalogue.name::<Level>(*level))]
        }
        Happening::Campaign { campaign, touch } => {
            vec![("campaign", words::campaign_name(project, *campaign)), ("touch", touch.tag().into())]
        }
        Happening::WebsiteVisited { source } => vec![("utm_source", source.to_string())],
        Happening::OrderStatus(change) => {
            let StatusChange { reference, product, status } = &**change;
            let status = match status {
                LineStatus::Category(category) => category.tag().to_owned(),
                LineStatus::Own(id) => catalogue.name::<OrderStatus>(*id),
            };
            let product = product.map(|product| catalogue.name::<Product>(product)).unwrap_or_default();
            vec![("order", reference.to_string()), ("product", product), ("status", status)]
        }
    };
    vec![row]
}

/// The outcome of a task by its name, where that tells it from the others, else by its number.
fn outcome_cell(catalogue: &Catalogue, task: TaskId, number: u8) -> String {
    if number == 0 {
        return String::new();
    }
    let outcomes = catalogue.tasks.get(&task).map_or(&[][..], |task| &task.outcomes);
    let named = outcomes.get(usize::from(number) - 1).map(|outcome| outcome.name.as_str());
    let alone =
        |name: &&str| outcomes.iter().filter(|other| other.name.eq_ignore_ascii_case(name)).count() == 1;
    named.filter(|name| !name.is_empty()).filter(alone).map_or_else(|| number.to_string(), ToOwned::to_owned)
}

/// A row for each line of an order; what the order itself says stands in all of them.
fn order_rows(project: &Project, order: &Order) -> Vec<Vec<Named>> {
    let catalogue = &project.catalogue;
    let mut head = vec![("order", order.reference.clone())];
    if let Some(form) = order.form {
        head.push(("form", catalogue.name::<Form>(form)));
    }
    if let Some(touchpoint) = order.touchpoint {
        head.push(("touchpoint", catalogue.name::<Touchpoint>(touchpoint)));
    }
    let plain = Order::default();
    if order.source != plain.source || order.form.is_some() {
        head.push(("source", order.source.tag().into()));
    }
    if order.method != plain.method {
        head.push(("payment_kind", order.method.tag().into()));
    }
    if order.payment != plain.payment {
        head.push(("payment", order.payment.tag().into()));
    }
    if let Some(plan) = &order.plan {
        let declined: Vec<_> = plan.declined.iter().map(ToString::to_string).collect();
        head.extend([
            ("plan", plan.kind.tag().into()),
            ("payments", plan.payments.map(|count| count.to_string()).unwrap_or_default()),
            ("every", plan.every.map(|span| span.to_string()).unwrap_or_default()),
            ("declined_payments", declined.join(" ")),
        ]);
    }
    if order.lines.is_empty() {
        return vec![head];
    }
    let row = |line: &OrderLine| {
        let mut row = head.clone();
        row.extend([
            ("product", catalogue.name::<Product>(line.product)),
            ("quantity", line.quantity.to_string()),
            ("amount", line.amount.amount().to_string()),
        ]);
        row
    };
    order.lines.iter().map(row).collect()
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
