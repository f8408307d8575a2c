//! What holds contacts.

use gateline::base::id::FieldId;
use gateline::base::money::Money;
use gateline::base::time::Side;
use gateline::model::rules::PastDate;

use super::*;

/// A contact without anything in its record.
fn contact(key: &str) -> Contact {
    Contact { key: key.into(), ..Contact::default() }
}

/// A group with this limit, a goal “G” that buys the course, and an End below either way.
fn group(until: Until, change: impl FnOnce(&mut Listener)) -> Build {
    let has_limit = until != Until::Goal;
    let mut build = Build::new().trigger_form("Sign-up").called("T");
    if has_limit {
        build = build.wait(until).called("W").end();
        let listener = build.buys("Course");
        build.last = build.insert(ElementKind::Goal(listener), Spot::UnderWait(build.id("W")));
    } else {
        build = build.goal_buys("Course");
        let wait = build.map().wait_of(build.last).unwrap();
        build.run(Command::Rename { map: build.map, element: wait, name: "W".into() });
    }
    build.port = Port::Next;
    with_goal(build.called("G").end(), change)
}

/// Another goal of the map, which stands by itself.
fn also(mut build: Build, listener: Listener) -> Build {
    build.last = build.insert(ElementKind::Goal(listener), Spot::At(Point { x: 400, y: 0 }));
    build.port = Port::Next;
    build.called("Other").exit()
}

#[test]
fn stuck() {
    let build = Build::new().wait(Until::Goal);
    let says = "“Wait for ever” has neither a rule nor goals, so contacts never leave it";
    is(&build, "stuck", &[build.last], says);
    nothing(&Build::new().wait_days(1).end());
}

#[test]
fn stuck_at_a_goal_that_leaves_them_there() {
    let build = group(Until::Goal, |goal| goal.if_on_map = IfOnMap::Add);
    let says_so = "Who achieves “G” stays at “W” too, and nothing ever lets contacts leave it";
    is(&build, "stuck", &[build.id("W"), build.id("G")], says_so);
    let ignores = |goal: &mut Listener| {
        (goal.who, goal.if_on_map) = (Who::AnyContact, IfOnMap::Ignore);
    };
    let build = group(Until::Goal, ignores);
    says(&build, "stuck", "Contacts never leave “W”: they are on the map, which is whom “G” ignores");
    // A limit, or another goal that moves them, lets them leave.
    nothing(&group(Until::TimePasses(days(7)), ignores));
    let mut build = group(Until::Goal, ignores);
    let cancels = build.buys("Way out");
    nothing(&also(build.clone(), cancels.clone()));
    assert_eq!(
        codes(&also(build.clone(), Listener { if_on_map: IfOnMap::Add, ..cancels.clone() })),
        ["stuck"]
    );
    // One that clears only what is above it does so where the wait is above.
    set_rules(&mut build, EngineRules::preset(Preset::Keap));
    assert_eq!(codes(&also(build, cancels)), ["stuck"]);
    // As does an action that takes contacts off the map.
    let mut build = group(Until::Goal, ignores);
    let map = build.map;
    build.add_map("Other");
    nothing(&build.action(Action::RemoveFromMap(Some(map))).exit());
}

#[test]
fn stuck_for_the_day_in_a_field_without_days() {
    let until = |kind| {
        let mut build = Build::new();
        let field = Some(build.field("Since", kind));
        let until = Until::Relative { field, side: Side::After, span: days(3), time: None };
        build.wait(until).called("W").end()
    };
    let build = until(FieldKind::Text);
    let says = "“W” reads “Since”, which holds no day, so contacts never leave it";
    is(&build, "stuck", &[build.id("W")], says);
    for kind in [FieldKind::Date, FieldKind::Birthday, FieldKind::DateTime] {
        nothing(&until(kind));
    }
}

#[test]
fn stuck_at_a_goal_that_is_a_draft() {
    let mut build = group(Until::Goal, |_| {});
    let draft = |mut build: Build| {
        build.run(Command::SetDraft { map: build.map, element: build.id("G"), draft: true });
        build
    };
    let found = check(&draft(build.clone()).project);
    assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["stuck", "draft"]);
    assert_eq!(found[0].sentence, "Contacts never leave “W”: its goals are drafts, so they do not listen");
    // Another goal that moves them, or one beside it that listens, lets them leave; so does a limit.
    let way_out = build.buys("Way out");
    assert_eq!(codes(&draft(also(build.clone(), way_out))), ["draft"]);
    assert_eq!(codes(&draft(build.at("G", Port::Next).or_goal_buys("Cup").exit())), ["draft"]);
    assert_eq!(codes(&draft(group(Until::TimePasses(days(7)), |_| {}))), ["draft"]);
}

