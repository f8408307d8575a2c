//! What publishing the draft of a map would do to the contacts that are on it, before it is done (L-02).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::run::{Control, RunError, RunSettings, each_contact, span};
use crate::base::id::{ElementId, MapId};
use crate::base::time::Instant;
use crate::engine::coupled::{Draws, NO_DRAWS};
use crate::engine::log::{Arrival, Entry, PositionNo, Removal, Rest, Seq, Sink, Skip, What};
use crate::engine::plan::{NodeIx, SequenceIx};
use crate::engine::{Plan, Simulation};
use crate::model::{ContactIx, ElementKind, Project, Publication};

/// What happens to how many contacts, by element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Impact {
    /// When the version would come in.
    pub at: Instant,
    /// Contacts on the map at that time.
    pub on_map: u32,
    /// Distinct contacts taken off an element.
    pub removed: BTreeMap<ElementId, u32>,
    /// Distinct contacts for whom an action that was inserted is done at once (K-11).
    pub done_late: BTreeMap<ElementId, u32>,
    /// Distinct contacts who go on at once: all steps of a sequence are over, or an open end leads on.
    pub going_on: BTreeMap<ElementId, u32>,
    /// Distinct contacts for whom a step that was inserted comes too late (K-11).
    pub skipped: BTreeMap<ElementId, u32>,
    /// Distinct contacts whose wait ends at another time, or who are put at another wait (L-03, K-11).
    pub waits_changed: BTreeMap<ElementId, u32>,
    /// Distinct contacts placed at a goal or trigger as they match already (G-06).
    pub placed: BTreeMap<ElementId, u32>,
}

impl Impact {
    /// Whether nobody would notice.
    pub fn is_empty(&self) -> bool {
        let Self { removed, done_late, going_on, skipped, waits_changed, placed, .. } = self;
        [removed, done_late, going_on, skipped, waits_changed, placed].into_iter().all(BTreeMap::is_empty)
    }
}

/// The project as it would be with the draft of a map published.
pub fn with_published(project: &Project, map: MapId, at: Option<Instant>, place_matching: bool) -> Project {
    let mut project = project.clone();
    if let Some(draft) = project.maps.get(&map).cloned() {
        project.published.entry(map).or_default().push(Publication { at, place_matching, map: draft });
    }
    project
}

/// What becomes of contacts when the draft of a map is published at an instant.
pub fn impact(
    project: &Project,
    settings: RunSettings,
    (map, at, place_matching): (MapId, Instant, bool),
    control: &Control,
) -> Result<Impact, RunError> {
    let project = Arc::new(with_published(project, map, Some(at), place_matching));
    let (from, _) = span(&project, settings)?;
    let plan = Plan::new(&project)?;
    let people = &*project.people;
    let sim = Simulation { plan: &plan, people, seed: settings.seed, from, until: at, draws: &NO_DRAWS };
    let draws = Draws::settle(sim, || !control.is_cancelled()).ok_or(RunError::Cancelled)?;
    let sim = Simulation { draws: &draws, ..sim };
    control.expect(people.len() as u32);
    let new = || Watcher {
        map,
        contact: None,
        published: None,
        effects: vec![],
        taken: vec![],
        resumed: None,
        impact: Impact { at, ..Impact::default() },
    };
    let parts = each_contact(sim, 0, control, new)?;
    let mut whole = Impact { at, ..Impact::default() };
    for part in parts.into_iter().map(Watcher::finish) {
        whole.on_map += part.on_map;
        let sides = [
            (&mut whole.removed, part.removed),
            (&mut whole.done_late, part.done_late),
            (&mut whole.going_on, part.going_on),
            (&mut whole.skipped, part.skipped),
            (&mut whole.waits_changed, part.waits_changed),
            (&mut whole.placed, part.placed),
        ];
        for (all, some) in sides {
            some.into_iter().for_each(|(element, count)| *all.entry(element).or_default() += count);
        }
    }
    Ok(whole)
}

/// What can become of a contact, each with its list in an [`Impact`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Removed,
    DoneLate,
    GoingOn,
    Skipped,
    WaitChanged,
    Placed,
}

/// Counts what follows from the publication.
struct Watcher {
    map: MapId,
    contact: Option<ContactIx>,
    /// The entry of the publication in the contact's log.
    published: Option<Seq>,
    /// What became of the contact, and where.
    effects: Vec<(Effect, ElementId)>,
    /// Positions that the publication took away, unless they are put somewhere else.
    taken: Vec<(Option<PositionNo>, ElementId)>,
    /// The position that the publication put at a step, and on its way down the step where it is.
    resumed: Option<Resumed>,
    impact: Impact,
}

/// A position that the publication put at a step of its sequence. From there it does what was inserted, until it rests
/// or the steps are over (K-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Resumed {
    position: Option<PositionNo>,
    sequence: Option<SequenceIx>,
    /// The action at which it is, which is done now unless it is skipped.
    action: Option<ElementId>,
    /// It has not moved on since.
    is_first: bool,
}

