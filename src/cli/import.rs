//! `gateline import`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::output::{self, Cell};
use super::progress::watched;
use super::{CliError, FINDINGS, FINE, Format, FormatOption};
use crate::model::event::{HAPPENINGS, Origin};
use crate::model::words;
use crate::session::import::{self, Imported, Mapping, Options, Rows};
use crate::session::open::Session;
use crate::store::csv::write;
use crate::store::file::write_whole;

/// CSV into a project.
#[derive(Debug, Args)]
#[command(after_help = SHORT_HELP, after_long_help = long_help())]
pub struct Import {
    /// What the rows are
    rows: RowsArg,
    /// The CSV file; - is standard input
    input: PathBuf,
    /// The project that takes them in
    file: PathBuf,
    /// Which column is what, where its name does not tell; see below
    #[arg(long, value_name = "FIELD=COLUMN,…", default_value = "", hide_default_value = true)]
    map_columns: Mapping,
    /// Only say what would be taken and refused
    #[arg(long)]
    dry_run: bool,
    /// Write the refused rows, with the reason, to this file
    #[arg(long, value_name = "OUT.csv")]
    refused: Option<PathBuf>,
    /// Refuse rows that name tags, products, forms or other things that the project lacks
    #[arg(long)]
    no_new_items: bool,
    /// Refuse events and orders of contacts that the project lacks
    #[arg(long)]
    no_new_contacts: bool,
    /// Replace the file of refused rows if it is there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    format: FormatOption,
}

const SHORT_HELP: &str = "\
Columns are found by their names; --map-columns \"contact=E-mail,tags=Groups\" says which is what where that fails.

Example:
  gateline import contacts people.csv shop.gateline --dry-run

Exit status 1 if a row was refused; the others are taken all the same.";

const MAPPING: &str = "\
Columns are found by their names. --map-columns says which is what where that fails, in pairs with commas between \
them; names with a comma or an equals sign go in double quotes:
  contact=E-mail               contacts stand in the column E-mail
  event='order'                the same for every row
  tags=                        leaves out what was found by its name
  at:format='%d.%m.%Y %H:%M'   how the dates of a column are written
Dates are 2026-01-05, 2026-01-05 14:00, 2026-01-05T14:00:00Z or 20260105, in the account's zone where they do not say \
one. A row that cannot be taken is refused whole, and the others are taken.";

const ORDERS: &str = "\
A row of orders is one line of an order: contact, at, order, product, quantity, amount, price. Rows with the same \
order number are one order at the earliest of its times. A quantity below zero, or an order number that begins with C \
(another mark: cancel='X'), is a refund. form, source, payment_kind, payment, plan, payments, every, \
declined_payments and touchpoint are read only where --map-columns names them.";

const EXAMPLES: &str = "\
Examples:
  gateline import contacts people.csv shop.gateline --map-columns \"contact=E-mail,tags=Groups\"
  gateline import events sales.csv shop.gateline --map-columns \"event='order',at=Bought on\"
  gateline import orders online_retail.csv shop.gateline --refused refused.csv --dry-run

Exit status 1 if a row was refused; the others are taken all the same.";

/// What the columns of contacts hold; code stands between backticks.
pub const CONTACT_COLUMNS: &[(&str, &str)] = &[
    ("contact", "the key, which no other contact has"),
    ("created", "when the record was created"),
    ("zone", "the contact's time zone, such as `Europe/Berlin`"),
    ("tags", "names with a bar between them: `lead|vip`"),
    (
        "email_status",
        "`double_opt_in`, `opted_in` (also if empty), `transactional_only`, `hard_bounce`, `under_review`",
    ),
    ("sms_status", "`opted_in` (also if empty), `opted_out`, `no_number`"),
    ("owner", "a team member"),
    ("lists", "fulfilment lists, like tags"),
    ("levels", "WordPress levels, like tags"),
    (
        "memberships",
        "sites with their status: `Club=enabled|Forum=suspended`; without a status it is enabled",
    ),
    ("relationships", "kinds with the name of the other record: `Partner=Bob|Partner=Ann`"),
];

