//! Triggers and goals: whom they reach, what they move, what they share.

use gateline::base::id::FormId;
use gateline::base::time::Side;
use gateline::model::rules::{PreviousWaits, SeveralGoals};

use super::*;

#[test]
fn ont_g05_dead_goal() {
    let build = with_goal(Build::new().goal_buys("Course").called("G").end(), |goal| {
        goal.if_on_map = IfOnMap::Ignore;
    });
    let says =
        "“G” listens only to contacts on the map and ignores contacts on the map, so nothing ever happens";
    is(&build, "dead-goal", &[build.id("G")], says);
    // Who is not on the map can still come in; a wait with a limit lets the others go on.
    let mut build = Build::new().wait_days(7).called("W").end();
    let listener = Listener { who: Who::AnyContact, if_on_map: IfOnMap::Ignore, ..build.buys("Course") };
    build.last = build.insert(ElementKind::Goal(listener), Spot::UnderWait(build.id("W")));
    build.port = Port::Next;
    nothing(&build.exit());
    let on = EventFilter::Purchased { products: Choice::Any, plan_payments: PlanPayments::Every };
    let dead =
        Listener { on, who: Who::OnMap, if_on_map: IfOnMap::Ignore, ..Listener::trigger(EventType::Created) };
    assert_eq!(codes(&Build::new().trigger(dead).end()), ["dead-goal"]);
}

#[test]
fn goal_below_nothing() {
    for who in [Who::Upstream, Who::PreviousWaits] {
        let build = goal_alone(|goal| goal.who = who);
        says(&build, "goal-below-nothing", "so nobody achieves it");
    }
    for who in [Who::AnyContact, Who::OnMap] {
        nothing(&goal_alone(|goal| goal.who = who));
    }
    let mut build = with_goal(Build::new().goal_buys("Course").end(), |goal| goal.who = Who::PreviousWaits);
    nothing(&build);
    let rules = EngineRules { previous_waits: PreviousWaits::AllAbove, ..EngineRules::default() };
    set_rules(&mut build, rules);
    nothing(&build);
}

#[test]
fn what_stands_above_keaps_goal() {
    // K-05: with nothing above it, it is a way in.
    let keap = |build: Build| {
        let on = EventFilter::KeapPurchase(KeapPurchase { any: true, ..KeapPurchase::default() });
        let listener = Listener { on, who: Who::Upstream, ..Listener::goal(EventType::KeapPurchase) };
        (build, ElementKind::Goal(listener))
    };
    let (mut build, goal) = keap(Build::new());
    build.last = build.insert(goal, Spot::At(Point { x: 0, y: 0 }));
    build.port = Port::Next;
    let mut build = build.end();
    nothing(&build);
    // A Go To above it is something, and where nobody comes to that it is no way in.
    let wait = build.map().elements.values().find(|e| !e.kind.goals().is_empty()).unwrap().id;
    build.last = build.insert(ElementKind::GoTo(Some(wait)), Spot::At(Point { x: 300, y: 0 }));
    assert_eq!(codes(&build), ["goal-below-nothing", "unreachable"]);
    build.connect(build.added(), Port::Next, build.last);
    nothing(&build);
    // Below what nobody comes to, it is none.
    let (mut build, goal) = keap(Build::new());
    build.last = build.insert(ElementKind::Fork, Spot::At(Point { x: 0, y: 0 }));
    build.port = Port::Left;
    let build = build.called("F").then(goal).end().at("F", Port::Right).end();
    assert_eq!(codes(&build), ["unreachable", "goal-below-nothing"]);
}

#[test]
fn double_follow_up() {
    let group = |build: Build, until| {
        let mut build = build.wait(until).called("W").end();
        let listener = Listener { if_on_map: IfOnMap::Add, ..build.buys("Course") };
        build.last = build.insert(ElementKind::Goal(listener), Spot::UnderWait(build.id("W")));
        build.port = Port::Next;
        build.called("G").exit()
    };
    let build = group(Build::new(), Until::TimePasses(days(7)));
    let says = "Who achieves “G” stays at “W” too and later takes its path of least action as well";
    is(&build, "double-follow-up", &[build.id("G"), build.id("W")], says);
    nothing(&with_goal(build, |goal| goal.if_on_map = IfOnMap::Move));
    // A timer that is not set, or whose rule is never met, takes nobody there.
    assert_eq!(codes(&group(Build::new(), Until::NotSet)), ["timer-not-set", "stuck"]);
    let mut build = Build::new();
    let field = Some(build.field("City", FieldKind::Text));
    let until = Until::Relative { field, side: Side::After, span: days(3), time: None };
    assert_eq!(codes(&group(build, until)), ["stuck"]);
}

