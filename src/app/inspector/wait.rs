//! Waits: the rule, whose clock it reads, and when it would let contacts go on.

use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use egui::{Grid, RichText, Ui};

use super::typed::Look;
use super::values::{moment, read_count, read_time};
use super::{Page, head};
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::base::time::{Instant, Span, Unit, Weekdays, parse_date};
use crate::engine::kinds::wait::due;
use crate::model::rules::PastDate;
use crate::model::{Element, Until, Wait, WaitZone, words};

/// The kinds of rules, as the dropdown offers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Goal,
    TimePasses,
    DayOfWeek,
    Date,
}

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element, wait: &mut Wait) {
    let plain = head::unnamed(element);
    let (title, summary) = (words::title(page.project, &plain), words::summary(page.project, &plain));
    head::in_words(ui, &format!("{title}, {summary}"));
    rule(page, ui, wait);
}

/// The rule with all its settings; a goal's page shows it, too.
pub(super) fn rule(page: &mut Page<'_>, ui: &mut Ui, wait: &mut Wait) {
    let current = match wait.until {
        Until::Goal => Rule::Goal,
        Until::TimePasses(_) => Rule::TimePasses,
        Until::DayOfWeek { .. } => Rule::DayOfWeek,
        Until::Date { .. } => Rule::Date,
    };
    let group = !wait.goals.is_empty();
    let rows: &[(Rule, &str)] = match (group, current) {
        (true, _) => &[
            (Rule::Goal, "Until the goal is achieved"),
            (Rule::TimePasses, "Until the goal, or some time passes"),
            (Rule::DayOfWeek, "Until the goal, or a day of the week"),
            (Rule::Date, "Until the goal, or a date"),
        ],
        (false, Rule::Goal) => &[
            (Rule::Goal, "For ever"),
            (Rule::TimePasses, "Some time passes"),
            (Rule::DayOfWeek, "A day of the week"),
            (Rule::Date, "A date"),
        ],
        (false, _) => &[
            (Rule::TimePasses, "Some time passes"),
            (Rule::DayOfWeek, "A day of the week"),
            (Rule::Date, "A date"),
        ],
    };
    let label = widgets::label(ui, "Wait until");
    let (response, chosen) = widgets::select(ui, "rule", current, rows);
    response.labelled_by(label.id);
    let explained = match (group, current) {
        (true, Rule::Goal) => "Contacts rest here until a goal below is achieved",
        (true, _) => {
            "If the goal is not achieved by then, contacts take the path of least action, the leftmost way out"
        }
        (false, Rule::Goal) => "Nothing lets contacts go on from here",
        (false, Rule::TimePasses) => "Counted from the arrival of each contact",
        (false, Rule::DayOfWeek) => {
            "The next of the chosen days; with a time of day, the next such day at that time"
        }
        (false, Rule::Date) => match page.map.rules.past_specific_date {
            PastDate::Pass => "Who arrives later goes on at once (W-04)",
            PastDate::Hold => "Who arrives later stays for ever (W-04)",
        },
    };
    widgets::help(ui, explained);

    match &mut wait.until {
        Until::Goal => {}
        Until::TimePasses(span) => time_passes(page, ui, span),
        Until::DayOfWeek { days, time } => {
            weekdays(ui, days);
            time_of_day(page, ui, time, "Empty: at once on a chosen day, else at its start");
        }
        Until::Date { date, time } => {
            let read = |text: &str| parse_date(text, None).map_err(|error| error.to_string());
            let written = date.to_string();
            let typed = page.state.drafts.form_field(ui, "Date", &written, "2026-01-05", "", read);
            if let Some(typed) = typed {
                *date = typed;
            }
            time_of_day(page, ui, time, "Empty: at the start of the day");
        }
    }
    if current != Rule::Goal {
        zone(page, ui, &mut wait.zone);
        preview(page, ui, wait);
    }
    if let Some(chosen) = chosen {
        wait.until = blank(chosen, first_arrival(page).0);
    }
}

fn blank(rule: Rule, today: NaiveDate) -> Until {
    match rule {
        Rule::Goal => Until::Goal,
        Rule::TimePasses => Until::TimePasses(Span::new(1, Unit::Days)),
        Rule::DayOfWeek => Until::DayOfWeek { days: Weekdays::WEEKDAYS, time: None },
        Rule::Date => Until::Date { date: today.checked_add_days(Days::new(7)).unwrap_or(today), time: None },
    }
}

