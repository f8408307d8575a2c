//! Which column is what.
//!
//! Written as text: `field=Column` pairs with commas between them, as in `contact=E-mail,at=Bought on`. A text in single
//! quotes is the same for every row: `event='order'`. Nothing after the sign leaves a guess out: `zone=`. Names with a
//! comma or an equals sign go in double quotes, and a quotation mark inside quotes is doubled. `at:format='%d.%m.%Y'`
//! says how the dates of a column are written, in the signs of strftime.

use std::fmt::{self, Write as _};
use std::str::{Chars, FromStr};

use super::Rows;

/// Where the values of a field come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The column of this name.
    Column(String),
    /// The same in every row.
    Constant(String),
    /// Nowhere, also where the header suggests something.
    Nowhere,
}

/// Fields and where their values come from, in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    pairs: Vec<(String, Source)>,
    /// The place of each mapped column, as long as `pairs`; only of a mapping that fits a file.
    places: Vec<Option<usize>>,
}

/// Why a mapping cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Not of the form `field=Column`.
    #[error("“{0}” does not say which column is what; write it as field=Column,field2='the same for all'")]
    Unreadable(String),
    /// A field stands twice.
    #[error("the field “{0}” stands twice in the mapping")]
    Twice(String),
    /// These rows have no such field.
    #[error("there is no field “{field}” to map; fields of {rows} are {known}")]
    NoField {
        /// What was asked for.
        field: String,
        /// What the rows are.
        rows: &'static str,
        /// What there is.
        known: String,
    },
    /// The file has no such column.
    #[error("there is no column “{column}”; the columns are {known}")]
    NoColumn {
        /// What was asked for.
        column: String,
        /// What there is.
        known: String,
    },
    /// Nothing says where a field that is needed comes from.
    #[error("no column looks like “{field}”; say which it is with {field}=COLUMN; the columns are {known}")]
    Unmapped {
        /// The field.
        field: &'static str,
        /// The columns there are.
        known: String,
    },
}

/// A field of the rows: its name, and the names of columns that it is guessed from, the likeliest first.
struct Target {
    field: &'static str,
    needed: bool,
    guesses: &'static [&'static str],
}