/// A fork with a goal “G” to its left and something else to its right.
fn in_a_branch(right: impl FnOnce(Build) -> Build) -> Build {
    let build = Build::new().fork().called("F").goal_buys("Course").called("G").end();
    right(build.at("F", Port::Right))
}

#[test]
fn move_clears_fork() {
    let mut build = in_a_branch(|build| build.email("E1").end());
    let says = "“G” moves contacts, which also ends what they do in the other branch of the fork";
    is(&build, "move-clears-fork", &[build.id("G"), build.id("F")], says);
    set_rules(&mut build, EngineRules { move_clears: MoveClears::AboveGoal, ..EngineRules::default() });
    nothing(&build);
    // Where contacts only pass through there is nothing to end.
    nothing(&in_a_branch(|build| build.email("E1").exit()));
    assert_eq!(codes(&in_a_branch(|build| build.wait_days(1).exit())), ["move-clears-fork"]);
    let adds = with_goal(in_a_branch(|build| build.email("E1").end()), |goal| goal.if_on_map = IfOnMap::Add);
    assert_eq!(codes(&adds), ["stuck"]);
}

#[test]
fn a_goal_below_both_branches_clears_none_of_them() {
    let mut build = Build::new().fork().called("F").email("E1").called("E1");
    build = build.goal_buys("Course").called("G").end().at("F", Port::Right).email("E2").called("E2");
    let wait = build.map().wait_of(build.id("G")).unwrap();
    build.connect(build.id("E2"), Port::Next, wait);
    nothing(&build);
    // Nor does Keap's goal, whatever the rules of the map say.
    let on = EventFilter::KeapPurchase(KeapPurchase { any: true, ..KeapPurchase::default() });
    let keap = with_goal(in_a_branch(|build| build.email("E1").end()), |goal| {
        *goal = Listener { on, who: Who::Upstream, ..goal.clone() };
    });
    nothing(&keap);
}

#[test]
fn a_sequence_that_runs_until_completed_is_spared() {
    let mut build = in_a_branch(|build| build.email("E1").called("E1").end()).sequence("S", &["E1"]);
    assert_eq!(codes(&build), ["move-clears-fork"]);
    let sequence = Sequence { runs_until_completed: true, ..build.sequence_called("S").clone() };
    build.run(Command::SetSequence { map: build.map, sequence });
    nothing(&build);
}

#[test]
fn all_matching_branches_are_like_a_fork() {
    let mut build = Build::new();
    let tags = ["A", "B"].map(|tag| Condition::HasTag(Some(build.tag(tag))));
    let ways = |policy| {
        let build = build.clone().branches(policy, tags.to_vec()).called("B");
        let build = build.goal_buys("Course").called("G").end().at("B", Port::Branch(1)).email("E1").end();
        if policy == BranchPolicy::FirstMatch { build.at("B", Port::Other).exit() } else { build }
    };
    let build = ways(BranchPolicy::AllMatching);
    let says = "“G” moves contacts, which also ends what they do in the other branches of “B”";
    is(&build, "move-clears-fork", &[build.id("G"), build.id("B")], says);
    nothing(&ways(BranchPolicy::FirstMatch));
}

#[test]
fn several_on_one_event() {
    let build = Build::new().trigger_form("Sign-up").called("T1").end();
    let build = build.trigger_form("Sign-up").called("T2").end();
    let says_so =
        "“T1” and “T2” are triggers of this map that listen for the same event, so one event can do both";
    is(&build, "several-on-one-event", &[build.id("T2"), build.id("T1")], says_so);
    // Any form is one of them, another form is not.
    let any = Listener::trigger(EventType::FormSubmitted);
    let build = Build::new().trigger_form("Sign-up").end().trigger(any).end();
    assert_eq!(codes(&build), ["several-on-one-event"]);
    nothing(&Build::new().trigger_form("Sign-up").end().trigger_form("Contact us").end());
    let one_is_a_draft = Build::new().trigger_form("Sign-up").end().trigger_form("Sign-up").draft().end();
    assert_eq!(codes(&one_is_a_draft), ["draft"]);
    let mut build = Build::new().goal_buys("Course").goal_buys("Course").end();
    assert_eq!(codes(&build), ["several-on-one-event"]);
    set_rules(&mut build, EngineRules { several_goals: SeveralGoals::FirstOnly, ..EngineRules::default() });
    says(&build, "several-on-one-event", "so one event achieves only the first of them");
}

