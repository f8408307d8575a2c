//! Waits: the rule, whose clock it reads, and when it would let contacts go on.

mod preview;
mod timers;

use chrono::{Days, NaiveDate};
use egui::Ui;

use super::items::DATE_FIELDS;
use super::picker::{Picked, Picker, Row};
use super::values::{NINE, WEEKDAYS};
use super::{Page, condition, head};
use crate::app::theme::space;
use crate::app::widgets;
use crate::base::id::FieldId;
use crate::base::time::{Side, Span, Unit, Weekdays};
use crate::model::rules::{FieldTimerReads, PastDate, PastRelativeDate};
use crate::model::{Condition, Delay, DelayTime, DelayUnit, Element, Until, Wait, WaitZone, words};

/// The kinds of rules (W-01, K-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Goal,
    TimePasses,
    DayOfWeek,
    Date,
    Relative,
    TimeOfDay,
    Conditions,
    Delay,
    DateTimer,
    FieldTimer,
    NotSet,
}

/// How the dropdown offers a rule.
struct RuleInfo {
    rule: Rule,
    group: &'static str,
    /// Its name.
    title: &'static str,
    /// Its name behind "until the goal, or".
    or: &'static str,
}

const COMMON: &str = "Common";
const MORE: &str = "More";
const KEAP: &str = "Keap timers";

const RULES: [RuleInfo; 11] = {
    use Rule as R;
    const fn row(rule: Rule, group: &'static str, title: &'static str, or: &'static str) -> RuleInfo {
        RuleInfo { rule, group, title, or }
    }
    [
        row(R::TimePasses, COMMON, "Some time passes", "some time passes"),
        row(R::DayOfWeek, COMMON, "A day of the week", "a day of the week"),
        row(R::Date, COMMON, "A date", "a date"),
        row(R::Relative, COMMON, "A time before or after a field", "a time before or after a field"),
        row(R::TimeOfDay, MORE, "A time of day", "a time of day"),
        row(R::Conditions, MORE, "Conditions are met", "conditions are met"),
        row(R::Goal, MORE, "For ever", ""),
        row(R::Delay, KEAP, "Delay timer", "a delay timer"),
        row(R::DateTimer, KEAP, "Date timer", "a date timer"),
        row(R::FieldTimer, KEAP, "Field timer", "a field timer"),
        row(R::NotSet, KEAP, "Timer not set", "a timer that is not set"),
    ]
};

impl Rule {
    fn of(until: &Until) -> Self {
        match until {
            Until::Goal => Self::Goal,
            Until::TimePasses(_) => Self::TimePasses,
            Until::DayOfWeek { .. } => Self::DayOfWeek,
            Until::Date { .. } => Self::Date,
            Until::Relative { .. } => Self::Relative,
            Until::TimeOfDay { .. } => Self::TimeOfDay,
            Until::Conditions { .. } => Self::Conditions,
            Until::Delay(_) => Self::Delay,
            Until::DateTimer { .. } => Self::DateTimer,
            Until::FieldTimer { .. } => Self::FieldTimer,
            Until::NotSet => Self::NotSet,
        }
    }

    /// A new rule; what the old one asks for, too, stays.
    fn blank(self, old: &Until, today: NaiveDate) -> Until {
        let next_week = || today.checked_add_days(Days::new(7)).unwrap_or(today);
        let (date, at) = match old {
            Until::Date { date, time } | Until::DateTimer { date, time } => (*date, *time),
            _ => (next_week(), None),
        };
        let (field, side, span, time) = match old {
            Until::Relative { field, side, span, time } | Until::FieldTimer { field, side, span, time } => {
                (*field, *side, *span, *time)
            }
            _ => (None, Side::Before, Span::new(1, Unit::Days), None),
        };
        match self {
            Self::Goal => Until::Goal,
            Self::TimePasses => Until::TimePasses(Span::new(1, Unit::Days)),
            Self::DayOfWeek => Until::DayOfWeek { days: Weekdays::WEEKDAYS, time: None },
            Self::Date => Until::Date { date, time: at },
            Self::Relative => Until::Relative { field, side, span, time },
            Self::TimeOfDay => Until::TimeOfDay { time: NINE, limit: None },
            Self::Conditions => Until::Conditions { condition: Condition::default(), limit: None },
            Self::Delay => Until::Delay(Delay {
                count: 1,
                unit: DelayUnit::Days,
                days: Weekdays::ALL,
                time: DelayTime::Any,
            }),
            Self::DateTimer => Until::DateTimer { date, time: at },
            Self::FieldTimer => Until::FieldTimer { field, side, span, time },
            Self::NotSet => Until::NotSet,
        }
    }
}