const fn needed(field: &'static str, guesses: &'static [&'static str]) -> Target {
    Target { field, needed: true, guesses }
}

const fn wanted(field: &'static str, guesses: &'static [&'static str]) -> Target {
    Target { field, needed: false, guesses }
}

const CONTACT: &[&str] = &[
    "contact",
    "contactkey",
    "contactid",
    "key",
    "customer",
    "customerid",
    "customerno",
    "customernumber",
    "userid",
    "user",
    "subscriber",
    "email",
    "emailaddress",
    "mail",
    "id",
];
const AT: &[&str] = &[
    "at",
    "instant",
    "when",
    "timestamp",
    "datetime",
    "date",
    "time",
    "eventdate",
    "orderdate",
    "invoicedate",
    "purchasedate",
    "createdat",
    "created",
];
const ORDER: &[&str] = &[
    "order",
    "orderid",
    "orderno",
    "ordernumber",
    "invoice",
    "invoiceno",
    "invoiceid",
    "invoicenumber",
    "reference",
    "transaction",
    "transactionid",
];
const PRODUCT: &[&str] = &[
    "product",
    "productname",
    "productid",
    "sku",
    "stockcode",
    "item",
    "itemname",
    "article",
    "description",
];
const QUANTITY: &[&str] = &["quantity", "qty", "pieces", "units"];
const AMOUNT: &[&str] = &["amount", "total", "linetotal", "totalprice", "sum", "revenue"];
const PRICE: &[&str] = &["price", "unitprice"];

const CONTACTS: &[Target] = &[
    needed("contact", CONTACT),
    wanted(
        "created",
        &[
            "created",
            "createdat",
            "creationdate",
            "datecreated",
            "dateadded",
            "registered",
            "registeredat",
            "signupdate",
        ],
    ),
    wanted("zone", &["zone", "timezone", "tz"]),
    wanted("tags", &["tags", "tag"]),
    wanted("email_status", &["emailstatus"]),
    wanted("sms_status", &["smsstatus"]),
    wanted("owner", &["owner", "assignedto"]),
    wanted("lists", &["lists", "fulfilmentlists", "fulfillmentlists"]),
    wanted("levels", &["levels", "wordpresslevels"]),
    wanted("memberships", &["memberships"]),
    wanted("relationships", &["relationships"]),
];

const EVENTS: &[Target] = &[
    needed("contact", CONTACT),
    needed("at", AT),
    needed("event", &["event", "eventtype", "eventname", "kind", "type", "action"]),
    wanted("order", ORDER),
    wanted("product", PRODUCT),
    wanted("quantity", QUANTITY),
    wanted("amount", AMOUNT),
    wanted("price", PRICE),
    wanted("form", &["form", "formname"]),
    wanted("source", &["source", "ordersource"]),
    wanted("payment_kind", &["paymentkind", "paymenttype", "paymentmethod"]),
    wanted("payment", &["payment", "paymentstatus"]),
    wanted("plan", &["plan", "paymentplan"]),
    wanted("payments", &["payments", "instalments", "installments"]),
    wanted("every", &["every", "interval"]),
    wanted("declined_payments", &["declinedpayments"]),
    wanted("touchpoint", &["touchpoint"]),
    wanted("provider", &["provider"]),
    wanted("outcome", &["outcome", "result"]),
    wanted("task", &["task", "taskname"]),
    wanted("list", &["list", "listname", "fulfilmentlist"]),
    wanted("relationship", &["relationship"]),
    wanted("record", &["record", "recordname"]),
    wanted("status", &["status"]),
    wanted("bounce", &["bounce", "bouncetype"]),
    wanted("text", &["text", "sms"]),
    wanted("page", &["page", "url"]),
    wanted("site", &["site"]),
    wanted("level", &["level"]),
    wanted("tag", &["tag", "tagname"]),
    wanted("field", &["field", "fieldname"]),
    wanted("value", &["value", "newvalue"]),
    wanted("email", &["email", "emailname", "mail", "message"]),
    wanted("link", &["link", "linknumber"]),
    wanted("map", &["map", "automation"]),
    wanted("campaign", &["campaign", "campaignname", "utmcampaign"]),
    wanted("touch", &["touch"]),
    wanted("utm_source", &["utmsource"]),
];

const ORDERS: &[Target] = &[
    needed("contact", CONTACT),
    needed("at", AT),
    wanted("order", ORDER),
    wanted("product", PRODUCT),
    wanted("quantity", QUANTITY),
    wanted("amount", AMOUNT),
    wanted("price", PRICE),
    // Shops have words of their own in columns of these names, so none is guessed.
    wanted("form", &[]),
    wanted("source", &[]),
    wanted("payment_kind", &[]),
    wanted("payment", &[]),
    wanted("plan", &[]),
    wanted("payments", &[]),
    wanted("every", &[]),
    wanted("declined_payments", &[]),
    wanted("touchpoint", &[]),
    // Orders whose number starts so are refunds; a constant, never a column.
    wanted("cancel", &[]),
];

/// What stands in front of rows that were refused.
pub(super) const REFUSED_COLUMNS: [&str; 2] = ["line", "reason"];

/// Behind a field's name: how its dates are written.
const FORMAT: &str = ":format";

impl Mapping {
    /// Adds a pair; an earlier one for the same field goes.
    pub fn set(&mut self, field: impl Into<String>, source: Source) {
        let field = field.into();
        self.pairs.retain(|(other, _)| *other != field);
        self.pairs.push((field, source));
        self.places.clear();
    }

    /// Where a field comes from; `None`: nothing is said about it.
    pub fn get(&self, field: &str) -> Option<&Source> {
        self.pairs.iter().find(|(other, _)| other == field).map(|(_, source)| source)
    }

    /// All pairs in their order.
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = (&str, &Source)> {
        self.pairs.iter().map(|(field, source)| (field.as_str(), source))
    }

    /// The names of the fields that such rows have; contacts have those of the catalogue besides.
    pub fn fields(rows: Rows) -> impl Iterator<Item = &'static str> {
        targets(rows).iter().map(|target| target.field)
    }

    /// The whole mapping of a file with these columns: what is given, and guesses for the rest. Further columns of
    /// contacts are fields of their own name.
    pub fn resolve(rows: Rows, columns: &[String], given: &Self) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        let mut used = vec![false; columns.len()];
        // What a file of refused rows has in front is about the rows and not in them.
        let notes = REFUSED_COLUMNS.iter().zip(columns).take_while(|(note, column)| note == column).count();
        if notes == REFUSED_COLUMNS.len() {
            used[..notes].fill(true);
        }
        for (field, source) in given.pairs() {
            let field = given_name(rows, field)?;
            if let Source::Column(column) = source {
                used[place_of(columns, column)?] = true;
            }
            mapping.set(field, source.clone());
        }
        let plain: Vec<_> = columns.iter().map(|column| plain(column)).collect();
        for target in targets(rows) {
            let guess = target.guesses.iter().find_map(|guess| {
                plain.iter().enumerate().position(|(place, column)| column == guess && !used[place])
            });
            match (mapping.get(target.field), guess) {
                (None, Some(place)) => {
                    used[place] = true;
                    mapping.set(target.field, Source::Column(columns[place].clone()));
                }
                (None | Some(Source::Nowhere), _) if target.needed => {
                    return Err(MappingError::Unmapped { field: target.field, known: known(columns) });
                }
                _ => {}
            }
        }
        if rows == Rows::Contacts {
            for (column, used) in columns.iter().zip(used) {
                if !used && !column.is_empty() && mapping.get(column).is_none() {
                    mapping.set(column.clone(), Source::Column(column.clone()));
                }
            }
        }
        mapping.places = mapping
            .pairs()
            .map(|(_, source)| match source {
                Source::Column(column) => place_of(columns, column).map(Some),
                Source::Constant(_) | Source::Nowhere => Ok(None),
            })
            .collect::<Result<_, _>>()?;
        Ok(mapping)
    }

    /// The field's own cells, for reading row by row; of a mapping that fits a file.
    pub(super) fn cell(&self, field: &str) -> CellOf<'_> {
        let place = self.pairs.iter().position(|(other, _)| other == field);
        place.map_or(CellOf::Nothing, |place| self.cell_at(place))
    }

    /// The same for the pair at this place.
    pub(super) fn cell_at(&self, place: usize) -> CellOf<'_> {
        match (self.pairs.get(place), self.places.get(place)) {
            (Some((_, Source::Constant(text))), _) => CellOf::Constant(text),
            (Some((_, Source::Column(_))), Some(Some(column))) => CellOf::Column(*column),
            _ => CellOf::Nothing,
        }
    }

    /// How the dates of a field are written; `None`: in one of the usual ways.
    pub(super) fn format(&self, field: &str) -> Option<&str> {
        match self.get(&format!("{field}{FORMAT}")) {
            Some(Source::Constant(format)) => Some(format),
            _ => None,
        }
    }

    /// Pairs that are fields of the catalogue, with their place.
    pub(super) fn catalogue_fields(&self) -> impl Iterator<Item = (usize, &str)> {
        let own = |field: &str| targets(Rows::Contacts).iter().any(|target| target.field == field);
        self.pairs()
            .enumerate()
            .filter(move |(_, (field, source))| {
                !own(field) && !field.ends_with(FORMAT) && **source != Source::Nowhere
            })
            .map(|(place, (field, _))| (place, field))
    }
}

