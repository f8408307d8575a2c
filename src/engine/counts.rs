//! A sink that adds up what happens in time bins, so that counts at any instant need no stored log.
//!
//! Each bin keeps, for each counter, how it changes within the bin; [`Counts::seal`] sums them up, so a row says how
//! things stand at the end of its bin. Beside the rows stands which contacts did something in each bin. Counts at an
//! instant inside a bin are the row before it plus what those few contacts did in the bin up to the instant, which is
//! computed again. All sums are exact and do not depend on order or threads.

use std::collections::BTreeMap;
use std::mem::replace;
use std::ops::Range;

use super::limits::{MAX_BIN_COUNTERS, MAX_BINS};
use super::log::{Entry, Phase, PositionNo, Sink, What};
use super::plan::{NodeIx, Plan, SequenceIx};
use super::timeline::{Simulation, Timeline};
use crate::base::id::SequenceId;
use crate::base::time::Instant;
use crate::model::ContactIx;

/// Counters of a node that most visits move. They stand apart from the others, so that what one contact does in a bin
/// lies close together, and each is found at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Cell {
    /// Distinct contacts that ever came here.
    visited: u32,
    /// Distinct contacts that rest here.
    here: u32,
    /// Arrivals.
    entered: u32,
    /// Positions that rest here.
    resting: u32,
    /// Those of the leftmost way out.
    way: Way,
}

/// Counters of a way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Way {
    /// Visits that left by it.
    left: u32,
    /// Distinct contacts that took it.
    took: u32,
}

impl Cell {
    /// In one bin less may be here than before, so all wrap.
    fn add(&mut self, other: &Self) {
        self.visited = self.visited.wrapping_add(other.visited);
        self.here = self.here.wrapping_add(other.here);
        self.entered = self.entered.wrapping_add(other.entered);
        self.resting = self.resting.wrapping_add(other.resting);
        self.way.add(&other.way);
    }
}

impl Way {
    fn add(&mut self, other: &Self) {
        self.left = self.left.wrapping_add(other.left);
        self.took = self.took.wrapping_add(other.took);
    }
}

/// Counters of each node that few visits move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rare {
    /// Copies made here.
    Copied,
    /// Positions moved away from here.
    Taken,
    /// Positions taken off the map from here.
    Removed,
    /// Positions lost here.
    Dropped,
    /// Activations of the trigger or goal.
    Activations,
    /// Distinct contacts that activated it.
    Activators,
}
const RARE: usize = 6;
/// Counters of each sequence: distinct contacts that are active, queued, done (K-07).
const SEQUENCE_COUNTERS: usize = 3;

/// Where the counters stand in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Columns {
    /// For each node, the first of its further ways out, which all but the leftmost are.
    ways: Vec<u32>,
    /// The sequences.
    sequences: Vec<SequenceId>,
    /// How many nodes, ways and other counters a row has.
    nodes: usize,
    further_ways: usize,
    others: usize,
}

impl Columns {
    fn of(plan: &Plan) -> Self {
        let mut next = 0;
        let mut ways = vec![];
        for (ix, _) in plan.nodes() {
            ways.push(next);
            next += plan.outlets(ix).len().saturating_sub(1) as u32;
        }
        let sequences: Vec<_> = plan.sequences().iter().map(|(_, id)| *id).collect();
        let nodes = ways.len();
        let others = RARE * nodes + SEQUENCE_COUNTERS * sequences.len();
        Self { ways, sequences, nodes, further_ways: next as usize, others }
    }

    /// Counters in a row.
    fn count(&self) -> usize {
        let bytes = size_of::<Cell>() * self.nodes + size_of::<Way>() * self.further_ways;
        bytes / size_of::<u32>() + self.others
    }

    /// Where the row at this place begins.
    #[inline]
    fn row(&self, place: usize) -> Row {
        Row { place, cells: place * self.nodes }
    }

    #[inline]
    fn rare(node: NodeIx, counter: Rare) -> usize {
        RARE * node.index() + counter as usize
    }

