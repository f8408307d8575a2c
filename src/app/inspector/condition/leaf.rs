//! A single condition: what it asks for, with its settings.

use chrono::Weekday;
use egui::Ui;

use super::super::Page;
use super::super::items::{MEMBERSHIP_SITES, Offer, PAGES, WORDPRESS_SITES};
use super::super::picker::{Picked, Picker, Row};
use super::super::typed::any_text;
use super::super::values::{NINE, WEEKDAYS, say_wrong, select, select_in_row};
use super::field;
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::base::time::{Span, Unit};
use crate::model::condition::{CONDITION_KINDS, ConditionInfo};
use crate::model::rules::TextMatch;
use crate::model::{
    Bound, Comparison, Condition, ConditionKind, Email, Level, List, MembershipStatus, Moment, Product,
    Relationship, Tag, Timing,
};

/// The kinds of conditions, group by group.
pub(super) fn rows() -> Vec<Row<ConditionKind>> {
    let row = |info: &ConditionInfo| Row {
        key: info.kind,
        words: info.title.into(),
        help: "",
        group: info.group.title(),
    };
    CONDITION_KINDS.iter().map(row).collect()
}

/// The dropdown that says what a condition asks for. What is chosen already stays where another kind asks for the same.
pub(super) fn kind(page: &mut Page<'_>, ui: &mut Ui, part: &mut Condition, width: f32) {
    let Some(current) = part.kind() else { return };
    let shown = current.info().title;
    let picker = Picker { salt: "what", name: "What the condition asks for", shown, ways: &[] };
    let picked = ui.scope(|ui| {
        ui.set_max_width(width);
        page.state.searches.pick_row(ui, &picker, Some(current), rows).1
    });
    if let Some(Picked::Known(chosen)) = picked.inner
        && chosen != current
    {
        let mut blank = (chosen.info().blank)();
        keep(part, &mut blank);
        *part = blank;
    }
}

/// Takes over what both kinds ask for.
fn keep(old: &Condition, new: &mut Condition) {
    use Condition as C;
    match (old, new) {
        (C::HasTag(old) | C::HasNotTag(old), C::HasTag(new) | C::HasNotTag(new)) => *new = *old,
        (C::OnList(old) | C::NotOnList(old), C::OnList(new) | C::NotOnList(new)) => *new = *old,
        (C::HasLevel(old) | C::HasNotLevel(old), C::HasLevel(new) | C::HasNotLevel(new)) => *new = *old,
        (
            C::SmsContains(old) | C::SmsDoesNotContain(old),
            C::SmsContains(new) | C::SmsDoesNotContain(new),
        ) => new.clone_from(old),
        (
            C::SubscribedToMap { map: old, .. } | C::OnMapFor { map: old, .. } | C::MapState { map: old, .. },
            C::SubscribedToMap { map: new, .. } | C::OnMapFor { map: new, .. } | C::MapState { map: new, .. },
        ) => *new = *old,
        (
            C::Opened { email: old, comparison, count } | C::Clicked { email: old, comparison, count, .. },
            C::Opened { email, comparison: c, count: n } | C::Clicked { email, comparison: c, count: n, .. },
        ) => (*email, *c, *n) = (*old, *comparison, *count),
        (
            C::Spent { products: old, .. }
            | C::Ordered { products: old, .. }
            | C::Subscribed { products: old, .. }
            | C::SubscribedFor { products: old, .. },
            C::Spent { products: new, .. }
            | C::Ordered { products: new, .. }
            | C::Subscribed { products: new, .. }
            | C::SubscribedFor { products: new, .. },
        ) => new.clone_from(old),
        _ => {}
    }
}

/// The settings of each kind; a new one does not compile without them.
pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, part: &mut Condition) {
    // Texts being typed for one kind are none of another's.
    ui.push_id(part.kind(), |ui| settings(page, ui, part));
    if part.is_incomplete() {
        widgets::warning(ui, "Not complete yet, so it holds for nobody");
    }
}

