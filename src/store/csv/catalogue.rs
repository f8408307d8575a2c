//! Things of the catalogue by the names that a file gives them.

use std::collections::{BTreeMap, HashMap};

use super::{Created, Reason};
use crate::base::id::{FieldId, FormId, Id, ProductId, TaskId};
use crate::base::money::Money;
use crate::base::time::{Zone, parse_date, parse_instant};
use crate::model::catalogue::Shelved;
use crate::model::project::Fresh;
use crate::model::{
    Campaign, CampaignRef, Email, Field, FieldKind, Form, Item, Outcome, Project, Sms, Value,
};

/// Finds things by name, and adds those that are missing.
pub(super) struct Names<'a> {
    project: &'a Project,
    create: bool,
    fresh: Fresh,
    /// Things by name, each kind by its word.
    shelves: HashMap<&'static str, Shelf>,
    items: Vec<Item>,
    created: Created,
    new_fields: BTreeMap<FieldId, Guess>,
}

/// The things of one kind by name.
#[derive(Default)]
struct Shelf {
    /// Numbers of ids by the text of a cell, so that a name is only looked for once.
    cells: HashMap<Box<str>, u32>,
    /// By name in lower case.
    names: HashMap<String, u32>,
}

impl Shelf {
    fn of<T: Shelved>(project: &Project) -> Self {
        let mut shelf = Self::default();
        for item in T::shelf(&project.catalogue).values() {
            shelf.names.entry(item.name().trim().to_lowercase()).or_insert(item.id().number());
        }
        shelf
    }
}

impl<'a> Names<'a> {
    pub(super) fn new(project: &'a Project, create: bool) -> Self {
        Self {
            project,
            create,
            fresh: project.fresh(),
            shelves: HashMap::new(),
            items: vec![],
            created: Created::default(),
            new_fields: BTreeMap::new(),
        }
    }

    /// The thing with this name, a new one if there is none and it may be added. Upper and lower case are alike, and ids
    /// (`tag3`) work too, as everywhere.
    pub(super) fn find<T: Shelved>(&mut self, name: &str) -> Result<T::Id, Reason> {
        self.find_or(name, |id, name| T::new(id, name))
    }

    /// The same, where a new one is not just a label.
    pub(super) fn find_or<T: Shelved>(
        &mut self,
        name: &str,
        new: impl FnOnce(T::Id, &str) -> T,
    ) -> Result<T::Id, Reason> {
        let Self { project, create, fresh, shelves, items, created, .. } = self;
        let shelf = shelves.entry(T::WORD).or_insert_with(|| Shelf::of::<T>(project));
        if let Some(number) = shelf.cells.get(name) {
            return Ok(T::Id::new(*number));
        }
        let lower = name.trim().to_lowercase();
        let known = shelf.names.get(&lower).map(|number| T::Id::new(*number));
        let id = match known.or_else(|| project.catalogue.find::<T>(name)) {
            Some(id) => id,
            None if *create => {
                let id = fresh.id();
                items.push(new(id, name.trim()).into_item());
                *created.items.entry(T::WORD).or_default() += 1;
                id
            }
            None => return Err(format!("there is no {} “{}”", T::WORD, name.trim()).into()),
        };
        shelf.names.entry(lower).or_insert(id.number());
        shelf.cells.insert(name.into(), id.number());
        Ok(id)
    }

    /// A campaign, e-mail or text message; what none of them is called becomes a campaign.
    pub(super) fn campaign(&mut self, name: &str) -> Result<CampaignRef, Reason> {
        let catalogue = &self.project.catalogue;
        let message = || {
            let email = catalogue.find::<Email>(name).map(CampaignRef::Email);
            email.or_else(|| catalogue.find::<Sms>(name).map(CampaignRef::Sms))
        };
        match (catalogue.find::<Campaign>(name), message()) {
            (None, Some(message)) => Ok(message),
            _ => self.find::<Campaign>(name).map(CampaignRef::Campaign),
        }
    }

    /// The list price of a product that the project has.
    pub(super) fn price(&self, product: ProductId) -> Option<Money> {
        self.project.catalogue.products.get(&product)?.price
    }

    /// A form; a new one with a submission that failed takes payments.
    pub(super) fn form(&mut self, name: &str, failed: bool) -> Result<FormId, Reason> {
        let id = self.find::<Form>(name)?;
        if failed {
            let new = self.items.iter_mut().find(|item| item.id() == id.into());
            if let Some(Item::Form(form)) = new {
                form.order_form = true;
            }
        }
        Ok(id)
    }

    /// The number of a task's outcome by its name or number; a name that is new is added to a task that is.
    pub(super) fn outcome(&mut self, task: TaskId, text: &str) -> Result<u8, Reason> {
        let find = |outcomes: &[Outcome]| {
            let by_name = outcomes.iter().position(|outcome| outcome.name.eq_ignore_ascii_case(text));
            let by_number =
                || text.parse::<usize>().ok()?.checked_sub(1).filter(|place| *place < outcomes.len());
            by_name.or_else(by_number)
        };
        let number = |place: usize| u8::try_from(place + 1).ok();
        let new = self.items.iter_mut().find_map(|item| match item {
            Item::Task(new) if new.id == task => Some(&mut new.outcomes),
            _ => None,
        });
        if let Some(outcomes) = new {
            let place = find(outcomes).unwrap_or_else(|| {
                outcomes.push(Outcome { name: text.to_owned(), actions: vec![] });
                outcomes.len() - 1
            });
            return number(place).ok_or_else(|| "a task has 255 outcomes at most".into());
        }
        let known = self.project.catalogue.tasks.get(&task).map_or(&[][..], |task| &task.outcomes);
        find(known).and_then(number).ok_or_else(|| {
            let name = |(number, outcome): (usize, &Outcome)| match outcome.name.as_str() {
                "" => number.to_string(),
                name => name.to_owned(),
            };
            let names: Vec<_> = (1..).zip(known).map(name).collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            format!("there is no outcome “{text}”; outcomes of the task are {names}").into()
        })
    }