/// What the columns of events hold, in the same way.
pub const EVENT_COLUMNS: &[(&str, &str)] = &[
    ("contact", "the key of the contact; one that is not there is added"),
    ("at", "when it happened"),
    ("event", "what happened"),
    ("field", "a field"),
    ("value", "what it holds now; empty: nothing"),
    ("tag", "a tag"),
    ("list", "a fulfilment list"),
    ("relationship", "a kind of relationship"),
    ("record", "name of the other record"),
    ("task", "a task"),
    (
        "outcome",
        "of a task: name or number of the outcome, or nothing; of a form: `success` (also if empty) or `failure`",
    ),
    ("form", "a form; of an order: the order form that it came in by, if any"),
    (
        "status",
        "of an e-mail or SMS status: as for contacts, but never empty; of a membership: `enabled` (also if empty), \
         `suspended`, `disabled`; of an order: an order status of the account, `placed`, `paid`, `delivered`, \
         `cancelled`, `returned`",
    ),
    ("map", "a map"),
    ("email", "an e-mail"),
    ("link", "number of the link from 1; empty: 1"),
    ("bounce", "`soft` (also if empty) or `hard`"),
    ("text", "what the SMS says"),
    ("order", "the order's own number"),
    ("product", "a product; where no column holds it, all orders are of one product “Order”"),
    ("quantity", "how many; empty: 1"),
    (
        "amount",
        "what the line costs in all, of an order with a plan each time; empty: `price` or else the list price, times \
         the quantity",
    ),
    ("price", "what one piece costs, where there is no amount"),
    (
        "source",
        "`manual` (also if empty), `order_form` (if empty and there is a form), `cart`, `api`, `rule`",
    ),
    (
        "payment_kind",
        "`credit_card` (also if empty), `credit_card_manual`, `paypal`, `check`, `cash`, `money_order`, `adjustment`",
    ),
    (
        "payment",
        "the first payment of an order: `charged` (also if empty), `declined`, `unpaid`; a later payment: `charged` \
         (also if empty) or `declined`",
    ),
    (
        "plan",
        "`payments` or `subscription`; empty: none, or `payments` if one of the next three columns says something",
    ),
    ("payments", "how many payments in all; empty: until it is cancelled"),
    (
        "every",
        "from one payment to the next, such as `1 month` or `14 days`; empty: each comes as an event of its own",
    ),
    (
        "declined_payments",
        "numbers of the payments from 2 that are declined when they are due, such as `2 2 3`: the second is declined \
         when it is charged again, too",
    ),
    ("touchpoint", "where the order began; empty: nobody knows"),
    ("provider", "`paypal` (also if empty), `stripe_3ds`, `stripe_element`"),
    ("page", "a page, an address elsewhere or a tracked link"),
    ("site", "a membership site"),
    ("level", "a WordPress level"),
    ("campaign", "an e-mail, an SMS or a campaign"),
    ("touch", "`clicked` (also if empty), `delivered`, `opened`"),
    ("utm_source", "the tag of the source that the contact came from; empty: it came directly"),
];

/// Everything that a file can hold.
fn long_help() -> String {
    let mut help =
        format!("{MAPPING}\n\nA row of contacts is one contact, of these columns; any other is a field:\n");
    CONTACT_COLUMNS.iter().for_each(|(column, holds)| entry(&mut help, column, holds));
    help.push_str("\nA row of events is one event: contact, at, event, and the columns of that event:\n");
    for info in HAPPENINGS.iter().filter(|info| info.origin == Origin::Outside) {
        entry(&mut help, info.tag, &info.columns.join(", "));
    }
    help.push_str("\nThese hold\n");
    EVENT_COLUMNS.iter().for_each(|(column, holds)| entry(&mut help, column, holds));
    format!("{help}\n{ORDERS}\n\n{EXAMPLES}")
}

