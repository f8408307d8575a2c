//! Contacts from rows.

use std::io::Read;

use std::sync::Arc;

use chrono_tz::Tz;
use csv::StringRecord;

use super::catalogue::Names;
use super::events::listed;
use super::mapping::{CellOf, Mapping};
use super::people::{Contacts, bare_number};
use super::table::Table;
use super::{CsvError, Reading, Reason};
use crate::base::id::FieldId;
use crate::base::time::{TimeError, parse_instant};
use crate::model::catalogue::Shelved;
use crate::model::{
    Contact, EmailStatus, Level, List, Member, MembershipStatus, MoreOfContact, People, Relationship, Site,
    SmsStatus, Tag,
};

/// A column that is a field of the catalogue.
struct FieldColumn<'m> {
    /// Its place in the mapping.
    place: usize,
    format: Option<&'m str>,
    /// Which field; why not, where it must not be added.
    field: Result<FieldId, Reason>,
}

pub(super) fn read<R: Read>(
    reading: &mut Reading,
    table: &mut Table<R>,
) -> Result<(People, usize, usize), CsvError> {
    let mapping = reading.mapping;
    let (key, created, zone) = (mapping.cell("contact"), mapping.cell("created"), mapping.cell("zone"));
    let standing = Standing::of(mapping);
    let (tags, created_format) = (mapping.cell("tags"), mapping.format("created"));
    let mut columns: Vec<_> = mapping
        .catalogue_fields()
        .map(|(place, name)| {
            let format = mapping.format(name);
            FieldColumn { place, format, field: reading.names.field(name, format) }
        })
        .collect();
    // Fields of a record are sorted.
    columns.sort_by_key(|column| column.field.clone().ok());
    columns.dedup_by(|one, other| one.field.is_ok() && one.field == other.field);

    let mut contacts = Contacts::of(reading.project);
    reading.each_row(table, |reading, row| {
        let key = key.of(row);
        if key.is_empty() {
            return Err("it has no key".into());
        }
        if let Some(ix) = contacts.find(key) {
            return Err(match contacts.is_old(ix) {
                true => format!("the contact “{key}” is in the project already"),
                false => format!("the contact “{key}” stands in the file before"),
            }
            .into());
        }
        let created = match created.of(row) {
            "" => None,
            text => Some(parse_instant(text, &reading.zone, created_format).map_err(time)?),
        };
        let zone = match zone.of(row) {
            "" => None,
            name => Some(name.parse::<Tz>().map_err(|_| time(TimeError::UnknownZone { name: name.into() }))?),
        };
        let mut fields = vec![];
        for column in &columns {
            let text = mapping.cell_at(column.place).exactly_of(row);
            if text.is_empty() {
                continue;
            }
            let field = column.field.clone()?;
            let value = reading.names.value(field, text, &reading.zone, column.format)?;
            fields.extend(value.map(|value| (field, value)));
        }
        let more = standing.more(&mut reading.names, row)?;
        let tags = named::<Tag>(&mut reading.names, tags.of(row))?;
        for (field, value) in &fields {
            reading.names.notice(*field, Some(value), &reading.zone);
        }
        let key = bare_number(key).into();
        contacts.add(Contact { key, created, zone, tags: tags.into(), fields: fields.into(), more });
        Ok(())
    })?;
    let values = contacts.new_mut().iter_mut().flat_map(|contact| contact.fields.iter_mut());
    reading.names.settle(values.map(|(field, value)| (*field, value)), &reading.zone);
    let (people, new) = contacts.finish(vec![])?;
    Ok((people, new, 0))
}

/// The columns of what few records say.
struct Standing<'m> {
    email_status: CellOf<'m>,
    sms_status: CellOf<'m>,
    owner: CellOf<'m>,
    lists: CellOf<'m>,
    levels: CellOf<'m>,
    memberships: CellOf<'m>,
    relationships: CellOf<'m>,
}

impl<'m> Standing<'m> {
    fn of(mapping: &'m Mapping) -> Self {
        Self {
            email_status: mapping.cell("email_status"),
            sms_status: mapping.cell("sms_status"),
            owner: mapping.cell("owner"),
            lists: mapping.cell("lists"),
            levels: mapping.cell("levels"),
            memberships: mapping.cell("memberships"),
            relationships: mapping.cell("relationships"),
        }
    }

    /// `None`: the row says nothing of it.
    fn more(&self, names: &mut Names, row: &StringRecord) -> Result<Option<Box<MoreOfContact>>, Reason> {
        let email_status = self.email_status.of(row);
        let email_status = listed(email_status, "e-mail status", EmailStatus::ALL, EmailStatus::from_tag)?;
        let sms_status = self.sms_status.of(row);
        let sms_status = listed(sms_status, "SMS status", SmsStatus::ALL, SmsStatus::from_tag)?;
        let all = MembershipStatus::ALL;
        let memberships = pairs(self.memberships.of(row))
            .map(|(site, status)| {
                Ok((site, listed(&status, "membership status", all, MembershipStatus::from_tag)?))
            })
            .collect::<Result<Vec<_>, Reason>>()?;
        // From here on only names that must not be added refuse the row; so no refused row leaves things behind.
        let owner = Some(self.owner.of(row)).filter(|name| !name.is_empty());
        let mut memberships = (memberships.into_iter())
            .map(|(site, status)| Ok((names.find::<Site>(&site)?, status)))
            .collect::<Result<Vec<_>, Reason>>()?;
        memberships.sort_unstable();
        memberships.dedup_by_key(|(site, _)| *site);
        let mut relationships = pairs(self.relationships.of(row))
            .map(|(kind, record)| Ok((names.find::<Relationship>(&kind)?, Arc::from(record))))
            .collect::<Result<Vec<_>, Reason>>()?;
        relationships.sort_unstable();
        relationships.dedup();
        let more = MoreOfContact {
            email_status,
            sms_status,
            owner: owner.map(|name| names.find::<Member>(name)).transpose()?,
            lists: named::<List>(names, self.lists.of(row))?,
            levels: named::<Level>(names, self.levels.of(row))?,
            memberships,
            relationships,
        };
        Ok((more != MoreOfContact::default()).then(|| Box::new(more)))
    }
}

/// Things by their names, with bars between them; sorted, each once.
fn named<T: Shelved>(names: &mut Names, cell: &str) -> Result<Vec<T::Id>, Reason> {
    let listed = listed_in(cell).map(plain);
    let mut ids = listed.map(|name| names.find::<T>(&name)).collect::<Result<Vec<_>, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// `Club=enabled|Forum=suspended`
fn pairs(cell: &str) -> impl Iterator<Item = (String, String)> {
    listed_in(cell).map(|pair| {
        let mut parts = pair.splitn(2, not_escaped('=')).map(|part| plain(part.trim()));
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    })
}

fn listed_in(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(not_escaped('|')).map(str::trim).filter(|part| !part.is_empty())
}

/// A sign that separates, where no backslash before it makes it part of a name.
fn not_escaped(sign: char) -> impl FnMut(char) -> bool {
    let mut is_escaped = false;
    move |letter| {
        let separates = letter == sign && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        separates
    }
}

/// A name without the backslashes before what would separate; others are part of it.
fn plain(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = letters.next_if(|next| letter == '\\' && matches!(next, '|' | '=' | '\\'));
        name.push(escaped.unwrap_or(letter));
    }
    name
}

/// Why a date or zone is refused.
pub(super) fn time(error: TimeError) -> Reason {
    error.to_string().into()
}