    /// The first counter of the sequence at this place.
    fn sequence(&self, place: usize) -> usize {
        RARE * self.nodes + SEQUENCE_COUNTERS * place
    }
}

/// A row.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    place: usize,
    /// Where its cells begin: what most visits ask for.
    cells: usize,
}

/// Rows of counters, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Rows {
    /// One for each node.
    cells: Vec<Cell>,
    /// The further ways out of each node.
    ways: Vec<Way>,
    /// The rare counters of each node, then those of each sequence.
    others: Vec<u32>,
}

impl Rows {
    fn new(columns: &Columns, rows: usize) -> Self {
        Self {
            cells: vec![Cell::default(); rows * columns.nodes],
            ways: vec![Way::default(); rows * columns.further_ways],
            others: vec![0; rows * columns.others],
        }
    }

    /// The row at this place.
    fn copy(&self, columns: &Columns, place: usize) -> Self {
        Self {
            cells: self.cells[place * columns.nodes..][..columns.nodes].to_vec(),
            ways: self.ways[place * columns.further_ways..][..columns.further_ways].to_vec(),
            others: self.others[place * columns.others..][..columns.others].to_vec(),
        }
    }

    /// Where a row counts a way out; there are counters for every way out of the plan.
    #[inline(always)]
    fn way(&mut self, columns: &Columns, row: Row, node: NodeIx, outlet: u8) -> Option<&mut Way> {
        if outlet == 0 {
            return self.cells.get_mut(row.cells + node.index()).map(|cell| &mut cell.way);
        }
        let place = columns.ways[node.index()] as usize + usize::from(outlet) - 1;
        self.ways.get_mut(row.place * columns.further_ways + place)
    }

    /// Adds other rows to these, one to one.
    fn add(&mut self, other: &Self) {
        self.cells.iter_mut().zip(&other.cells).for_each(|(here, there)| here.add(there));
        self.ways.iter_mut().zip(&other.ways).for_each(|(here, there)| here.add(there));
        let others = self.others.iter_mut().zip(&other.others);
        others.for_each(|(here, there)| *here = here.wrapping_add(*there));
    }

    /// Adds each row to the next, from the first on.
    fn sum_up(&mut self, columns: &Columns) {
        let Columns { nodes, further_ways, others, .. } = columns;
        for place in *nodes..self.cells.len() {
            let before = self.cells[place - nodes];
            self.cells[place].add(&before);
        }
        for place in *further_ways..self.ways.len() {
            let before = self.ways[place - further_ways];
            self.ways[place].add(&before);
        }
        for place in *others..self.others.len() {
            self.others[place] = self.others[place].wrapping_add(self.others[place - others]);
        }
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.cells) + size_of_val(&*self.ways) + size_of_val(&*self.others)
    }
}

/// How everything stands at one instant. Numbers of positions count visits, numbers of contacts are distinct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    columns: Columns,
    /// One row.
    row: Rows,
    jumps: BTreeMap<(NodeIx, NodeIx), u32>,
}

