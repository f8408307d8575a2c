//! `gateline why`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::{self, Cell};
use super::{CliError, FINE, Format, FormatOption, runs};
use crate::base::id::ElementId;
use crate::model::{CampaignRef, ContactIx, OrderGoal, Project, words};
use crate::reports::attribution::{CreditAnswer, PlacedOrder, Question};
use crate::reports::trace::When;
use crate::reports::why::{Answer, Attempt, Line, Verdict, answer, others};
use crate::session::run::Run;

/// Why a contact did not achieve a goal, or when it did; or why an order is not credited to a campaign.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    gateline why shop.gateline --contact ann@example.com --goal \"Buys again\"\n  \
    gateline why shop.gateline --contact ann@example.com --order 1001 --campaign \"Summer sale\"")]
pub struct WhyNot {
    /// The project
    file: PathBuf,
    /// Key of the contact, such as its e-mail address
    #[arg(long, value_name = "KEY")]
    contact: String,
    /// The goal or trigger, by the title of its card or by its id, such as el12
    #[arg(long, value_name = "ELEMENT", required_unless_present = "order", conflicts_with = "order")]
    goal: Option<String>,
    /// An order of the contact, by its number, or by its place among the orders of the contact, from 1
    #[arg(long, value_name = "NUMBER", requires = "campaign")]
    order: Option<String>,
    /// The e-mail, SMS or campaign that could have the credit for the order, by its name
    #[arg(long, value_name = "NAME", requires = "order")]
    campaign: Option<String>,
    /// The order goal that says which orders count; Orders if none is named
    #[arg(long, value_name = "NAME", requires = "order")]
    order_goal: Option<String>,
    /// The saved run; the newest if none is named
    #[arg(long, value_name = "NAME")]
    run: Option<String>,
    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct GoalJson<'a> {
    contact: &'a str,
    goal: String,
    name: String,
    run: &'a str,
    /// The first time; null: never.
    achieved_at: Option<String>,
    /// All times.
    achievements: Vec<String>,
    #[serde(flatten)]
    told: ToldJson,
}

#[derive(Serialize)]
struct CreditJson<'a> {
    contact: &'a str,
    /// Its number; empty: it has none.
    order: &'a str,
    order_at: String,
    campaign: String,
    group: &'static str,
    order_goal: &'a str,
    run: &'a str,
    /// When the touch was that earned it; null: it is not credited.
    credited_at: Option<String>,
    #[serde(flatten)]
    told: ToldJson,
}

/// What both questions tell.
#[derive(Serialize)]
struct ToldJson {
    /// Null where nothing failed.
    failed: Option<CheckJson>,
    found: Option<String>,
    event: Option<AttemptJson>,
    near_misses: Vec<AttemptJson>,
}

#[derive(Serialize)]
struct CheckJson {
    number: u8,
    text: &'static str,
}

#[derive(Serialize)]
struct AttemptJson {
    at: String,
    event: String,
    checks: Vec<RowJson>,
}

#[derive(Serialize)]
struct RowJson {
    number: u8,
    text: &'static str,
    verdict: &'static str,
    found: String,
}

