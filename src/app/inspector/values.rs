//! Values as text: reading what is typed, saying what cannot be read, and the fields for numbers, spans, amounts, days and
//! times of day that several pages share.

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use egui::Ui;
use rust_decimal::Decimal;

use super::Page;
use super::typed::Look;
use crate::app::parts::sentence;
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::base::money::Money;
use crate::base::time::{Instant, Span, Unit, Zone, parse_date, parse_instant};
use crate::model::{FieldKind, Value, words};

/// The days of the week, Monday first, with their short and their whole names.
pub(super) const WEEKDAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Mon, "Mon", "Monday"),
    (Weekday::Tue, "Tue", "Tuesday"),
    (Weekday::Wed, "Wed", "Wednesday"),
    (Weekday::Thu, "Thu", "Thursday"),
    (Weekday::Fri, "Fri", "Friday"),
    (Weekday::Sat, "Sat", "Saturday"),
    (Weekday::Sun, "Sun", "Sunday"),
];

/// When a day of work begins, where nobody has said another time yet.
pub(super) const NINE: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(nine) => nine,
    None => NaiveTime::MIN,
};

/// Reads a whole number of at least `least`.
pub(super) fn read_count(text: &str, least: u32) -> Result<u32, String> {
    match text.trim().parse::<u32>() {
        Ok(count) if count >= least => Ok(count),
        _ => Err(format!("“{}” is no whole number of {least} or more", text.trim())),
    }
}

/// Reads a number.
pub(super) fn read_number(text: &str) -> Result<Decimal, String> {
    let text = text.trim();
    text.parse().map_err(|_| format!("“{text}” is no number: write it as 12 or 12.50"))
}

/// Reads an amount of money.
pub(super) fn read_money(text: &str) -> Result<Money, String> {
    text.parse::<Money>().map_err(|error| error.to_string())
}

/// Reads what something costs.
fn read_price(text: &str) -> Result<Money, String> {
    let price = read_money(text)?;
    if price < Money::ZERO { Err("It costs nothing or more".into()) } else { Ok(price) }
}

/// Reads a date.
pub(super) fn read_date(text: &str) -> Result<NaiveDate, String> {
    parse_date(text.trim(), None).map_err(|error| error.to_string())
}

/// Reads a time of day.
pub(super) fn read_time(text: &str) -> Result<NaiveTime, String> {
    let text = text.trim();
    let read =
        NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
    read.map_err(|_| format!("“{text}” is no time of day: write it as 09:00 or 17:30"))
}

/// Reads something, or that nothing is written.
fn or_nothing<T>(text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if text.trim().is_empty() { Ok(None) } else { read(text).map(Some) }
}

/// `Mon 5 Jan 2026 09:00`
pub(super) fn moment(zone: &Zone, at: Instant) -> String {
    let local = zone.to_local(at);
    format!(
        "{} {} {}",
        local.weekday(),
        words::date_in_words(local.date()),
        words::time_in_words(local.time())
    )
}

/// How a value is written in a field.
fn written(zone: &Zone, value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::DateTime(at)) => {
            let local = zone.to_local(*at);
            format!("{} {}", local.date(), words::time_in_words(local.time()))
        }
        Some(value) => value.to_string(),
    }
}

fn read(zone: &Zone, kind: FieldKind, text: &str) -> Result<Option<Value>, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    let value = match kind {
        FieldKind::Text => Value::text(text),
        FieldKind::Number => Some(Value::Number(read_number(text)?)),
        FieldKind::Date | FieldKind::Birthday => Some(Value::Date(read_date(trimmed)?)),
        FieldKind::DateTime => {
            Some(Value::DateTime(parse_instant(trimmed, zone, None).map_err(|error| error.to_string())?))
        }
        FieldKind::YesNo => None,
    };
    Ok(value)
}

/// The same of what a field is compared with: of a date and time a date alone is a whole day.
fn read_compared(zone: &Zone, kind: FieldKind, text: &str) -> Result<Option<Value>, String> {
    if kind == FieldKind::DateTime && !text.contains(':') {
        return Ok(or_nothing(text, read_date)?.map(Value::Date));
    }
    read(zone, kind, text)
}

/// Whether a field of this kind can be compared with the value.
pub(super) fn compares(kind: FieldKind, value: &Value) -> bool {
    kind.fits(value) || kind == FieldKind::DateTime && matches!(value, Value::Date(_))
}

