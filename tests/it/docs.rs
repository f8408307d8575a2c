//! The pages of `docs/` against what they describe. What stands there between `<!-- NAME -->` and `<!-- end -->` is made
//! from the tables in the code; `UPDATE_EXPECT=1` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use clap::CommandFactory;
use gateline::base::time::{Span, Unit};
use gateline::cli::{CONTACT_COLUMNS, Cli, EVENT_COLUMNS};
use gateline::engine::explain::Reason;
use gateline::engine::log::What;
use gateline::model::condition::CONDITION_KINDS;
use gateline::model::event::{HAPPENINGS, Origin};
use gateline::model::filter::{EVENT_TYPES, Group, ListenedBy};
use gateline::model::kinds::KINDS;
use gateline::model::lint::{CHECKS, Check};
use gateline::model::rules::{
    EditedWait, FieldTimerReads, MoveClears, PastDate, PastRelativeDate, PreviousWaits, Reentry,
    SeveralGoals, SplitDraw, TextMatch, WhilePaused,
};
use gateline::model::{
    BranchPolicy, Change, Checkout, EngineRules, EventFilter, EventType, Family, FirstPayment, Form,
    FormOutcome, Happening, HappeningKind, List, Listener, PaymentPlan, PlanKind, PlanPayments, Preset,
    Provider, Who,
};
use gateline::reports::attribution::CreditReason;
use gateline::session::command::Command;
use gateline::store::csv::{Mapping, Rows};
use gateline::store::file::write_whole;

use crate::build::Build;
use crate::golden::Life;

/// The text of a file of the repository.
fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap().replace("\r\n", "\n")
}

/// Holds the sections of a page against what they should be.
fn page(name: &str, sections: &[(&str, String)]) {
    let old = file(name);
    let mut new = old.clone();
    for (section, text) in sections {
        let mark = format!("<!-- {section} -->\n");
        let start = new.find(&mark).unwrap_or_else(|| panic!("{name} lacks {mark}")) + mark.len();
        let length = new[start..].find("<!-- end -->").unwrap_or_else(|| panic!("{section} has no end"));
        new.replace_range(start..start + length, &format!("\n{text}\n"));
    }
    if new != old && std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        write_whole(&path, true, |out| out.write_all(new.as_bytes())).unwrap();
        return;
    }
    for (number, (is, should)) in (1..).zip(old.lines().zip(new.lines())) {
        assert_eq!(is, should, "{name}, line {number}; UPDATE_EXPECT=1 writes it anew");
    }
    assert_eq!(old.lines().count(), new.lines().count(), "{name}");
}

/// A table with these headers.
fn table<const COLUMNS: usize>(
    headers: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) -> String {
    let line = |cells: [String; COLUMNS]| format!("| {} |\n", cells.join(" | "));
    let rows = rows.into_iter().map(|row| line(row.map(|cell| cell.replace('|', "\\|"))));
    [line(headers.map(str::to_owned)), "|---".repeat(COLUMNS) + "|\n"].into_iter().chain(rows).collect()
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn codes<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let codes: Vec<_> = texts.into_iter().map(code).collect();
    if codes.is_empty() { "–".into() } else { codes.join(", ") }
}

/// Rows under the title of their group.
fn by_group(rows: &[(Group, String)]) -> String {
    let groups: BTreeSet<_> = rows.iter().map(|(group, _)| *group).collect();
    let line = |group: Group| {
        let rows: Vec<_> = rows.iter().filter(|(of, _)| *of == group).map(|(_, row)| row.as_str()).collect();
        format!("- **{}:** {}\n", group.title(), rows.join(" · "))
    };
    groups.into_iter().map(line).collect()
}

fn elements() -> String {
    let family = |family| match family {
        Family::Trigger => "trigger",
        Family::Action => "action",
        Family::Filter => "filter",
        Family::Goal => "goal",
    };
    table(
        ["Element", "Family", "What it does"],
        KINDS.iter().map(|info| [info.title.into(), family(info.family).into(), info.help.into()]),
    )
}

fn listened() -> String {
    let row = |info: &gateline::model::filter::EventInfo| {
        let only = match info.listened_by {
            ListenedBy::Both => "",
            ListenedBy::Goals => " (goals only)",
            ListenedBy::Triggers => " (triggers only)",
        };
        (info.group, format!("{}{only}", info.title))
    };
    by_group(&EVENT_TYPES.iter().map(row).collect::<Vec<_>>())
}

