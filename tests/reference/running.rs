//! Positions run down at once until they rest (semantics §2).

use gateline::base::id::{ElementId, Id, MapId};
use gateline::base::random;
use gateline::base::time::Instant;
use gateline::engine::limits::MAX_POSITIONS;
use gateline::engine::log::{Fault, Removal, Rest, Skip};
use gateline::model::rules::SplitDraw;
use gateline::model::{BranchPolicy, Branches, Element, ElementKind, Port, Split, Until};

use super::life::Life;
use super::lines::{From, Said};
use super::maps;
use super::sequences::Course;

/// A contact at an element of a map, or on its way from one to the next.
pub struct Position {
    pub no: u32,
    pub map: MapId,
    /// Where it stands, or what it left last.
    pub at: ElementId,
    /// When it came there.
    pub arrived: Instant,
    /// How it rests; `None`: it does not.
    pub stand: Option<Stand>,
    /// Its way through a sequence (K-06).
    pub course: Option<Course>,
    /// A goal took the contact on while this position runs to the end of its sequence (K-06).
    pub finishing: bool,
    /// The timer above was past: steps are passed over up to the next one (K-10).
    pub skipping: bool,
}

/// A position at rest.
pub struct Stand {
    pub rest: Rest,
    /// When its time is up.
    pub due: Option<Instant>,
    /// By which way it goes on then.
    pub port: Port,
    /// The entry that says so.
    pub said: u32,
    /// The entry of the action that put the contact on the map that it holds for (M-11).
    pub added: Option<u32>,
    /// It would have gone on, or past steps, if the contact were not paused (M-14).
    pub let_go: bool,
}

/// A position that comes to an element next.
pub struct Mover {
    pub no: u32,
    pub from: From,
    pub to: ElementId,
    /// The entry by which it left where it was, or came into being.
    pub cause: u32,
    /// It begins again in a sequence whose steps were all done (K-11).
    pub again: bool,
}

impl Position {
    /// Whether it holds until the contact is off the map.
    pub fn holds_for(&self, map: MapId) -> bool {
        self.stand.as_ref().is_some_and(|stand| stand.rest == Rest::OnMap(map))
    }

    /// Whether it rests at a wait that its time, an event or a condition can end.
    pub fn waits(&self) -> bool {
        self.stand.as_ref().is_some_and(|stand| matches!(stand.rest, Rest::Until(_) | Rest::Goal))
    }
}