impl Totals {
    /// Distinct contacts that ever came to the node.
    pub fn visited(&self, node: NodeIx) -> u32 {
        self.row.cells[node.index()].visited
    }
    /// Distinct contacts that rest at the node (R-01 *here now*).
    pub fn here(&self, node: NodeIx) -> u32 {
        self.row.cells[node.index()].here
    }
    /// Distinct contacts that came to the node and are not there any more (R-01 *were here*).
    pub fn were(&self, node: NodeIx) -> u32 {
        self.visited(node).wrapping_sub(self.here(node))
    }
    /// Arrivals at the node.
    pub fn entered(&self, node: NodeIx) -> u32 {
        self.row.cells[node.index()].entered
    }
    /// Copies made at the node, a fork.
    pub fn copied(&self, node: NodeIx) -> u32 {
        self.rare(node, Rare::Copied)
    }
    /// Positions that rest at the node.
    pub fn resting(&self, node: NodeIx) -> u32 {
        self.row.cells[node.index()].resting
    }
    /// Positions moved away from the node by a goal or trigger elsewhere.
    pub fn taken(&self, node: NodeIx) -> u32 {
        self.rare(node, Rare::Taken)
    }
    /// Positions taken off the map from the node: by an action, by hand, by a later version.
    pub fn removed(&self, node: NodeIx) -> u32 {
        self.rare(node, Rare::Removed)
    }
    /// Positions lost at the node by a fault.
    pub fn dropped(&self, node: NodeIx) -> u32 {
        self.rare(node, Rare::Dropped)
    }
    /// How often the trigger fired or the goal was achieved.
    pub fn activations(&self, node: NodeIx) -> u32 {
        self.rare(node, Rare::Activations)
    }
    /// Distinct contacts for whom the trigger fired or who achieved the goal.
    pub fn activators(&self, node: NodeIx) -> u32 {
        self.rare(node, Rare::Activators)
    }
    /// Visits that left by the way out at this place from the left.
    pub fn left(&self, node: NodeIx, outlet: u8) -> u32 {
        self.way(node, outlet).left
    }
    /// Distinct contacts that took the way out at this place from the left.
    pub fn took(&self, node: NodeIx, outlet: u8) -> u32 {
        self.way(node, outlet).took
    }
    /// Distinct contacts that are active, queued and done in a sequence (K-07).
    pub fn states(&self, sequence: SequenceIx) -> [u32; 3] {
        let first = self.columns.sequence(usize::from(sequence.0));
        [0, 1, 2].map(|place| self.row.others.get(first + place).copied().unwrap_or(0))
    }
    /// Distinct contacts moved from the first node to the second, a goal or trigger, without a line between them.
    pub fn jumps(&self) -> impl Iterator<Item = (NodeIx, NodeIx, u32)> + '_ {
        self.jumps.iter().filter(|(_, count)| **count > 0).map(|((from, to), count)| (*from, *to, *count))
    }

    fn rare(&self, node: NodeIx, counter: Rare) -> u32 {
        self.row.others[Columns::rare(node, counter)]
    }

    fn way(&self, node: NodeIx, outlet: u8) -> Way {
        if outlet == 0 {
            return self.row.cells[node.index()].way;
        }
        self.row.ways[self.columns.ways[node.index()] as usize + usize::from(outlet) - 1]
    }

    /// R-10 for a node: what came in, and what became of it. The two are the same at every instant.
    pub fn balance(&self, plan: &Plan, node: NodeIx) -> (u64, u64) {
        let sum = |numbers: &[u32]| numbers.iter().map(|number| u64::from(*number)).sum::<u64>();
        let left: u64 = (0u8..).zip(plan.outlets(node)).map(|(o, _)| u64::from(self.left(node, o))).sum();
        let came = sum(&[self.entered(node), self.copied(node)]);
        let stayed = [self.resting(node), self.taken(node), self.removed(node), self.dropped(node)];
        (came, left + sum(&stayed))
    }
}

/// In place of the node at which a position rests.
const NOWHERE: NodeIx = NodeIx(u32::MAX);

/// What is known about the contact being counted, so that contacts count once. Tables are cleared by counting epochs.
#[derive(Debug, Clone, Default)]
struct Tally {
    epoch: u32,
    /// A row of what is known of the contact: at counters of distinct contacts the epoch of the one that last counted, at
    /// [`Cell::resting`] its positions that rest there, which is valid in the epoch at [`Cell::here`].
    seen: Rows,
    /// Where each position of the contact rests, by its number, with the epoch; [`NOWHERE`]: it does not.
    rests_at: Vec<(u32, NodeIx)>,
    jumped: Vec<(NodeIx, NodeIx)>,
    /// The state in a sequence of each position that has one: its number, the sequence's place, the state's.
    phases: Vec<(PositionNo, usize, usize)>,
    contact: Option<ContactIx>,
}

impl Tally {
    fn new(columns: &Columns) -> Self {
        Self { seen: Rows::new(columns, 1), ..Self::default() }
    }