fn conditions() -> String {
    by_group(&CONDITION_KINDS.iter().map(|info| (info.group, info.title.to_owned())).collect::<Vec<_>>())
}

fn events() -> String {
    let row = |info: &gateline::model::event::HappeningInfo| {
        let columns = match info.origin {
            Origin::Outside => codes(info.columns.iter().copied()),
            Origin::Raised => "follows by itself".into(),
        };
        let raises = codes(info.raises.iter().map(|kind| kind.info().tag));
        [code(info.tag), info.title.into(), columns, raises]
    };
    table(
        ["Event", "What happens", "Its columns", "What can follow, in this order"],
        HAPPENINGS.iter().map(row),
    )
}

/// Every switch with its name in the files, its words in the window, what it can be and what each system makes of it.
fn switches() -> String {
    const YES_NO: &[(bool, &str)] = &[(true, "yes"), (false, "no")];
    const NUMBER: &[(u32, &str)] = &[];
    let presets = Preset::ALL.map(|(preset, _)| EngineRules::preset(preset));
    macro_rules! row {
        ($field:ident, $label:literal, $words:expr) => {{
            let words: &[(_, &str)] = $words;
            let word = |rules: &EngineRules| {
                let found = words.iter().find(|(value, _)| *value == rules.$field);
                found.map_or_else(|| format!("{:?}", rules.$field), |(_, word)| (*word).to_owned())
            };
            let [ontraport, keap, maestra] = presets.each_ref().map(word);
            let all: Vec<_> = words.iter().map(|(_, word)| *word).collect();
            let all = if all.is_empty() { "a number".into() } else { all.join(" / ") };
            (stringify!($field), [$label.to_owned(), all, ontraport, keap, maestra])
        }};
    }
    let rows = [
        row!(previous_waits, "“On previous waits” means", PreviousWaits::ALL),
        row!(upstream_follows_go_to, "“Upstream” follows Go To", YES_NO),
        row!(move_clears, "“Move here” clears", MoveClears::ALL),
        row!(entry_event_achieves, "Entering can achieve a goal", YES_NO),
        row!(several_goals, "Several goals for one event", SeveralGoals::ALL),
        row!(plan_payments, "New purchase goals count", PlanPayments::ALL),
        row!(zero_total_pays, "An order that costs nothing is paid", YES_NO),
        row!(past_specific_date, "A date that is past", PastDate::ALL),
        row!(past_relative_date, "A day of a field that is past", PastRelativeDate::ALL),
        row!(edited_wait, "A wait that is edited", EditedWait::ALL),
        row!(field_timer_reads, "Field timers read the field", FieldTimerReads::ALL),
        row!(sequence_reentry, "Coming into a sequence again", Reentry::ALL),
        row!(late_step_days, "Days that a step may be late", NUMBER),
        row!(branch_policy, "New branches ask for", BranchPolicy::ALL),
        row!(split_draw, "Splits draw", SplitDraw::ALL),
        row!(pause_keeps_time, "Timers go on running", YES_NO),
        row!(events_while_paused, "Events while paused", WhilePaused::ALL),
        row!(events_before_timers, "Events before timers", YES_NO),
        row!(max_steps_per_instant, "Steps at one instant", NUMBER),
        row!(text_match, "Text in conditions", TextMatch::ALL),
    ];
    let mut fields: Vec<_> = rows.iter().map(|(field, _)| *field).collect();
    fields.sort_unstable();
    let all = serde_json::to_value(EngineRules::default()).unwrap();
    let mut all: Vec<_> = all.as_object().unwrap().keys().cloned().collect();
    all.sort_unstable();
    assert_eq!(fields, all, "every switch has a row");
    let inspector = file("src/app/inspector/map.rs");
    for (_, [label, ..]) in &rows {
        assert!(inspector.contains(&format!("\"{label}\"")), "the window does not say {label}");
    }
    table(["Rule", "Can be", "Ontraport", "Keap", "Maestra"], rows.map(|(_, row)| row))
}