/// Where the cells of a field are.
#[derive(Debug, Clone, Copy)]
pub(super) enum CellOf<'a> {
    /// In this column.
    Column(usize),
    /// The same everywhere.
    Constant(&'a str),
    /// Nowhere.
    Nothing,
}

impl<'a> CellOf<'a> {
    /// The cell of a row without blanks around it; empty where there is none.
    #[inline]
    pub(super) fn of<'r>(self, row: &'r csv::StringRecord) -> &'r str
    where
        'a: 'r,
    {
        self.exactly_of(row).trim()
    }

    /// The cell as it stands.
    #[inline]
    pub(super) fn exactly_of<'r>(self, row: &'r csv::StringRecord) -> &'r str
    where
        'a: 'r,
    {
        match self {
            Self::Column(place) => row.get(place).unwrap_or_default(),
            Self::Constant(text) => text,
            Self::Nothing => "",
        }
    }

    /// Whether there is anything to read.
    pub(super) fn is_mapped(self) -> bool {
        !matches!(self, Self::Nothing)
    }
}

fn targets(rows: Rows) -> &'static [Target] {
    match rows {
        Rows::Contacts => CONTACTS,
        Rows::Events => EVENTS,
        Rows::Orders => ORDERS,
    }
}

/// The field that a given name means. Contacts may have any; the key of contacts has two names.
fn given_name(rows: Rows, given: &str) -> Result<&str, MappingError> {
    let bare = given.strip_suffix(FORMAT).unwrap_or(given);
    let is_field = targets(rows).iter().any(|target| target.field == bare);
    match given {
        "key" => Ok("contact"),
        _ if is_field || rows == Rows::Contacts => Ok(given),
        _ => Err(MappingError::NoField {
            field: given.to_owned(),
            rows: rows.word(),
            known: Mapping::fields(rows).collect::<Vec<_>>().join(", "),
        }),
    }
}