fn settings(page: &mut Page<'_>, ui: &mut Ui, part: &mut Condition) {
    match part {
        Condition::All(_) | Condition::Any(_) | Condition::None(_) => {}
        Condition::SubscribedToMap { map, is, date } => {
            page.one_map(ui, "Map", false, map);
            select(ui, "Came onto it", is, &Timing::ALL);
            page.date_or_none(ui, "Day", date, "Who went off and came back counts from when it came back");
        }
        Condition::OnMapFor { map, bound, span } => {
            page.one_map(ui, "Map", false, map);
            bounded(page, ui, bound, span);
        }
        Condition::MapState { map, paused } => {
            page.one_map(ui, "Map", false, map);
            select(ui, "State on it", paused, &[(true, "Paused"), (false, "Active")]);
        }
        Condition::Field { .. } | Condition::FieldRelative { .. } => field::show(page, ui, part),
        Condition::NowIs { is, moment } => now_is(page, ui, is, moment),
        Condition::HasTag(tag) | Condition::HasNotTag(tag) => {
            page.one_labelled(ui, "Tag of the condition", None, &Offer::<Tag>::all(), tag);
        }
        Condition::OnList(list) | Condition::NotOnList(list) => {
            page.one_labelled(ui, "List of the condition", None, &Offer::<List>::all(), list);
        }
        Condition::Related { relationship, record, exists } => {
            page.one::<Relationship>(ui, "Relationship", relationship);
            select(ui, "Whether it is there", exists, &[(true, "It exists"), (false, "It does not exist")]);
            let help = "Name of the other record; empty: any record";
            let typed = page.state.drafts.form_field(ui, "Record", record, "Any record", help, any_text);
            if let Some(typed) = typed {
                *record = typed;
            }
        }
        Condition::Opened { email, comparison, count } => {
            page.one::<Email>(ui, "E-mail", email);
            times(page, ui, comparison, count);
        }
        Condition::Clicked { email, link, comparison, count } => {
            if page.one::<Email>(ui, "E-mail", email) {
                *link = 0;
            } else if let Some(email) = email {
                page.link(ui, *email, link, "so nobody clicked it");
            }
            times(page, ui, comparison, count);
        }
        Condition::SmsHasAddress | Condition::SmsHasNoAddress => {}
        Condition::SmsContains(text) | Condition::SmsDoesNotContain(text) => {
            let help = match page.text_match {
                TextMatch::IgnoreCase => "Upper and lower case are alike",
                TextMatch::Exact => "Upper and lower case must be as typed here",
            };
            let typed = page.state.drafts.form_field(ui, "Text", text, "STOP", help, any_text);
            if let Some(typed) = typed {
                *text = typed;
            }
        }
        Condition::Spent { products, comparison, amount } => {
            select(ui, "Comparison", comparison, &Comparison::ALL);
            page.money(ui, "Amount", amount);
            page.any_or_several::<Product>(ui, "products", products);
            widgets::help(ui, "On all of them together; refunds are taken off");
        }
        Condition::Ordered { products, comparison, count } => {
            times(page, ui, comparison, count);
            page.any_or_several::<Product>(ui, "products", products);
        }
        Condition::Subscribed { products, subscribed } => {
            select(ui, "The contact", subscribed, &[(true, "Is subscribed"), (false, "Is not subscribed")]);
            page.any_or_several::<Product>(ui, "products", products);
        }
        Condition::SubscribedFor { products, bound, span } => {
            bounded(page, ui, bound, span);
            page.any_or_several::<Product>(ui, "products", products);
        }
        Condition::VisitedSite { site, comparison, count } => {
            page.one_of(ui, "WordPress site", &WORDPRESS_SITES, site);
            times(page, ui, comparison, count);
        }
        Condition::VisitedPage { page: visited, comparison, count } => {
            page.one_of(ui, "Page", &PAGES, visited);
            times(page, ui, comparison, count);
        }
        Condition::MembershipIs { site, status } => {
            page.one_of(ui, "Membership site", &MEMBERSHIP_SITES, site);
            select(ui, "Status", status, MembershipStatus::ALL);
        }
        Condition::HasLevel(level) | Condition::HasNotLevel(level) => {
            page.one_labelled(ui, "Level of the condition", None, &Offer::<Level>::all(), level);
        }
    }
}

/// How often: a comparison and a number.
fn times(page: &mut Page<'_>, ui: &mut Ui, comparison: &mut Comparison, count: &mut u32) {
    ui.add_space(space::S);
    let row = ui.horizontal(|ui| {
        let width = ui.available_width() - theme::NUMBER_FIELD - space::S;
        if let Some(chosen) = select_in_row(ui, "Comparison", width, *comparison, &Comparison::ALL) {
            *comparison = chosen;
        }
        page.number_in_row(ui, "How many", None, count, 0)
    });
    say_wrong(ui, row.inner);
}

/// How long: a bound and a length of time.
fn bounded(page: &mut Page<'_>, ui: &mut Ui, bound: &mut Bound, span: &mut Span) {
    let label = widgets::label(ui, "How long");
    let width = ui.available_width();
    if let Some(chosen) = select_in_row(ui, "At least or at most", width, *bound, &Bound::ALL) {
        *bound = chosen;
    }
    let rows = Unit::ALL.map(|unit| (unit, unit.word(span.count)));
    let (count, unit) = ((&mut span.count, 0), ("Unit", &mut span.unit));
    page.number_and_in(ui, "How long", Some(label.id), count, unit, &rows);
}

/// What kind of moment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MomentKind {
    Weekday,
    Date,
    Time,
}

fn now_is(page: &mut Page<'_>, ui: &mut Ui, is: &mut Timing, moment: &mut Moment) {
    let kind = match moment {
        Moment::Weekday(_) => MomentKind::Weekday,
        Moment::Date(_) => MomentKind::Date,
        Moment::Time(_) => MomentKind::Time,
    };
    let rows = [(Timing::Before, "Before"), (Timing::On, "During"), (Timing::After, "After")];
    select(ui, "Now is", is, &rows);
    let rows = [
        (MomentKind::Weekday, "A day of the week"),
        (MomentKind::Date, "A date"),
        (MomentKind::Time, "A time of day"),
    ];
    let mut chosen = kind;
    select(ui, "Which moment", &mut chosen, &rows);
    match moment {
        Moment::Weekday(day) => {
            let rows = WEEKDAYS.map(|(day, _, name)| (day, name));
            select(ui, "Day of the week", day, &rows);
            widgets::help(ui, "Within the week from Monday to Sunday, on the account's clocks");
        }
        Moment::Date(date) => page.date(ui, "Date", date, "On the account's clocks"),
        Moment::Time(time) => page.time(ui, "Time of day", time, "To the minute, on the account's clocks"),
    }
    if chosen != kind {
        *moment = match chosen {
            MomentKind::Weekday => Moment::Weekday(Weekday::Mon),
            MomentKind::Date => Moment::Date(page.first_day()),
            MomentKind::Time => Moment::Time(NINE),
        };
    }
}