fn checks() -> String {
    let row = |check: &Check| [code(check.code), check.severity.word().into(), check.meaning.into()];
    table(["Code", "Severity", "What it means"], CHECKS.iter().map(row))
}

#[test]
fn the_guide_lists_what_there_is() {
    page(
        "docs/guide.md",
        &[
            ("elements", elements()),
            ("listened", listened()),
            ("conditions", conditions()),
            ("switches", switches()),
            ("checks", checks()),
            ("events", events()),
        ],
    );
}

/// What each command takes, as clap knows it.
fn commands() -> String {
    let mut text = String::new();
    for command in Cli::command().get_subcommands() {
        let name = |argument: &clap::Arg| {
            let value = argument.get_value_names().unwrap_or_default().join(" ");
            match argument.get_long() {
                Some(long) if argument.get_action().takes_values() => format!("--{long} {value}"),
                Some(long) => format!("--{long}"),
                None => value,
            }
        };
        let row = |argument: &clap::Arg| {
            let mut help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            if argument.get_action().takes_values() {
                let values = argument.get_possible_values();
                let values = codes(values.iter().map(|value| value.get_name()));
                let default = argument.get_default_values().iter().map(|value| value.to_string_lossy());
                let default = default
                    .filter(|value| !value.is_empty())
                    .map(|value| format!("; `{value}` if not given"));
                let default: String = default.collect();
                let values = if values == "–" { String::new() } else { format!(": {values}") };
                help += &format!("{values}{default}");
            }
            [code(&name(argument)), help]
        };
        let positional: Vec<_> = command.get_positionals().map(name).collect();
        let title = [vec![command.get_name().to_owned()], positional].concat().join(" ");
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(text, "### `gateline {title}`\n\n{about}.").unwrap();
        let rows: Vec<_> = command.get_arguments().map(row).collect();
        if !rows.is_empty() {
            writeln!(text, "\n{}", table(["takes", "which is"], rows).trim_end()).unwrap();
        }
        writeln!(text).unwrap();
    }
    text.trim_end().to_owned() + "\n"
}

/// What columns hold; the field's name is the column's.
fn columns(columns: &[(&str, &str)]) -> String {
    let row = |(column, holds): &(&str, &str)| [code(column), (*holds).to_owned()];
    table(["column", "what it holds"], columns.iter().map(row))
}

fn reasons() -> String {
    let row = |reason: &Reason| [reason.number().to_string(), reason.text().to_owned()];
    table(["number", "what is the case if it fails"], Reason::ALL.iter().map(row))
}

fn credit_reasons() -> String {
    let row = |reason: &CreditReason| [reason.number().to_string(), reason.text().to_owned()];
    table(["number", "what is the case if it fails"], CreditReason::ALL.iter().map(row))
}

fn kinds() -> String {
    format!("{}\n", codes(KINDS.iter().map(|info| info.tag)))
}

#[test]
fn the_page_of_the_command_says_what_the_command_says() {
    page(
        "docs/command.md",
        &[
            ("commands", commands()),
            ("kinds", kinds()),
            ("reasons", reasons()),
            ("credit reasons", credit_reasons()),
            ("contact columns", columns(CONTACT_COLUMNS)),
            ("event columns", columns(EVENT_COLUMNS)),
        ],
    );
}

