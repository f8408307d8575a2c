//! What many cases show together: a comparison says nothing about what its cases never do.

use std::collections::BTreeSet;
use std::fmt::Debug;

use chrono::{NaiveDate, NaiveTime, Weekday};
use gateline::base::time::{Side, Span, Unit};
use gateline::engine::log::{Fault, Nothing, Phase, Refused, Removal, Skip, Suppression};
use gateline::model::condition::CONDITION_KINDS;
use gateline::model::event::HAPPENINGS;
use gateline::model::filter::{EVENT_TYPES, ListenedBy};
use gateline::model::kinds::KINDS;
use gateline::model::{
    Bound, Comparison, Condition, DelayTime, ElementKind, FieldOperator, MembershipStatus, Moment, Project,
    Timing, Until,
};

use super::lines::{Line, Said};

/// Short sentences about what was seen.
#[derive(Default)]
pub struct Seen(BTreeSet<String>);

impl Seen {
    /// Takes in what a project's logs say.
    pub fn note(&mut self, project: &Project, logs: Vec<Vec<Line>>) {
        let versions: Vec<_> = project.maps.keys().flat_map(|map| project.versions(*map)).collect();
        for log in logs {
            // the wait that the entry before came to
            let mut wait: Option<&Until> = None;
            for line in log {
                let all = versions.iter().filter_map(|version| version.map.element(line.element?));
                let kinds: Vec<_> = all.map(|element| &element.kind).collect();
                // what another version has otherwise is not counted: the log does not tell which one held
                let kind = kinds.first().copied().filter(|kind| kinds.iter().all(|other| other == kind));
                match (&line.what, wait) {
                    (Said::Rested(_), Some(until)) => self.see(format!("rests at {}", wait_word(until))),
                    (Said::Left(_), Some(until)) => self.see(format!("passes {}", wait_word(until))),
                    _ => {}
                }
                wait = match (&line.what, kind) {
                    (Said::Arrived(_), Some(ElementKind::Wait(wait))) => Some(&wait.until),
                    (Said::Decided(..), Some(ElementKind::Wait(_))) => wait, // asked as it arrives
                    _ => None,
                };
                self.note_line(&line.what, kind);
            }
        }
    }

    fn note_line(&mut self, what: &Said, kind: Option<&ElementKind>) {
        match (what, kind) {
            (Said::Happened(what) | Said::Raised(what), _) => self.see(format!("{:?} happens", what.kind())),
            (Said::Arrived(_), Some(kind)) => self.see(format!("comes to {:?}", kind.kind())),
            (Said::Activated, Some(ElementKind::Trigger(listener))) => {
                self.see(format!("{:?} activates a trigger", listener.on.event_type()));
            }
            (Said::Activated, Some(ElementKind::Goal(listener))) => {
                self.see(format!("{:?} activates a goal", listener.on.event_type()));
            }
            (Said::Decided(_, seen), Some(ElementKind::Condition(condition))) => {
                self.note_asked(condition.leaves(), seen);
            }
            (Said::Chose(_, seen), Some(ElementKind::Branches(branches))) => {
                let leaves = branches.branches.iter().flat_map(|branch| branch.rule.leaves());
                self.note_asked(leaves.collect(), seen);
            }
            (Said::Refused(why), _) => self.see(format!("{why:?} refuses")),
            (Said::Removed(why), _) => self.see(format!("{why:?} removes")),
            (Said::Dropped(why), _) => self.see(format!("{why:?} drops")),
            (Said::Skipped(why), _) => self.see(format!("{why:?} is skipped")),
            (Said::Sequence(_, phase), _) => self.see(format!("{phase:?} in a sequence")),
            (Said::Nothing(why), _) => self.see(format!("{why:?} is nothing")),
            (Said::Suppressed(_, why), _) => self.see(format!("{why:?} suppresses")),
            _ => {}
        }
    }

    fn note_asked(&mut self, leaves: Vec<&Condition>, seen: &[(u16, bool)]) {
        for (leaf, (_, held)) in leaves.into_iter().zip(seen) {
            self.see(format!("{} is {held}", condition_word(leaf)));
        }
    }