/// The rules that the dropdown offers, for a wait with goals in the words that fit it.
fn rows(has_goals: bool) -> Vec<Row<Rule>> {
    let row = |info: &RuleInfo| match (has_goals, info.rule) {
        (true, Rule::Goal) => None,
        (true, _) => Some(Row {
            key: info.rule,
            words: format!("Until the goal, or {}", info.or),
            help: "",
            group: info.group,
        }),
        (false, _) => Some(Row { key: info.rule, words: info.title.into(), help: "", group: info.group }),
    };
    let goal = Row { key: Rule::Goal, words: "Until the goal is achieved".into(), help: "", group: COMMON };
    has_goals.then_some(goal).into_iter().chain(RULES.iter().filter_map(row)).collect()
}

pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, element: &Element, wait: &mut Wait) {
    let plain = head::unnamed(element);
    let (title, summary) = (words::title(page.project, &plain), words::summary(page.project, &plain));
    head::in_words(ui, &format!("{title}, {summary}"));
    if element.draft {
        widgets::warning(ui, "Draft: contacts pass it without waiting");
    }
    rule(page, ui, wait);
    // A wait with goals is no step that could be passed over; a mark that it has can be taken off.
    if wait.goals.is_empty() || element.draft {
        head::draft(page, ui, element, "Passed over until it is ready");
    }
}

/// The rule with all its settings; a goal's page shows it, too.
pub(super) fn rule(page: &mut Page<'_>, ui: &mut Ui, wait: &mut Wait) {
    let current = Rule::of(&wait.until);
    let has_goals = !wait.goals.is_empty();
    let label = widgets::label(ui, "Wait until");
    let shown = rows(has_goals).into_iter().find(|row| row.key == current);
    let shown = shown.map(|row| row.words).unwrap_or_default();
    let picker = Picker { salt: "rule", name: "", shown: &shown, ways: &[] };
    let (response, picked) = page.state.searches.pick_row(ui, &picker, Some(current), || rows(has_goals));
    response.labelled_by(label.id);
    explained(page, ui, current, has_goals);

    // Texts being typed for one rule are none of another's.
    ui.push_id(current as u8, |ui| settings(page, ui, &mut wait.until));
    let reads_clock = match &wait.until {
        Until::Goal | Until::NotSet => false,
        Until::Conditions { limit, .. } => limit.is_some(),
        _ => true,
    };
    if reads_clock {
        zone(page, ui, &mut wait.zone);
        preview::show(page, ui, wait);
    }
    if let Some(Picked::Known(chosen)) = picked
        && chosen != current
    {
        wait.until = chosen.blank(&wait.until, page.first_day());
    }
}

/// What the rule means, with what the rules of the map make of it.
fn explained(page: &Page<'_>, ui: &mut Ui, rule: Rule, has_goals: bool) {
    let rules = &page.map.rules;
    let sentence = match rule {
        Rule::Goal if has_goals => "Contacts rest here until a goal below is achieved",
        Rule::Goal => "Nothing lets contacts go on from here",
        Rule::TimePasses => "Counted from the arrival of each contact",
        Rule::DayOfWeek => "The next of the chosen days; with a time of day, the next such day at that time",
        Rule::Date => match rules.past_specific_date {
            PastDate::Pass => "Who arrives later goes on at once",
            PastDate::Hold => "Who arrives later stays for ever",
        },
        Rule::Relative => match rules.past_relative_date {
            PastRelativeDate::NextYearIfBirthday => {
                "Stays while the field is empty; what is past goes on at once, a birthday comes again next year"
            }
            PastRelativeDate::Pass => "Stays while the field is empty; what is past goes on at once",
            PastRelativeDate::Hold => {
                "Stays while the field is empty, and where it is past until the field changes"
            }
        },
        Rule::TimeOfDay => "The next time that clocks show it; at once if it is exactly now",
        Rule::Conditions => "Asked on arrival and after everything that happens to the contact",
        Rule::Delay => "At least so long, then the next allowed day and time; days count dates",
        Rule::DateTimer if has_goals => "Who arrives later goes on at once",
        Rule::DateTimer => "Who arrives later skips the steps down to the next timer",
        Rule::FieldTimer => match rules.field_timer_reads {
            FieldTimerReads::Entry => {
                "Reads what the field held on entry to the sequence; what is past skips the steps down to the next timer"
            }
            FieldTimerReads::Current => {
                "Reads the field when the timer is reached; what is past skips the steps down to the next timer"
            }
        },
        Rule::NotSet => "A timer that is not set holds for ever",
    };
    widgets::help(ui, sentence);
    if has_goals && !matches!(rule, Rule::Goal | Rule::NotSet) {
        widgets::help(
            ui,
            "If the goal is not achieved by then, contacts take the path of least action, the leftmost way out",
        );
    }
}