impl Watcher {
    /// The contact's log is over.
    fn settle(&mut self) {
        self.settle_action();
        self.resumed = None;
        let Self { published, effects, taken, impact, .. } = self;
        impact.on_map += u32::from(published.take().is_some());
        effects.extend(taken.drain(..).map(|(_, element)| (Effect::Removed, element)));
        effects.sort_unstable_by_key(|(effect, element)| (*effect as u8, *element));
        effects.dedup();
        for (effect, element) in effects.drain(..) {
            let list = match effect {
                Effect::Removed => &mut impact.removed,
                Effect::DoneLate => &mut impact.done_late,
                Effect::GoingOn => &mut impact.going_on,
                Effect::Skipped => &mut impact.skipped,
                Effect::WaitChanged => &mut impact.waits_changed,
                Effect::Placed => &mut impact.placed,
            };
            *list.entry(element).or_default() += 1;
        }
    }

    fn finish(mut self) -> Impact {
        self.settle();
        self.impact
    }

    /// The action at which a resumed position was has been done.
    fn settle_action(&mut self) {
        let action = self.resumed.as_mut().and_then(|resumed| resumed.action.take());
        self.effects.extend(action.map(|element| (Effect::DoneLate, element)));
    }

    /// What happens to a position on its way down from where the publication put it.
    fn follow(&mut self, plan: &Plan, entry: &Entry<'_>, node: NodeIx, resumed: Resumed) {
        let element = plan.node(node).element;
        match entry.what {
            What::Arrived(_) => {
                self.settle_action();
                let action = is_action(plan, node).then_some(element);
                // behind the steps it goes on as any other
                let is_step = sequence(plan, node, entry.at) == resumed.sequence;
                self.resumed = is_step.then_some(Resumed { action, is_first: false, ..resumed });
            }
            What::Skipped(skip) => {
                match skip {
                    Skip::Late => self.effects.push((Effect::Skipped, element)),
                    Skip::Done if resumed.is_first => self.effects.push((Effect::GoingOn, element)),
                    Skip::Done | Skip::Draft | Skip::PastTimer => {}
                }
                self.resumed = Some(Resumed { action: None, ..resumed });
            }
            What::Rested(Rest::Until(_) | Rest::Goal) if resumed.is_first => {
                self.effects.push((Effect::WaitChanged, element));
                self.resumed = None;
            }
            What::Rested(_) | What::Removed(_) | What::Dropped(_) | What::Taken(_) => {
                self.settle_action();
                self.resumed = None;
            }
            _ => {}
        }
    }
}

/// The sequence of which a node is a step at an instant.
fn sequence(plan: &Plan, node: NodeIx, at: Instant) -> Option<SequenceIx> {
    let holding = plan.editions().iter().rfind(|edition| edition.from <= at)?;
    holding.node(node).step.map(|(sequence, _)| sequence)
}

fn is_action(plan: &Plan, node: NodeIx) -> bool {
    matches!((plan.node(node).kind.info().blank)(), ElementKind::Action(_))
}

impl Sink for Watcher {
    const EVENTS: bool = true;

    fn entry(&mut self, plan: &Plan, entry: &Entry<'_>) {
        if self.contact != Some(entry.contact) {
            self.settle();
            self.contact = Some(entry.contact);
        }
        if entry.at < self.impact.at {
            return;
        }
        if let What::Published(map) = entry.what {
            self.published = (map == self.map).then_some(entry.seq).or(self.published);
            return;
        }
        let on_map = entry.node.filter(|node| plan.node(*node).map == self.map);
        let Some(node) = on_map else { return };
        let (element, position) = (plan.node(node).element, entry.position);
        let follows = entry.cause.is_some() && entry.cause == self.published;
        let resumed = self.resumed.filter(|resumed| position.is_some() && resumed.position == position);
        let effect = match entry.what {
            What::Activated if entry.cause.is_none() => Effect::Placed,
            What::Removed(Removal::Publication) if follows => {
                return self.taken.push((position, element));
            }
            What::Arrived(Arrival::Publication) if follows => {
                self.taken.retain(|(no, _)| *no != position);
                self.settle_action();
                self.resumed = Some(Resumed {
                    position,
                    sequence: sequence(plan, node, entry.at),
                    action: is_action(plan, node).then_some(element),
                    is_first: true,
                });
                return;
            }
            What::Skipped(Skip::Late) if follows => Effect::Skipped,
            What::Rested(Rest::Until(_) | Rest::Goal) if follows => Effect::WaitChanged,
            What::Left { outlet, .. } if follows => {
                let before = plan.editions().iter().rfind(|edition| edition.from < entry.at);
                let mut ways = before.into_iter().flat_map(|edition| edition.ways(node));
                let was_open = ways.any(|way| way.outlet == outlet && way.to.is_none());
                // it rested at the open end; otherwise at a wait that is over by the new rule
                if was_open { Effect::GoingOn } else { Effect::WaitChanged }
            }
            _ => {
                if let Some(resumed) = resumed {
                    self.follow(plan, entry, node, resumed);
                }
                return;
            }
        };
        self.effects.push((effect, element));
    }
}