    #[inline]
    fn begin(&mut self, columns: &Columns, contact: ContactIx) {
        if self.contact == Some(contact) {
            return;
        }
        self.contact = Some(contact);
        if self.epoch == u32::MAX {
            self.seen = Rows::new(columns, 1);
            self.rests_at.clear();
            self.epoch = 0;
        }
        self.epoch += 1;
        self.jumped.clear();
        self.phases.clear();
    }

    /// Feeds an entry: counts it in the row, and calls `jump(from, to)` for each first jump.
    #[inline(always)]
    fn take(
        &mut self,
        columns: &Columns,
        entry: &Entry<'_>,
        (rows, row): (&mut Rows, Row),
        mut jump: impl FnMut(NodeIx, NodeIx),
    ) {
        let Some(node) = entry.node else { return };
        if let What::Sequence(sequence, phase) = entry.what {
            return self.take_phase(columns, entry.position, sequence, phase, (rows, row));
        }
        let Self { epoch, seen: all_seen, rests_at, jumped, .. } = self;
        let epoch = *epoch;
        // there are cells for every node of the plan
        let Some(cell) = rows.cells.get_mut(row.cells + node.index()) else { return };
        let Some(seen) = all_seen.cells.get_mut(node.index()) else { return };
        let others = &mut rows.others;
        let other = row.place * columns.others;
        let mut rare = |counter| others[other + Columns::rare(node, counter)] += 1;
        // a position goes from the node; if it rested there, it does not any more
        let rise = |cell: &mut Cell, seen: &mut Cell, rests_at: &mut [(u32, NodeIx)]| {
            let place = entry.position.and_then(|no| rests_at.get_mut(no as usize));
            let Some((_, at)) = place.filter(|place| place.0 == epoch) else { return };
            if *at != NOWHERE {
                *at = NOWHERE;
                seen.resting -= 1;
                // may be below zero in this bin, so both wrap
                cell.resting = cell.resting.wrapping_sub(1);
                cell.here = cell.here.wrapping_sub(u32::from(seen.resting == 0));
            }
        };
        match &entry.what {
            What::Arrived(_) => {
                cell.entered += 1;
                count_first(epoch, &mut seen.visited, &mut cell.visited);
            }
            What::Activated => {
                rare(Rare::Activations);
                let activators = Columns::rare(node, Rare::Activators);
                count_first(epoch, &mut all_seen.others[activators], &mut others[other + activators]);
            }
            What::Copied => rare(Rare::Copied),
            What::Rested(_) => {
                let Some(no) = entry.position else { return };
                let no = no as usize;
                if rests_at.len() <= no {
                    rests_at.resize(no + 1, (0, NOWHERE));
                }
                // a wait whose way on is an open end rests on
                if replace(&mut rests_at[no], (epoch, node)) == (epoch, node) {
                    return;
                }
                if replace(&mut seen.here, epoch) != epoch {
                    seen.resting = 0;
                }
                seen.resting += 1;
                cell.resting = cell.resting.wrapping_add(1);
                cell.here = cell.here.wrapping_add(u32::from(seen.resting == 1));
            }
            What::Left { outlet, .. } => {
                rise(cell, seen, rests_at);
                count_way(epoch, columns, (node, *outlet), (rows, row), all_seen);
            }
            What::Taken(to) => {
                rise(cell, seen, rests_at);
                rare(Rare::Taken);
                if !jumped.contains(&(node, *to)) {
                    jumped.push((node, *to));
                    jump(node, *to);
                }
            }
            What::Removed(_) => {
                rise(cell, seen, rests_at);
                rare(Rare::Removed);
            }
            What::Dropped(_) => {
                rise(cell, seen, rests_at);
                rare(Rare::Dropped);
            }
            What::Happened(_)
            | What::Raised(_)
            | What::Refused(..)
            | What::SeveralGoals
            | What::Decided(..)
            | What::Drew(_)
            | What::Sent(_)
            | What::Suppressed(..)
            | What::Published(_)
            | What::Skipped(_)
            | What::Sequence(..)
            | What::Chose(..)
            | What::Changed(_)
            | What::Routed(_)
            | What::Did(..)
            | What::Nothing(_) => {}
        }
    }