    fn see(&mut self, what: String) {
        self.0.insert(what);
    }

    /// What there is and was not seen.
    pub fn missing(&self) -> Vec<String> {
        everything().into_iter().filter(|one| !self.0.contains(one)).collect()
    }
}

/// Everything that cases can show.
fn everything() -> Vec<String> {
    let listened = EVENT_TYPES.iter().flat_map(|info| {
        let by: &[&str] = match info.listened_by {
            ListenedBy::Both => &["trigger", "goal"],
            ListenedBy::Triggers => &["trigger"],
            ListenedBy::Goals => &["goal"],
        };
        by.iter().map(|by| format!("{:?} activates a {by}", info.event_type))
    });
    let asked = CONDITION_KINDS.iter().flat_map(|info| condition_variants((info.blank)()));
    let asked = asked.flat_map(|condition| {
        let word = condition_word(&condition);
        [true, false].map(|held| format!("{word} is {held}"))
    });
    fn all<T: Debug>(things: &[T], words: &str) -> Vec<String> {
        things.iter().map(|thing| format!("{thing:?} {words}")).collect()
    }
    let waits = WAITS.iter().flat_map(|word| match *word {
        "Goal" | "NotSet" => vec![format!("rests at {word}")],
        word => vec![format!("rests at {word}"), format!("passes {word}")],
    });
    [
        HAPPENINGS.iter().map(|info| format!("{:?} happens", info.kind)).collect(),
        KINDS.iter().map(|info| format!("comes to {:?}", info.kind)).collect(),
        listened.collect(),
        asked.collect(),
        waits.collect(),
        all(Refused::ALL, "refuses"),
        all(Removal::ALL, "removes"),
        // a thousand positions are not small: `Fault::Positions` has a case of its own
        all(Fault::ALL, "drops").into_iter().filter(|fault| !fault.starts_with("Positions")).collect(),
        all(Skip::ALL, "is skipped"),
        all(Phase::ALL, "in a sequence"),
        all(Nothing::ALL, "is nothing"),
        all(Suppression::ALL, "suppresses"),
    ]
    .concat()
}

/// The kinds of waits.
const WAITS: [&str; 16] = [
    "Goal",
    "TimePasses",
    "DayOfWeek",
    "Date",
    "Relative",
    "TimeOfDay",
    "Conditions",
    "Delay of Minutes",
    "Delay of Hours",
    "Delay of Days",
    "Delay of Weeks",
    "Delay of Weekdays",
    "Delay at a time",
    "Delay in a window",
    "DateTimer",
    "FieldTimer",
];

fn wait_word(until: &Until) -> String {
    match until {
        Until::Goal => "Goal".into(),
        Until::TimePasses(_) => "TimePasses".into(),
        Until::DayOfWeek { .. } => "DayOfWeek".into(),
        Until::Date { .. } => "Date".into(),
        Until::Relative { .. } => "Relative".into(),
        Until::TimeOfDay { .. } => "TimeOfDay".into(),
        Until::Conditions { .. } => "Conditions".into(),
        Until::Delay(delay) => match delay.time {
            DelayTime::Any => format!("Delay of {:?}", delay.unit),
            DelayTime::At(_) => "Delay at a time".into(),
            DelayTime::Between(..) => "Delay in a window".into(),
        },
        Until::DateTimer { .. } => "DateTimer".into(),
        Until::FieldTimer { .. } => "FieldTimer".into(),
        Until::NotSet => "NotSet".into(),
    }
}