/// W-04
#[test]
fn stuck_for_a_date_that_is_over() {
    let date = |date: &str, zone| {
        let until = Until::Date { date: date.parse().unwrap(), time: None };
        let wait = Wait { until, zone, goals: vec![] };
        let mut build = Build::new().then(ElementKind::Wait(wait)).called("W").end();
        set_rules(&mut build, EngineRules { past_specific_date: PastDate::Hold, ..EngineRules::default() });
        build
    };
    let happens = |build: Build| events(build, vec![Happening::CallLogged]);
    let account = |day| date(day, WaitZone::Account);
    let build = happens(account("1969-12-31"));
    let says = "“W” waits for a day that is over before the first event, so contacts never leave it";
    is(&build, "stuck", &[build.id("W")], says);
    // Nobody can say while nothing happens; the first event is at that very instant; contacts pass at once.
    nothing(&account("1969-12-31"));
    nothing(&happens(account("1970-01-01")));
    let mut passes = build;
    set_rules(&mut passes, EngineRules::default());
    nothing(&passes);
    // On the clocks of some contact it may be still to come.
    nothing(&happens(date("1969-12-31", WaitZone::Contact)));
    assert_eq!(codes(&happens(date("1969-12-29", WaitZone::Contact))), ["stuck"]);
}

/// A wait until this holds, in a project where a call is logged.
fn until_holds(build: &Build, condition: Condition, limit: Option<Span>) -> Build {
    let build = build.clone().on_first_map().wait(Until::Conditions { condition, limit }).called("W").end();
    events(build, vec![Happening::CallLogged])
}

#[test]
fn stuck_for_what_nothing_brings_about() {
    let mut build = Build::new();
    let tag = build.tag("VIP");
    let has_it = Condition::HasTag(Some(tag));
    let waits = until_holds(&build, has_it.clone(), None);
    let says_so =
        "“W” waits for what no event of the contacts and no action brings about, so contacts never leave it";
    is(&waits, "stuck", &[waits.id("W")], says_so);
    nothing(&until_holds(&build, has_it.clone(), Some(days(3))));
    // An event, a record, an action.
    nothing(&events(waits.clone(), vec![Happening::TagAdded(tag)]));
    nothing(&waits.clone().contact(Contact { tags: [tag].into(), ..contact("has it") }, vec![]));
    let mut adds = waits.clone();
    adds.add_map("Other");
    nothing(&adds.add_tag("VIP").exit());
    // One of several is enough, and to lack something is nothing that must come.
    let call = Condition::None(vec![Condition::SmsHasAddress]);
    nothing(&until_holds(&build, Condition::Any(vec![has_it.clone(), call.clone()]), None));
    assert_eq!(codes(&until_holds(&build, Condition::All(vec![has_it, call.clone()]), None)), ["stuck"]);
    nothing(&until_holds(&build, call, None));
}