    /// Feeds a visit of a position that did not rest.
    #[inline(always)]
    fn pass(&mut self, columns: &Columns, node: NodeIx, outlet: u8, (rows, row): (&mut Rows, Row)) {
        let epoch = self.epoch;
        let Some(cell) = rows.cells.get_mut(row.cells + node.index()) else { return };
        let Some(seen) = self.seen.cells.get_mut(node.index()) else { return };
        cell.entered += 1;
        count_first(epoch, &mut seen.visited, &mut cell.visited);
        count_way(epoch, columns, (node, outlet), (rows, row), &mut self.seen);
    }

    /// Counts a contact in the states of a sequence in which it has a position.
    fn take_phase(
        &mut self,
        columns: &Columns,
        position: Option<PositionNo>,
        sequence: SequenceId,
        phase: Phase,
        (rows, row): (&mut Rows, Row),
    ) {
        let (Some(no), Some(place)) = (position, columns.sequences.iter().position(|id| *id == sequence))
        else {
            return;
        };
        let state = match phase {
            Phase::Started => Some(0),
            Phase::Queued => Some(1),
            Phase::Done => Some(2),
            Phase::Completed | Phase::Stopped => None,
        };
        let first = row.place * columns.others + columns.sequence(place);
        let states = &mut rows.others[first..][..SEQUENCE_COUNTERS];
        let is_in = |phases: &[(PositionNo, usize, usize)], state| {
            phases.iter().any(|(_, of, is)| (*of, *is) == (place, state))
        };
        let old = self.phases.iter().position(|(of, at, _)| (*of, *at) == (no, place));
        if let Some(old) = old {
            let (_, _, was) = self.phases.swap_remove(old);
            if !is_in(&self.phases, was) {
                states[was] = states[was].wrapping_sub(1);
            }
        }
        if let Some(state) = state {
            if !is_in(&self.phases, state) {
                states[state] = states[state].wrapping_add(1);
            }
            self.phases.push((no, place, state));
        }
    }
}

/// Which contact did something in which bin, by contact, until it is sorted by bin.
#[derive(Debug, Clone, Default)]
struct Activity {
    /// The bins of one contact after the other.
    bins: Vec<u16>,
    /// The contacts, each with how many bins are its.
    contacts: Vec<(ContactIx, u32)>,
}

impl Activity {
    #[inline]
    fn note(&mut self, contact: ContactIx, bin: u16) {
        match self.contacts.last_mut() {
            Some((last, _)) if *last == contact && self.bins.last() == Some(&bin) => {}
            Some((last, count)) if *last == contact => {
                *count += 1;
                self.bins.push(bin);
            }
            _ => {
                self.contacts.push((contact, 1));
                self.bins.push(bin);
            }
        }
    }

    /// Contacts that did something, sorted by bin, and where each bin begins.
    fn by_bin(self, bins: usize) -> (Vec<ContactIx>, Vec<u32>) {
        let mut starts = vec![0u32; bins + 1];
        for bin in &self.bins {
            starts[usize::from(*bin) + 1] += 1;
        }
        for bin in 1..starts.len() {
            starts[bin] += starts[bin - 1];
        }
        let mut next = starts.clone();
        let mut active = vec![ContactIx(0); self.bins.len()];
        let mut of_contacts = self.bins.iter();
        for (contact, count) in self.contacts {
            for bin in of_contacts.by_ref().take(count as usize) {
                let place = &mut next[usize::from(*bin)];
                active[*place as usize] = contact;
                *place += 1;
            }
        }
        for bin in 0..bins {
            active[starts[bin] as usize..starts[bin + 1] as usize].sort_unstable();
        }
        (active, starts)
    }
}

/// Counts a visit that leaves by a way out.
#[inline(always)]
fn count_way(
    epoch: u32,
    columns: &Columns,
    (node, outlet): (NodeIx, u8),
    (rows, row): (&mut Rows, Row),
    seen: &mut Rows,
) {
    let Some(way) = rows.way(columns, row, node, outlet) else { return };
    let Some(seen) = seen.way(columns, Row::default(), node, outlet) else { return };
    way.left += 1;
    count_first(epoch, &mut seen.took, &mut way.took);
}