/// G-04: a purchase that brings somebody in does not achieve the goal too, but the next one does both.
#[test]
fn a_trigger_and_a_goal_on_one_event() {
    let both = |trigger: fn(&mut Listener), goal: fn(&mut Listener)| {
        let mut entry = Listener::trigger(EventType::Purchased);
        trigger(&mut entry);
        with_goal(Build::new().trigger(entry).called("T").goal_buys("Course").called("G").end(), goal)
    };
    let build = both(|_| {}, |_| {});
    let says_so = "“T” and “G” are a trigger and a goal of this map that listen for the same event: who comes in by it \
                   does not achieve the goal, but who is on the map already can come in again and achieve it at once";
    is(&build, "several-on-one-event", &[build.id("G"), build.id("T")], says_so);
    assert_eq!(only(&build).severity, Severity::Warning);
    // One of the two ignores who is on the map.
    nothing(&both(|trigger| trigger.if_on_map = IfOnMap::Ignore, |_| {}));
    let ignores = |goal: &mut Listener| (goal.who, goal.if_on_map) = (Who::AnyContact, IfOnMap::Ignore);
    assert_eq!(codes(&both(|_| {}, ignores)), ["stuck"]);
    nothing(&both(|trigger| *trigger = Listener::trigger(EventType::Refund), |_| {}));
    let on_map = both(|trigger| trigger.who = Who::OnMap, |_| {});
    says(&on_map, "several-on-one-event", "listen for the same event, so one event can do both");
    // Where entering may achieve a goal, it does not matter who is on the map.
    let mut build = both(|trigger| trigger.if_on_map = IfOnMap::Ignore, |_| {});
    set_rules(&mut build, EngineRules { entry_event_achieves: true, ..EngineRules::default() });
    says(&build, "several-on-one-event", "listen for the same event, so one event can do both");
}

#[test]
fn conditions_tell_listeners_apart() {
    let mut build = Build::new();
    let tags = ["A", "B"].map(|tag| Condition::HasTag(Some(build.tag(tag))));
    let two = |first: &Condition, second: &Condition| {
        let on = Listener::trigger(EventType::CallLogged);
        let build = build.clone().trigger(Listener { conditions: first.clone(), ..on.clone() }).end();
        build.trigger(Listener { conditions: second.clone(), ..on }).end()
    };
    let [a, b] = &tags;
    assert_eq!(codes(&two(a, a)), ["several-on-one-event"]);
    assert_eq!(codes(&two(a, &Condition::default())), ["several-on-one-event"]);
    let where_both = "so one event can do both where the conditions of both hold";
    says(&two(a, b), "several-on-one-event", where_both);
    // What never holds together, as far as it can be seen.
    let not_a = Condition::HasNotTag(Some(build.clone().tag("A")));
    nothing(&two(a, &not_a));
    nothing(&two(&not_a, a));
    nothing(&two(a, &Condition::None(vec![b.clone(), a.clone()])));
    nothing(&two(&Condition::All(vec![b.clone(), a.clone()]), &not_a));
    nothing(&two(&Condition::Any(vec![a.clone(), a.clone()]), &not_a));
    says(&two(&Condition::Any(vec![a.clone(), b.clone()]), &not_a), "several-on-one-event", where_both);
    // What the first does at once may be what the second asks for.
    let then = |held: fn(Build) -> Build| {
        let on = Listener::trigger(EventType::CallLogged);
        let build = build.clone().trigger(Listener { conditions: not_a.clone(), ..on.clone() });
        let build = held(build).add_tag("A").end();
        build.trigger(Listener { conditions: a.clone(), ..on }).end()
    };
    says(&then(|build| build), "several-on-one-event", where_both);
    nothing(&then(|build| build.wait_days(1)));
}