#[test]
fn every_condition_that_something_must_bring_about() {
    let mut build = Build::new();
    let (list, level) = (build.thing::<List>("Post"), build.thing::<Level>("Gold"));
    let (site, relationship) = (build.thing::<Site>("Club"), build.thing::<Relationship>("Child"));
    let (page, email) = (build.thing::<Page>("Blog"), build.mail("E1"));
    let (field, date) = (build.field("City", FieldKind::Text), build.field("Since", FieldKind::Date));
    let (product, other) = (build.product("Course"), build.add_map("Other"));
    let products = || Choice::OneOf(vec![product]);
    let bought = order(&mut build, "Course");
    let (at_least, at_most) = (Comparison::AtLeast, Comparison::AtMost);
    let (status, value) = (MembershipStatus::Enabled, Value::text("Berlin"));
    let day = Value::Date("2026-03-01".parse().unwrap());
    let ordered = |comparison| Condition::Ordered { products: products(), comparison, count: 1 };
    let with = |more| Some(Contact { more: Some(Box::new(more)), ..contact("has it") });
    let plain = MoreOfContact::default;
    let on_map = Condition::MapState { map: Some(other), paused: false };
    let record = String::new();
    let related = Condition::Related { relationship: Some(relationship), record, exists: true };
    let today = Condition::FieldRelative {
        field: Some(date),
        is: FieldOperator::Equals,
        side: Side::After,
        span: days(0),
    };
    let city = Condition::Field { field: Some(field), is: FieldOperator::Equals, value };
    let spent = Condition::Spent { products: products(), comparison: at_least, amount: Money::new(5.into()) };
    let visited = Condition::VisitedPage { page: Some(page), comparison: at_least, count: 1 };
    let clicked = Condition::Clicked { email: Some(email), link: 0, comparison: at_least, count: 1 };
    let subscribed = Condition::Subscribed { products: products(), subscribed: true };
    let member = Condition::MembershipIs { site: Some(site), status };
    let child: std::sync::Arc<str> = "Ann".into();
    let city_is = Happening::FieldUpdated { field, value: Value::text("Berlin") };
    let rows: Vec<(Condition, Happening, Option<Contact>)> = vec![
        (
            Condition::OnList(Some(list)),
            Happening::ListAdded(list),
            with(MoreOfContact { lists: vec![list], ..plain() }),
        ),
        (
            Condition::HasLevel(Some(level)),
            Happening::LevelGiven(level),
            with(MoreOfContact { levels: vec![level], ..plain() }),
        ),
        (
            member.clone(),
            Happening::MembershipCreated { site, status },
            with(MoreOfContact { memberships: vec![(site, status)], ..plain() }),
        ),
        (member, Happening::MembershipUpdated { site, status }, None),
        (
            related,
            Happening::RelationshipAdded { relationship, record: child.clone() },
            with(MoreOfContact { relationships: vec![(relationship, child)], ..plain() }),
        ),
        (city, city_is, None),
        (today, Happening::FieldUpdated { field: date, value: Some(day) }, None),
        (on_map, Happening::AddedToAutomation(other), None),
        (Condition::SmsHasAddress, Happening::SmsReceived("a@b.c".into()), None),
        (Condition::SmsContains("yes".into()), Happening::SmsReceived("no".into()), None),
        (clicked, Happening::EmailLinkClicked { email, link: 2 }, None),
        (visited.clone(), Happening::PageVisited(page), None),
        (visited, Happening::PurlVisited(page), None),
        (ordered(at_least), bought.clone(), None),
        (spent, bought.clone(), None),
        (subscribed, bought, None),
    ];
    for (condition, brings, has_it) in rows {
        let waits = until_holds(&build, condition.clone(), None);
        assert_eq!(codes(&waits), ["stuck"], "{condition:?}");
        assert_eq!(codes(&events(waits.clone(), vec![brings.clone()])), [""; 0], "{condition:?}, {brings:?}");
        if let Some(has_it) = has_it {
            assert_eq!(codes(&waits.contact(has_it, vec![])), [""; 0], "{condition:?} from the start");
        }
    }
    // What holds for those to whom nothing happened needs nothing.
    nothing(&until_holds(&build, ordered(at_most), None));
}

/// One more contact to whom this happens.
fn events(build: Build, events: Vec<Happening>) -> Build {
    let key = format!("contact {}", build.project.people.len());
    build.contact(contact(&key), events)
}

fn order(build: &mut Build, product: &str) -> Happening {
    let line = OrderLine { product: build.product(product), quantity: 1.into(), amount: Default::default() };
    Happening::Order(Order { lines: vec![line], ..Order::default() }.into())
}

#[test]
fn never_happens() {
    let mut build = group(Until::Goal, |_| {});
    // Nobody can say while nothing happens at all.
    nothing(&build);
    let other = events(build.clone(), vec![Happening::CallLogged]);
    let says_so =
        "No event of the contacts and no action does what “G” waits for, so contacts stay at “W” for ever";
    is(&other, "never-happens", &[build.id("G"), build.id("W")], says_so);
    let cup = order(&mut build, "Cup");
    assert_eq!(codes(&events(build.clone(), vec![cup])), ["never-happens"]);
    let course = order(&mut build, "Course");
    nothing(&events(build.clone(), vec![course]));
    // A limit lets contacts go on, and so does a goal beside it.
    nothing(&events(group(Until::TimePasses(days(7)), |_| {}), vec![Happening::CallLogged]));
    let mut beside = build.clone();
    let on = EventFilter::CallLogged;
    let listener = Listener { on, ..Listener::goal(EventType::CallLogged) };
    beside.last = beside.insert(ElementKind::Goal(listener), Spot::UnderWait(build.id("W")));
    nothing(&events(beside.exit(), vec![Happening::CallLogged]));
}

