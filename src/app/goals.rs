//! The goals of a contact: when it achieved each, or why not, check by check (semantics §11).

use egui::{Frame, Label, Margin, RichText, Ui};

use super::icons::Icon;
use super::parts::{self, Row, clock};
use super::state::Ask;
use super::theme::{self, space};
use crate::base::id::{ElementId, MapId};
use crate::base::time::{Instant, Zone};
use crate::engine::explain::Reason;
use crate::model::{ContactIx, ElementKind, Graph, words};
use crate::reports::why::{Answer, Line, Verdict, answer};
use crate::session::run::Run;

/// Most near misses that are listed, the latest.
const MOST: usize = 20;

/// A goal or trigger and what became of it for one contact.
#[derive(Debug)]
pub struct Goal {
    /// The goal or trigger.
    pub element: ElementId,
    title: String,
    listens_for: String,
    is_trigger: bool,
    answer: Answer,
}

impl Goal {
    /// Those of a map for one contact, of all versions that were run and of its draft: goals first, each kind in reading
    /// order.
    pub fn all(run: &Run, contact: ContactIx, map: MapId) -> Vec<Self> {
        let (project, plan) = (&*run.project, run.plan());
        let when = |at| clock(&plan.zone, at);
        let drawn = project.map(map).map(|draft| Graph::of(draft).order).unwrap_or_default();
        let as_run = plan.nodes().filter(|(_, place)| place.map == map).map(|(_, place)| place.element);
        let elements = as_run.chain(drawn.into_iter().filter(|element| plan.find(*element).is_none()));
        let of = |element: ElementId| {
            let element = project.element_as_run(element, run.until)?;
            let listener = element.kind.listener()?;
            let why = run.why(contact, element.id);
            Some(Self {
                element: element.id,
                title: words::title(project, element),
                is_trigger: matches!(element.kind, ElementKind::Trigger(_)),
                listens_for: words::event_in_words(project, &listener.on),
                answer: answer(project, element.id, &why, &when),
            })
        };
        let mut goals: Vec<_> = elements.filter_map(of).collect();
        goals.sort_by_key(|goal| goal.is_trigger);
        goals
    }

    fn is_achieved(&self) -> bool {
        self.answer.failed.is_none()
    }

    /// When it was achieved, or the first check that failed with what it found.
    fn in_short(&self, zone: &Zone) -> String {
        let Answer { achieved, failed, .. } = &self.answer;
        match (failed, achieved.as_slice()) {
            (Some(failed), _) => sentence(failed),
            (None, [first, more @ ..]) => {
                let word = if self.is_trigger { "Came in" } else { "Achieved" };
                let first = clock(zone, *first);
                match more.len() {
                    0 => format!("{word} {first}"),
                    more => format!("{word} {first} and {} more", words::counted(more, "time", "times")),
                }
            }
            (None, []) => String::new(),
        }
    }

    /// The row of it; whether it was clicked.
    fn row(&self, ui: &mut Ui, zone: &Zone, open: bool) -> bool {
        let p = theme::palette(ui);
        let icon = if self.is_achieved() { (Icon::Passed, p.good) } else { (Icon::Failed, p.quiet) };
        let second = self.in_short(zone);
        let name = format!("{}: {second}", self.title);
        let row = Row {
            icon: Some(icon),
            title: &self.title,
            second: &second,
            selected: open,
            name: &name,
            ..Row::default()
        };
        row.show(ui).on_hover_text(second).clicked()
    }

    /// All times, or all checks of the event that came nearest; and the other events that could have achieved it.
    pub fn details(&self, ui: &mut Ui, zone: &Zone, asks: &mut Vec<Ask>) {
        let Answer { achieved, failed, best, .. } = &self.answer;
        for at in achieved.iter().take(MOST) {
            when(ui, (Icon::Passed, theme::palette(ui).good), &clock(zone, *at), "", *at, asks);
        }
        if let Some(more) = achieved.len().checked_sub(MOST + 1) {
            parts::caption(ui, format!("and {} more", words::counted(more + 1, "time", "times")));
        }
        match (best, failed) {
            (Some(best), _) => {
                parts::quiet(ui, format!("{}, {}", parts::sentence(&best.event), clock(zone, best.at)));
                best.checks.iter().for_each(|line| check(ui, line));
            }
            // Without an event nothing else was checked.
            (None, Some(failed)) if failed.number == Reason::NoEvent.number() => {
                let margin = Margin { left: space::L as i8, ..Margin::ZERO };
                Frame::new().inner_margin(margin).show(ui, |ui| {
                    parts::quiet(ui, format!("The contact never {}", self.listens_for));
                });
            }
            (None, Some(failed)) => check(ui, failed),
            (None, None) => {}
        }
        let others: Vec<_> = self.answer.others().rev().collect();
        if others.is_empty() {
            return;
        }
        ui.add_space(space::XS);
        parts::caption(ui, "What else could have achieved it");
        let quiet = theme::palette(ui).quiet;
        for other in others.iter().take(MOST) {
            let second = format!("{} · {}", clock(zone, other.at), other.reason().unwrap_or_default());
            when(ui, (Icon::Failed, quiet), &parts::sentence(&other.event), &second, other.at, asks);
        }
        if let Some(more) = others.len().checked_sub(MOST + 1) {
            parts::caption(ui, format!("and {} before", words::counted(more + 1, "event", "events")));
        }
    }
}

