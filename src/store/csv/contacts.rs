//! Contacts from rows.

use std::io::Read;

use chrono_tz::Tz;

use super::people::{Contacts, bare_number};
use super::table::Table;
use super::{CsvError, Reading, Reason};
use crate::base::id::FieldId;
use crate::base::time::{TimeError, parse_instant};
use crate::model::{Contact, People};

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
        // From here on nothing refuses the row unless tags must not be added; so no refused row leaves things behind.
        let mut tags = (tags.of(row).split('|').map(str::trim).filter(|tag| !tag.is_empty()))
            .map(|tag| reading.names.tag(tag))
            .collect::<Result<Vec<_>, _>>()?;
        tags.sort_unstable();
        tags.dedup();
        for (field, value) in &fields {
            reading.names.notice(*field, Some(value), &reading.zone);
        }
        let key = bare_number(key).into();
        contacts.add(Contact { key, created, zone, tags: tags.into(), fields: fields.into() });
        Ok(())
    })?;
    let values = contacts.new_mut().iter_mut().flat_map(|contact| contact.fields.iter_mut());
    reading.names.settle(values.map(|(field, value)| (*field, value)), &reading.zone);
    let (people, new) = contacts.finish(vec![])?;
    Ok((people, new, 0))
}

/// Why a date or zone is refused.
pub(super) fn time(error: TimeError) -> Reason {
    error.to_string().into()
}
