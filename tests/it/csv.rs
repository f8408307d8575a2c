//! CSV: every row is taken or refused with its line and reason, and what is written reads back the same.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gateline::base::id::{Id, ProductId};
use gateline::base::time::{Span, Unit};
use gateline::model::catalogue::Shelved;
use gateline::model::event::{HAPPENINGS, Origin};
use gateline::model::*;
use gateline::session::command::{Command, plan};
use gateline::session::import::{self, Imported, Options, Rows};
use gateline::session::run::Control;
use gateline::store::csv::{self, CsvError};
use proptest::prelude::*;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn empty() -> Project {
    let mut project = Project::new("0".repeat(32), "Test");
    let map = Command::NewMap { name: "Nurture".into(), preset: Preset::Ontraport };
    project.apply_group(plan(&project, map).unwrap()).unwrap();
    project
}

fn strict() -> Options {
    Options { create: false, create_contacts: false, ..Options::default() }
}

fn mapped(mapping: &str) -> Options {
    Options { mapping: mapping.parse().unwrap(), ..Options::default() }
}

fn read(project: &Project, rows: Rows, text: &[u8], options: &Options) -> Result<Imported, CsvError> {
    csv::import(project, rows, text, options, &mut |_| true)
}

fn file(project: &Project, rows: Rows, name: &str, options: &Options) -> Imported {
    import::import(project, rows, &data(name), options, &Control::default()).unwrap()
}

/// The project with what was imported, as one undo step.
fn with(mut project: Project, rows: Rows, imported: Imported) -> Project {
    let group = plan(&project, import::command(rows, imported)).unwrap();
    project.apply_group(group).unwrap();
    project
}

fn refused(imported: &Imported) -> Vec<(u64, &str)> {
    imported.refused.iter().map(|refused| (refused.line, &*refused.reason)).collect()
}

fn contacts_ok() -> Project {
    let project = empty();
    let imported = file(&project, Rows::Contacts, "contacts_ok.csv", &Options::default());
    with(project, Rows::Contacts, imported)
}

#[test]
fn good_contacts_are_all_taken() {
    let project = empty();
    let imported = file(&project, Rows::Contacts, "contacts_ok.csv", &Options::default());
    assert_eq!((imported.read, imported.taken, imported.delimiter), (6, 6, b';'));
    assert_eq!(imported.created.to_string(), "6 contacts, 3 fields, 3 tags");
    assert_eq!(
        imported.mapping.to_string(),
        "contact=contact,created=created,zone=zone,tags=tags,email=email,name=name,spent=spent"
    );
    let group = plan(&project, import::command(Rows::Contacts, imported.clone())).unwrap();
    assert_eq!(group.label, "import 6 contacts");
    let project = with(project, Rows::Contacts, imported);
    let kinds: Vec<_> = project.catalogue.fields.values().map(|f| (f.name.as_str(), f.kind)).collect();
    assert_eq!(kinds, [("email", FieldKind::Text), ("name", FieldKind::Text), ("spent", FieldKind::Number)]);
    let contact = |key: &str| project.people.contact(project.people.find(key).unwrap()).unwrap();
    let created = |key: &str| contact(key).created.map(|at| at.to_string());
    assert_eq!(created("c1").unwrap(), "2026-01-05T09:00:00Z");
    assert_eq!(created("c4").unwrap(), "2026-01-07T00:00:00Z");
    assert_eq!(created("c5"), None);
    assert_eq!(created("c6").unwrap(), "2024-02-29T23:59:59Z");
    assert_eq!(contact("c3").zone, Some(chrono_tz::Asia::Shanghai));
    assert_eq!(contact("c6").tags.len(), 3);
    let texts = |key: &str| contact(key).fields.iter().map(|(_, v)| v.to_string()).collect::<Vec<_>>();
    assert_eq!(texts("c2"), ["bo@example.com", "Bo \"the Boat\" Lund", "12.5"]);
    assert_eq!(texts("c3"), ["chen@example.com", "Chen; Wei", "100"]);
}

#[test]
fn bad_contacts_are_refused_with_their_reason() {
    let project = empty();
    let imported = file(&project, Rows::Contacts, "contacts_bad.csv", &Options::default());
    assert_eq!((imported.read, imported.taken), (7, 3));
    assert_eq!(
        refused(&imported),
        [
            (4, "the contact “anna@example.com” stands in the file before"),
            (5, "“2026-02-30” does not exist: 2026-02 has 28 days"),
            (6, "it has no key"),
            (7, "it has 6 cells under 5 column names"),
        ]
    );
    // The tags and names of refused rows leave nothing behind.
    assert_eq!(imported.created.to_string(), "3 contacts, 1 field, 2 tags");
    let mut written = vec![];
    csv::write::refused(&imported, &mut written).unwrap();
    let written = String::from_utf8(written).unwrap();
    let lines: Vec<_> = written.lines().collect();
    assert_eq!(lines[0], "line,reason,email,name,created,zone,tags");
    assert_eq!(lines[3], "6,it has no key,,Nobody,2026-01-07,UTC,lead");
    assert_eq!(
        lines[4],
        "7,it has 6 cells under 5 column names,dee@example.com,Dee,2026-01-08,UTC,lead,one too many"
    );
    // Put right, the rows can be read again: their first two columns are no fields.
    let project = with(project, Rows::Contacts, imported);
    let again = "line,reason,email,name,created,zone,tags\n6,it has no key,new@example.com,Nobody,2026-01-07,UTC,lead\n";
    let again = read(&project, Rows::Contacts, again.as_bytes(), &strict()).unwrap();
    assert_eq!((again.taken, again.created.to_string().as_str()), (1, "1 contact"));
}

