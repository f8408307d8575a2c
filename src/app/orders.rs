//! The orders of a contact: which campaigns each is credited to, and why not to the others (semantics §9, §11).

use egui::Ui;
use egui::collapsing_header::CollapsingState;

use super::goals::when;
use super::icons::Icon;
use super::parts::{self, Row, clock};
use super::state::Ask;
use super::theme::{self, space};
use crate::base::time::{Instant, Zone};
use crate::model::{CampaignRef, ChannelGroup, ContactIx, Happening, words};
use crate::reports::attribution::{CreditAnswer, CreditReason, Question};
use crate::session::run::Run;

/// An order of one contact, by the end of the run.
#[derive(Debug)]
pub struct Placed {
    at: Instant,
    title: String,
    total: String,
    /// What each order goal makes of it, *Orders* first.
    goals: Vec<Counted>,
}

/// What an order goal makes of an order.
#[derive(Debug)]
struct Counted {
    name: String,
    /// What it brings; or why it does not count.
    brings: Result<String, String>,
    /// Campaigns that touched the contact, each with what became of its credit.
    campaigns: Vec<(String, ChannelGroup, CreditAnswer)>,
}

impl Placed {
    /// Those of a contact, the latest first.
    pub fn all(run: &Run, contact: ContactIx) -> Vec<Self> {
        let (project, zone) = (&*run.project, &run.plan().zone);
        let ledger = run.ledger(contact, run.until);
        let campaigns: Vec<CampaignRef> = ledger.campaigns().into_iter().collect();
        let when = |at| clock(zone, at);
        let goals: Vec<_> = project.settings.all_order_goals().collect();
        let placed = ledger.orders.iter().map(|order| {
            let counted = |goal| {
                let question = Question { project, ledger: &ledger, goal };
                let counts = question.counts(order);
                let campaigns = campaigns.iter().filter(|_| counts).map(|campaign| {
                    let name = words::campaign_name(project, *campaign);
                    let group = campaign.channel(&project.catalogue).group();
                    (name, group, question.why(order, *campaign, &when))
                });
                let mut campaigns: Vec<_> = campaigns.collect();
                // the winner first, then who came near it
                campaigns.sort_by_key(|(.., answer)| std::cmp::Reverse(answer.passed()));
                let brings = match question.does_not_count(order) {
                    None => Ok(order.revenue(project, goal).to_string()),
                    Some(line) => Err(line.in_words()),
                };
                Counted { name: goal.name.clone(), brings, campaigns }
            };
            Self {
                at: order.at,
                title: parts::sentence(&words::happening_in_words(
                    project,
                    &Happening::Order(order.order.clone()),
                )),
                total: order.total().to_string(),
                goals: goals.iter().map(counted).collect(),
            }
        });
        let mut placed: Vec<_> = placed.collect();
        placed.reverse();
        placed
    }

    /// Who gets the credit, for the goal that every project has.
    fn in_short(&self) -> (bool, String) {
        let Some(orders) = self.goals.first() else { return (false, String::new()) };
        let winners: Vec<_> =
            orders.campaigns.iter().filter(|(.., answer)| answer.credited.is_some()).collect();
        match (&orders.brings, &winners[..]) {
            (Err(_), _) => (false, "Does not count".into()),
            (Ok(_), []) => (false, "Credited to no campaign".into()),
            (Ok(_), winners) => {
                let names: Vec<_> = winners.iter().map(|(name, ..)| name.clone()).collect();
                (true, format!("Credited to {}", words::listed(&names, "and")))
            }
        }
    }
}

/// The list of them; each opens what every order goal makes of it.
pub fn list(ui: &mut Ui, zone: &Zone, orders: &[Placed], asks: &mut Vec<Ask>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for (place, order) in orders.iter().enumerate() {
        let id = ui.make_persistent_id(("order", place));
        let mut open = CollapsingState::load_with_default_open(ui.ctx(), id, false);
        let p = theme::palette(ui);
        let (is_credited, short) = order.in_short();
        let icon = if is_credited { (Icon::Passed, p.good) } else { (Icon::Purchase, p.quiet) };
        let second = format!("{short} · {}", clock(zone, order.at));
        let name = format!("{}: {short}", order.title);
        let row = Row {
            icon: Some(icon),
            title: &order.title,
            second: &second,
            right: &order.total,
            selected: open.is_open(),
            name: &name,
            ..Row::default()
        };
        if row.show(ui).on_hover_text(short).clicked() {
            open.toggle(ui);
            open.store(ui.ctx());
        }
        if open.is_open() {
            ui.add_space(space::XS);
            ui.indent(id, |ui| order.goals.iter().for_each(|goal| details(ui, zone, goal, order.at, asks)));
            ui.add_space(space::S);
        }
    }
}

fn details(ui: &mut Ui, zone: &Zone, goal: &Counted, placed: Instant, asks: &mut Vec<Ask>) {
    let p = theme::palette(ui);
    match &goal.brings {
        Ok(amount) => parts::caption(ui, format!("{}: counts with {amount}", goal.name)),
        Err(why) => parts::caption(ui, format!("{}: {why}", goal.name)),
    };
    let no_touch = CreditReason::NoTouch.number();
    let is_touch = |(.., answer): &&(_, _, CreditAnswer)| {
        answer.failed.as_ref().is_none_or(|line| line.number != no_touch)
    };
    let touched: Vec<_> = goal.campaigns.iter().filter(is_touch).collect();
    let (any, others) = (!touched.is_empty(), goal.campaigns.len() - touched.len());
    if goal.brings.is_ok() && !any {
        parts::quiet(ui, "No campaign touched the contact");
    }
    for (name, group, answer) in touched {
        let (icon, second, at) = match (&answer.failed, answer.credited) {
            (None, Some(at)) => {
                ((Icon::Passed, p.good), format!("Credited · touched {}", clock(zone, at)), at)
            }
            (failed, _) => {
                let why = failed.as_ref().map(|line| line.in_words()).unwrap_or_default();
                let at = answer.best.as_ref().map_or(placed, |best| best.at);
                ((Icon::Failed, p.quiet), why, at)
            }
        };
        when(ui, icon, &format!("{name} ({})", group.label()), &second, at, asks);
    }
    if others > 0 {
        let others = match any {
            true => format!("{} more", words::thousands(others)),
            false => words::counted(others, "campaign", "campaigns"),
        };
        parts::caption(ui, format!("{others}, without a click that counts"));
    }
}