#[test]
fn every_column_is_explained_and_every_explained_one_is_read() {
    let names = |columns: &[(&'static str, &str)]| columns.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let sorted = |mut names: Vec<&'static str>| {
        names.sort_unstable();
        names
    };
    for (rows, columns) in [(Rows::Contacts, CONTACT_COLUMNS), (Rows::Events, EVENT_COLUMNS)] {
        assert_eq!(sorted(names(columns)), sorted(Mapping::fields(rows).collect()));
    }
    for column in HAPPENINGS.iter().flat_map(|info| info.columns) {
        assert!(names(EVENT_COLUMNS).contains(column), "{column}");
    }
}

/// Lives in which an event of 6 January brings what can follow from it.
fn lives() -> Vec<(HappeningKind, Life)> {
    let mut build = Build::new();
    let [parcels, samples] = ["Parcels", "Samples"].map(|name| build.thing::<List>(name));
    let (form, product, email) = (build.form("Shop"), build.product("Box"), build.mail("News"));
    let leaves_after = Some(Span::new(1, Unit::Days));
    build.run(Command::PutItem(List { id: samples, name: "Samples".into(), leaves_after }.into()));
    let shop = Form { id: form, name: "Shop".into(), order_form: true, list: Some(parcels), map: None };
    build.run(Command::PutItem(shop.into()));
    let (map, join) = (build.map, build.form("Join"));
    let quiet = build.add_map("Quiet");
    build.map = map;
    let joins = Form { id: join, name: "Join".into(), order_form: false, list: None, map: Some(quiet) };
    build.run(Command::PutItem(joins.into()));
    let mut build = build.at_added().end();
    // Coming onto a map and going off it are only said where somebody listens.
    build.add_map("Listens");
    for change in [Change::Added, Change::Removed] {
        let on = EventFilter::Automation { map: Some(map), change };
        let who = Who::OnMap; // nobody
        build = build.trigger(Listener { on, who, ..Listener::trigger(EventType::Automation) }).exit();
    }
    let (before, at) = ("2026-01-05 09:00", "2026-01-06 09:00");
    let order = |at, payment, form| {
        Life::of(build.clone()).orders(at, &["Box"], |order| {
            let kind = PlanKind::Payments;
            order.plan = Some(PaymentPlan { kind, payments: Some(1), every: None, declined: vec![] });
            (order.reference, order.payment, order.form) = ("7".into(), payment, form);
        })
    };
    let reference = || "7".into();
    let pays = |declined| {
        let pays = Happening::Payment { reference: reference(), declined };
        order(before, FirstPayment::Declined, None).happens(at, pays)
    };
    let checkout = Checkout { reference: "8".into(), products: vec![product], provider: Provider::PayPal };
    let does = |what| Life::of(build.clone()).happens(at, what);
    let is_on = Life::of(build.clone()).happens(before, Happening::AddedToAutomation(map));
    let cancels = Happening::OrderCancelled { reference: reference() };
    vec![
        (HappeningKind::ListAdded, does(Happening::ListAdded(samples))),
        (
            HappeningKind::FormSubmitted,
            does(Happening::FormSubmitted { form: join, outcome: FormOutcome::Success }),
        ),
        (HappeningKind::AddedToAutomation, does(Happening::AddedToAutomation(map))),
        (HappeningKind::RemovedFromAutomation, is_on.happens(at, Happening::RemovedFromAutomation(map))),
        (HappeningKind::EmailBounced, does(Happening::EmailBounced { email, hard: true })),
        (HappeningKind::Order, order(at, FirstPayment::Charged, Some(form))),
        (HappeningKind::Order, order(at, FirstPayment::Declined, Some(form))),
        (HappeningKind::Payment, pays(false)),
        (HappeningKind::Payment, pays(true)),
        (HappeningKind::OrderCancelled, order(before, FirstPayment::Unpaid, None).happens(at, cancels)),
        (HappeningKind::CheckoutStarted, does(Happening::CheckoutStarted(checkout.into()))),
    ]
}

/// Semantics §3, event vocabulary.
#[test]
fn what_follows_an_event_is_in_the_table_in_this_order() {
    let mut followed: BTreeMap<HappeningKind, BTreeSet<HappeningKind>> = BTreeMap::new();
    for (kind, life) in lives() {
        let out = life.run();
        let from = out.at("2026-01-06");
        let said =
            out.log.iter().filter(|line| line.entry.at >= from).filter_map(|line| match &line.entry.what {
                What::Happened(what) | What::Raised(what) => Some(what.kind()),
                _ => None,
            });
        let said: Vec<_> = said.filter(|other| *other != kind).collect();
        // what follows from coming onto a map stands in the row of that
        let added = said.contains(&HappeningKind::AddedToAutomation);
        let said: Vec<_> =
            said.into_iter().filter(|other| !added || *other != HappeningKind::CameOnMap).collect();
        let mut rest = kind.info().raises.iter();
        assert!(said.iter().all(|next| rest.any(|raised| raised == next)), "{kind:?}: {said:?}");
        followed.entry(kind).or_default().extend(said);
    }
    for info in HAPPENINGS {
        let raises: BTreeSet<_> = info.raises.iter().copied().collect();
        assert_eq!(raises, followed.remove(&info.kind).unwrap_or_default(), "{}", info.tag);
    }
}