    /// A field. What a new one may hold is decided at the end, by all of its values.
    pub(super) fn field(&mut self, name: &str, format: Option<&str>) -> Result<FieldId, Reason> {
        let before = self.items.len();
        let id = self.find::<Field>(name)?;
        if self.items.len() > before {
            self.new_fields.insert(id, Guess::new(format));
        }
        Ok(id)
    }

    /// What a cell means in a field; `None`: it is empty. Of a new field it stays text until [`Names::settle`].
    pub(super) fn value(
        &self,
        field: FieldId,
        text: &str,
        zone: &Zone,
        format: Option<&str>,
    ) -> Result<Option<Value>, Reason> {
        match self.project.catalogue.fields.get(&field) {
            Some(known) => read_value(known.kind, text, zone, format)
                .map_err(|why| format!("field “{}”: {why}", known.name).into()),
            None => Ok(Value::text(text)),
        }
    }

    /// Takes notice of a value of a new field, of a row that is taken.
    pub(super) fn notice(&mut self, field: FieldId, value: Option<&Value>, zone: &Zone) {
        if let (Some(guess), Some(Value::Text(text))) = (self.new_fields.get_mut(&field), value) {
            guess.notice(text, zone);
        }
    }

    /// Decides what each new field holds, and makes its values, which are text so far, of that kind.
    pub(super) fn settle<'v>(&mut self, values: impl Iterator<Item = (FieldId, &'v mut Value)>, zone: &Zone) {
        for item in &mut self.items {
            if let Item::Field(field) = item
                && let Some(guess) = self.new_fields.get(&field.id)
            {
                field.kind = guess.kind();
            }
        }
        for (field, value) in values {
            let Some(guess) = self.new_fields.get(&field) else { continue };
            let Value::Text(text) = &*value else { continue };
            // Every value was noticed, so each can be read; text stays as it is.
            if let Ok(Some(read)) = read_value(guess.kind(), text, zone, guess.format.as_deref()) {
                *value = read;
            }
        }
    }

    pub(super) fn finish(self) -> (Vec<Item>, Created) {
        (self.items, self.created)
    }
}

/// What the values of a new field can all be.
struct Guess {
    any: bool,
    number: bool,
    yes_no: bool,
    date: bool,
    instant: bool,
    format: Option<String>,
}

impl Guess {
    fn new(format: Option<&str>) -> Self {
        let format = format.map(ToOwned::to_owned);
        Self { any: false, number: true, yes_no: true, date: true, instant: true, format }
    }

    fn notice(&mut self, text: &str, zone: &Zone) {
        self.any = true;
        let format = self.format.as_deref();
        self.number = self.number && looks_like_a_number(text);
        self.yes_no = self.yes_no && yes_no(text).is_some();
        self.instant = self.instant && parse_instant(text, zone, format).is_ok();
        self.date = self.date && self.instant && is_date_alone(text, zone, format);
    }

    fn kind(&self) -> FieldKind {
        match self {
            Self { any: false, .. } => FieldKind::Text,
            Self { number: true, format: None, .. } => FieldKind::Number,
            Self { yes_no: true, .. } => FieldKind::YesNo,
            Self { date: true, .. } => FieldKind::Date,
            Self { instant: true, .. } => FieldKind::DateTime,
            _ => FieldKind::Text,
        }
    }
}

/// A number that is no post code or telephone number: those begin with 0 or +.
fn looks_like_a_number(text: &str) -> bool {
    let digits = text.trim().trim_start_matches('-');
    let coded =
        digits.starts_with('+') || digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    !coded && text.parse::<Money>().is_ok()
}

/// A date without a time of day.
fn is_date_alone(text: &str, zone: &Zone, format: Option<&str>) -> bool {
    if format.is_some() {
        // A format tells itself whether there is a time in it.
        let midnight = parse_instant(text, zone, format).map(|at| zone.to_local(at).time());
        return midnight == Ok(chrono::NaiveTime::MIN);
    }
    !text.trim().contains([':', ' ', 'T', 't'])
}

fn yes_no(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text.trim()));
    match text {
        _ if is(&["yes", "true", "y"]) => Some(true),
        _ if is(&["no", "false", "n"]) => Some(false),
        _ => None,
    }
}

/// What a cell means in a field of a kind; `None`: it is empty.
fn read_value(
    kind: FieldKind,
    text: &str,
    zone: &Zone,
    format: Option<&str>,
) -> Result<Option<Value>, String> {
    if text.trim().is_empty() && kind != FieldKind::Text {
        return Ok(None);
    }
    let value = match kind {
        FieldKind::Text => return Ok(Value::text(text)),
        FieldKind::Number => {
            let number: Money = text
                .parse()
                .map_err(|_| format!("“{}” is not a number; write it as 1234.50", text.trim()))?;
            Value::Number(number.amount())
        }
        FieldKind::Date | FieldKind::Birthday => {
            Value::Date(parse_date(text, format).map_err(|error| error.to_string())?)
        }
        FieldKind::DateTime => {
            Value::DateTime(parse_instant(text, zone, format).map_err(|error| error.to_string())?)
        }
        FieldKind::YesNo => match (yes_no(text), text.trim()) {
            (Some(yes), _) => Value::YesNo(yes),
            (None, "1") => Value::YesNo(true),
            (None, "0") => Value::YesNo(false),
            (None, text) => return Err(format!("“{text}” is neither yes nor no")),
        },
    };
    Ok(Some(value))
}