/// Reads a value for a field of a kind.
type Read = fn(&Zone, FieldKind, &str) -> Result<Option<Value>, String>;

impl Page<'_> {
    /// A value for a field of this kind. `name` is for screen readers.
    pub fn value(&mut self, ui: &mut Ui, name: &str, kind: FieldKind, value: &mut Option<Value>) {
        self.value_read(ui, name, kind, value, (read, "In"));
    }

    /// What a field of this kind is compared with.
    pub fn compared_value(&mut self, ui: &mut Ui, name: &str, kind: FieldKind, value: &mut Option<Value>) {
        self.value_read(ui, name, kind, value, (read_compared, "A date, or a date and time, in"));
    }

    fn value_read(
        &mut self,
        ui: &mut Ui,
        name: &str,
        kind: FieldKind,
        value: &mut Option<Value>,
        (read, what): (Read, &str),
    ) {
        if kind == FieldKind::YesNo {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::L;
                for (yes, words) in [(true, "Yes"), (false, "No")] {
                    if widgets::radio(ui, *value == Some(Value::YesNo(yes)), words).clicked() {
                        *value = Some(Value::YesNo(yes));
                    }
                }
            });
            return;
        }
        let hint = match kind {
            FieldKind::Text | FieldKind::YesNo => "Text",
            FieldKind::Number => "Number",
            FieldKind::Date | FieldKind::Birthday => "2026-01-05",
            FieldKind::DateTime => "2026-01-05 14:00",
        };
        let zone = self.zone;
        let current = written(zone, value.as_ref());
        let look = Look { width: f32::INFINITY, hint };
        let typed = self.state.drafts.field(ui, name, &current, look, |text| read(zone, kind, text));
        typed.response.accessible_name(name);
        if let Some(wrong) = typed.wrong {
            widgets::error(ui, &wrong);
        } else if kind == FieldKind::DateTime {
            widgets::help(ui, &format!("{what} the account's time zone, {}", zone.name()));
        }
        if let Some(taken) = typed.taken {
            *value = taken;
        }
    }

    /// The day on which the latest saved run begins, else that of the first event, else a Monday: where days begin that
    /// nobody has chosen yet.
    pub fn first_day(&self) -> NaiveDate {
        let monday = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap_or_default();
        self.from.map_or(monday, |from| self.zone.date_of(from))
    }

    /// A field for a whole number of a few digits, to stand in a row. Returns what is wrong with it, to be said below the
    /// row. Without a label in sight it bears the name for screen readers only.
    pub fn number_in_row(
        &mut self,
        ui: &mut Ui,
        name: &str,
        label: Option<egui::Id>,
        number: &mut u32,
        least: u32,
    ) -> Option<String> {
        let look = Look { width: theme::NUMBER_FIELD, hint: "1" };
        let written = number.to_string();
        let typed = self.state.drafts.field(ui, name, &written, look, |text| read_count(text, least));
        match label {
            Some(label) => typed.response.labelled_by(label),
            None => typed.response.accessible_name(name),
        };
        if let Some(taken) = typed.taken {
            *number = taken;
        }
        typed.wrong
    }

    /// A number, and behind it a dropdown for what it counts.
    pub fn number_and<T: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        number: (&mut u32, u32),
        unit: (&str, &mut T),
        rows: &[(T, &str)],
    ) {
        let label = widgets::label(ui, name);
        self.number_and_in(ui, name, Some(label.id), number, unit, rows);
    }

    /// The same without the label above.
    pub fn number_and_in<T: Copy + PartialEq>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        label: Option<egui::Id>,
        (number, least): (&mut u32, u32),
        (unit_name, unit): (&str, &mut T),
        rows: &[(T, &str)],
    ) {
        let wrong = ui
            .horizontal(|ui| {
                let wrong = self.number_in_row(ui, name, label, number, least);
                if let Some(chosen) = select_in_row(ui, unit_name, ui.available_width(), *unit, rows) {
                    *unit = chosen;
                }
                wrong
            })
            .inner;
        say_wrong(ui, wrong);
    }

    /// A length of time with a name above it.
    pub fn span(&mut self, ui: &mut Ui, name: &str, span: &mut Span, least: u32) {
        let rows = Unit::ALL.map(|unit| (unit, unit.word(span.count)));
        self.number_and(ui, name, (&mut span.count, least), ("Unit", &mut span.unit), &rows);
    }

    /// An amount of money in the project's currency.
    pub fn money(&mut self, ui: &mut Ui, name: &str, amount: &mut Money) {
        let help = format!("In {}", self.project.settings.currency);
        let written = amount.amount().to_string();
        let typed = self.state.drafts.form_field(ui, name, &written, "100", &help, read_money);
        if let Some(typed) = typed {
            *amount = typed;
        }
    }

    /// What something costs, where that is said; `help` goes on behind the currency.
    pub fn price_or_none(&mut self, ui: &mut Ui, name: &str, price: &mut Option<Money>, help: &str) {
        let written = price.map(|price| price.amount().to_string()).unwrap_or_default();
        let help = format!("In {}; {help}", self.project.settings.currency);
        let read = |text: &str| or_nothing(text, read_price);
        if let Some(typed) = self.state.drafts.form_field(ui, name, &written, "", &help, read) {
            *price = typed;
        }
    }

    /// A date.
    pub fn date(&mut self, ui: &mut Ui, name: &str, date: &mut NaiveDate, help: &str) {
        let written = date.to_string();
        if let Some(typed) = self.state.drafts.form_field(ui, name, &written, "2026-01-05", help, read_date) {
            *date = typed;
        }
    }

    /// A date that may be missing.
    pub fn date_or_none(&mut self, ui: &mut Ui, name: &str, date: &mut Option<NaiveDate>, help: &str) {
        let written = date.map(|date| date.to_string()).unwrap_or_default();
        let read = |text: &str| or_nothing(text, read_date);
        if let Some(typed) = self.state.drafts.form_field(ui, name, &written, "2026-01-05", help, read) {
            *date = typed;
        }
    }

    /// A time of day.
    pub fn time(&mut self, ui: &mut Ui, name: &str, time: &mut NaiveTime, help: &str) {
        let written = words::time_in_words(*time);
        if let Some(typed) = self.state.drafts.form_field(ui, name, &written, "09:00", help, read_time) {
            *time = typed;
        }
    }

    /// A time of day that may be missing.
    pub fn time_or_none(&mut self, ui: &mut Ui, name: &str, time: &mut Option<NaiveTime>, help: &str) {
        let written = time.map(words::time_in_words).unwrap_or_default();
        let read = |text: &str| or_nothing(text, read_time);
        if let Some(typed) = self.state.drafts.form_field(ui, name, &written, "09:00", help, read) {
            *time = typed;
        }
    }
}

