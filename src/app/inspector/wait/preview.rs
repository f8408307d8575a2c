//! When contacts who arrive at some instants would go on.

use chrono::Days;
use egui::{Grid, RichText, Ui};

use super::super::Page;
use super::super::values::{NINE, moment};
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::base::time::Instant;
use crate::engine::kinds::wait::{Clock, Due, due};
use crate::model::{Field, Until, Wait};

pub(super) fn show(page: &Page<'_>, ui: &mut Ui, wait: &Wait) {
    let heads = match &wait.until {
        Until::Relative { field, .. } | Until::FieldTimer { field, .. } => {
            if let Some(field) = field {
                let field = page.project.catalogue.name::<Field>(*field);
                ui.add_space(space::S);
                widgets::help(ui, &format!("Counted for each contact from its “{field}”"));
            }
            return;
        }
        Until::Conditions { .. } => ["Arrives", "Goes on at the latest"],
        _ => ["Arrives", "Goes on"],
    };
    let quiet = theme::palette(ui).quiet;
    widgets::label(ui, "For example");
    Grid::new("examples").num_columns(2).spacing([space::M, space::XS]).min_row_height(0.0).show(ui, |ui| {
        for head in heads {
            ui.label(RichText::new(head).small().color(quiet));
        }
        ui.end_row();
        for arrival in arrivals(page) {
            ui.label(RichText::new(moment(page.zone, arrival)).small().color(quiet));
            ui.label(RichText::new(goes_on(page, wait, arrival)).small());
            ui.end_row();
        }
    });
    widgets::help(ui, &format!("Times in {}", page.zone.name()));
}

fn goes_on(page: &Page<'_>, wait: &Wait, arrival: Instant) -> String {
    let clock = Clock {
        start: arrival,
        zone: page.zone,
        rules: &page.map.rules,
        settings: &page.project.settings,
        catalogue: &page.project.catalogue,
    };
    match due(&wait.until, &clock, |_| None) {
        Due::Never | Due::At(Instant::NEVER) => "never".into(),
        // K-10: under a goal group there is nothing to skip to
        Due::Past if wait.goals.is_empty() => "skipped, with the steps below".into(),
        Due::Past => "at once".into(),
        Due::At(due) if due <= arrival => "at once".into(),
        Due::At(due) => moment(page.zone, due),
    }
}

/// Three arrivals some days and hours apart, so that they meet different days of the week and sides of a time of day. The
/// first is when the latest saved run or the first event begins, or a Monday morning.
fn arrivals(page: &Page<'_>) -> [Instant; 3] {
    let day = page.first_day();
    let later = |days, hour| {
        let date = day.checked_add_days(Days::new(days)).unwrap_or(day);
        page.zone.at(date, chrono::NaiveTime::from_hms_opt(hour, 30, 0).unwrap_or_default())
    };
    [page.from.unwrap_or_else(|| page.zone.at(day, NINE)), later(2, 16), later(5, 12)]
}