impl WhyNot {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let project = runs::load(&self.file)?;
        let contact = runs::contact(&project, &self.contact, &self.file)?;
        let goal = self.goal.as_deref().map(|goal| listener(&project, goal)).transpose()?;
        let credit = self.credit_asked(&project)?;
        let saved = runs::saved(&project, self.run.as_deref(), &self.file)?;
        let run = runs::again(project.clone(), saved)?;
        match (goal, credit) {
            (Some(goal), _) => self.of_goal(out, &run, &saved.name, contact, goal)?,
            (None, Some((campaign, goal))) => {
                self.of_credit(out, &run, &saved.name, contact, (campaign, &goal))?;
            }
            (None, None) => {} // refused when the command was read
        }
        Ok(FINE)
    }

    fn of_goal(
        &self,
        out: &mut dyn Write,
        run: &Run,
        saved: &str,
        contact: ContactIx,
        goal: ElementId,
    ) -> Result<(), CliError> {
        let project = &run.project;
        let zone = runs::zone(project);
        let when = |at| zone.format_rfc3339(at);
        let Answer { achieved, failed, best, attempts } =
            answer(project, goal, &run.why(contact, goal), &when);
        let name = words::title_as_run(project, goal, run.until);
        let told = Told { failed: failed.as_ref(), best: best.as_ref(), attempts: &attempts, when: &when };
        match self.format.format {
            Format::Json => {
                let json = GoalJson {
                    contact: &self.contact,
                    goal: goal.to_string(),
                    name,
                    run: saved,
                    achieved_at: achieved.first().map(|at| when(*at)),
                    achievements: achieved.iter().map(|at| when(*at)).collect(),
                    told: told.json(),
                };
                output::json(out, &json)
            }
            Format::Csv => told.csv(out),
            Format::Text => {
                let who = &self.contact;
                match &failed {
                    Some(failed) => writeln!(out, "{who} did not achieve “{name}”: {}", failed.in_short())?,
                    None => {
                        let times: Vec<_> = achieved.iter().map(|at| when(*at)).collect();
                        writeln!(out, "{who} achieved “{name}” at {}", words::listed(&times, "and"))?;
                    }
                }
                told.text(out, "The event that came nearest", "What else could have achieved it")
            }
        }
    }

    /// The campaign and the order goal that are asked about.
    fn credit_asked(&self, project: &Project) -> Result<Option<(CampaignRef, OrderGoal)>, CliError> {
        let Some(name) = &self.campaign else { return Ok(None) };
        let same = |other: &str| other.to_lowercase() == name.trim().to_lowercase();
        let campaigns: Vec<_> = CampaignRef::all(&project.catalogue).collect();
        let is_asked = |campaign: &&CampaignRef| {
            campaign.item().to_string() == *name || same(&words::campaign_name(project, **campaign))
        };
        let mut found = campaigns.iter().filter(is_asked);
        let all = || {
            let of = |campaign: &CampaignRef| {
                format!("{} “{}”", campaign.item(), words::campaign_name(project, *campaign))
            };
            campaigns.iter().map(of).collect::<Vec<_>>().join(", ")
        };
        let campaign = match (found.next(), found.next()) {
            (Some(only), None) => *only,
            (None, _) => {
                return Err(CliError::Use(format!("there is no campaign “{name}”; there are: {}", all())));
            }
            _ => {
                let sentence =
                    format!("several campaigns are called “{name}”; say which by its id: {}", all());
                return Err(CliError::Use(sentence));
            }
        };
        let asked = self.order_goal.as_deref().unwrap_or("Orders");
        let mut goals = project.settings.all_order_goals();
        let goal = goals.find(|goal| goal.name.to_lowercase() == asked.to_lowercase()).ok_or_else(|| {
            let names: Vec<_> = project.settings.all_order_goals().map(|goal| goal.name).collect();
            CliError::Use(format!("there is no order goal “{asked}”; there are: {}", names.join(", ")))
        })?;
        Ok(Some((campaign, goal)))
    }

    fn of_credit(
        &self,
        out: &mut dyn Write,
        run: &Run,
        saved: &str,
        contact: ContactIx,
        (campaign, goal): (CampaignRef, &OrderGoal),
    ) -> Result<(), CliError> {
        let project = &run.project;
        let zone = runs::zone(project);
        let when = |at| zone.format_rfc3339(at);
        let ledger = run.ledger(contact, run.until);
        let asked = self.order.as_deref().unwrap_or_default();
        let order = ledger.find_order(asked).and_then(|place| ledger.orders.get(place)).ok_or_else(|| {
            let number = |(place, order): (u32, &PlacedOrder)| match order.order.reference.as_str() {
                "" => place.to_string(),
                reference => reference.to_owned(),
            };
            let numbers: Vec<_> = (1..).zip(&ledger.orders).map(number).collect();
            let who = &self.contact;
            CliError::Use(match &numbers[..] {
                [] => format!("{who} places no order in the run “{saved}”"),
                numbers => format!("{who} has no order “{asked}”; there are: {}", numbers.join(", ")),
            })
        })?;
        let question = Question { project, ledger: &ledger, goal };
        let CreditAnswer { credited, failed, best, attempts } = question.why(order, campaign, &when);
        let name = words::campaign_name(project, campaign);
        let told = Told { failed: failed.as_ref(), best: best.as_ref(), attempts: &attempts, when: &when };
        let group = campaign.channel(&project.catalogue).group().tag();
        match self.format.format {
            Format::Json => {
                let json = CreditJson {
                    contact: &self.contact,
                    order: &order.order.reference,
                    order_at: when(order.at),
                    campaign: name,
                    group,
                    order_goal: &goal.name,
                    run: saved,
                    credited_at: credited.map(when),
                    told: told.json(),
                };
                output::json(out, &json)
            }
            Format::Csv => told.csv(out),
            Format::Text => {
                let of = format!("The order of {} ({})", when(order.at), order.total());
                match (&failed, credited) {
                    (Some(failed), _) => {
                        writeln!(out, "{of} is not credited to “{name}”: {}", failed.in_short())?
                    }
                    (None, at) => {
                        let touched = at.map(when).unwrap_or_default();
                        writeln!(
                            out,
                            "{of} is credited to “{name}”, which touched {} at {touched}",
                            self.contact
                        )?;
                    }
                }
                told.text(out, "The touch that came nearest", "What else there was")
            }
        }
    }
}