/// A name and what is to say of it, on lines of their own, within the width of a usual terminal.
fn entry(help: &mut String, name: &str, text: &str) {
    const INDENT: usize = 26;
    const WIDTH: usize = 79;
    let mut line = format!("  {name:<width$}", width = INDENT - 2);
    for word in text.split(' ') {
        let word = word.replace('`', "");
        if line.chars().count() + word.chars().count() > WIDTH {
            help.push_str(line.trim_end());
            help.push('\n');
            line = " ".repeat(INDENT);
        }
        line.push_str(&word);
        line.push(' ');
    }
    help.push_str(line.trim_end());
    help.push('\n');
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RowsArg {
    /// One contact each
    Contacts,
    /// One event each
    Events,
    /// One line of an order each
    Orders,
}

#[derive(Serialize)]
struct Summary<'a> {
    read: u64,
    taken: u64,
    refused: Vec<RefusedJson<'a>>,
    created: CreatedJson,
    events: usize,
    mapping: String,
}

#[derive(Serialize)]
struct RefusedJson<'a> {
    line: u64,
    reason: &'a str,
}

#[derive(Serialize)]
struct CreatedJson {
    contacts: usize,
    /// Things of the catalogue by the plural of their word: `emails`, `products`.
    #[serde(flatten)]
    items: BTreeMap<String, usize>,
}

impl CreatedJson {
    fn of(created: &crate::store::csv::Created) -> Self {
        let key = |word: &str| words::plural(word).to_lowercase().replace('-', "").replace(' ', "_");
        let items = created.items.iter().map(|(word, count)| (key(word), *count)).collect();
        Self { contacts: created.contacts, items }
    }
}

/// Refused rows that are listed for people; `--refused` has them all.
const LISTED: usize = 10;

impl Import {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<u8, CliError> {
        let rows = match self.rows {
            RowsArg::Contacts => Rows::Contacts,
            RowsArg::Events => Rows::Events,
            RowsArg::Orders => Rows::Orders,
        };
        let options = Options {
            mapping: self.map_columns.clone(),
            create: !self.no_new_items,
            create_contacts: !self.no_new_contacts,
            limit: None,
        };
        let mut session = Session::open(&self.file)?;
        let project = session.project().clone();
        let imported =
            watched("Reading", |control| import::import(&project, rows, &self.input, &options, control))?;
        if let Some(path) = &self.refused {
            write_whole(path, self.force, |out| write::refused(&imported, out))?;
        }
        self.tell(out, &imported)?;
        let status = if imported.refused.is_empty() { FINE } else { FINDINGS };
        if !self.dry_run {
            drop(project); // so that the session need not copy it
            session.command(import::command(rows, imported))?;
            session.save()?;
        }
        Ok(status)
    }

    fn tell(&self, out: &mut dyn Write, imported: &Imported) -> Result<(), CliError> {
        let refused = || imported.refused.iter();
        match self.format.format {
            Format::Text => {
                writeln!(out, "{}", import::summary(imported))?;
                for refused in refused().take(LISTED) {
                    writeln!(out, "line {}: {}", refused.line, refused.reason)?;
                }
                if imported.refused.len() > LISTED && self.refused.is_none() {
                    writeln!(out, "… and more; --refused OUT.csv writes them all")?;
                }
                if self.dry_run {
                    writeln!(out, "nothing was changed; columns: {}", imported.mapping)?;
                }
                Ok(())
            }
            Format::Json => output::json(
                out,
                &Summary {
                    read: imported.read,
                    taken: imported.taken,
                    refused: refused()
                        .map(|row| RefusedJson { line: row.line, reason: &row.reason })
                        .collect(),
                    created: CreatedJson::of(&imported.created),
                    events: imported.events,
                    mapping: imported.mapping.to_string(),
                },
            ),
            Format::Csv => {
                let row = |row: &import::Refused| -> Vec<Cell> {
                    vec![Cell::Count(row.line), row.reason.clone().into_owned().into()]
                };
                output::csv(out, &["line", "reason"], &refused().map(row).collect::<Vec<_>>())
            }
        }
    }
}