/// Counts a contact that was not seen here in this epoch.
#[inline(always)]
fn count_first(epoch: u32, seen: &mut u32, cell: &mut u32) {
    *cell += u32::from(replace(seen, epoch) != epoch);
}

/// The counters of a run in time bins. Each thread fills its own; [`Counts::merge`] puts them together.
#[derive(Debug, Clone)]
pub struct Counts {
    from: Instant,
    until: Instant,
    /// Bins are 2^shift milliseconds wide.
    shift: u32,
    columns: Columns,
    rows: Rows,
    jumps: BTreeMap<(NodeIx, NodeIx), Vec<u32>>,
    activity: Activity,
    /// Contacts that did something, by bin; `active_from` says where each bin begins.
    active: Vec<ContactIx>,
    active_from: Vec<u32>,
    tally: Tally,
    bins: usize,
    /// The instant whose entries come in, and the row of its bin: computed once for all of them.
    at: Instant,
    row: Row,
    /// Nothing has come in at the instant so far.
    quiet: bool,
    /// When the last thing happened; before all time: nothing did.
    last: Instant,
    faults: u64,
    messages: u64,
    open_ends: u64,
}

impl Counts {
    /// Empty counters for a run.
    pub fn new(sim: &Simulation<'_>) -> Self {
        let columns = Columns::of(sim.plan);
        let bins = (MAX_BIN_COUNTERS / columns.count().max(1)).clamp(16, MAX_BINS);
        let span = sim.until.millis_since(sim.from).max(0) as u64;
        let shift = (0..63).find(|shift| span >> shift < bins as u64).unwrap_or(63);
        let bins = (span >> shift) as usize + 1;
        Self {
            from: sim.from,
            until: sim.until,
            shift,
            rows: Rows::new(&columns, bins),
            jumps: BTreeMap::new(),
            activity: Activity::default(),
            active: vec![],
            active_from: vec![],
            tally: Tally::new(&columns),
            columns,
            bins,
            at: sim.from,
            row: Row::default(),
            quiet: true,
            last: Instant::MIN,
            faults: 0,
            messages: 0,
            open_ends: 0,
        }
    }

    #[inline]
    fn bin_of(&self, at: Instant) -> usize {
        (at.millis_since(self.from).max(0) as u64 >> self.shift) as usize
    }

    /// First and last instant of a bin.
    fn bin_span(&self, bin: usize) -> (Instant, Instant) {
        let start = self.from.plus_millis((bin as i64) << self.shift);
        (start, start.plus_millis((1 << self.shift) - 1))
    }

    /// Notes what the instant brought that ends now.
    #[inline]
    fn note(&mut self) {
        if !std::mem::replace(&mut self.quiet, true)
            && let Some(contact) = self.tally.contact
        {
            self.last = self.last.max(self.at);
            self.activity.note(contact, self.row.place as u16); // fewer than MAX_BINS
        }
    }