#[test]
fn conditions_on_one_field_tell_listeners_apart() {
    use FieldOperator as O;
    let mut build = Build::new();
    let field = Some(build.field("City", FieldKind::Text));
    let two = |one: (O, &str), other: (O, &str)| {
        let goal = |(is, text): (O, &str)| Listener {
            conditions: Condition::Field { field, is, value: Value::text(text) },
            ..Listener::goal(EventType::CallLogged)
        };
        codes(&build.clone().goal(goal(one)).goal(goal(other)).end())
    };
    for (one, other) in [
        ((O::Equals, "Oslo"), (O::Equals, "Rome")),
        ((O::Equals, "Oslo"), (O::NotEquals, "Oslo")),
        ((O::DoesNotContain, "o"), (O::Contains, "o")),
        ((O::IsEmpty, ""), (O::IsNotEmpty, "")),
    ] {
        assert_eq!(two(one, other), [""; 0], "{one:?}, {other:?}");
    }
    for (one, other) in [
        ((O::Equals, "Oslo"), (O::Equals, "OSLO")),
        ((O::NotEquals, "Oslo"), (O::NotEquals, "Rome")),
        ((O::Contains, "o"), (O::DoesNotContain, "e")),
        ((O::Equals, "Oslo"), (O::IsNotEmpty, "")),
    ] {
        assert_eq!(two(one, other), ["several-on-one-event"], "{one:?}, {other:?}");
    }
}