#[test]
fn actions_make_events_happen() {
    let mut build = group(Until::Goal, |_| {});
    let product = Some(build.product("Course"));
    let mut on_another_map = events(build.clone(), vec![Happening::CallLogged]);
    on_another_map.add_map("Other");
    let purchase = |product| Action::AddPurchase { product, quantity: 1, amount: None };
    nothing(&on_another_map.clone().action(purchase(product)).exit());
    let cup = Some(on_another_map.product("Cup"));
    assert_eq!(codes(&on_another_map.clone().action(purchase(cup)).exit()), ["never-happens"]);
    // Under an outcome of a task, too.
    let id = on_another_map.thing::<Task>("Call");
    let outcome = Outcome { name: "Sold".into(), actions: vec![purchase(product)] };
    let mut task = on_another_map.clone();
    task.run(Command::PutItem(Task { id, name: "Call".into(), outcomes: vec![outcome] }.into()));
    nothing(&task);
    // K-03: to Keap's goal it is no purchase.
    let keap = KeapPurchase { products: product.into_iter().collect(), ..KeapPurchase::default() };
    let mut build = on_another_map.action(purchase(product)).exit().on_first_map();
    let goal = build.id("G");
    let on = EventFilter::KeapPurchase(keap);
    let listener = Listener { on, who: Who::Upstream, ..Listener::goal(EventType::KeapPurchase) };
    build.set(goal, ElementKind::Goal(listener));
    assert_eq!(codes(&build), ["never-happens"]);
    let course = order(&mut build, "Course");
    nothing(&build.contact(contact("b"), vec![course]));
}

/// A map with a goal that listens for this, after a call was logged.
fn listens(build: &Build, on: EventFilter) -> Vec<&'static str> {
    codes(&events(build.clone().goal_on(on).end(), vec![Happening::CallLogged]))
}

#[test]
fn what_raises_what() {
    let mut build = Build::new();
    let tag = build.tag("VIP");
    let list = build.thing::<List>("Post");
    let form = build.form("Shop");
    build.run(Command::PutItem(Form { list: Some(list), ..Form::new(form, "Shop") }.into()));
    let never = ["never-happens"];
    assert_eq!(listens(&build, EventFilter::TagAdded(Some(tag))), never);
    assert_eq!(listens(&build, EventFilter::ListAdded(Some(list))), never);
    assert_eq!(listens(&build, EventFilter::OpenOrder(OpenOrderChange::Completed)), never);
    assert_eq!(listens(&build, EventFilter::CallLogged), [""; 0]);
    assert_eq!(listens(&build, EventFilter::SpecificDate("2026-03-01".parse().ok())), [""; 0]);
    // An order by the form: form, purchase, payment, list.
    let sale = Happening::Order(Order { form: Some(form), ..Order::default() }.into());
    let sold = events(build.clone(), vec![sale]);
    for on in [
        EventFilter::FormSubmitted { form: Choice::OneOf(vec![form]), outcome: None },
        EventFilter::ListAdded(Some(list)),
        EventFilter::ListRemoved(Some(list)),
        EventFilter::Card(CardOutcome::Charged),
        EventFilter::OpenOrder(OpenOrderChange::Completed),
    ] {
        assert_eq!(codes(&sold.clone().goal_on(on.clone()).end()), [""; 0], "{on:?}");
    }
    let mut sold = sold;
    let other = sold.thing::<List>("Other");
    assert_eq!(codes(&sold.goal_on(EventFilter::ListAdded(Some(other))).end()), never);
    // An action that is about this tag, and one that is about another.
    let tagged = |build: &Build, add| {
        let build = build.clone().action(Action::ChangeTags { add: vec![add], remove: vec![] });
        listens(&build, EventFilter::TagAdded(Some(tag)))
    };
    assert_eq!(tagged(&build, tag), [""; 0]);
    let other = build.tag("Other");
    assert_eq!(tagged(&build, other), never);
    let mut all = build.clone();
    all = all.action(Action::RemoveFromAllLists);
    assert_eq!(listens(&all, EventFilter::ListRemoved(Some(list))), [""; 0]);
}

