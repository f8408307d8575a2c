//! `gateline report`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::output::{self, Cell};
use super::{CliError, FINE, Format, FormatOption, runs};
use crate::base::id::ElementId;
use crate::base::money::Money;
use crate::base::time::Instant;
use crate::model::{Map, Settings, ValueBase, words};
use crate::reports::flow::{ElementFlow, Flow};
use crate::reports::states::{self, States};
use crate::session::run::{Control, Run};

/// A report of a saved run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gateline report flow shop.gateline\n  \
    gateline report flow shop.gateline --run \"run 1\" --map Nurture --at 2026-02-01 --format json\n  \
    gateline report states shop.gateline --at 2026-02-01\n  \
    gateline report value shop.gateline")]
pub struct Report {
    /// Which report
    kind: ReportKind,
    /// The project
    file: PathBuf,
    /// The saved run; the newest if none is named
    #[arg(long, value_name = "NAME")]
    run: Option<String>,
    /// The map, by its name or id; may be left out where there is only one
    #[arg(long, value_name = "NAME")]
    map: Option<String>,
    /// As it stood then, such as 2026-02-01 or "2026-02-01 09:00"; at the end of the run if not given
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    #[command(flatten)]
    format: FormatOption,
}

/// The reports there are.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReportKind {
    /// Contact flow: who is where, who was, and along which lines they went
    Flow,
    /// How many contacts are active, queued and done in each sequence
    States,
    /// What the contacts who ever visited each element have spent
    Value,
}

#[derive(Serialize)]
struct StatesJson<'a> {
    map: &'a str,
    run: &'a str,
    at: String,
    population: u32,
    sequences: Vec<SequenceJson>,
}

#[derive(Serialize)]
struct SequenceJson {
    id: String,
    name: String,
    active: u32,
    queued: u32,
    done: u32,
}

#[derive(Serialize)]
struct ValuesJson<'a> {
    map: &'a str,
    run: &'a str,
    at: String,
    population: u32,
    currency: &'a str,
    /// Which spending counts.
    base: ValueBase,
    elements: Vec<ValueJson>,
}

#[derive(Serialize)]
struct ValueJson {
    id: String,
    name: String,
    kind: &'static str,
    visited: u32,
    total: Money,
    /// Null: nobody came.
    average: Option<Money>,
}

#[derive(Serialize)]
struct FlowJson<'a> {
    map: &'a str,
    run: &'a str,
    at: String,
    population: u32,
    elements: Vec<ElementJson>,
    lines: Vec<LineJson>,
    jumps: Vec<JumpJson>,
}

#[derive(Serialize)]
struct ElementJson {
    id: String,
    name: String,
    kind: &'static str,
    /// False: only a published version has it.
    in_draft: bool,
    entered: u32,
    copied: u32,
    visited: u32,
    here_now: u32,
    were_here: u32,
    resting: u32,
    left: BTreeMap<String, u32>,
    taken: u32,
    removed: u32,
    dropped: u32,
}

#[derive(Serialize)]
struct LineJson {
    from: String,
    port: String,
    to: String,
    contacts: u32,
    share: Option<f64>,
}

#[derive(Serialize)]
struct JumpJson {
    from: String,
    to: String,
    contacts: u32,
}

impl Report {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let project = runs::load(&self.file)?;
        let map = runs::map(&project, self.map.as_deref())?;
        let saved = runs::saved(&project, self.run.as_deref(), &self.file)?;
        let at = runs::instant(&project, self.at.as_deref())?;
        let run = runs::again(project.clone(), saved)?;
        let at = at.unwrap_or_else(|| run.end());
        match self.kind {
            ReportKind::Flow => flow(out, &run, map, &saved.name, at, self.format.format)?,
            ReportKind::States => states(out, &run, map, &saved.name, at, self.format.format)?,
            ReportKind::Value => value(out, &run, map, &saved.name, at, self.format.format)?,
        }
        Ok(FINE)
    }
}