/// What can happen at once and what cannot, for each kind of event.
#[test]
fn every_event_can_be_listened_for_twice() {
    let mut build = Build::new();
    let map = Some(build.add_map("Other"));
    build = build.on_first_map();
    let dates = ["Birthday", "Renewal"].map(|name| Some(build.field(name, FieldKind::Date)));
    let tags = ["A", "B"].map(|name| Some(build.tag(name)));
    let lists = ["A", "B"].map(|name| Some(build.thing::<List>(name)));
    let task_id = build.thing::<Task>("Call");
    let outcomes = ["Yes", "No"].map(|name| Outcome { name: name.into(), actions: vec![] }).into();
    build.run(Command::PutItem(Task { id: task_id, name: "Call".into(), outcomes }.into()));
    let forms = ["A", "B"].map(|name| build.form(name));
    let kinds = ["A", "B"].map(|name| Some(build.thing::<Relationship>(name)));
    let mails = ["A", "B"].map(|name| Some(build.mail(name)));
    let pages = ["A", "B"].map(|name| Some(build.thing::<Page>(name)));
    let sites = ["A", "B"].map(|name| Some(build.thing::<Site>(name)));
    let levels = ["A", "B"].map(|name| Some(build.thing::<Level>(name)));
    let category = build.thing::<Category>("Seminars");
    let [cup, talk] = ["Cup", "Talk"].map(|name| build.product(name));
    let talk_item = Product { categories: vec![category], ..build.project.catalogue.products[&talk].clone() };
    build.run(Command::PutItem(talk_item.into()));
    let settings = Settings { email_sync: true, tracking_code: true, ..Settings::default() };
    build.run(Command::SetSettings(settings));

    use EventFilter as F;
    let one_of = |product| Choice::OneOf(vec![product]);
    let buys = |products| F::Purchased { products, plan_payments: PlanPayments::First };
    let keap = |change: &dyn Fn(&mut KeapPurchase)| {
        let mut purchase = KeapPurchase::default();
        change(&mut purchase);
        F::KeapPurchase(purchase)
    };
    let keap_any = keap(&|keap| keap.any = true);
    let keap_cup = keap(&|keap| keap.products.push(cup));
    let keap_form = keap(&|keap| keap.forms.push(forms[0]));
    let keap_category = keap(&|keap| keap.categories.push(category));
    let cash = keap(&|keap| {
        keap.any = true;
        keap.payments = Choice::OneOf(vec![PaymentKind::Cash]);
    });
    let card = keap(&|keap| {
        keap.any = true;
        keap.payments = Choice::OneOf(vec![PaymentKind::CreditCard]);
    });
    let form = |form, outcome| F::FormSubmitted { form, outcome };
    let link = |email, link| F::EmailLinkClicked { email, link };
    let task = |outcomes| F::TaskCompleted { task: Some(task_id), outcomes };
    let checkout = |products, provider| F::CheckoutAbandoned { products, provider };
    let relative = |field, side, days| F::DateRelative { field, side, days };
    let related = |relationship, change| F::Relationship { relationship, change };
    let (won, failed) = (Some(FormOutcome::Success), Some(FormOutcome::Failure));

    let both = vec![
        (buys(Choice::Any), buys(one_of(cup))),
        (buys(Choice::Any), keap_any.clone()),
        (buys(one_of(cup)), keap_any.clone()),
        (buys(one_of(cup)), keap_cup.clone()),
        (buys(one_of(talk)), keap_category.clone()),
        (keap_any.clone(), keap_form.clone()),
        (keap_any.clone(), cash.clone()),
        (keap(&|keap| keap.products.push(talk)), keap_category.clone()),
        (F::Card(CardOutcome::Charged), card.clone()),
        (F::Card(CardOutcome::Charged), keap_cup.clone()),
        (F::Card(CardOutcome::Declined), F::OpenOrder(OpenOrderChange::Declined)),
        (form(Choice::Any, won), form(one_of_form(forms[0]), None)),
        (link(mails[0], 0), link(mails[0], 2)),
        (task(vec![]), task(vec![1])),
        (checkout(Choice::Any, None), checkout(one_of(cup), Some(Provider::Stripe3ds))),
        (F::DateMatches(dates[0]), relative(dates[0], Side::After, 0)),
        (related(kinds[0], Change::Added), related(kinds[0], Change::Added)),
    ];
    let neither = vec![
        (buys(one_of(cup)), buys(one_of(talk))),
        (buys(one_of(cup)), keap_category),
        (keap_cup, keap_form),
        (card, cash.clone()),
        (F::Card(CardOutcome::Charged), cash),
        (F::OpenOrder(OpenOrderChange::Charged), keap_any),
        (F::Card(CardOutcome::Charged), F::OpenOrder(OpenOrderChange::Declined)),
        (form(one_of_form(forms[0]), won), form(one_of_form(forms[0]), failed)),
        (link(mails[0], 1), link(mails[0], 2)),
        (task(vec![1]), task(vec![2])),
        (checkout(Choice::Any, Some(Provider::PayPal)), checkout(one_of(cup), Some(Provider::Stripe3ds))),
        (F::DateMatches(dates[0]), relative(dates[0], Side::Before, 3)),
        (related(kinds[0], Change::Added), related(kinds[0], Change::Removed)),
    ];
    let same_or_not = vec![
        (F::FieldUpdated(dates[0]), F::FieldUpdated(dates[1])),
        (F::Paused(map), F::Unpaused(map)),
        (F::TagAdded(tags[0]), F::TagAdded(tags[1])),
        (F::TagRemoved(tags[0]), F::TagAdded(tags[0])),
        (F::ListAdded(lists[0]), F::ListAdded(lists[1])),
        (F::ListRemoved(lists[0]), F::ListRemoved(lists[1])),
        (F::Automation { map, change: Change::Added }, F::Automation { map, change: Change::Removed }),
        (F::CallLogged, F::SmsReceived),
        (F::EmailReceived, F::OpenOrderCreated),
        (F::Refund(one_of(cup)), F::Refund(one_of(talk))),
        (F::PageVisited(pages[0]), F::PageVisited(pages[1])),
        (F::PurlVisited(pages[0]), F::PageVisited(pages[0])),
        (F::UrlVisited(pages[0]), F::UrlVisited(pages[1])),
        (F::LinkClicked(pages[0]), F::LinkClicked(pages[1])),
        (F::MembershipUpdated(sites[0]), F::MembershipUpdated(sites[1])),
        (F::MembershipCreated(sites[0]), F::MembershipUpdated(sites[0])),
        (F::LevelGiven(levels[0]), F::LevelGiven(levels[1])),
        (F::LevelLost(levels[0]), F::LevelGiven(levels[0])),
    ];
    // Triggers cannot listen for Keap's purchase, goals can for all of these.
    let two = |(one, other): (F, F)| {
        let who = Who::Upstream;
        let goal = |on| Listener { on, who, ..Listener::goal(EventType::Refund) };
        codes(&build.clone().goal(goal(one)).goal(goal(other)).end())
    };
    for pair in both.into_iter().chain(same_or_not.iter().map(|(one, _)| (one.clone(), one.clone()))) {
        let what = format!("{pair:?}");
        assert_eq!(two(pair), ["several-on-one-event"], "{what}");
    }
    for pair in neither.into_iter().chain(same_or_not) {
        let what = format!("{pair:?}");
        assert_eq!(two(pair), [""; 0], "{what}");
    }
}

fn one_of_form(form: FormId) -> Choice<FormId> {
    Choice::OneOf(vec![form])
}