    /// Adds what another thread counted, before either is sealed.
    pub fn merge(&mut self, mut other: Self) {
        other.note();
        self.note();
        self.rows.add(&other.rows);
        for (jump, there) in other.jumps {
            match self.jumps.entry(jump) {
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(there);
                }
                std::collections::btree_map::Entry::Occupied(entry) => {
                    for (here, there) in entry.into_mut().iter_mut().zip(there) {
                        *here += there;
                    }
                }
            }
        }
        self.activity.bins.extend(other.activity.bins);
        self.activity.contacts.extend(other.activity.contacts);
        self.last = self.last.max(other.last);
        self.faults += other.faults;
        self.messages += other.messages;
        self.open_ends += other.open_ends;
    }

    /// Sums the bins up. Call once, when every contact is in.
    pub fn seal(&mut self) {
        self.note();
        self.rows.sum_up(&self.columns);
        for bins in self.jumps.values_mut() {
            let mut sum = 0;
            for bin in bins {
                sum += *bin;
                *bin = sum;
            }
        }
        let activity = std::mem::take(&mut self.activity);
        (self.active, self.active_from) = activity.by_bin(self.bins);
    }

    /// Contacts that did something in a bin, sorted.
    fn active(&self, bin: usize) -> &[ContactIx] {
        match (self.active_from.get(bin), self.active_from.get(bin + 1)) {
            (Some(start), Some(end)) => &self.active[*start as usize..*end as usize],
            _ => &[],
        }
    }

    /// When the last thing happened; `None`: nothing did.
    pub fn last(&self) -> Option<Instant> {
        (self.last > Instant::MIN).then_some(self.last)
    }

    /// Contacts and positions that a fault ended.
    pub fn faults(&self) -> u64 {
        self.faults
    }

    /// Messages sent: e-mails, text messages and postcards.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// Positions that came to rest at open ends.
    pub fn open_ends(&self) -> u64 {
        self.open_ends
    }

    /// Bytes that the counters take.
    pub fn bytes(&self) -> usize {
        self.rows.bytes()
            + self.active.len() * 4
            + self.activity.bins.len() * 2
            + self.activity.contacts.len() * 8
            + self.jumps.values().map(|bins| bins.len() * 4).sum::<usize>()
    }

    /// How everything stands at an instant, what happens at it included. `sim` is the simulation that was counted.
    pub fn at(&self, sim: Simulation<'_>, timeline: &mut Timeline, at: Instant) -> Totals {
        let columns = &self.columns;
        let mut totals =
            Totals { row: Rows::new(columns, 1), columns: columns.clone(), jumps: BTreeMap::new() };
        if at < self.from || self.bins == 0 {
            return totals;
        }
        let bin = self.bin_of(at).min(self.bins - 1);
        let whole = at >= self.bin_span(bin).1 || at >= self.until;
        if let Some(row) = if whole { Some(bin) } else { bin.checked_sub(1) } {
            totals.row = self.rows.copy(columns, row);
            totals.jumps = self.jumps.iter().map(|(jump, bins)| (*jump, bins[row])).collect();
        }
        if !whole {
            let mut window = Window {
                tally: Tally::new(columns),
                span: self.bin_span(bin).0..at.plus_millis(1),
                inside: false,
                before: Rows::new(columns, 1),
                totals: &mut totals,
            };
            // nothing after the instant needs computing
            let sim = Simulation { until: at, ..sim };
            for contact in self.active(bin) {
                timeline.run(sim, *contact, &mut window);
            }
        }
        totals
    }

    /// The first instant after this one at which something happens; `None`: nothing does.
    pub fn next_after(&self, sim: Simulation<'_>, timeline: &mut Timeline, at: Instant) -> Option<Instant> {
        let first = self.bin_of(at.plus_millis(1).max(self.from));
        (first..self.bins).find_map(|bin| {
            let mut finder = Instants {
                found: None,
                wanted: |new: Instant, old: Option<Instant>| at < new && old.is_none_or(|old| new < old),
            };
            let sim = Simulation { until: self.bin_span(bin).1.min(sim.until), ..sim };
            for contact in self.active(bin) {
                timeline.run(sim, *contact, &mut finder);
            }
            finder.found
        })
    }

    /// The last instant before this one at which something happened; `None`: nothing did.
    pub fn last_before(&self, sim: Simulation<'_>, timeline: &mut Timeline, at: Instant) -> Option<Instant> {
        if at <= self.from || self.bins == 0 {
            return None;
        }
        let first = self.bin_of(at).min(self.bins - 1);
        (0..=first).rev().find_map(|bin| {
            // what the contacts of this bin did before it says nothing of what others did
            let from = self.bin_span(bin).0;
            let wanted = |new: Instant, old: Option<Instant>| {
                from <= new && new < at && old.is_none_or(|old| old < new)
            };
            let mut finder = Instants { found: None, wanted };
            let sim = Simulation { until: at.min(sim.until), ..sim };
            for contact in self.active(bin) {
                timeline.run(sim, *contact, &mut finder);
            }
            finder.found
        })
    }

    /// For a curve of what happens when: for each of `buckets` equal parts of the run, how many contacts did something
    /// in its bins. Buckets finer than the bins share a bin's number evenly.
    pub fn density(&self, buckets: usize) -> Vec<f32> {
        let mut curve = vec![0.0; buckets];
        let bins = self.bins;
        for (bucket, height) in curve.iter_mut().enumerate() {
            let start = bucket * bins / buckets.max(1);
            let end = ((bucket + 1) * bins / buckets.max(1)).max(start + 1).min(bins);
            let sum: usize = (start..end).map(|bin| self.active(bin).len()).sum();
            *height = sum as f32 / (end - start).max(1) as f32;
        }
        curve
    }
}