/// States in sequences in any form.
fn states(
    out: &mut dyn Write,
    run: &Run,
    map: &Map,
    name: &str,
    at: Instant,
    format: Format,
) -> Result<(), CliError> {
    let population = run.population(map.id, at)?;
    let label = |id| words::sequence_name(&run.project, id, at);
    let states = states::states(run.plan(), &run.totals(at), map.id);
    let written = runs::zone(&run.project).format_rfc3339(at);
    let headers = ["id", "name", "active", "queued", "done"];
    let row = |states: &States| -> Vec<Cell> {
        let States { sequence, active, queued, done } = *states;
        vec![sequence.to_string().into(), label(sequence).into(), active.into(), queued.into(), done.into()]
    };
    let rows: Vec<_> = states.iter().map(row).collect();
    match format {
        Format::Json => {
            let sequence = |states: &States| SequenceJson {
                id: states.sequence.to_string(),
                name: label(states.sequence),
                active: states.active,
                queued: states.queued,
                done: states.done,
            };
            let sequences = states.iter().map(sequence).collect();
            output::json(out, &StatesJson { map: &map.name, run: name, at: written, population, sequences })
        }
        Format::Csv => output::csv(out, &headers, &rows),
        Format::Text => {
            let contacts = words::counted(population as usize, "contact", "contacts");
            writeln!(out, "{}: {contacts} at {written}\n", map.name)?;
            if rows.is_empty() {
                return Ok(writeln!(out, "The map has no sequences")?);
            }
            output::table(out, &headers, &rows)
        }
    }
}

/// Lifetime value in any form.
fn value(
    out: &mut dyn Write,
    run: &Run,
    map: &Map,
    name: &str,
    at: Instant,
    format: Format,
) -> Result<(), CliError> {
    let population = run.population(map.id, at)?;
    let spending = run.spending(at, 0, &Control::default())?;
    let elements = run.flow(map, at).elements;
    let title = |id| words::title_as_run(&run.project, id, at);
    let written = runs::zone(&run.project).format_rfc3339(at);
    let Settings { currency, value_base, .. } = &run.project.settings;
    match format {
        Format::Json => {
            let element = |element: &ElementFlow| {
                let value = spending.of(run.plan(), element.id);
                ValueJson {
                    id: element.id.to_string(),
                    name: title(element.id),
                    kind: element.kind.info().tag,
                    visited: value.visited,
                    total: value.total,
                    average: value.average(),
                }
            };
            let elements = elements.iter().map(element).collect();
            let (map, run) = (&*map.name, name);
            let (currency, base) = (currency.as_str(), *value_base);
            output::json(out, &ValuesJson { map, run, at: written, population, currency, base, elements })
        }
        Format::Csv | Format::Text => {
            let headers = ["id", "name", "kind", "visited", "total", "average"];
            let row = |element: &ElementFlow| -> Vec<Cell> {
                let value = spending.of(run.plan(), element.id);
                vec![
                    element.id.to_string().into(),
                    title(element.id).into(),
                    element.kind.info().tag.into(),
                    value.visited.into(),
                    Cell::Money(Some(value.total)),
                    Cell::Money(value.average()),
                ]
            };
            let rows: Vec<_> = elements.iter().map(row).collect();
            if format == Format::Csv {
                return output::csv(out, &headers, &rows);
            }
            let contacts = words::counted(population as usize, "contact", "contacts");
            let base = match value_base {
                ValueBase::All => "all that visitors have spent",
                ValueBase::AfterVisit => "what visitors have spent since",
            };
            writeln!(out, "{}: {contacts} at {written}; {base}, in {currency}\n", map.name)?;
            output::table(out, &headers, &rows)
        }
    }
}