/// The place of a column: of this very name, or of the same but for upper and lower case.
fn place_of(columns: &[String], column: &str) -> Result<usize, MappingError> {
    let same = columns.iter().position(|other| other == column);
    let like = || columns.iter().position(|other| other.to_lowercase() == column.to_lowercase());
    same.or_else(like)
        .ok_or_else(|| MappingError::NoColumn { column: column.to_owned(), known: known(columns) })
}

fn known(columns: &[String]) -> String {
    columns.join(", ")
}

/// A column's name without what differs between programs: `Customer ID` is `customerid`.
fn plain(column: &str) -> String {
    column.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl FromStr for Mapping {
    type Err = MappingError;

    fn from_str(text: &str) -> Result<Self, MappingError> {
        let unreadable = || MappingError::Unreadable(text.to_owned());
        let mut mapping = Self::default();
        let mut rest = text.chars();
        while !rest.as_str().trim().is_empty() {
            let (field, _, end) = word(&mut rest).ok_or_else(unreadable)?;
            if end != Some('=') || field.is_empty() {
                return Err(unreadable());
            }
            let (value, quote, end) = word(&mut rest).ok_or_else(unreadable)?;
            if end == Some('=') {
                return Err(unreadable());
            }
            let source = match quote {
                Some('\'') => Source::Constant(value),
                _ if value.is_empty() => Source::Nowhere,
                _ => Source::Column(value),
            };
            if mapping.get(&field).is_some() {
                return Err(MappingError::Twice(field));
            }
            mapping.set(field, source);
        }
        Ok(mapping)
    }
}

/// The next name up to a comma or an equals sign: its text, its quotation mark, and what ended it. `None`: a quotation
/// mark does not close, or something stands behind it.
fn word(rest: &mut Chars<'_>) -> Option<(String, Option<char>, Option<char>)> {
    *rest = rest.as_str().trim_start().chars();
    let mut text = String::new();
    let Some(quote @ ('\'' | '"')) = rest.clone().next() else {
        for letter in rest.by_ref() {
            if matches!(letter, ',' | '=') {
                return Some((text.trim().to_owned(), None, Some(letter)));
            }
            text.push(letter);
        }
        return Some((text.trim().to_owned(), None, None));
    };
    rest.next();
    loop {
        match rest.next()? {
            letter if letter != quote => text.push(letter),
            _ if rest.as_str().starts_with(quote) => {
                rest.next();
                text.push(quote);
            }
            _ => break,
        }
    }
    *rest = rest.as_str().trim_start().chars();
    match rest.next() {
        end @ (None | Some(',' | '=')) => Some((text, Some(quote), end)),
        Some(_) => None,
    }
}

impl fmt::Display for Mapping {
    /// The text that reads as the same mapping.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (field, source)) in self.pairs().enumerate() {
            if number > 0 {
                f.write_char(',')?;
            }
            f.write_str(&name(field))?;
            f.write_char('=')?;
            match source {
                Source::Column(column) => f.write_str(&name(column))?,
                Source::Constant(text) => write!(f, "'{}'", text.replace('\'', "''"))?,
                Source::Nowhere => {}
            }
        }
        Ok(())
    }
}

