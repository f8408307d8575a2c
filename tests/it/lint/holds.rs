//! What holds contacts.

use gateline::base::id::FieldId;
use gateline::base::time::Side;

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
    build.run(Command::PutItem(
        Form { id: form, name: "Shop".into(), order_form: true, list: Some(list) }.into(),
    ));
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
    let build = build.action(Action::AddToMap(Some(own))).end();
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
    // Nothing is left to do on this map.
    nothing(&ends.on_first_map().action(Action::AddToMap(Some(child))).end());
}