fn time_passes(page: &mut Page<'_>, ui: &mut Ui, span: &mut Span) {
    let label = widgets::label(ui, "How long");
    let mut wrong = None;
    ui.horizontal(|ui| {
        let look = Look { width: theme::NUMBER_FIELD, hint: "1" };
        let count = span.count.to_string();
        let typed = page.state.drafts.field(ui, "count", &count, look, |text| read_count(text, 1));
        typed.response.labelled_by(label.id);
        wrong = typed.wrong;
        if let Some(count) = typed.taken {
            span.count = count;
        }
        let rows = Unit::ALL.map(|unit| (unit, unit.word(span.count)));
        let (response, unit) = widgets::select(ui, "unit", span.unit, &rows);
        response.accessible_name("Unit");
        if let Some(unit) = unit {
            span.unit = unit;
        }
    });
    if let Some(wrong) = wrong {
        widgets::error(ui, &wrong);
    }
}

fn weekdays(ui: &mut Ui, days: &mut Weekdays) {
    const DAYS: [(Weekday, &str, &str); 7] = [
        (Weekday::Mon, "Mon", "Monday"),
        (Weekday::Tue, "Tue", "Tuesday"),
        (Weekday::Wed, "Wed", "Wednesday"),
        (Weekday::Thu, "Thu", "Thursday"),
        (Weekday::Fri, "Fri", "Friday"),
        (Weekday::Sat, "Sat", "Saturday"),
        (Weekday::Sun, "Sun", "Sunday"),
    ];
    widgets::label(ui, "Days");
    let width = (ui.available_width() - 6.0 * space::XS) / DAYS.len() as f32;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        for (day, short, name) in DAYS {
            let on = days.contains(day);
            if widgets::toggle(ui, on, short, name, width).clicked() {
                *days = if on { days.without(day) } else { days.with(day) };
            }
        }
    });
    if days.is_empty() {
        widgets::warning(ui, "No day is chosen, so nobody goes on");
    }
}

fn time_of_day(page: &mut Page<'_>, ui: &mut Ui, time: &mut Option<NaiveTime>, help: &str) {
    let written = time.map(words::time_in_words).unwrap_or_default();
    let typed = page.state.drafts.form_field(ui, "Time of day", &written, "09:00", help, read_time);
    if let Some(typed) = typed {
        *time = typed;
    }
}

fn zone(page: &Page<'_>, ui: &mut Ui, zone: &mut WaitZone) {
    widgets::label(ui, "Whose clock");
    let account = format!("Everybody's wait reads {}", page.zone.name());
    let rows = [
        (WaitZone::Account, "Account's time zone", account.as_str()),
        (WaitZone::Contact, "Contact's time zone", "Where the record has one; else the account's"),
    ];
    for (choice, name, sentence) in rows {
        if widgets::choice(ui, *zone == choice, name, sentence).clicked() {
            *zone = choice;
        }
    }
}

/// When contacts who arrive at three instants would go on.
fn preview(page: &Page<'_>, ui: &mut Ui, wait: &Wait) {
    let quiet = theme::palette(ui).quiet;
    widgets::label(ui, "For example");
    Grid::new("examples").num_columns(2).spacing([space::M, space::XS]).min_row_height(0.0).show(ui, |ui| {
        for head in ["Arrives", "Goes on"] {
            ui.label(RichText::new(head).small().color(quiet));
        }
        ui.end_row();
        for arrival in arrivals(page) {
            ui.label(RichText::new(moment(page.zone, arrival)).small().color(quiet));
            let goes_on = match due(&wait.until, arrival, page.zone, &page.map.rules) {
                None => "never".into(),
                Some(due) if due <= arrival => "at once".into(),
                Some(due) => moment(page.zone, due),
            };
            ui.label(RichText::new(goes_on).small());
            ui.end_row();
        }
    });
    widgets::help(ui, &format!("Times in {}", page.zone.name()));
}

/// Day and time at which the first example contact arrives: when the latest saved run begins, else the first event, else
/// a Monday morning.
fn first_arrival(page: &Page<'_>) -> (NaiveDate, NaiveTime) {
    let local = page.from.map(|from| page.zone.to_local(from));
    let monday = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap_or_default();
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    local.map_or((monday, nine), |local| (local.date(), local.time()))
}

/// Three arrivals some days and hours apart, so that they meet different days of the week and sides of a time of day.
fn arrivals(page: &Page<'_>) -> [Instant; 3] {
    let (day, time) = first_arrival(page);
    let later = |days, hour| {
        let date = day.checked_add_days(Days::new(days)).unwrap_or(day);
        page.zone.at(date, NaiveTime::from_hms_opt(hour, 30, 0).unwrap_or_default())
    };
    [page.zone.at(day, time), later(2, 16), later(5, 12)]
}