/// What was found, however it is written.
struct Told<'a> {
    failed: Option<&'a Line>,
    best: Option<&'a Attempt>,
    attempts: &'a [Attempt],
    when: When<'a>,
}

impl Told<'_> {
    fn json(&self) -> ToldJson {
        let row = |line: &Line| RowJson {
            number: line.number,
            text: line.text,
            verdict: line.verdict.tag(),
            found: line.found.clone(),
        };
        let attempt = |attempt: &Attempt| AttemptJson {
            at: (self.when)(attempt.at),
            event: attempt.event.clone(),
            checks: attempt.checks.iter().map(row).collect(),
        };
        ToldJson {
            failed: self.failed.map(|line| CheckJson { number: line.number, text: line.text }),
            found: self.failed.map(|line| line.found.clone()),
            event: self.best.map(attempt),
            near_misses: self.attempts.iter().map(attempt).collect(),
        }
    }

    fn csv(&self, out: &mut dyn Write) -> Result<(), CliError> {
        let of = |attempt: &Attempt| {
            let (at, event) = ((self.when)(attempt.at), attempt.event.clone());
            attempt.checks.iter().map(|line| cells(&at, &event, line)).collect::<Vec<_>>()
        };
        // of an order that does not count no touch was asked, but the order was
        let alone = self.best.filter(|_| self.attempts.is_empty());
        let mut rows: Vec<_> = self.attempts.iter().chain(alone).flat_map(of).collect();
        if let (None, Some(failed)) = (self.best, self.failed) {
            rows.push(cells("", "", failed)); // no event to check
        }
        output::csv(out, &["at", "event", "number", "verdict", "text", "found"], &rows)
    }

    /// All below the first sentence.
    fn text(&self, out: &mut dyn Write, nearest: &str, more: &str) -> Result<(), CliError> {
        if let Some(best) = self.best {
            writeln!(out, "\n{nearest}: {} at {}\n", best.event, (self.when)(best.at))?;
        }
        for line in self.best.iter().flat_map(|best| &best.checks) {
            let mark = match line.verdict {
                Verdict::Passed => "passed      ",
                Verdict::Failed => "FAILED      ",
                Verdict::NotReached => "not reached ",
            };
            let found = if line.found.is_empty() { String::new() } else { format!(": {}", line.found) };
            writeln!(out, "  {mark} {:>2} {}{found}", line.number, line.text)?;
        }
        let mut others = others(self.attempts, self.best).peekable();
        if others.peek().is_some() {
            writeln!(out, "\n{more}:")?;
        }
        for other in others {
            let reason = other.reason().unwrap_or_default();
            writeln!(out, "  {}  {}: {reason}", (self.when)(other.at), other.event)?;
        }
        Ok(())
    }
}

fn cells(at: &str, event: &str, line: &Line) -> Vec<Cell> {
    vec![
        at.into(),
        event.into(),
        u32::from(line.number).into(),
        line.verdict.tag().into(),
        line.text.into(),
        line.found.as_str().into(),
    ]
}

/// The trigger or goal that is asked for by id or by title, in any version of a map or in its draft: runs follow those,
/// whatever became of the other (L-01).
fn listener(project: &Project, name: &str) -> Result<ElementId, CliError> {
    let published = project.published.values().flat_map(|versions| versions.iter().rev()).map(|v| &v.map);
    let elements = project.maps.values().chain(published).flat_map(|map| map.elements.values());
    // each with its titles, that of the draft first
    let mut listeners: BTreeMap<ElementId, Vec<String>> = BTreeMap::new();
    for element in elements.filter(|element| element.kind.listener().is_some()) {
        listeners.entry(element.id).or_default().push(words::title(project, element));
    }
    let is_asked = |(id, titles): &(&ElementId, &Vec<String>)| {
        id.to_string() == name || titles.iter().any(|title| title.to_lowercase() == name.to_lowercase())
    };
    let mut found = listeners.iter().filter(is_asked);
    let all = || {
        let names = listeners
            .iter()
            .map(|(id, titles)| format!("{id} “{}”", titles.first().map_or("", String::as_str)));
        names.collect::<Vec<_>>().join(", ")
    };
    match (found.next(), found.next()) {
        (Some((only, _)), None) => Ok(*only),
        (None, _) => {
            Err(CliError::Use(format!("there is no goal or trigger “{name}”; there are: {}", all())))
        }
        _ => Err(CliError::Use(format!("several are called “{name}”; say which by its id: {}", all()))),
    }
}