/// A condition's kind, with its operator where it has one.
fn condition_word(leaf: &Condition) -> String {
    let kind = leaf.kind().map(|kind| format!("{kind:?}")).unwrap_or_default();
    let word = |operator: &dyn Debug| format!("{kind} {operator:?}");
    match leaf {
        Condition::Field { is, .. } => word(is),
        Condition::FieldRelative { is, .. } => word(&("from today", is)),
        Condition::SubscribedToMap { is, .. } => word(is),
        Condition::NowIs { is, moment } => word(&(is, moment_word(moment))),
        Condition::OnMapFor { bound, .. } | Condition::SubscribedFor { bound, .. } => word(bound),
        Condition::MapState { paused, .. } => word(paused),
        Condition::Related { exists, .. } => word(exists),
        Condition::Subscribed { subscribed, .. } => word(subscribed),
        Condition::MembershipIs { status, .. } => word(status),
        Condition::Opened { comparison, .. }
        | Condition::Clicked { comparison, .. }
        | Condition::Spent { comparison, .. }
        | Condition::Ordered { comparison, .. }
        | Condition::VisitedSite { comparison, .. }
        | Condition::VisitedPage { comparison, .. } => word(comparison),
        _ => kind,
    }
}

fn moment_word(moment: &Moment) -> &'static str {
    match moment {
        Moment::Weekday(_) => "weekday",
        Moment::Date(_) => "date",
        Moment::Time(_) => "time",
    }
}

/// The condition with each of its operators.
fn condition_variants(blank: Condition) -> Vec<Condition> {
    fn each<T: Copy>(all: &[(T, &str)], make: impl Fn(T) -> Condition) -> Vec<Condition> {
        all.iter().map(|(operator, _)| make(*operator)).collect()
    }
    let either = [(true, ""), (false, "")];
    match blank {
        Condition::Field { field, value, .. } => {
            let fixed = |is| Condition::Field { field, is, value: value.clone() };
            let from_today = |is| Condition::FieldRelative {
                field,
                is,
                side: Side::Before,
                span: Span::new(1, Unit::Days),
            };
            // the first six compare; a day is no text, and of what is empty the same is asked as without it
            [each(&FieldOperator::ALL, fixed), each(&FieldOperator::ALL[..6], from_today)].concat()
        }
        Condition::SubscribedToMap { map, date, .. } => {
            each(&Timing::ALL, |is| Condition::SubscribedToMap { map, is, date })
        }
        Condition::NowIs { .. } => {
            let moments =
                [Moment::Weekday(Weekday::Mon), Moment::Date(NaiveDate::MIN), Moment::Time(NaiveTime::MIN)];
            let at = |moment| each(&Timing::ALL, |is| Condition::NowIs { is, moment });
            moments.into_iter().flat_map(at).collect()
        }
        Condition::OnMapFor { map, span, .. } => {
            each(&Bound::ALL, |bound| Condition::OnMapFor { map, bound, span })
        }
        Condition::SubscribedFor { products, span, .. } => {
            each(&Bound::ALL, |bound| Condition::SubscribedFor { products: products.clone(), bound, span })
        }
        Condition::MapState { map, .. } => each(&either, |paused| Condition::MapState { map, paused }),
        Condition::Related { relationship, record, .. } => {
            each(&either, |exists| Condition::Related { relationship, record: record.clone(), exists })
        }
        Condition::Subscribed { products, .. } => {
            each(&either, |subscribed| Condition::Subscribed { products: products.clone(), subscribed })
        }
        Condition::MembershipIs { site, .. } => {
            each(MembershipStatus::ALL, |status| Condition::MembershipIs { site, status })
        }
        Condition::Opened { email, count, .. } => {
            each(&Comparison::ALL, |comparison| Condition::Opened { email, comparison, count })
        }
        Condition::Clicked { email, link, count, .. } => {
            each(&Comparison::ALL, |comparison| Condition::Clicked { email, link, comparison, count })
        }
        Condition::Spent { products, amount, .. } => each(&Comparison::ALL, |comparison| Condition::Spent {
            products: products.clone(),
            comparison,
            amount,
        }),
        Condition::Ordered { products, count, .. } => each(&Comparison::ALL, |comparison| {
            Condition::Ordered { products: products.clone(), comparison, count }
        }),
        Condition::VisitedSite { site, count, .. } => {
            each(&Comparison::ALL, |comparison| Condition::VisitedSite { site, comparison, count })
        }
        Condition::VisitedPage { page, count, .. } => {
            each(&Comparison::ALL, |comparison| Condition::VisitedPage { page, comparison, count })
        }
        other => vec![other],
    }
}