#[test]
fn contacts_of_the_project_are_not_replaced() {
    let again = file(&contacts_ok(), Rows::Contacts, "contacts_ok.csv", &Options::default());
    assert_eq!(again.taken, 0);
    assert_eq!(again.refused[0].reason, "the contact “c1” is in the project already");
}

#[test]
fn good_events_are_all_taken() {
    let project = contacts_ok();
    let imported = file(&project, Rows::Events, "events_ok.csv", &Options::default());
    assert_eq!((imported.read, imported.taken, imported.delimiter), (11, 11, b'\t'));
    assert_eq!(imported.created.to_string(), "1 e-mail, 1 field, 2 forms, 1 product");
    let before = project.people.event_count();
    let project = with(project, Rows::Events, imported);
    // c1 was created at the same instant by its record: that is one event and not two.
    assert_eq!(project.people.event_count(), before + 10);
    let tags: std::collections::BTreeSet<_> =
        project.people.all_events().map(|(_, event)| event.what.kind()).collect();
    assert_eq!(tags.len(), 9);
    let failed = project.catalogue.forms.values().find(|form| form.name == "Order form").unwrap();
    assert!(failed.order_form);
    let c2 = project.people.find("c2").unwrap();
    let Happening::Order(order) = &project.people.events(c2)[1].what else { panic!() };
    assert_eq!((order.lines[0].quantity, order.lines[0].amount.to_string()), (3.into(), "297.00".into()));
    let c4 = project.people.find("c4").unwrap();
    let updated = project.people.events(c4).iter().find_map(|event| match &event.what {
        Happening::FieldUpdated { value, .. } => value.clone(),
        _ => None,
    });
    assert_eq!(updated, Value::text("Client \"gold\""));
}

#[test]
fn bad_events_are_refused_with_their_reason() {
    let project = contacts_ok();
    let options = Options { create_contacts: false, ..Options::default() };
    let imported = file(&project, Rows::Events, "events_bad.csv", &options);
    assert_eq!((imported.read, imported.taken), (7, 2));
    let known: Vec<_> =
        HAPPENINGS.iter().filter(|info| info.origin == Origin::Outside).map(|info| info.tag).collect();
    assert_eq!(
        refused(&imported),
        [
            (3, "there is no contact “nobody”"),
            (4, "“2026-02-30 09:00” does not exist: 2026-02 has 28 days"),
            (5, &*format!("there is no event “teleported”; events are {}", known.join(", "))),
            (6, "the quantity of an order is below zero; what is given back is a refund"),
            (7, "an order needs a product"),
        ]
    );
    assert_eq!(imported.created.to_string(), "1 product");
    let all = file(&project, Rows::Events, "events_bad.csv", &Options::default());
    assert_eq!((all.taken, all.created.to_string().as_str()), (3, "1 contact, 1 product"));
    let none = file(&project, Rows::Events, "events_bad.csv", &strict());
    assert_eq!(refused(&none)[0], (2, "there is no product “Course”"));
}