/// What is wrong with a field in the row above.
pub(super) fn say_wrong(ui: &mut Ui, wrong: Option<String>) {
    if let Some(wrong) = wrong {
        widgets::error(ui, &wrong);
    }
}

/// A dropdown of this width in a row, named for screen readers. Returns what was chosen anew.
pub(super) fn select_in_row<T: Copy + PartialEq, W: AsRef<str>>(
    ui: &mut Ui,
    name: &str,
    width: f32,
    current: T,
    rows: &[(T, W)],
) -> Option<T> {
    let shown = ui.scope(|ui| {
        ui.set_max_width(width);
        let (response, chosen) = widgets::select(ui, name, current, rows);
        response.accessible_name(name);
        chosen
    });
    shown.inner
}

/// A dropdown with its name above it. Returns whether another row was chosen.
pub(super) fn select<T: Copy + PartialEq, W: AsRef<str>>(
    ui: &mut Ui,
    name: &str,
    current: &mut T,
    rows: &[(T, W)],
) -> bool {
    let label = widgets::label(ui, name);
    let (response, chosen) = widgets::select(ui, name, *current, rows);
    response.labelled_by(label.id);
    let another = chosen.is_some();
    if let Some(chosen) = chosen {
        *current = chosen;
    }
    another
}

/// A dropdown for a setting whose values are parts of sentences in their table, with a quiet sentence below it.
pub(super) fn switch<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    value: &mut T,
    rows: &[(T, &str)],
    help: &str,
) {
    let rows: Vec<_> = rows.iter().map(|(row, words)| (*row, sentence(words))).collect();
    select(ui, name, value, &rows);
    widgets::help(ui, help);
}
