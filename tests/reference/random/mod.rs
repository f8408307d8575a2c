//! Random projects, small and full of ties: everything that can stand on maps, happen to contacts and be switched, on odd
//! clocks, with later versions of maps published in the middle.

mod account;
mod edits;
mod elements;
mod maps;
mod people;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::edits::without_element;
use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use gateline::base::id::{Id, MapId};
use gateline::base::random;
use gateline::base::time::{Instant, Span, Unit};
use gateline::model::{Choice, Contact, ContactIx, Event, People, Project};

pub const HOUR: i64 = 3_600_000;

/// Most maps of a project.
const MAPS: u32 = 3;

/// What is simulated.
#[derive(Clone)]
pub struct Case {
    /// All but contacts and events.
    pub account: Project,
    pub contacts: Vec<(Contact, Vec<Event>)>,
    pub seed: u64,
    pub from: Instant,
    pub until: Instant,
}

impl Case {
    /// The case with this number.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut account = Project::new("0", "random");
        dice.settings(&mut account.settings);
        dice.maps = 1 + dice.below(MAPS as usize) as u32;
        for number in 1..=dice.maps {
            dice.versions(MapId::new(number), &mut account);
        }
        account.catalogue = Arc::new(dice.catalogue());
        let contacts: Vec<_> = (0..3 + dice.below(5)).map(|number| dice.contact(number)).collect();
        let contacts = contacts.into_iter().map(|contact| (contact, dice.events())).collect();
        let from = if dice.one_in(2) { dice.start } else { dice.instant() };
        let span = dice.pick(&[3, 10, dice.days, dice.days, dice.days + 10]);
        let until = from.plus_millis(span as i64 * 24 * HOUR);
        Self { account, contacts, seed, from, until }
    }

    /// The whole project.
    pub fn project(&self) -> Project {
        let contacts = self.contacts.iter().map(|(contact, _)| contact.clone()).collect();
        let events = (0..).map(ContactIx).zip(&self.contacts);
        let events = events.flat_map(|(ix, (_, events))| events.iter().map(move |event| (ix, event.clone())));
        let people = People::new(contacts, events.collect()).unwrap();
        let mut project = Project { people: Arc::new(people), ..self.account.clone() };
        project.note_all_numbers();
        project
    }
}

/// A source of choices.
pub struct Dice {
    seed: u64,
    rolls: u64,
    /// About when everything happens.
    pub start: Instant,
    /// For how many days.
    pub days: usize,
    /// How many maps there are.
    pub maps: u32,
    /// The number of the next element, of any map.
    next_element: u32,
}

/// Days around which clocks or calendars do something odd.
const STARTS: [(i32, u32, u32); 8] = [
    (2024, 2, 20),  // a leap day
    (2026, 1, 20),  // months of 31 and 28 days
    (2026, 2, 25),  // clocks go forward in New York on 8 March
    (2026, 10, 20), // and back on 1 November
    (2026, 3, 25),  // clocks go half an hour back on Lord Howe on 5 April
    (2026, 9, 25),  // and forward on 4 October
    (2011, 12, 20), // Apia has no 30 December
    (1985, 12, 20), // Kathmandu's clocks go forward by 15 minutes on 1 January
];

pub const ZONES: [Tz; 5] =
    [Tz::UTC, Tz::Asia__Kathmandu, Tz::Australia__Lord_Howe, Tz::America__New_York, Tz::Pacific__Apia];

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Self { seed, rolls: 0, start: Instant(0), days: 0, maps: 1, next_element: 1 };
        let (year, month, day) = dice.pick(&STARTS);
        let start = NaiveDate::from_ymd_opt(year, month, day).unwrap().and_time(NaiveTime::MIN);
        dice.start = Instant(start.and_utc().timestamp_millis());
        dice.days = dice.pick(&[8, 20, 30]);
        dice
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.rolls += 1;
        random::below(random::draw(self.seed, 1, 1, self.rolls), n as u64) as usize
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Clone>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())].clone()
    }

    pub fn many<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    /// One of few ids, so that things meet.
    pub fn id<T: Id>(&mut self) -> T {
        T::new(self.pick(&[1, 1, 1, 1, 2, 2, 2, 3]))
    }

    /// An id, and sometimes none yet.
    pub fn chosen<T: Id>(&mut self) -> Option<T> {
        (!self.one_in(30)).then(|| self.id())
    }

    /// A map, and sometimes one that is not there.
    pub fn map_id(&mut self) -> MapId {
        let maps = if self.one_in(12) { MAPS } else { self.maps };
        MapId::new(1 + self.below(maps as usize) as u32)
    }

    pub fn chosen_map(&mut self) -> Option<MapId> {
        (!self.one_in(30)).then(|| self.map_id())
    }

    pub fn choice<T: Id>(&mut self) -> Choice<T> {
        match self.below(12) {
            0..=5 => Choice::Any,
            6 => Choice::OneOf(self.many(2, Self::id)),
            _ => Choice::OneOf(vec![self.id()]),
        }
    }

    /// An instant of the run: on the hour, and often one of few, so that things tie.
    pub fn instant(&mut self) -> Instant {
        let hours = match self.below(8) {
            0 => self.below(self.days * 24),
            1..=3 => self.below(self.days) * 24,
            _ => self.below(self.days) * 24 + self.pick(&[9, 12]),
        };
        let odd = if self.one_in(30) { 15 * 60_000 } else { 0 };
        self.start.plus_millis(hours as i64 * HOUR + odd)
    }

    /// A day in or near the run.
    pub fn date(&mut self) -> NaiveDate {
        let start = chrono::DateTime::from_timestamp_millis(self.start.0).unwrap().date_naive();
        let days = self.below(self.days + 10) as u64;
        start + Days::new(days) - Days::new(3)
    }

    pub fn time(&mut self) -> NaiveTime {
        let (hour, minute) =
            self.pick(&[(0, 0), (0, 0), (9, 0), (9, 0), (12, 0), (2, 30), (1, 45), (23, 45)]);
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
    }

    /// A length of time.
    pub fn span(&mut self) -> Span {
        let (count, unit) = match self.below(12) {
            0 => (0, Unit::Days),
            1 => self.pick(&[(15, Unit::Minutes), (1, Unit::Hours)]),
            2 => (12, Unit::Hours),
            3 => self.pick(&[(24, Unit::Hours), (48, Unit::Hours)]),
            4 => (1, Unit::Months),
            5 => (1, Unit::Weeks),
            6 | 7 => (1, Unit::Days),
            8 | 9 => (2, Unit::Days),
            _ => (3, Unit::Days),
        };
        Span::new(count, unit)
    }
}

/// Sorted, each once.
fn sorted<T: Ord>(things: Vec<T>) -> Vec<T> {
    let mut things = things;
    things.sort();
    things.dedup();
    things
}

/// Sorted by key, each key once.
fn by_key<K: Ord, T>(things: Vec<(K, T)>) -> Vec<(K, T)> {
    things.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect()
}