#[test]
fn days_come_where_a_field_is_filled() {
    let mut build = Build::new();
    let field = build.field("Renewal", FieldKind::Date);
    let text = build.field("City", FieldKind::Text);
    let on = |field| EventFilter::DateMatches(Some(field));
    assert_eq!(listens(&build, on(field)), ["never-happens"]);
    let value = Value::Date("2026-03-01".parse().unwrap());
    let update = |field| vec![Happening::FieldUpdated { field, value: Some(value.clone()) }];
    let filled = |field| codes(&events(build.clone().goal_on(on(field)).end(), update(field)));
    assert_eq!(filled(field), [""; 0]);
    assert_eq!(filled(text), ["never-happens"]);
    let change = FieldChange::Set(Some(value.clone()));
    let set = build.clone().action(Action::UpdateField { field: Some(field), change });
    assert_eq!(listens(&set, on(field)), [""; 0]);
}

#[test]
fn other_maps_come_and_go() {
    let mut build = Build::new();
    let own = build.map;
    let other = build.add_map("Other");
    let change = |change| EventFilter::Automation { map: Some(other), change };
    let listens = |build: &Build, on| listens(&build.clone().on_first_map(), on);
    assert_eq!(build.clone().on_first_map().map, own);
    // Nothing brings anybody onto the other map.
    assert_eq!(listens(&build.clone().end(), change(Change::Added)), ["never-happens"]);
    let end = build.clone().trigger_form("Sign-up").end();
    assert_eq!(listens(&end, change(Change::Added)), [""; 0]);
    assert_eq!(listens(&end, change(Change::Removed)), ["never-happens"]);
    let exit = build.clone().trigger_form("Sign-up").exit();
    assert_eq!(listens(&exit, change(Change::Removed)), [""; 0]);
    let by_hand = events(build.clone().exit(), vec![Happening::AddedToAutomation(other)]);
    assert_eq!(listens(&by_hand, change(Change::Removed)), [""; 0]);
    // A form adds those who submit it.
    let mut fed = build.clone().exit();
    let form = fed.form("Sign-up");
    fed.run(Command::PutItem(Form { map: Some(other), ..Form::new(form, "Sign-up") }.into()));
    assert_eq!(listens(&fed, change(Change::Added)), ["never-happens"], "nobody submits it");
    let submits = Happening::FormSubmitted { form, outcome: FormOutcome::Success };
    assert_eq!(listens(&events(fed, vec![submits]), change(Change::Added)), [""; 0]);
    assert_eq!(listens(&end, EventFilter::Paused(Some(other))), ["never-happens"]);
    let pauses = end.on_first_map().action(Action::PauseOnMap(Some(other)));
    let pauses = pauses.goal_on(EventFilter::Paused(Some(other))).end();
    assert_eq!(codes(&events(pauses, vec![Happening::CallLogged])), [""; 0]);
}

#[test]
fn once_goal() {
    let once = |goal: &mut Listener| goal.once = true;
    let build = group(Until::Goal, once);
    let says = "“G” counts once in a contact's life, but by “T” contacts come to “W” again, \
                where they then stay for ever";
    is(&build, "once-goal", &[build.id("G"), build.id("W"), build.id("T")], says);
    // With a limit they go on in the end; a goal that counts again takes them on.
    nothing(&group(Until::TimePasses(days(7)), once));
    nothing(&group(Until::Goal, |_| {}));
    // Who comes in once, or never again while it is on the map, does not come again.
    let trigger = |change: fn(&mut Listener)| {
        let mut build = group(Until::Goal, once);
        let mut kind = build.kind(build.id("T")).clone();
        change(kind.listener_mut().unwrap());
        build.set(build.id("T"), kind);
        build
    };
    nothing(&trigger(|trigger| trigger.once = true));
    nothing(&trigger(|trigger| trigger.if_on_map = IfOnMap::Ignore));
    nothing(&trigger(|trigger| trigger.on = EventFilter::Created));
    assert_eq!(codes(&trigger(|trigger| trigger.if_on_map = IfOnMap::Move)), ["once-goal"]);
    // The way out is an Exit: then they are off the map.
    let mut build = trigger(|trigger| trigger.if_on_map = IfOnMap::Ignore);
    let end = build.target(build.id("G"), Port::Next).unwrap();
    build.set(end, ElementKind::Exit);
    assert_eq!(codes(&build), ["once-goal"]);
}

#[test]
fn once_goal_with_a_way_back() {
    let mut build = Build::new().trigger_on(EventFilter::Created).wait_days(1).called("Top");
    let listener = Listener { once: true, ..build.buys("Course") };
    build = build.goal(listener).called("G").go_to("Top").called("Back");
    let found = only(&build);
    let wait = build.map().wait_of(build.id("G")).unwrap();
    assert_eq!((found.code, found.elements), ("once-goal", vec![build.id("G"), wait, build.id("Back")]));
    let mut other = build.clone();
    other.delete(&[build.id("Back")]);
    nothing(&other.at("G", Port::Next).end());
    // Another goal that counts again and moves them lets them leave.
    let cancels = build.buys("Way out");
    nothing(&also(build, cancels));
}