/// The goals of a contact, the one that is selected on the map opened.
pub fn list(ui: &mut Ui, zone: &Zone, goals: &[Goal], open: Option<ElementId>, asks: &mut Vec<Ask>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for goal in goals {
        let is_open = open == Some(goal.element);
        if goal.row(ui, zone, is_open) {
            asks.push(if is_open { Ask::Select([].into()) } else { Ask::Show(goal.element) });
        }
        if is_open {
            ui.add_space(space::XS);
            ui.indent(goal.element, |ui| goal.details(ui, zone, asks));
            ui.add_space(space::S);
        }
    }
}

/// `2 of 5 achieved`; triggers do not count.
pub fn tally(goals: &[Goal]) -> String {
    let all = || goals.iter().filter(|goal| !goal.is_trigger);
    format!("{} of {} achieved", all().filter(|goal| goal.is_achieved()).count(), all().count())
}

/// Something with an instant, to which a click brings the playhead.
pub fn when(
    ui: &mut Ui,
    icon: (Icon, egui::Color32),
    title: &str,
    second: &str,
    at: Instant,
    asks: &mut Vec<Ask>,
) {
    let name = if second.is_empty() { title.to_owned() } else { format!("{title}: {second}") };
    let row = Row { icon: Some(icon), title, second, name: &name, ..Row::default() };
    let response = row.show(ui).on_hover_ui(|ui| {
        if !second.is_empty() {
            ui.label(second);
        }
        parts::caption(ui, "Brings the playhead there");
    });
    if response.clicked() {
        asks.push(Ask::Seek(at));
    }
}

/// One check, told by its sign and its word. What failed says why.
fn check(ui: &mut Ui, line: &Line) {
    let p = theme::palette(ui);
    let (icon, color, word) = match line.verdict {
        Verdict::Passed => (Icon::Check, p.good, "passed"),
        Verdict::Failed => (Icon::Close, p.bad, "failed"),
        Verdict::NotReached => (Icon::Minus, p.quiet, "not reached"),
    };
    let title = name_of(line.number).unwrap_or(line.text);
    let row = Row {
        icon: Some((icon, color)),
        title,
        right: word,
        quiet: line.verdict == Verdict::NotReached,
        name: &format!("{title}: {word}"),
        sense: egui::Sense::hover(),
        ..Row::default()
    };
    row.show(ui);
    if line.verdict == Verdict::Failed {
        // Under the word, not under the sign.
        let margin = Margin { left: (theme::ICON + 2.0 * space::S) as i8, ..Margin::ZERO };
        Frame::new().inner_margin(margin).show(ui, |ui| {
            let words = RichText::new(sentence(line)).color(p.bad);
            ui.add(Label::new(words).wrap());
        });
    }
}

/// What is the case where a check fails, with what it found.
fn sentence(line: &Line) -> String {
    line.in_words()
}

/// What a check asks for, by its number: the texts of the reasons say what is the case where it fails.
fn name_of(number: u8) -> Option<&'static str> {
    let reason = Reason::ALL.iter().find(|reason| reason.number() == number)?;
    Some(match reason {
        Reason::NotThere => "Published and no draft",
        Reason::NoEvent => "Such an event",
        Reason::TooEarly => "Not too early",
        Reason::Unpaid => "Paid",
        Reason::LaterPayment => "First payment",
        Reason::Product => "Product",
        Reason::Category => "Category",
        Reason::OrderForm => "Order form",
        Reason::PaymentKind => "Kind of payment",
        Reason::Settings => "Settings of the event",
        Reason::Paused => "Not paused",
        Reason::NotOnMap => "On the map",
        Reason::Scope => "Where it must stand",
        Reason::Ignore => "Not ignored",
        Reason::Once => "Not achieved before",
        Reason::Condition => "Conditions",
        Reason::InSequence => "Not in the sequence yet",
        Reason::NotFirst => "First goal of the event",
        Reason::Ended => "Contact not ended by a fault",
    })
}
