//! Things of the catalogue by the names that a file gives them.

use std::collections::{BTreeMap, HashMap};

use super::{Created, Reason};
use crate::base::id::{EmailId, FieldId, FormId, ProductId, TagId};
use crate::base::money::Money;
use crate::base::time::{Zone, parse_date, parse_instant};
use crate::model::catalogue::Shelved;
use crate::model::project::Fresh;
use crate::model::{Email, Field, FieldKind, Form, Item, Product, Project, Tag, Value};

/// Finds things by name, and adds those that are missing.
pub(super) struct Names<'a> {
    project: &'a Project,
    create: bool,
    fresh: Fresh,
    products: Shelf<Product>,
    tags: Shelf<Tag>,
    forms: Shelf<Form>,
    emails: Shelf<Email>,
    fields: Shelf<Field>,
    items: Vec<Item>,
    created: Created,
    new_fields: BTreeMap<FieldId, Guess>,
}

impl<'a> Names<'a> {
    pub(super) fn new(project: &'a Project, create: bool) -> Self {
        Self {
            project,
            create,
            fresh: project.fresh(),
            products: Shelf::of(project),
            tags: Shelf::of(project),
            forms: Shelf::of(project),
            emails: Shelf::of(project),
            fields: Shelf::of(project),
            items: vec![],
            created: Created::default(),
            new_fields: BTreeMap::new(),
        }
    }

    pub(super) fn product(&mut self, name: &str) -> Result<ProductId, Reason> {
        let Self { project, create, fresh, products, items, created, .. } = self;
        products.find(project, *create, name, || {
            let id = fresh.id();
            let name = name.trim().to_owned();
            items.push(Product { id, name, price: None, categories: vec![] }.into());
            created.products += 1;
            id
        })
    }

    /// The list price of a product that the project has.
    pub(super) fn price(&self, product: ProductId) -> Option<Money> {
        self.project.catalogue.products.get(&product)?.price
    }

    pub(super) fn tag(&mut self, name: &str) -> Result<TagId, Reason> {
        let Self { project, create, fresh, tags, items, created, .. } = self;
        tags.find(project, *create, name, || {
            let id = fresh.id();
            items.push(Tag { id, name: name.trim().to_owned() }.into());
            created.tags += 1;
            id
        })
    }

    /// A form; a new one with a submission that failed takes payments.
    pub(super) fn form(&mut self, name: &str, failed: bool) -> Result<FormId, Reason> {
        let Self { project, create, fresh, forms, items, created, .. } = self;
        let id = forms.find(project, *create, name, || {
            let id = fresh.id();
            items.push(Form { id, name: name.trim().to_owned(), order_form: false }.into());
            created.forms += 1;
            id
        })?;
        if failed {
            let new = items.iter_mut().find(|item| item.id() == id.into());
            if let Some(Item::Form(form)) = new {
                form.order_form = true;
            }
        }
        Ok(id)
    }

    pub(super) fn email(&mut self, name: &str) -> Result<EmailId, Reason> {
        let Self { project, create, fresh, emails, items, created, .. } = self;
        emails.find(project, *create, name, || {
            let id = fresh.id();
            let name = name.trim().to_owned();
            items.push(Email { id, name, subject: String::new(), links: vec![] }.into());
            created.emails += 1;
            id
        })
    }

    /// A field. What a new one may hold is decided at the end, by all of its values.
    pub(super) fn field(&mut self, name: &str, format: Option<&str>) -> Result<FieldId, Reason> {
        let Self { project, create, fresh, fields, items, created, new_fields, .. } = self;
        fields.find(project, *create, name, || {
            let id = fresh.id();
            items.push(Field { id, name: name.trim().to_owned(), kind: FieldKind::Text }.into());
            new_fields.insert(id, Guess::new(format));
            created.fields += 1;
            id
        })
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

/// The things of one kind by name.
struct Shelf<T: Shelved> {
    /// By the text of a cell, so that a name is only looked for once.
    cells: HashMap<Box<str>, T::Id>,
    /// By name in lower case.
    names: HashMap<String, T::Id>,
}

impl<T: Shelved> Shelf<T>
where
    T::Id: std::hash::Hash,
{
    fn of(project: &Project) -> Self {
        let mut names = HashMap::new();
        for item in T::shelf(&project.catalogue).values() {
            names.entry(item.name().trim().to_lowercase()).or_insert(item.id());
        }
        Self { cells: HashMap::new(), names }
    }

    /// Upper and lower case are alike, and ids (`tag3`) work too, as everywhere.
    fn find(
        &mut self,
        project: &Project,
        create: bool,
        name: &str,
        new: impl FnOnce() -> T::Id,
    ) -> Result<T::Id, Reason> {
        if let Some(id) = self.cells.get(name) {
            return Ok(*id);
        }
        let lower = name.trim().to_lowercase();
        let known = self.names.get(&lower).copied().or_else(|| project.catalogue.find::<T>(name));
        let id = match known {
            Some(id) => id,
            None if create => new(),
            None => return Err(format!("there is no {} “{}”", T::WORD, name.trim()).into()),
        };
        self.names.entry(lower).or_insert(id);
        self.cells.insert(name.into(), id);
        Ok(id)
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