/// Contact flow in any form.
pub(super) fn flow(
    out: &mut dyn Write,
    run: &Run,
    map: &Map,
    name: &str,
    at: Instant,
    format: Format,
) -> Result<(), CliError> {
    let project = &run.project;
    let flow = run.flow(map, at);
    let population = run.population(map.id, at)?;
    let title = |id| words::title_as_run(project, id, at);
    let at = runs::zone(project).format_rfc3339(at);
    match format {
        Format::Json => output::json(out, &as_json(map, &title, name, at, population, &flow)),
        Format::Csv => output::csv(out, &ELEMENT_COLUMNS, &element_rows(&title, &flow)),
        Format::Text => {
            let contacts = words::counted(population as usize, "contact", "contacts");
            writeln!(out, "{}: {contacts} at {at}\n", map.name)?;
            output::table(out, &ELEMENT_COLUMNS, &element_rows(&title, &flow))?;
            writeln!(out)?;
            let titled = |id: ElementId| format!("{id} {}", title(id));
            let rows: Vec<Vec<Cell>> = (flow.lines.iter())
                .map(|line| {
                    let (from, port) = (titled(line.from), line.port.to_string());
                    vec![
                        from.into(),
                        port.into(),
                        titled(line.to).into(),
                        line.contacts.into(),
                        Cell::Share(line.share()),
                    ]
                })
                .collect();
            output::table(out, &["line from", "by", "to", "contacts", "share"], &rows)?;
            if !flow.jumps.is_empty() {
                writeln!(out)?;
                let rows: Vec<Vec<Cell>> = (flow.jumps.iter())
                    .map(|jump| vec![titled(jump.from).into(), titled(jump.to).into(), jump.contacts.into()])
                    .collect();
                output::table(out, &["jump from", "to", "contacts"], &rows)?;
            }
            Ok(())
        }
    }
}

const ELEMENT_COLUMNS: [&str; 13] = [
    "id",
    "name",
    "kind",
    "here_now",
    "were_here",
    "visited",
    "entered",
    "copied",
    "resting",
    "left",
    "taken",
    "removed",
    "dropped",
];

fn element_rows(title: &dyn Fn(ElementId) -> String, flow: &Flow) -> Vec<Vec<Cell>> {
    let row = |element: &ElementFlow| {
        let left: u32 = element.left.iter().map(|(_, visits)| visits).sum();
        let mut name = title(element.id);
        if !element.in_draft {
            name.push_str(" (no longer in the draft)");
        }
        let mut row = vec![element.id.to_string().into(), name.into(), element.kind.info().tag.into()];
        let counts = [
            element.here_now,
            element.were_here,
            element.visited,
            element.entered,
            element.copied,
            element.resting,
            left,
            element.taken,
            element.removed,
            element.dropped,
        ];
        row.extend(counts.map(Cell::from));
        row
    };
    flow.elements.iter().map(row).collect()
}

fn as_json<'a>(
    map: &'a Map,
    title: &dyn Fn(ElementId) -> String,
    run: &'a str,
    at: String,
    population: u32,
    flow: &Flow,
) -> FlowJson<'a> {
    let element = |element: &ElementFlow| ElementJson {
        id: element.id.to_string(),
        name: title(element.id),
        kind: element.kind.info().tag,
        in_draft: element.in_draft,
        entered: element.entered,
        copied: element.copied,
        visited: element.visited,
        here_now: element.here_now,
        were_here: element.were_here,
        resting: element.resting,
        left: element.left.iter().map(|(port, visits)| (port.to_string(), *visits)).collect(),
        taken: element.taken,
        removed: element.removed,
        dropped: element.dropped,
    };
    let line = |line: &crate::reports::flow::LineFlow| LineJson {
        from: line.from.to_string(),
        port: line.port.to_string(),
        to: line.to.to_string(),
        contacts: line.contacts,
        share: line.share().map(output::rounded),
    };
    let jump = |jump: &crate::reports::flow::JumpFlow| JumpJson {
        from: jump.from.to_string(),
        to: jump.to.to_string(),
        contacts: jump.contacts,
    };
    FlowJson {
        map: &map.name,
        run,
        at,
        population,
        elements: flow.elements.iter().map(element).collect(),
        lines: flow.lines.iter().map(line).collect(),
        jumps: flow.jumps.iter().map(jump).collect(),
    }
}