/// The settings of each rule; a new one does not compile without them.
fn settings(page: &mut Page<'_>, ui: &mut Ui, until: &mut Until) {
    match until {
        Until::Goal => {}
        Until::TimePasses(span) => page.span(ui, "How long", span, 1),
        Until::DayOfWeek { days, time } => {
            weekdays(ui, "Days", days);
            page.time_or_none(ui, "Time of day", time, "Empty: at once on a chosen day, else at its start");
        }
        Until::Date { date, time } | Until::DateTimer { date, time } => {
            page.date(ui, "Date", date, "");
            page.time_or_none(ui, "Time of day", time, "Empty: at the start of the day");
        }
        Until::Relative { field, side, span, time } | Until::FieldTimer { field, side, span, time } => {
            date_field(page, ui, field);
            page.span(ui, "How far", span, 0);
            let rows = [(Side::Before, "Before the day"), (Side::After, "After the day")];
            super::values::select(ui, "On which side", side, &rows);
            if span.count == 0 {
                widgets::help(ui, "On the day itself");
            }
            let at = words::time_in_words(page.project.settings.date_event_time);
            let help = format!("Empty: at {at}, of a date and time at its own");
            page.time_or_none(ui, "Time of day", time, &help);
        }
        Until::TimeOfDay { time, limit } => {
            page.time(ui, "Time of day", time, "");
            at_most(page, ui, limit);
        }
        Until::Conditions { condition, limit } => {
            widgets::label(ui, "Conditions");
            condition::tree(page, ui, condition);
            if condition.is_always() {
                widgets::warning(ui, "Nothing is asked for yet, so everybody goes on at once");
            }
            at_most(page, ui, limit);
        }
        Until::Delay(delay) => timers::delay(page, ui, delay),
        Until::NotSet => drop(widgets::warning(ui, "Not set yet, so nobody goes on")),
    }
}

fn date_field(page: &mut Page<'_>, ui: &mut Ui, field: &mut Option<FieldId>) {
    let before = *field;
    page.one_of(ui, "Date field", &DATE_FIELDS, field);
    // What was just chosen may be new, and comes with the command.
    if *field != before {
        return;
    }
    match field.map(|field| page.project.catalogue.fields.get(&field)) {
        None => drop(widgets::warning(ui, "No field is chosen yet, so nobody goes on")),
        Some(None) => drop(widgets::warning(ui, "The field is no longer in the account")),
        Some(Some(known)) if !(DATE_FIELDS.fits)(known) => {
            widgets::warning(ui, &format!("“{}” holds no date, so nobody goes on", known.name));
        }
        Some(Some(_)) => {}
    }
}

/// The longest that a rule holds contacts, if there is one.
fn at_most(page: &mut Page<'_>, ui: &mut Ui, limit: &mut Option<Span>) {
    ui.add_space(space::S);
    let mut on = limit.is_some();
    if widgets::check(ui, &mut on, "At most for some time", "Then contacts go on all the same").changed() {
        *limit = on.then_some(Span::new(1, Unit::Weeks));
    } else if let Some(span) = limit {
        page.span(ui, "At most", span, 1);
    }
}

fn weekdays(ui: &mut Ui, name: &str, days: &mut Weekdays) {
    widgets::label(ui, name);
    let width = (ui.available_width() - 6.0 * space::XS) / WEEKDAYS.len() as f32;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        for (day, short, name) in WEEKDAYS {
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

fn zone(page: &Page<'_>, ui: &mut Ui, zone: &mut WaitZone) {
    widgets::label(ui, "Whose clock");
    let account = format!("Everybody's wait reads {}", page.zone.name());
    let contact = "Comes with the contact: column “zone” of a contacts file; without one, the account's";
    let rows = [
        (WaitZone::Account, "Account's time zone", account.as_str()),
        (WaitZone::Contact, "Contact's time zone", contact),
    ];
    for (choice, name, sentence) in rows {
        if widgets::choice(ui, *zone == choice, name, sentence).clicked() {
            *zone = choice;
        }
    }
}