impl Sink for Counts {
    const EVENTS: bool = false;
    const NUMBERS: bool = false;
    const IN_ORDER: bool = false;

    #[inline(always)]
    fn passed(&mut self, node: NodeIx, outlet: u8) {
        self.quiet = false;
        self.tally.pass(&self.columns, node, outlet, (&mut self.rows, self.row));
    }

    #[inline]
    fn turn_to(&mut self, contact: ContactIx, at: Instant) {
        self.note();
        self.tally.begin(&self.columns, contact);
        self.at = at;
        self.row = self.columns.row(self.bin_of(at));
    }

    #[inline(always)]
    fn entry(&mut self, _plan: &Plan, entry: &Entry<'_>) {
        // what happens to a contact and on no map moves no counter
        self.quiet &= entry.node.is_none();
        let (jumps, bin, bins) = (&mut self.jumps, self.row.place, self.bins);
        self.tally.take(&self.columns, entry, (&mut self.rows, self.row), |from, to| {
            jumps.entry((from, to)).or_insert_with(|| vec![0; bins])[bin] += 1
        });
        match entry.what {
            What::Sent(_) => self.messages += 1,
            What::Dropped(_) => self.faults += 1,
            What::Rested(super::log::Rest::OpenEnd) => self.open_ends += 1,
            _ => {}
        }
    }
}

/// Adds to totals what happens in a span, knowing what happened before it.
struct Window<'a> {
    tally: Tally,
    span: Range<Instant>,
    /// Whether the entries that come in lie in the span.
    inside: bool,
    /// Counts what comes before the span, which the totals know.
    before: Rows,
    totals: &'a mut Totals,
}

impl Sink for Window<'_> {
    const EVENTS: bool = false;
    const NUMBERS: bool = false;
    const IN_ORDER: bool = false;

    fn passed(&mut self, node: NodeIx, outlet: u8) {
        let Totals { columns, row, .. } = &mut *self.totals;
        let row = if self.inside { row } else { &mut self.before };
        self.tally.pass(columns, node, outlet, (row, Row::default()));
    }

    fn turn_to(&mut self, contact: ContactIx, at: Instant) {
        self.tally.begin(&self.totals.columns, contact);
        self.inside = self.span.contains(&at);
    }

    fn entry(&mut self, _plan: &Plan, entry: &Entry<'_>) {
        let Totals { columns, row, jumps } = &mut *self.totals;
        let row = if self.inside { row } else { &mut self.before };
        self.tally.take(columns, entry, (row, Row::default()), |from, to| {
            if self.inside {
                *jumps.entry((from, to)).or_default() += 1;
            }
        });
    }
}

/// Finds an instant at which something happens on a map.
struct Instants<W> {
    found: Option<Instant>,
    wanted: W,
}

impl<W: FnMut(Instant, Option<Instant>) -> bool> Sink for Instants<W> {
    const EVENTS: bool = false;
    const NUMBERS: bool = false;

    fn entry(&mut self, _plan: &Plan, entry: &Entry<'_>) {
        if entry.node.is_some() && (self.wanted)(entry.at, self.found) {
            self.found = Some(entry.at);
        }
    }
}
