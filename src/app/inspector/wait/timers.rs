//! Keap's delay timer (K-10).

use egui::Ui;

use super::super::Page;
use super::super::values::NINE;
use super::weekdays;
use crate::app::widgets;
use crate::model::{Delay, DelayTime, DelayUnit};

pub(super) fn delay(page: &mut Page<'_>, ui: &mut Ui, delay: &mut Delay) {
    let Delay { count, unit, days, time } = delay;
    let rows = DelayUnit::ALL.map(|(unit, one, many)| (unit, if *count == 1 { one } else { many }));
    page.number_and(ui, "At least", (count, 0), ("Unit", unit), &rows);
    let counted = match unit {
        DelayUnit::Minutes | DelayUnit::Hours => "Time that passes",
        DelayUnit::Days | DelayUnit::Weeks => "Dates of the calendar, not spans of 24 hours",
        DelayUnit::Weekdays => "Dates from Monday to Friday",
    };
    widgets::help(ui, counted);
    weekdays(ui, "Then on one of these days", days);
    time_of_day(page, ui, time);
}

/// When on those days.
fn time_of_day(page: &mut Page<'_>, ui: &mut Ui, time: &mut DelayTime) {
    widgets::label(ui, "When on that day");
    let any = "The time of day at which it began; minutes and hours when they are over";
    if widgets::choice(ui, *time == DelayTime::Any, "Any time", any).clicked() {
        *time = DelayTime::Any;
    }
    let at = matches!(time, DelayTime::At(_));
    if widgets::radio(ui, at, "At a time").clicked() && !at {
        *time = DelayTime::At(NINE);
    }
    let between = matches!(time, DelayTime::Between(..));
    if widgets::radio(ui, between, "Between two times").clicked() && !between {
        let five = chrono::NaiveTime::from_hms_opt(17, 0, 0).unwrap_or(NINE);
        *time = DelayTime::Between(NINE, five);
    }
    match time {
        DelayTime::Any => {}
        DelayTime::At(time) => page.time(ui, "At", time, ""),
        DelayTime::Between(from, to) => {
            page.time(ui, "From", from, "");
            page.time(ui, "Until", to, "");
            if from == to {
                widgets::help(ui, "The whole day");
            } else if from > to {
                widgets::help(ui, "Over midnight");
            }
        }
    }
}
