//! The smallest part of a case that still shows a difference.

use std::collections::BTreeSet;
use std::sync::Arc;

use gateline::base::id::{ElementId, MapId, SequenceId};
use gateline::model::{
    Action, Catalogue, Condition, Contact, ElementKind, EngineRules, Happening, Listener, Map, Order,
    Settings, WaitZone, Who,
};

use super::random::{Case, without_element};

/// Tries at most; a difference that is still large then is large.
const TRIES: usize = 4_000;

/// Takes away whatever can be taken away while `differs` holds.
pub fn shrink(case: &Case, differs: &dyn Fn(&Case) -> bool) -> Case {
    let mut case = case.clone();
    let mut tries = 0;
    loop {
        let mut place = 0;
        let mut smaller = false;
        while let Some(candidate) = candidates(&case).into_iter().nth(place) {
            tries += 1;
            if tries > TRIES {
                return case;
            }
            if is_sound(&candidate) && differs(&candidate) {
                (case, smaller) = (candidate, true);
            } else {
                place += 1;
            }
        }
        if !smaller {
            return case;
        }
    }
}

fn is_sound(case: &Case) -> bool {
    let versions = case.account.published.values().flatten().map(|version| &version.map);
    !case.contacts.is_empty()
        && !case.account.maps.is_empty()
        && case.account.maps.values().chain(versions).all(|map| map.fault().is_none())
}

/// Everything a step smaller, the largest steps first; nothing that is no change.
fn candidates(case: &Case) -> Vec<Case> {
    let mut all = vec![];
    let mut add = |change: &dyn Fn(&mut Case)| {
        let mut changed = case.clone();
        change(&mut changed);
        if !is_same(case, &changed) {
            all.push(changed);
        }
    };
    for contact in (0..case.contacts.len()).rev() {
        add(&|case| drop(case.contacts.remove(contact)));
        // chance depends on the number of the contact
        add(&|case| case.contacts[contact] = nobody(contact));
    }
    for map in case.account.maps.keys() {
        add(&|case| {
            case.account.maps.remove(map);
            case.account.published.remove(map);
        });
        add(&|case| drop(case.account.published.remove(map)));
    }
    for (map, versions) in &case.account.published {
        for version in 0..versions.len() {
            add(&|case| drop(case.account.published.get_mut(map).unwrap().remove(version)));
            add(&|case| case.account.published.get_mut(map).unwrap()[version].place_matching = false);
        }
        add(&|case| case.account.published.get_mut(map).unwrap()[0].at = None);
    }
    for (contact, (_, events)) in case.contacts.iter().enumerate() {
        let half = events.len() / 2;
        add(&|case| drop(case.contacts[contact].1.drain(..half)));
        add(&|case| drop(case.contacts[contact].1.drain(half..)));
        for event in 0..events.len() {
            add(&|case| drop(case.contacts[contact].1.remove(event)));
        }
    }
    for map in case.account.maps.keys() {
        let maps = case.account.published.get(map).into_iter().flatten().map(|version| &version.map);
        let maps: Vec<_> = maps.chain([&case.account.maps[map]]).collect();
        let elements: BTreeSet<ElementId> =
            maps.iter().flat_map(|map| map.elements.keys().copied()).collect();
        let lines: BTreeSet<_> = maps.iter().flat_map(|map| map.lines.keys().copied()).collect();
        let sequences: BTreeSet<SequenceId> =
            maps.iter().flat_map(|map| map.sequences.keys().copied()).collect();
        for element in &elements {
            add(&|case| in_map(case, *map, |map| without_element(map, *element)));
        }
        for sequence in &sequences {
            add(&|case| in_map(case, *map, |map| drop(map.sequences.remove(sequence))));
        }
        for line in &lines {
            add(&|case| {
                in_map(case, *map, |map| {
                    map.lines.remove(line);
                })
            });
        }
        let steps = maps[0].rules.max_steps_per_instant;
        let usual = EngineRules { max_steps_per_instant: steps, ..EngineRules::default() };
        add(&|case| in_map(case, *map, |map| map.rules = usual.clone()));
        for (_, reset) in SWITCHES {
            add(&|case| in_map(case, *map, |map| reset(&mut map.rules, &usual)));
        }
        for element in &elements {
            for simplify in SIMPLER {
                add(&|case| {
                    in_map(case, *map, |map| {
                        if let Some(element) = map.elements.get_mut(element) {
                            element.draft = false;
                            simplify(&mut element.kind);
                        }
                    })
                });
            }
        }
    }
    add(&|case| case.account.settings = Settings::default());
    add(&|case| {
        let zone = case.account.settings.account_zone;
        case.account.settings = Settings { account_zone: zone, ..Settings::default() };
    });
    add(&|case| case.account.catalogue = Arc::default());
    add(&|case| {
        // what fields hold is their kind
        let fields = case.account.catalogue.fields.clone();
        case.account.catalogue = Arc::new(Catalogue { fields, ..Catalogue::default() });
    });
    add(&|case| Arc::make_mut(&mut case.account.catalogue).tasks.clear());
    add(&|case| Arc::make_mut(&mut case.account.catalogue).lists.clear());
    add(&|case| Arc::make_mut(&mut case.account.catalogue).forms.clear());
    add(&|case| Arc::make_mut(&mut case.account.catalogue).products.clear());
    add(&|case| Arc::make_mut(&mut case.account.catalogue).emails.clear());
    for contact in 0..case.contacts.len() {
        add(&|case| case.contacts[contact].0.created = None);
        add(&|case| case.contacts[contact].0.zone = None);
        add(&|case| case.contacts[contact].0.tags = [].into());
        add(&|case| case.contacts[contact].0.fields = [].into());
        add(&|case| case.contacts[contact].0.more = None);
        for event in 0..case.contacts[contact].1.len() {
            for simplify in SIMPLER_ORDERS {
                add(&|case| {
                    let what = &mut case.contacts[contact].1[event].what;
                    if let Happening::Order(order) | Happening::Refund(order) = what {
                        simplify(Arc::make_mut(order));
                    }
                });
            }
        }
    }
    add(&|case| case.until = case.from.plus_millis(case.until.millis_since(case.from) / 2));
    all
}