#[test]
fn once_goal_where_a_map_is_added_to() {
    let mut build = Build::new();
    let (own, listener) = (build.map, Listener { once: true, ..build.buys("Course") });
    build = build.goal(listener).called("G").end();
    // Nothing adds contacts to it a second time.
    nothing(&build);
    build.add_map("Other");
    let adds = build.clone().action(Action::AddToMap(Some(own))).end();
    assert_eq!(codes(&adds), ["once-goal", "child-map-keeps"]);
    // A form does.
    let form = build.form("Sign-up");
    build.run(Command::PutItem(Form { map: Some(own), ..Form::new(form, "Sign-up") }.into()));
    assert_eq!(codes(&build), ["once-goal"]);
}

/// A wait for a day in the field, and contacts with and without it.
fn relative(build: Build, until: fn(Option<FieldId>) -> Until) -> Build {
    let mut build = build;
    let field = build.field("Birthday", FieldKind::Birthday);
    build.wait(until(Some(field))).called("W").end()
}

fn before(field: Option<FieldId>) -> Until {
    Until::Relative { field, side: Side::Before, span: days(10), time: None }
}

#[test]
fn field_empty() {
    let timer = |field| Until::FieldTimer { field, side: Side::Before, span: days(10), time: None };
    let mut build = Build::new();
    let field = build.field("Birthday", FieldKind::Birthday);
    let value = Value::Date("1990-03-20".parse().unwrap());
    let fields = vec![(field, value.clone())].into_boxed_slice();
    let filled = build.contact(Contact { fields, ..contact("a") }, vec![]);
    let update = Happening::FieldUpdated { field, value: Some(value) };
    let filled = filled.contact(contact("b"), vec![update]);
    let empty = filled.clone().contact(contact("c"), vec![]);
    for until in [before, timer] {
        nothing(&relative(Build::new(), until));
        nothing(&relative(filled.clone(), until));
        let build = relative(empty.clone(), until);
        let says =
            "“W” reads “Birthday”, which is empty for 1 of 3 contacts: they stay there until it is filled";
        is(&build, "field-empty", &[build.id("W")], says);
    }
    // What an action above fills is not empty below.
    let set = |change| {
        let build = empty.clone().action(Action::UpdateField { field: Some(field), change });
        codes(&relative(build, before))
    };
    assert_eq!(set(FieldChange::Shift(Side::After, days(30))), [""; 0]);
    assert_eq!(set(FieldChange::Clear), ["field-empty"]);
}

#[test]
fn child_map_keeps() {
    let mut build = Build::new();
    let child = build.add_map("Child");
    let adds = |child_map: &Build| {
        let build = child_map.clone().on_first_map();
        let build = build.action(Action::AddToMap(Some(child))).called("M").email("E1");
        build.exit()
    };
    let ends = build.clone().wait_days(1).end();
    let says_so = "“M” waits until contacts are off “Child”, where “End” keeps them for ever";
    is(&adds(&ends), "child-map-keeps", &[adds(&ends).id("M")], says_so);
    nothing(&adds(&build.clone().wait_days(1).exit()));
    // At the end of a sequence contacts stay on the map, and at a trigger that leads nowhere.
    let done = build.clone().email("E").called("E").sequence("S", &["E"]);
    says(&adds(&done), "child-map-keeps", "where “E” keeps them for ever");
    says(&adds(&build), "child-map-keeps", "where “Added to this map” keeps them for ever");
    // Only where contacts who are added come counts.
    nothing(&adds(&build.clone().exit().trigger_form("Sign-up").end()));
    // Something takes them off the map again.
    let mut taken = ends.clone();
    taken.add_map("Third");
    nothing(&adds(&taken.action(Action::RemoveFromMap(Some(child))).exit()));
    // Whatever comes next, nobody gets there: an End, the end of a sequence, nothing yet.
    let adds = || ends.clone().on_first_map().action(Action::AddToMap(Some(child))).called("M");
    is(&adds().end(), "child-map-keeps", &[adds().id("M")], says_so);
    is(&adds().sequence("S", &["M"]), "child-map-keeps", &[adds().id("M")], says_so);
    assert_eq!(codes(&adds()), ["open-end", "child-map-keeps"]);
}