impl Life<'_> {
    pub fn position(&self, no: u32) -> &Position {
        self.positions.iter().find(|position| position.no == no).unwrap()
    }

    pub fn position_mut(&mut self, no: u32) -> &mut Position {
        self.positions.iter_mut().find(|position| position.no == no).unwrap()
    }

    /// The element at which a position is, as it is published now.
    pub fn element_of(&self, no: u32) -> Element {
        let position = self.position(no);
        self.maps[&position.map].elements[&position.at].clone()
    }

    /// Numbers of the positions of a map, the oldest first.
    pub fn positions_on(&self, map: MapId) -> Vec<u32> {
        self.positions.iter().filter(|position| position.map == map).map(|position| position.no).collect()
    }

    /// A new position, which is still to come to its first element.
    pub fn new_position(&mut self, map: MapId, at: ElementId) -> u32 {
        let no = self.next_position;
        self.next_position += 1;
        self.positions.push(Position {
            no,
            map,
            at,
            arrived: self.now,
            stand: None,
            course: None,
            finishing: false,
            skipping: false,
        });
        no
    }

    /// Says something about a position at its element.
    pub fn say_of(&mut self, no: u32, cause: u32, what: Said) -> u32 {
        let at = self.position(no).at;
        self.say(Some(at), Some(no), Some(cause), what)
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Coming to elements

    /// Lets what is on its way run down to its rest (M-01), then raises what came of it. `cause` set it going.
    pub fn run_down(&mut self, cause: u32) {
        while let Some(mover) = self.movers.pop() {
            self.arrive(mover);
        }
        self.settle(cause);
    }

    fn arrive(&mut self, mover: Mover) {
        let (no, now) = (mover.no, self.now);
        let position = self.position_mut(no);
        position.at = mover.to;
        position.arrived = now;
        let map = position.map;
        let arrived = self.say_of(no, mover.cause, Said::Arrived(mover.from));
        if !self.stays.contains_key(&map) {
            self.comes_on(map, mover.cause);
        }
        // M-09; what is still on its way when the contact is stopped goes the same way
        self.steps += 1;
        let fault = if self.steps > self.maps[&map].rules.max_steps_per_instant {
            Some(Fault::Steps)
        } else {
            (self.positions.len() > MAX_POSITIONS).then_some(Fault::Positions)
        };
        self.fault = self.fault.or(fault);
        if let Some(fault) = self.fault {
            return self.drop(no, arrived, fault);
        }
        if !self.comes_into_sequence(no, mover.again, arrived) {
            return;
        }
        let element = self.element_of(no);
        if self.position(no).skipping && !may_be_skipped_to(&element) {
            return self.drop(no, arrived, Fault::NoTimerLeft);
        }
        if let Some(skip) = self.skips(no, &element) {
            self.say_of(no, arrived, Said::Skipped(skip));
            if skip == Skip::Done {
                self.passes_again(no);
            }
            return self.go(no, Port::Next, arrived);
        }
        self.reach(no, &element, arrived);
    }

    /// Why a position passes over the element, if it does.
    fn skips(&self, no: u32, element: &Element) -> Option<Skip> {
        let position = self.position(no);
        let is_action = element.kind.action().is_some();
        let is_over = position.course.as_ref().is_some_and(|course| course.over);
        if is_over && self.active_in(no).is_some() {
            Some(Skip::Done) // K-11
        } else if element.draft && element.kind.is_step() {
            Some(Skip::Draft) // K-13
        } else if is_action && position.skipping {
            Some(Skip::PastTimer) // K-10
        } else if is_action && self.was_done(no) {
            Some(Skip::Done) // K-11
        } else if is_action && self.is_late(no) {
            Some(Skip::Late) // K-11
        } else {
            None
        }
    }

    fn reach(&mut self, no: u32, element: &Element, arrived: u32) {
        let map = self.position(no).map;
        match &element.kind {
            ElementKind::Trigger(_) | ElementKind::Goal(_) => self.go(no, Port::Next, arrived),
            ElementKind::Wait(wait) => self.reach_wait(no, wait, arrived),
            ElementKind::Condition(condition) => {
                let yes = self.holds(condition, map);
                let seen = (0..).zip(self.seen(condition, map)).collect();
                self.say_of(no, arrived, Said::Decided(yes, seen));
                self.go(no, if yes { Port::Yes } else { Port::No }, arrived);
            }
            ElementKind::Split(split) => {
                let path = self.draw_path(map, element.id, split);
                self.say_of(no, arrived, Said::Drew(path as u8));
                self.go(no, Port::path(path), arrived);
            }
            ElementKind::Fork => self.go_all(no, &[Port::Left, Port::Right], arrived),
            ElementKind::GoTo(_) => self.go(no, Port::GoTo, arrived),
            ElementKind::End => self.rest(no, Rest::End, None, Port::Next, arrived),
            ElementKind::Exit => {
                self.say_of(no, arrived, Said::Left(Port::Off));
                self.vanish(no);
            }
            ElementKind::Branches(branches) => self.reach_branches(no, branches, arrived),
            ElementKind::Action(action) => self.reach_action(no, action, arrived),
        }
    }

    /// M-07.
    fn draw_path(&mut self, map: MapId, element: ElementId, split: &Split) -> usize {
        let nth = self.nth_draw(element);
        if self.maps[&map].rules.split_draw == SplitDraw::Balanced {
            return self.shared.next(element, &split.shares);
        }
        let draw = random::draw(self.account.seed, self.contact.0.into(), element.number().into(), nth);
        let mut left = u32::from(random::basis_points(draw));
        for (path, share) in split.shares.iter().enumerate() {
            if left < u32::from(*share) {
                return path;
            }
            left -= u32::from(*share);
        }
        split.shares.len() - 1
    }

    /// How often the element drew for this contact before.
    pub fn nth_draw(&mut self, element: ElementId) -> u64 {
        let nth = self.draws.entry(element).or_default();
        *nth += 1;
        *nth - 1
    }

    /// K-09.
    fn reach_branches(&mut self, no: u32, branches: &Branches, arrived: u32) {
        let map = self.position(no).map;
        let mut ways: Vec<usize> = vec![];
        let mut seen = vec![];
        for (place, branch) in branches.branches.iter().enumerate() {
            let first_leaf = seen.len() as u16;
            seen.extend((first_leaf..).zip(self.seen(&branch.rule, map)));
            let is_open = ways.is_empty() || branches.policy == BranchPolicy::AllMatching;
            if is_open && self.holds(&branch.rule, map) {
                ways.push(place);
            }
        }
        let bits = ways.iter().map(|place| 1 << place).sum();
        self.say_of(no, arrived, Said::Chose(bits, seen));
        let ports: Vec<_> = ways.into_iter().map(Port::branch).collect();
        match branches.policy {
            BranchPolicy::FirstMatch => self.go(no, ports.first().copied().unwrap_or(Port::Other), arrived),
            _ if ports.is_empty() => self.drop(no, arrived, Fault::NoBranch),
            _ => self.go_all(no, &ports, arrived),
        }
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Going on

    /// Goes by several ways at once: the position by the leftmost, copies of it by the others (M-08). What is further
    /// left runs down first.
    fn go_all(&mut self, no: u32, ports: &[Port], arrived: u32) {
        let (map, at, finishing, skipping) = {
            let position = self.position(no);
            (position.map, position.at, position.finishing, position.skipping)
        };
        let mut goers = vec![(no, arrived)];
        for _ in 1..ports.len() {
            let copy = self.new_position(map, at);
            self.position_mut(copy).finishing = finishing;
            self.position_mut(copy).skipping = skipping;
            let copied = self.say_of(copy, arrived, Said::Copied);
            goers.push((copy, copied));
        }
        let waiting = self.movers.len();
        for ((no, cause), port) in goers.into_iter().zip(ports) {
            self.go(no, *port, cause);
        }
        self.movers[waiting..].reverse();
    }

    /// Goes on by this way out, or rests at its open end (M-10).
    pub fn go(&mut self, no: u32, port: Port, cause: u32) {
        let element = self.element_of(no);
        if let ElementKind::Wait(wait) = &element.kind
            && matches!(
                wait.until,
                Until::Conditions { .. } | Until::Relative { .. } | Until::FieldTimer { .. }
            )
            && !element.draft
        {
            self.note_going_on(no);
        }
        let position = self.position_mut(no);
        position.stand = None;
        let (map, skipping, finishing) = (position.map, position.skipping, position.finishing);
        let is_last = self.is_at_last_step(no);
        let to = maps::way(&self.maps[&map], element.id, port).filter(|_| !(is_last && finishing));
        match to {
            Some(to) => {
                let left = self.say_of(no, cause, Said::Left(port));
                self.goes_on_in_sequence(no, to, left);
                self.movers.push(Mover {
                    no,
                    from: From::Element(element.id),
                    to,
                    cause: left,
                    again: false,
                });
            }
            None if skipping && !finishing => self.drop(no, cause, Fault::NoTimerLeft),
            None if is_last => self.rest(no, Rest::Done, None, port, cause),
            None => self.rest(no, Rest::OpenEnd, None, port, cause),
        }
    }

    /// Rests.
    pub fn rest(&mut self, no: u32, rest: Rest, due: Option<Instant>, port: Port, cause: u32) {
        let said = self.say_of(no, cause, Said::Rested(rest));
        let position = self.position_mut(no);
        position.skipping = false;
        position.stand = Some(Stand { rest, due, port, said, added: None, let_go: false });
        self.rests_in_sequence(no, said);
    }

    /// A wait whose time is up (M-13).
    pub fn fire(&mut self, no: u32) {
        let stand = self.position(no).stand.as_ref().unwrap();
        let (due, said) = (stand.due.unwrap(), stand.said);
        self.leave_wait(no, due, said);
        self.run_down(said);
    }

    /// Leaves a wait by the way on; in a sequence the steps below count from `nominal`.
    pub fn leave_wait(&mut self, no: u32, nominal: Instant, cause: u32) {
        let port = maps::way_on(&self.element_of(no));
        if let Some(course) = &mut self.position_mut(no).course {
            course.nominal = nominal;
        }
        self.go(no, port, cause);
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Going off

    /// Loses the position.
    pub fn drop(&mut self, no: u32, cause: u32, fault: Fault) {
        let dropped = self.say_of(no, cause, Said::Dropped(fault));
        self.stop_sequence(no, dropped);
        self.vanish(no);
    }

    /// Takes the position off its map.
    pub fn remove(&mut self, no: u32, cause: u32, removal: Removal) {
        let removed = self.say_of(no, cause, Said::Removed(removal));
        self.stop_sequence(no, removed);
        self.vanish(no);
    }

    /// Moves the position away to a trigger or goal elsewhere.
    pub fn take(&mut self, no: u32, cause: u32, to: ElementId) {
        let taken = self.say_of(no, cause, Said::Taken(to));
        self.stop_sequence(no, taken);
        self.vanish(no);
    }

    fn vanish(&mut self, no: u32) {
        self.positions.retain(|position| position.no != no);
        self.movers.retain(|mover| mover.no != no);
    }
}

/// What a position that passes over steps can come to: further steps, a wait to be asked, or a Go To.
fn may_be_skipped_to(element: &Element) -> bool {
    match &element.kind {
        ElementKind::Wait(wait) => wait.goals.is_empty() || wait.until != Until::Goal,
        ElementKind::Condition(_) | ElementKind::Branches(_) | ElementKind::Split(_) => true,
        ElementKind::Fork | ElementKind::GoTo(_) | ElementKind::Action(_) => true,
        ElementKind::Trigger(_) | ElementKind::Goal(_) | ElementKind::End | ElementKind::Exit => false,
    }
}