/// A name, in quotes where it needs them.
fn name(name: &str) -> String {
    let plain = !name.is_empty() && !name.contains([',', '=', '"', '\'']) && name.trim() == name;
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(rows: Rows, columns: &[&str], given: &str) -> Result<String, MappingError> {
        let columns: Vec<_> = columns.iter().map(|&column| column.to_owned()).collect();
        Mapping::resolve(rows, &columns, &given.parse()?).map(|mapping| mapping.to_string())
    }

    #[test]
    fn text_form_round_trips() {
        for text in [
            "contact=E-mail,event='order'",
            "at=\"When, exactly\",at:format='%d.%m.%Y %H:%M',zone=",
            "product='Ann''s \"best\" one'",
        ] {
            let mapping: Mapping = text.parse().unwrap();
            assert_eq!(mapping.to_string(), text);
        }
        let spaced: Mapping = " contact = Customer No , at='x' ,".parse().unwrap();
        assert_eq!(spaced.to_string(), "contact=Customer No,at='x'");
        for wrong in ["contact", "=x", "a='b", "a='b'c", "a=b=c"] {
            assert!(matches!(wrong.parse::<Mapping>(), Err(MappingError::Unreadable(_))), "{wrong}");
        }
        assert_eq!("a=b,a=c".parse::<Mapping>(), Err(MappingError::Twice("a".into())));
    }

    #[test]
    fn headers_are_guessed_and_overruled() {
        let retail = [
            "InvoiceNo",
            "StockCode",
            "Description",
            "Quantity",
            "InvoiceDate",
            "UnitPrice",
            "CustomerID",
            "Country",
        ];
        assert_eq!(
            resolve(Rows::Orders, &retail, "").unwrap(),
            "contact=CustomerID,at=InvoiceDate,order=InvoiceNo,product=StockCode,quantity=Quantity,price=UnitPrice"
        );
        assert_eq!(
            resolve(Rows::Orders, &retail, "product=description,cancel='X'").unwrap(),
            "product=description,cancel='X',contact=CustomerID,at=InvoiceDate,order=InvoiceNo,quantity=Quantity,price=UnitPrice"
        );
        let events = ["contact", "at", "event", "email"];
        assert_eq!(
            resolve(Rows::Events, &events, "").unwrap(),
            "contact=contact,at=at,event=event,email=email"
        );
        let by_mail = ["E-Mail", "Date"];
        assert_eq!(
            resolve(Rows::Events, &by_mail, "event='order'").unwrap(),
            "event='order',contact=E-Mail,at=Date"
        );
        assert_eq!(
            resolve(Rows::Contacts, &["key", "email", "City", "Tags"], "City=").unwrap(),
            "City=,contact=key,tags=Tags,email=email"
        );
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let error = resolve(Rows::Events, &["a", "b"], "").unwrap_err().to_string();
        assert_eq!(
            error,
            "no column looks like “contact”; say which it is with contact=COLUMN; the columns are a, b"
        );
        let error = resolve(Rows::Events, &["contact", "at"], "colour=at").unwrap_err().to_string();
        assert!(error.starts_with("there is no field “colour” to map; fields of events are contact, at,"));
        let error = resolve(Rows::Contacts, &["contact"], "city=Town").unwrap_err().to_string();
        assert_eq!(error, "there is no column “Town”; the columns are contact");
    }
}