fn is_same(a: &Case, b: &Case) -> bool {
    a.account == b.account && a.contacts == b.contacts && a.until == b.until
}

fn nobody(contact: usize) -> (Contact, Vec<gateline::model::Event>) {
    (Contact { key: format!("c{contact}").into(), ..Contact::default() }, vec![])
}

/// Changes all versions of a map.
pub fn in_map(case: &mut Case, map: MapId, change: impl Fn(&mut Map)) {
    let published = case.account.published.get_mut(&map).into_iter().flatten();
    published.for_each(|version| change(Arc::make_mut(&mut version.map)));
    case.account.maps.get_mut(&map).into_iter().for_each(|map| change(Arc::make_mut(map)));
}

macro_rules! switches {
    ($($name:ident)*) => { [$((stringify!($name), |rules, usual| rules.$name = usual.$name)),*] };
}

/// Sets a switch as the other rules have it.
type Reset = fn(&mut EngineRules, &EngineRules);

/// The switches that say what happens, each with how to turn it back.
pub const SWITCHES: [(&str, Reset); 18] = switches! {
    events_before_timers pause_keeps_time events_while_paused previous_waits upstream_follows_go_to move_clears
    entry_event_achieves several_goals plan_payments zero_total_pays sequence_reentry field_timer_reads late_step_days
    past_relative_date past_specific_date edited_wait split_draw text_match
};

/// Each makes one thing about an element simpler.
const SIMPLER: [fn(&mut ElementKind); 11] = [
    |_| {}, // no draft any more
    |kind| in_listener(kind, |listener| listener.conditions = Condition::default()),
    |kind| in_listener(kind, |listener| listener.once = false),
    |kind| in_listener(kind, |listener| listener.who = Who::AnyContact),
    |kind| {
        if let ElementKind::Wait(wait) = kind {
            wait.zone = WaitZone::Account;
        }
    },
    |kind| {
        if let ElementKind::Action(action) = kind {
            *action = Action::Note("x".into());
        }
    },
    |kind| {
        if let ElementKind::Condition(condition) = kind {
            *condition = Condition::default();
        }
    },
    |kind| in_parts(kind, |parts| parts.truncate(parts.len() / 2)),
    |kind| in_parts(kind, |parts| drop(parts.drain(..parts.len() / 2))),
    |kind| in_parts(kind, |parts| drop(parts.pop())),
    |kind| {
        if let ElementKind::Branches(branches) = kind {
            branches.branches.iter_mut().for_each(|branch| branch.rule = Condition::default());
        }
    },
];

const SIMPLER_ORDERS: [fn(&mut Order); 3] = [
    |order| order.plan = None,
    |order| {
        *order =
            Order { lines: std::mem::take(&mut order.lines), plan: order.plan.take(), ..Order::default() }
    },
    |order| order.lines.clear(),
];

/// Changes the parts of the group that a condition element asks.
fn in_parts(kind: &mut ElementKind, change: fn(&mut Vec<Condition>)) {
    if let ElementKind::Condition(Condition::All(parts) | Condition::Any(parts) | Condition::None(parts)) =
        kind
    {
        change(parts);
    }
}

fn in_listener(kind: &mut ElementKind, change: fn(&mut Listener)) {
    if let Some(listener) = kind.listener_mut() {
        change(listener);
    }
}