#[test]
fn lines_of_orders_become_orders_and_refunds() {
    let text = "\
InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID
536365,85123A,6.0,2010-12-01 08:27,2.55,17850.0
536365,71053,6,2010-12-01 08:26,3.39,17850.0
C536379,D,-1,2010-12-01 09:41,27.50,14527.0
536366,22633,2,2010-12-01 08:28,1.85,
536367,22633,-2,2010-12-01 08:28,1.85,17850
536367,85123a,1,2010-12-01 08:28,1.85,17850
";
    let imported = read(&empty(), Rows::Orders, text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(refused(&imported), [(5, "no contact")]);
    assert_eq!(imported.created.to_string(), "2 contacts, 4 products");
    assert_eq!(imported.events, 4);
    let people = &imported.people;
    let events = people.events(people.find("17850").unwrap());
    let told = |event: &Event| match &event.what {
        Happening::Order(order) => {
            (event.at.to_string(), "order", order.reference.clone(), order.lines.len())
        }
        Happening::Refund(order) => {
            (event.at.to_string(), "refund", order.reference.clone(), order.lines.len())
        }
        other => panic!("{other:?}"),
    };
    let told: Vec<_> = events.iter().map(told).collect();
    assert_eq!(
        told,
        [
            ("2010-12-01T08:26:00Z".into(), "order", "536365".into(), 2),
            ("2010-12-01T08:28:00Z".into(), "refund", "536367".into(), 1),
            ("2010-12-01T08:28:00Z".into(), "order", "536367".into(), 1),
        ]
    );
    let Happening::Order(order) = &events[0].what else { panic!() };
    assert_eq!(order.lines[0].amount.amount().to_string(), "15.30");
    let Happening::Refund(refund) = &events[1].what else { panic!() };
    assert_eq!((refund.lines[0].quantity, refund.lines[0].amount.to_string()), (2.into(), "3.70".into()));
    let none = read(&empty(), Rows::Orders, text.as_bytes(), &mapped("cancel=")).unwrap();
    assert_eq!(none.events, 4, "a quantity below zero is a refund in any case");
}

#[test]
fn constants_formats_and_orders_without_a_product() {
    let text = "Who\tWhen\tSum\nann\t31.12.2025 23:59\t5\nann\t2026-01-01\t5\n";
    let options = mapped("contact=who,at=When,event='order',at:format='%d.%m.%Y %H:%M'");
    let imported = read(&empty(), Rows::Events, text.as_bytes(), &options).unwrap();
    assert_eq!(imported.refused.len(), 1);
    assert!(imported.refused[0].reason.contains("is not in the format"), "{}", imported.refused[0].reason);
    let Item::Product(product) = &imported.items[0] else { panic!() };
    assert_eq!(product.name, "Order");
    let (_, event) = imported.people.all_events().next().unwrap();
    assert_eq!(event.at.to_string(), "2025-12-31T23:59:00Z");
    let Happening::Order(order) = &event.what else { panic!() };
    assert_eq!(order.lines[0].amount.to_string(), "5.00");
    let named = read(
        &empty(),
        Rows::Events,
        text.as_bytes(),
        &mapped("contact=Who,at=When,event='order',product='Gift'"),
    );
    assert_eq!(named.unwrap().items[0].name(), "Gift");
}

#[test]
fn the_kind_of_a_new_field_is_what_all_of_its_values_are() {
    let text = "key,number,post code,day,moment,sure,mixed,blank\n\
                a,1.5,01234,2026-01-05,2026-01-05 10:00,yes,1,\n\
                b,-2,98765,2026-02-28,2026-01-06,No,x,\n\
                c,,,,,,,\n";
    let imported = read(&empty(), Rows::Contacts, text.as_bytes(), &Options::default()).unwrap();
    let kinds: Vec<_> = imported
        .items
        .iter()
        .map(|item| if let Item::Field(field) = item { field.kind } else { panic!() })
        .collect();
    use FieldKind::{Date, DateTime, Number, Text, YesNo};
    assert_eq!(kinds, [Number, Text, Date, DateTime, YesNo, Text, Text]);
    let a = imported.people.contact(ContactIx(0)).unwrap();
    assert_eq!(a.fields[0].1, Value::Number("1.5".parse().unwrap()));
    assert_eq!(a.fields[2].1, Value::Date("2026-01-05".parse().unwrap()));
    assert_eq!(a.fields[4].1, Value::YesNo(true));
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for end in ["\n", "\r\n"] {
        let text = ["key,name", "a,\"two", "lines\"", "", "a,again", "b,x,y"].join(end);
        let imported = read(&empty(), Rows::Contacts, text.as_bytes(), &Options::default()).unwrap();
        let lines: Vec<_> = imported.refused.iter().map(|refused| refused.line).collect();
        assert_eq!(lines, [5, 6], "{end:?}");
    }
}

#[test]
fn what_is_no_csv_in_utf_8_is_told() {
    let try_it = |bytes: &[u8]| read(&empty(), Rows::Contacts, bytes, &Options::default());
    let told = |bytes: &[u8]| try_it(bytes).unwrap_err().to_string();
    assert_eq!(told(b"\xff\xfek\0e\0y\0"), "this is text in UTF-16; save it as CSV in UTF-8");
    assert_eq!(told(b"k\0e\0y\0\n\0"), "this is text in UTF-16; save it as CSV in UTF-8");
    assert_eq!(
        told(b"PK\x03\x04..."),
        "this is not text but a spreadsheet or an archive; save the table as CSV in UTF-8"
    );
    assert_eq!(told(b""), "the file is empty; a first line with the names of the columns was expected");
    assert_eq!(told(b"n\xe4me,x\n"), "the first line is not text in UTF-8; save the table as CSV in UTF-8");
    let latin = try_it(b"key,name\na,J\xf6rg\nb,Ann\n").unwrap();
    assert_eq!(refused(&latin), [(2, "it is not text in UTF-8; save the table as CSV in UTF-8")]);
    let mut endless = b"key,name\na,\"no end\n".to_vec();
    endless.resize(40 << 20, b'x');
    assert_eq!(
        told(&endless),
        "line 2: a cell that starts with a quotation mark there does not end; close it"
    );
    let cancelled = csv::import(
        &empty(),
        Rows::Contacts,
        "key\n"
            .to_owned()
            .as_bytes()
            .iter()
            .copied()
            .chain((0..5_000).flat_map(|n| format!("{n}\n").into_bytes()))
            .collect::<Vec<_>>()
            .as_slice(),
        &Options::default(),
        &mut |_| false,
    );
    assert!(matches!(cancelled, Err(CsvError::Cancelled)));
}

#[test]
fn a_preview_shows_rows_as_they_are_and_what_becomes_of_them() {
    let preview =
        import::preview(&empty(), Rows::Contacts, &data("contacts_bad.csv"), &Options::default()).unwrap();
    assert_eq!((preview.delimiter, preview.headers[0].as_str(), preview.rows.len()), (',', "email", 7));
    assert_eq!(preview.rows[6][1], "Eva, the last");
    assert_eq!(preview.imported.refused.len(), 4);
    assert_eq!(preview.imported.mapping.to_string().split(',').next(), Some("contact=email"));
}

/// Names that a cell can hold and that are not taken for another one.
fn names(kind: &'static str) -> impl Strategy<Value = String> {
    "[a-zA-Zäöü ,;\"'\n=|\\\\]{0,6}".prop_map(move |text| format!("{kind}{text}x"))
}

fn value() -> impl Strategy<Value = (u32, Value)> {
    let instant = (0_i64..4_000_000_000_000).prop_map(gateline::base::time::Instant);
    prop_oneof![
        "[a-z ,;\"\n]{0,8}".prop_map(|text| (1, Value::Text(format!("t{text}").into()))),
        (any::<i32>(), 0_u32..4)
            .prop_map(|(n, scale)| (2, Value::Number(rust_decimal::Decimal::new(n.into(), scale)))),
        (0_i32..20_000).prop_map(|days| (
            3,
            Value::Date(chrono::NaiveDate::from_num_days_from_ce_opt(730_000 + days).unwrap())
        )),
        instant.prop_map(|at| (5, Value::DateTime(at))),
        any::<bool>().prop_map(|yes| (6, Value::YesNo(yes))),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    let line = (0_u32..3, 1_u32..5, 0_i64..100_000).prop_map(|(product, quantity, cents)| OrderLine {
        product: ProductId::new(20 + product),
        quantity: quantity.into(),
        amount: gateline::base::money::Money::new(rust_decimal::Decimal::new(cents, 2)),
    });
    let refund = ("[A-Z][0-9]{1,4}", proptest::collection::vec(line, 1..4))
        .prop_map(|(reference, lines)| Order { reference, lines, ..Order::default() });
    let plan = (
        one_of(PlanKind::ALL),
        proptest::option::of(1_u16..),
        proptest::option::of((1_u32..40).prop_map(|count| Span::new(count, Unit::Days))),
        proptest::collection::vec(2_u16..9, 0..3),
    )
        .prop_map(|(kind, payments, every, declined)| PaymentPlan { kind, payments, every, declined });
    let said = (
        one_of(OrderSource::ALL),
        any::<bool>(),
        one_of(PaymentKind::ALL),
        one_of(FirstPayment::ALL),
        proptest::option::of(plan),
    );
    let order = (refund.clone(), said).prop_map(|(order, (source, form, method, payment, plan))| {
        let form = form.then(|| Id::new(31));
        Happening::Order(Arc::new(Order { source, form, method, payment, plan, ..order }))
    });
    prop_oneof![
        3 => order,
        3 => more_happenings(),
        1 => refund.prop_map(|order| Happening::Refund(Arc::new(order))),
        1 => (0_u32..2).prop_map(|tag| Happening::TagAdded(Id::new(11 + tag))),
        1 => (0_u32..2).prop_map(|tag| Happening::TagRemoved(Id::new(11 + tag))),
        1 => value()
            .prop_map(|(field, value)| Happening::FieldUpdated { field: Id::new(field), value: Some(value) }),
        1 => (1_u32..7).prop_map(|field| Happening::FieldUpdated { field: Id::new(field), value: None }),
        1 => (1_u8..9).prop_map(|link| Happening::EmailLinkClicked { email: Id::new(41), link }),
        1 => one_of(FormOutcome::ALL)
            .prop_map(|outcome| Happening::FormSubmitted { form: Id::new(31), outcome }),
        1 => Just(Happening::AddedToAutomation(Id::new(50))),
    ]
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(
    all: &[(T, &str)],
) -> impl Strategy<Value = T> + Clone + use<T> {
    proptest::sample::select(all.iter().map(|(value, _)| *value).collect::<Vec<_>>())
}

/// What rarely happens.
fn more_happenings() -> impl Strategy<Value = Happening> {
    let record = || "[a-z ,=|\"]{0,6}".prop_map(|text| Arc::from(format!("r{text}r")));
    let number = || "[A-Z][0-9]{1,4}";
    let checkout = || {
        (number(), proptest::collection::vec((20_u32..23).prop_map(Id::new), 1..3), one_of(Provider::ALL))
            .prop_map(|(reference, products, provider)| Arc::new(Checkout { reference, products, provider }))
    };
    let known = vec![
        Happening::RemovedFromAutomation(Id::new(50)),
        Happening::Paused(Id::new(50)),
        Happening::Unpaused(Id::new(50)),
        Happening::ListAdded(Id::new(60)),
        Happening::ListRemoved(Id::new(60)),
        Happening::CallLogged,
        Happening::EmailOpened(Id::new(41)),
        Happening::EmailReceived,
        Happening::PageVisited(Id::new(63)),
        Happening::PurlVisited(Id::new(63)),
        Happening::UrlVisited(Id::new(64)),
        Happening::LinkClicked(Id::new(65)),
        Happening::SiteVisited(Id::new(66)),
        Happening::LevelGiven(Id::new(67)),
        Happening::LevelLost(Id::new(67)),
        Happening::Campaign { campaign: CampaignRef::Campaign(Id::new(69)), touch: CampaignTouch::Opened },
        Happening::Campaign { campaign: CampaignRef::Email(Id::new(41)), touch: CampaignTouch::Delivered },
        Happening::Campaign { campaign: CampaignRef::Sms(Id::new(72)), touch: CampaignTouch::Clicked },
        Happening::WebsiteVisited { source: "google, ads".into() },
        Happening::OrderStatus(
            StatusChange {
                reference: "A-1".into(),
                product: Some(Id::new(21)),
                status: LineStatus::Own(Id::new(70)),
            }
            .into(),
        ),
        Happening::OrderStatus(
            StatusChange {
                reference: "A-1".into(),
                product: Some(Id::new(21)),
                status: LineStatus::Category(StatusCategory::Cancelled),
            }
            .into(),
        ),
    ];
    prop_oneof![
        6 => proptest::sample::select(known),
        1 => (number(), any::<bool>())
            .prop_map(|(reference, declined)| Happening::Payment { reference: reference.into(), declined }),
        1 => number().prop_map(|reference| Happening::OrderCancelled { reference: reference.into() }),
        1 => record().prop_map(|record| Happening::RelationshipAdded { relationship: Id::new(68), record }),
        1 => record().prop_map(|record| Happening::RelationshipRemoved { relationship: Id::new(68), record }),
        1 => (0_u8..3).prop_map(|outcome| Happening::TaskCompleted { task: Id::new(61), outcome }),
        1 => one_of(EmailStatus::ALL).prop_map(Happening::EmailStatus),
        1 => one_of(SmsStatus::ALL).prop_map(Happening::SmsStatus),
        1 => any::<bool>().prop_map(|hard| Happening::EmailBounced { email: Id::new(41), hard }),
        1 => "[a-z ,\n]{0,9}".prop_map(|text| Happening::SmsReceived(text.into())),
        1 => checkout().prop_map(Happening::CheckoutStarted),
        1 => checkout().prop_map(Happening::CheckoutAbandoned),
        1 => one_of(MembershipStatus::ALL)
            .prop_map(|status| Happening::MembershipUpdated { site: Id::new(66), status }),
        1 => one_of(MembershipStatus::ALL)
            .prop_map(|status| Happening::MembershipCreated { site: Id::new(66), status }),
    ]
}

fn more_of_contact() -> impl Strategy<Value = Option<Box<MoreOfContact>>> {
    let flags = any::<[bool; 3]>();
    let status = (
        one_of(EmailStatus::ALL),
        one_of(SmsStatus::ALL),
        proptest::option::of(one_of(MembershipStatus::ALL)),
    );
    let records =
        proptest::collection::btree_set("[a-z =|\\\\]{1,6}".prop_map(|text| format!("r{text}r")), 0..3);
    (flags, status, records).prop_map(
        |([owned, listed, level], (email_status, sms_status, member), records)| {
            let more = MoreOfContact {
                email_status,
                sms_status,
                owner: owned.then(|| Id::new(62)),
                lists: listed.then(|| Id::new(60)).into_iter().collect(),
                levels: level.then(|| Id::new(67)).into_iter().collect(),
                memberships: member.map(|status| (Id::new(66), status)).into_iter().collect(),
                relationships: records.into_iter().map(|record| (Id::new(68), record.into())).collect(),
            };
            (more != MoreOfContact::default()).then(|| Box::new(more))
        },
    )
}

/// An account with something of everything that events name.
fn account(tags: [String; 2], products: [String; 3]) -> Project {
    let mut project = Project::new("0".repeat(32), "Round trip");
    let mut put = |item: Item| project.apply(Edit::PutItem(item)).map(|_| ()).unwrap();
    for (number, (kind, name)) in (1..).zip(FieldKind::ALL) {
        put(Field { id: Id::new(number), name: name.into(), kind }.into());
    }
    for (number, name) in (11..).zip(tags) {
        put(Tag::new(Id::new(number), name).into());
    }
    for (number, name) in (20..).zip(products) {
        put(Product::new(Id::new(number), name).into());
    }
    put(Form { order_form: true, ..Form::new(Id::new(31), "Form") }.into());
    put(Email::new(Id::new(41), "Mail").into());
    put(List::new(Id::new(60), "Parcels").into());
    let outcomes = ["Reached", ""].map(|name| Outcome { name: name.into(), actions: vec![] }).to_vec();
    put(Task { outcomes, ..Task::new(Id::new(61), "Call") }.into());
    put(Member::new(Id::new(62), "Eve").into());
    for (number, (kind, name)) in (63..).zip(PageKind::ALL) {
        put(Page { kind, ..Page::new(Id::new(number), name) }.into());
    }
    put(Site::new(Id::new(66), "Club").into());
    put(Level::new(Id::new(67), "Gold").into());
    put(Relationship::new(Id::new(68), "Partner").into());
    put(Campaign::new(Id::new(69), "Sale").into());
    put(OrderStatus::new(Id::new(70), "Handed over").into());
    put(Touchpoint::new(Id::new(71), "Website").into());
    put(Sms::new(Id::new(72), "Code").into());
    let mut map = Map::new(Id::new(50), "The map");
    let kind = ElementKind::Trigger(Listener::trigger(EventType::AddedToAutomation));
    let element = Element { id: Id::new(51), name: String::new(), kind, draft: false, place: None };
    map.elements.insert(element.id, element);
    project.apply(Edit::PutMap(Arc::new(map))).unwrap();
    project
}

fn plain_account() -> Project {
    account(["lead", "vip"].map(Into::into), ["Course", "Book", "Cup"].map(Into::into))
}

/// The project with events that happen to one contact.
fn happened(project: &Project, events: Vec<Happening>) -> Project {
    let contact = Contact { key: "ann".into(), ..Contact::default() };
    let at = |second: i64| gateline::base::time::Instant(second * 1_000);
    let events = (0..).zip(events).map(|(second, what)| (ContactIx(0), Event { at: at(second), what }));
    Project { people: Arc::new(People::new(vec![contact], events.collect()).unwrap()), ..project.clone() }
}

/// One event of each kind that can come from outside, with something in each of its columns.
fn one_of_each() -> Vec<Happening> {
    let order = |source| Order {
        reference: "A-1".into(),
        lines: vec![OrderLine { product: Id::new(20), quantity: 2.into(), amount: "99.00".parse().unwrap() }],
        source,
        ..Order::default()
    };
    let plan = PaymentPlan {
        kind: PlanKind::Subscription,
        payments: Some(12),
        every: Some(Span::new(1, Unit::Months)),
        declined: vec![2, 2, 3],
    };
    let open = Order {
        form: Some(Id::new(31)),
        touchpoint: Some(Id::new(71)),
        method: PaymentKind::PayPal,
        payment: FirstPayment::Declined,
        plan: Some(plan),
        ..order(OrderSource::Cart)
    };
    let checkout =
        |products| Arc::new(Checkout { reference: "C-1".into(), products, provider: Provider::Stripe3ds });
    let suspended = MembershipStatus::Suspended;
    vec![
        Happening::Created,
        Happening::FieldUpdated { field: Id::new(1), value: Value::text(" new, \"text\"") },
        Happening::TagAdded(Id::new(11)),
        Happening::TagRemoved(Id::new(12)),
        Happening::ListAdded(Id::new(60)),
        Happening::ListRemoved(Id::new(60)),
        Happening::RelationshipAdded { relationship: Id::new(68), record: "Bob, Inc.".into() },
        Happening::RelationshipRemoved { relationship: Id::new(68), record: "Bob, Inc.".into() },
        Happening::TaskCompleted { task: Id::new(61), outcome: 1 },
        Happening::TaskCompleted { task: Id::new(61), outcome: 2 },
        Happening::CallLogged,
        Happening::FormSubmitted { form: Id::new(31), outcome: FormOutcome::Failure },
        Happening::EmailStatus(EmailStatus::UnderReview),
        Happening::SmsStatus(SmsStatus::NoNumber),
        Happening::AddedToAutomation(Id::new(50)),
        Happening::RemovedFromAutomation(Id::new(50)),
        Happening::Paused(Id::new(50)),
        Happening::Unpaused(Id::new(50)),
        Happening::EmailOpened(Id::new(41)),
        Happening::EmailLinkClicked { email: Id::new(41), link: 3 },
        Happening::EmailBounced { email: Id::new(41), hard: true },
        Happening::EmailReceived,
        Happening::SmsReceived("Yes, please".into()),
        Happening::Order(Arc::new(open)),
        Happening::Payment { reference: "A-1".into(), declined: true },
        Happening::OrderCancelled { reference: "A-1".into() },
        Happening::Refund(Arc::new(order(OrderSource::Manual))),
        Happening::CheckoutStarted(checkout(vec![Id::new(20), Id::new(21)])),
        Happening::CheckoutAbandoned(checkout(vec![Id::new(22)])),
        Happening::PageVisited(Id::new(63)),
        Happening::PurlVisited(Id::new(63)),
        Happening::UrlVisited(Id::new(64)),
        Happening::LinkClicked(Id::new(65)),
        Happening::SiteVisited(Id::new(66)),
        Happening::MembershipUpdated { site: Id::new(66), status: suspended },
        Happening::MembershipCreated { site: Id::new(66), status: suspended },
        Happening::LevelGiven(Id::new(67)),
        Happening::LevelLost(Id::new(67)),
        Happening::Campaign { campaign: CampaignRef::Campaign(Id::new(69)), touch: CampaignTouch::Opened },
        Happening::Campaign { campaign: CampaignRef::Email(Id::new(41)), touch: CampaignTouch::Delivered },
        Happening::Campaign { campaign: CampaignRef::Sms(Id::new(72)), touch: CampaignTouch::Clicked },
        Happening::WebsiteVisited { source: "google, ads".into() },
        Happening::OrderStatus(
            StatusChange {
                reference: "A-1".into(),
                product: Some(Id::new(21)),
                status: LineStatus::Own(Id::new(70)),
            }
            .into(),
        ),
        Happening::OrderStatus(
            StatusChange {
                reference: "A-1".into(),
                product: Some(Id::new(21)),
                status: LineStatus::Category(StatusCategory::Cancelled),
            }
            .into(),
        ),
    ]
}

#[test]
fn every_event_from_outside_is_written_in_its_own_columns_and_read_back() {
    let account = plain_account();
    let each = one_of_each();
    for info in HAPPENINGS {
        let told = each.iter().any(|what| what.kind() == info.kind);
        assert_eq!(told, info.origin == Origin::Outside, "{}", info.tag);
    }
    for what in each {
        let info = what.kind().info();
        let project = happened(&account, vec![what]);
        let mut written = vec![];
        csv::write::events(&project, &mut written).unwrap();
        let mut table = ::csv::Reader::from_reader(written.as_slice());
        let headers = table.headers().unwrap().clone();
        let row = table.records().next().unwrap().unwrap();
        let filled: std::collections::BTreeSet<_> = headers
            .iter()
            .zip(&row)
            .skip(3)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(name, _)| name)
            .collect();
        assert_eq!(filled, info.columns.iter().copied().collect(), "{}", info.tag);
        let imported = read(&account, Rows::Events, &written, &Options::default()).unwrap();
        assert_eq!((refused(&imported), imported.created.to_string().as_str()), (vec![], "1 contact"));
        assert_eq!(imported.people, *project.people, "{}", info.tag);
    }
}

#[test]
fn what_follows_from_other_events_is_neither_read_nor_written() {
    let account = plain_account();
    for info in HAPPENINGS.iter().filter(|info| info.origin == Origin::Raised) {
        let text = format!("contact,at,event\nann,2026-01-05,{}\n", info.tag);
        let imported = read(&account, Rows::Events, text.as_bytes(), &Options::default()).unwrap();
        let [(2, reason)] = refused(&imported)[..] else { panic!("{}", info.tag) };
        assert!(
            reason.starts_with(&format!("“{}” follows by itself from other events", info.tag)),
            "{reason}"
        );
    }
    let charged = Sale { part: SalePart::Charged, payment: 1, order: Arc::default() };
    let project = happened(&account, vec![Happening::Sale(charged), Happening::CallLogged]);
    let mut written = vec![];
    csv::write::events(&project, &mut written).unwrap();
    assert_eq!(String::from_utf8(written).unwrap().lines().count(), 2);
}

#[test]
fn a_value_that_a_column_cannot_hold_is_told_with_what_it_can_hold() {
    let account = plain_account();
    for (event, column, value, reason) in [
        ("form_submitted", "outcome", "perhaps", "there is no outcome “perhaps”; it can be success, failure"),
        (
            "task_completed",
            "outcome",
            "Lost",
            "there is no outcome “Lost”; outcomes of the task are Reached, 2",
        ),
        ("email_status", "status", "", "this event needs a status"),
        (
            "email_status",
            "status",
            "gone",
            "there is no e-mail status “gone”; it can be double_opt_in, opted_in, transactional_only, hard_bounce, \
             under_review",
        ),
        (
            "sms_status",
            "status",
            "gone",
            "there is no SMS status “gone”; it can be opted_in, opted_out, no_number",
        ),
        (
            "membership_updated",
            "status",
            "gone",
            "there is no membership status “gone”; it can be enabled, suspended, disabled",
        ),
        ("email_bounced", "bounce", "high", "“high” is neither soft nor hard"),
        ("email_link_clicked", "link", "first", "there is no link “first”; links are numbered from 1 to 255"),
        ("payment", "payment", "unpaid", "“unpaid” is neither charged nor declined"),
        ("payment", "order", "", "this event needs the number of an order"),
        (
            "order",
            "source",
            "web",
            "there is no order source “web”; it can be manual, order_form, cart, api, rule",
        ),
        (
            "order",
            "payment_kind",
            "gold",
            "there is no kind of payment “gold”; it can be credit_card, credit_card_manual, paypal, check, cash, \
             money_order, adjustment",
        ),
        ("order", "payment", "late", "there is no payment “late”; it can be charged, declined, unpaid"),
        ("order", "plan", "loan", "there is no plan “loan”; it can be payments, subscription"),
        ("order", "payments", "0", "“0” is no number of payments; write a whole number from 1 to 65535"),
        ("order", "every", "often", "“often” is no length of time; write it as 1 month or 14 days"),
        (
            "order",
            "declined_payments",
            "2 1",
            "“1” is no declined payment; write a whole number from 2 to 65535",
        ),
        ("order", "quantity", "many", "the quantity “many” is not a number; write it as 1234.50"),
        (
            "checkout_started",
            "provider",
            "bank",
            "there is no provider “bank”; it can be paypal, stripe_3ds, stripe_element",
        ),
        ("added_to_automation", "map", "Nowhere", "there is no map “Nowhere”"),
    ] {
        let kind = HappeningKind::from_tag(event).unwrap();
        let good = one_of_each().into_iter().find(|what| what.kind() == kind).unwrap();
        let mut written = vec![];
        csv::write::events(&happened(&account, vec![good]), &mut written).unwrap();
        let mut table = ::csv::Reader::from_reader(written.as_slice());
        let headers = table.headers().unwrap().clone();
        let row = table.records().next().unwrap().unwrap();
        // Everything else in the row is new to the account: a refused row must leave nothing of it behind.
        let cells = headers.iter().zip(&row).map(|(name, cell)| match name {
            _ if name == column => value.to_owned(),
            "form" | "email" | "product" | "site" if !cell.is_empty() => format!("Another {cell}"),
            _ => cell.to_owned(),
        });
        let mut text = vec![];
        csv::write::table(&mut text, &headers.iter().collect::<Vec<_>>(), [cells.collect::<Vec<_>>()])
            .unwrap();
        let imported = read(&account, Rows::Events, &text, &Options::default()).unwrap();
        assert_eq!(refused(&imported), [(2, reason)], "{event} {column}");
        assert_eq!(imported.created.to_string(), "nothing", "{event} {column}");
    }
}

#[test]
fn what_events_name_is_added_where_it_is_not_there() {
    let text = "\
contact,at,event,list,relationship,record,task,outcome,page,site,level,status,order,product,quantity,form,payment
a,2026-01-05,list_added,Parcels,,,,,,,,,,,,,
a,2026-01-05,relationship_added,,Partner,Bob,,,,,,,,,,,
a,2026-01-05,task_completed,,,,Call,Reached,,,,,,,,,
a,2026-01-06,task_completed,,,,Call,Lost,,,,,,,,,
a,2026-01-07,task_completed,,,,Call,reached,,,,,,,,,
a,2026-01-05,page_visited,,,,,,Shop,,,,,,,,
a,2026-01-05,url_visited,,,,,,Blog,,,,,,,,
a,2026-01-05,link_clicked,,,,,,Advert,,,,,,,,
a,2026-01-05,site_visited,,,,,,,Club,,,,,,,
a,2026-01-05,membership_created,,,,,,,Forum,,,,,,,
a,2026-01-05,level_given,,,,,,,,Gold,,,,,,
a,2026-01-05,order,,,,,,,,,,7,Cup,1,Order form,declined
a,2026-01-05,order,,,,,,,,,,7,Book,2,,
";
    let imported = read(&empty(), Rows::Events, text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(refused(&imported), []);
    assert_eq!(
        imported.created.to_string(),
        "1 contact, 1 form, 1 level, 1 list, 3 pages, 2 products, 1 relationship, 2 sites, 1 task"
    );
    assert_eq!(imported.events, 12, "two rows are one order");
    let project = with(empty(), Rows::Events, imported);
    let catalogue = &project.catalogue;
    let outcomes = |task: &Task| task.outcomes.iter().map(|outcome| outcome.name.clone()).collect::<Vec<_>>();
    assert_eq!(catalogue.tasks.values().map(outcomes).collect::<Vec<_>>(), [["Reached", "Lost"]]);
    let kinds: Vec<_> = catalogue.pages.values().map(|page| page.kind).collect();
    assert_eq!(kinds, PageKind::ALL.map(|(kind, _)| kind));
    let kinds: Vec<_> = catalogue.sites.values().map(|site| site.kind).collect();
    assert_eq!(kinds, [SiteKind::WordPress, SiteKind::Membership]);
    assert!(catalogue.forms.values().all(|form| form.order_form));
    let events: Vec<_> = project.people.all_events().map(|(_, event)| event.what.clone()).collect();
    let task = *catalogue.tasks.keys().next().unwrap();
    assert!(events.contains(&Happening::TaskCompleted { task, outcome: 2 }));
    let order =
        events.iter().find_map(|what| if let Happening::Order(order) = what { Some(order) } else { None });
    let order = order.unwrap();
    assert_eq!(
        (order.source, order.payment, order.lines.len()),
        (OrderSource::OrderForm, FirstPayment::Declined, 2)
    );
    let strict = read(&empty(), Rows::Events, text.as_bytes(), &strict()).unwrap();
    assert_eq!((strict.taken, strict.created.to_string().as_str()), (0, "nothing"));
}

#[test]
fn orders_say_how_they_were_paid_where_a_column_is_mapped_to_it() {
    let text = "\
order,contact,at,product,amount,source,pays,rate
1,a,2026-01-05,Cup,5,web,PayPal,3
2,a,2026-01-06,Cup,5,web,gold,
2,a,2026-01-06,Pot,5,web,cash,
1,a,2026-01-05,Tray,5,web,,
";
    let plain = read(&empty(), Rows::Orders, text.as_bytes(), &Options::default()).unwrap();
    assert_eq!((plain.refused.len(), plain.events), (0, 2), "columns of a shop's own are left alone");
    let options = mapped("payment_kind=pays,payments=rate,plan='payments',every='1 Month'");
    let imported = read(&empty(), Rows::Orders, text.as_bytes(), &options).unwrap();
    let [(3, reason)] = refused(&imported)[..] else { panic!() };
    assert!(reason.starts_with("there is no kind of payment “gold”"), "{reason}");
    assert_eq!(imported.created.to_string(), "1 contact, 3 products");
    let orders: Vec<_> = (imported.people.all_events())
        .map(|(_, event)| match &event.what {
            Happening::Order(order) => {
                (order.lines.len(), order.method, order.plan.clone().unwrap().payments)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(orders, [(2, PaymentKind::PayPal, Some(3)), (1, PaymentKind::Cash, None)]);
}

#[test]
fn contacts_bring_their_standing() {
    let text = "\
contact,email_status,sms_status,owner,lists,levels,memberships,relationships,tags
a,Double opt-in,no_number,Eve,Parcels|News,Gold,Club|Forum=suspended,Partner=Bob|Partner=Ann,vip
b,,,,,,,,
c,never,,Nobody,None,,,,new
d,,,,,,Nowhere=open,,new
";
    let imported = read(&empty(), Rows::Contacts, text.as_bytes(), &Options::default()).unwrap();
    let reasons: Vec<_> = refused(&imported);
    assert_eq!((reasons[0].0, reasons[1].0, reasons.len()), (4, 5, 2));
    assert!(reasons[0].1.starts_with("there is no e-mail status “never”; it can be"), "{}", reasons[0].1);
    assert!(reasons[1].1.starts_with("there is no membership status “open”; it can be"), "{}", reasons[1].1);
    assert_eq!(
        imported.created.to_string(),
        "2 contacts, 1 level, 2 lists, 1 relationship, 2 sites, 1 tag, 1 team member"
    );
    let more = |key: &str| imported.people.contact(imported.people.find(key).unwrap()).unwrap().more.clone();
    let a = more("a").unwrap();
    assert_eq!((a.email_status, a.sms_status), (EmailStatus::DoubleOptIn, SmsStatus::NoNumber));
    let statuses: Vec<_> = a.memberships.iter().map(|(_, status)| *status).collect();
    assert_eq!(statuses, [MembershipStatus::Enabled, MembershipStatus::Suspended]);
    let records: Vec<_> = a.relationships.iter().map(|(_, record)| &**record).collect();
    assert_eq!((a.owner.is_some(), a.lists.len(), a.levels.len(), records), (true, 2, 1, vec!["Ann", "Bob"]));
    assert_eq!(more("b"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_back_the_same(
        tags in [names("t"), names("u")],
        products in [names("p"), names("q"), names("r")],
        contacts in proptest::collection::vec(
            (proptest::collection::vec(value(), 0..4), 0_i64..2_000_000_000, more_of_contact()),
            1..6,
        ),
        events in proptest::collection::vec((0_u32..6, 0_i64..3, happening()), 0..20),
    ) {
        let mut project = account(tags, products);
        // signs that separate names within a cell
        for item in [
            List::new(Id::new(60), "Parcels|Letters").into(),
            Site::new(Id::new(66), "Club=1|2").into(),
            Level::new(Id::new(67), "Gold|Silver\\").into(),
            Relationship::new(Id::new(68), "Partner=ex\\|").into(),
        ] {
            project.apply(Edit::PutItem(item)).unwrap();
        }
        let bare = project.clone();

        let people: Vec<_> = contacts.into_iter().enumerate().map(|(number, (values, created, more))| {
            let fields: std::collections::BTreeMap<_, _> =
                values.into_iter().map(|(field, value)| (Id::new(field), value)).collect();
            Contact {
                key: format!("k{number}").into(),
                created: (number % 2 == 0).then_some(gateline::base::time::Instant(created)),
                zone: (number % 3 == 0).then_some(chrono_tz::Europe::Berlin),
                tags: if number % 2 == 1 { [Id::new(11), Id::new(12)].into() } else { [].into() },
                fields: fields.into_iter().collect(),
                more,
            }
        }).collect();
        let count = people.len() as u32;
        // Two orders at one instant with one number would come back as one.
        let events = events.into_iter().zip(0_i64..).map(|((contact, at, what), nth)| {
            let at = gateline::base::time::Instant(at * 1_000_000 + nth);
            (ContactIx(contact % count), Event { at, what })
        }).collect();
        project.people = Arc::new(People::new(people, events).unwrap());

        let (mut contacts, mut events) = (vec![], vec![]);
        csv::write::contacts(&project, &mut contacts).unwrap();
        csv::write::events(&project, &mut events).unwrap();
        let mut back = bare;
        for (rows, text) in [(Rows::Contacts, contacts), (Rows::Events, events)] {
            let imported = read(&back, rows, &text, &strict()).unwrap();
            prop_assert_eq!(refused(&imported), vec![]);
            back = with(back, rows, imported);
        }
        prop_assert_eq!(back.people, project.people);
    }
}
