//! Settings of one element.

use gateline::base::id::{EmailId, TagId};
use gateline::base::money::Money;
use gateline::base::time::{Side, Weekdays};
use gateline::model::filter::EVENT_TYPES;

use super::*;

#[test]
fn missing_reference() {
    let build = Build::new().action(Action::SendEmail(Some(EmailId::new(77)))).end();
    let mail = build.target(build.added(), Port::Next).unwrap();
    let says = "“email77” names the e-mail email77, which is no longer in the account, so it does nothing";
    is(&build, "missing-reference", &[mail], says);
}

#[test]
fn missing_reference_to_a_map() {
    let build = Build::new().action(Action::PauseOnMap(Some(MapId::new(77)))).end();
    says(&build, "missing-reference", "names the map map77, which is no longer in the project");
    let mut build = Build::new();
    let other = build.add_map("Other");
    nothing(&build.action(Action::PauseOnMap(Some(other))).end());
}

#[test]
fn missing_reference_to_a_link() {
    let mut build = Build::new();
    let id = build.mail("Welcome");
    let listens = |build: &Build, link| {
        build.clone().trigger_on(EventFilter::EmailLinkClicked { email: Some(id), link }).end()
    };
    nothing(&listens(&build, 3));
    let links = vec!["a".into(), "b".into()];
    build.run(Command::PutItem(Email { links, ..build.project.catalogue.emails[&id].clone() }.into()));
    says(&listens(&build, 3), "missing-reference", "names link 3 of “Welcome”, which has 2 links");
    nothing(&listens(&build, 2));
    // In a condition, wherever it stands.
    let clicked =
        |link| Condition::Clicked { email: Some(id), link, comparison: Comparison::AtLeast, count: 1 };
    let wait = |link| {
        let condition = Condition::All(vec![clicked(link)]);
        build.clone().wait(Until::Conditions { condition, limit: None }).end()
    };
    says(&wait(3), "missing-reference", "names link 3 of “Welcome”, which has 2 links");
    nothing(&wait(2));
}

#[test]
fn missing_reference_to_an_outcome() {
    let mut build = Build::new();
    let id = build.thing::<Task>("Call");
    let outcome = |name: &str| Outcome { name: name.into(), actions: vec![] };
    let outcomes = vec![outcome("Interested"), outcome("Not interested")];
    build.run(Command::PutItem(Task { id, name: "Call".into(), outcomes }.into()));
    let listens =
        |outcomes| build.clone().trigger_on(EventFilter::TaskCompleted { task: Some(id), outcomes }).end();
    says(&listens(vec![1, 3]), "missing-reference", "names outcome 3 of “Call”, which has 2 outcomes");
    nothing(&listens(vec![1, 2]));
    nothing(&listens(vec![]));
}

#[test]
fn not_chosen() {
    let one = |kind| Build::new().then(kind).end();
    let build = one(ElementKind::Action(Action::SendEmail(None)));
    let mail = build.target(build.added(), Port::Next).unwrap();
    is(&build, "not-chosen", &[mail], "“Send e-mail” does nothing: no e-mail is chosen yet");
    for days in [Weekdays::NONE, Weekdays::WEEKEND] {
        let delay = Delay { count: 1, unit: DelayUnit::Days, days, time: DelayTime::Any };
        for until in [Until::DayOfWeek { days, time: None }, Until::Delay(delay)] {
            let build = Build::new().wait(until).end();
            if days == Weekdays::NONE {
                says(&build, "not-chosen", "no day of the week is chosen yet");
            } else {
                nothing(&build);
            }
        }
    }
    let relative = Until::Relative { field: None, side: Side::Before, span: days(3), time: None };
    says(&Build::new().wait(relative).end(), "not-chosen", "no field is chosen yet");
    let has_tag = Condition::All(vec![Condition::HasTag(None)]);
    let met = Until::Conditions { condition: has_tag.clone(), limit: None };
    says(&Build::new().wait(met).end(), "not-chosen", "a condition is not complete yet");
    let build = Build::new().branches(BranchPolicy::AllMatching, vec![has_tag]).end();
    says(&build, "not-chosen", "a rule is not complete yet");
    let half = Build::new().condition(Condition::HasTag(None)).called("C").end().at("C", Port::No).exit();
    assert_eq!(codes(&half), ["not-chosen"]);
    for kind in [Action::ChangeTags { add: vec![], remove: vec![] }, Action::AddToMap(None)] {
        assert_eq!(codes(&one(ElementKind::Action(kind))), ["not-chosen"]);
    }
    let build = Build::new().trigger(Listener::trigger(EventType::TagAdded)).end();
    assert_eq!(codes(&build), ["not-chosen"]);
}

#[test]
fn go_to_nowhere() {
    let build = Build::new().then(ElementKind::GoTo(None));
    let says = "“Go to” has no element to continue at, so contacts stop there";
    is(&build, "go-to-nowhere", &[build.last], says);
    nothing(&Build::new().wait_days(1).called("W").go_to("W"));
}

#[test]
fn split_not_whole() {
    let mut build = Build::new().split().called("S").end().at("S", Port::Path(1)).exit();
    nothing(&build);
    build.set(build.id("S"), ElementKind::Split(Split { shares: vec![3000, 6000] }));
    let says = "“S” has paths of 90 % together; it needs two to 10 paths of 100 %";
    is(&build, "split-not-whole", &[build.id("S")], says);
}

#[test]
fn keap_20_a_diamond_never_opened() {
    let tags = |build: &mut Build| ["Red", "Blue"].map(|tag| Condition::HasTag(Some(build.tag(tag))));
    let diamond = |policy, rules: [Condition; 2]| {
        let mut build = Build::new();
        tags(&mut build);
        build = build.branches(policy, rules.into()).called("D").end();
        build = build.at("D", Port::Branch(1)).exit();
        if policy == BranchPolicy::FirstMatch { build.at("D", Port::Other).exit() } else { build }
    };
    let [red, blue] = tags(&mut Build::new());
    let never = || [Condition::default(), Condition::default()];
    let build = diamond(BranchPolicy::AllMatching, never());
    let says_so = "“D” has no rule on any of its ways, so everybody goes every way";
    is(&build, "no-rules", &[build.id("D")], says_so);
    assert_eq!(only(&build).severity, Severity::Error);
    says(&diamond(BranchPolicy::FirstMatch, never()), "no-rules", "so everybody goes the first way");
    nothing(&diamond(BranchPolicy::AllMatching, [red.clone(), blue.clone()]));
    // K-09: a branch without rules takes everyone; where the first match counts, that leaves nobody for those behind it.
    nothing(&diamond(BranchPolicy::AllMatching, [Condition::default(), blue.clone()]));
    nothing(&diamond(BranchPolicy::FirstMatch, [red, Condition::default()]));
    let build = diamond(BranchPolicy::FirstMatch, [Condition::default(), blue.clone()]);
    let says_so = "“Everyone” of “D” has no rule, so nobody goes the ways to the right of it";
    is(&build, "empty-condition", &[build.id("D")], says_so);
    let build = diamond(BranchPolicy::AllMatching, [Condition::Any(vec![]), blue]);
    says(&build, "empty-condition", "of “D” asks for nothing, so everybody or nobody goes there");
}

#[test]
fn draft() {
    let build = Build::new().email("E1").called("E1").draft().end();
    is(&build, "draft", &[build.id("E1")], "“E1” is a draft, so contacts pass it over");
    assert_eq!(only(&build).severity, Severity::Warning);
    let build = Build::new().trigger_form("Sign-up").called("T").draft().end();
    is(&build, "draft", &[build.id("T")], "“T” is a draft, so it does not listen");
    // M-10: it may wait on the map with nothing below.
    assert_eq!(codes(&Build::new().trigger_form("Sign-up").draft()), ["draft"]);
    // What is not ready says nothing else, and what hangs below it counts as if it were ready.
    assert_eq!(codes(&Build::new().action(Action::SendEmail(None)).draft().end()), ["draft"]);
    let limited = Build::new().wait_days(1).called("W").end();
    let mut goal = limited.clone();
    let listener = goal.buys("Course");
    goal.last = goal.insert(ElementKind::Goal(listener), Spot::UnderWait(limited.id("W")));
    goal.port = Port::Next;
    assert_eq!(codes(&goal.draft().end()), ["draft"]);
    nothing(&Build::new().email("E1").end());
}

#[test]
fn timer_not_set() {
    let build = Build::new().wait(Until::NotSet).called("W").email("E1").end();
    let says_so = "“W” has no time, so contacts stay there and all behind it waits too";
    is(&build, "timer-not-set", &[build.id("W")], says_so);
    assert_eq!(only(&build).severity, Severity::Warning);
    let mut build = Build::new().wait(Until::NotSet).called("W").end();
    let listener = build.buys("Course");
    build.insert(ElementKind::Goal(listener), Spot::UnderWait(build.id("W")));
    build.last = build.map().elements.values().map(|element| element.id).max().unwrap();
    says(&build.exit(), "timer-not-set", "so its path of least action is never taken");
    nothing(&Build::new().wait_days(1).email("E1").end());
}

#[test]
fn empty_condition() {
    let build = Build::new().condition(Condition::default()).called("C").end().at("C", Port::No).exit();
    is(&build, "empty-condition", &[build.id("C")], "“C” has no rule, so everybody goes the same way");
    let build =
        with_goal(Build::new().goal_buys("Course").end(), |goal| goal.conditions = Condition::Any(vec![]));
    assert_eq!(codes(&build), ["empty-condition"]);
    let met = |condition| Build::new().wait(Until::Conditions { condition, limit: None }).end();
    says(&met(Condition::default()), "empty-condition", "lets everybody pass at once or nobody ever");
    nothing(&met(Condition::SmsHasAddress));
}

/// “C” asks whether one or all of some conditions hold.
fn asks(build: &Build, group: fn(Vec<Condition>) -> Condition, parts: &[Condition]) -> Build {
    build.clone().condition(group(parts.to_vec())).called("C").end().at("C", Port::No).exit()
}

#[test]
fn keap_22_not_one_or_not_the_other() {
    let mut build = Build::new();
    let tags: Vec<TagId> = ["1", "2"].map(|name| build.tag(name)).into();
    let lacks: Vec<_> = tags.iter().map(|tag| Condition::HasNotTag(Some(*tag))).collect();
    let either = asks(&build, Condition::Any, &lacks);
    let says_so = "“C” passes whoever lacks just one of several things, which is nearly everybody; \
                   “all of” is probably meant instead of “any of”";
    is(&either, "or-of-negatives", &[either.id("C")], says_so);
    nothing(&asks(&build, Condition::All, &lacks));
}

#[test]
fn or_of_negatives_in_groups_of_their_own() {
    let mut build = Build::new();
    let [no_a, no_b] = ["A", "B"].map(|name| Condition::HasNotTag(Some(build.tag(name))));
    let [a, b] = ["A", "B"].map(|name| Condition::HasTag(Some(build.tag(name))));
    let (all, any, none) = (Condition::All, Condition::Any, Condition::None);
    let found = |parts: &[Condition]| codes(&asks(&build, any, parts));
    let or = ["or-of-negatives"];
    assert_eq!(found(&[all(vec![no_a.clone()]), no_b.clone()]), or);
    assert_eq!(found(&[any(vec![no_a.clone()]), no_b.clone()]), or);
    assert_eq!(found(&[any(vec![no_a.clone(), b.clone()]), no_b.clone()]), or);
    assert_eq!(found(&[all(vec![no_a.clone(), no_b.clone()]), no_b.clone()]), or);
    assert_eq!(found(&[none(vec![a.clone()]), no_b.clone()]), or);
    // What also asks for something is for few, and the negative of a negative is none.
    assert_eq!(found(&[all(vec![no_a.clone(), b.clone()]), no_b.clone()]), [""; 0]);
    assert_eq!(found(&[none(vec![no_a]), no_b]), [""; 0]);
    assert_eq!(found(&[all(vec![a]), b]), [""; 0]);
}

#[test]
fn ont_s23_no_tag_a_or_no_tag_b_wherever_it_is_asked() {
    let mut build = Build::new();
    let lacks: Vec<_> = ["A", "B"].map(|name| Condition::HasNotTag(Some(build.tag(name)))).into();
    let either = Condition::Any(lacks.clone());
    let nested = Condition::All(vec![Condition::SmsHasAddress, either.clone()]);
    let both = Condition::All(lacks);
    let branches = |rule| build.clone().branches(BranchPolicy::AllMatching, vec![rule]).end();
    let met = |condition| build.clone().wait(Until::Conditions { condition, limit: None }).end();
    let goal =
        |conditions| with_goal(build.clone().goal_buys("Course").end(), |goal| goal.conditions = conditions);
    let places: [&dyn Fn(Condition) -> Build; 3] = [&branches, &met, &goal];
    for place in places {
        assert_eq!(codes(&place(either.clone())), ["or-of-negatives"]);
        assert_eq!(codes(&place(nested.clone())), ["or-of-negatives"]);
        nothing(&place(both.clone()));
    }
}

#[test]
fn every_condition_that_can_be_negative() {
    let mut build = Build::new();
    let (tag, list) = (Some(build.tag("VIP")), Some(build.thing::<List>("Post")));
    let (site, level) = (Some(build.thing::<Site>("Club")), Some(build.thing::<Level>("Gold")));
    let (relationship, page) =
        (Some(build.thing::<Relationship>("Child")), Some(build.thing::<Page>("Blog")));
    let (field, email) = (Some(build.field("City", FieldKind::Text)), Some(build.mail("E1")));
    let record = String::new();
    let value = Value::text("Berlin");
    let (products, exactly, at_least) = (Choice::Any, Comparison::Exactly, Comparison::AtLeast);
    let pairs = [
        (Condition::HasNotTag(tag), Condition::HasTag(tag)),
        (Condition::NotOnList(list), Condition::OnList(list)),
        (Condition::HasNotLevel(level), Condition::HasLevel(level)),
        (Condition::SmsHasNoAddress, Condition::SmsHasAddress),
        (Condition::SmsDoesNotContain("no".into()), Condition::SmsContains("no".into())),
        (
            Condition::Related { relationship, record: record.clone(), exists: false },
            Condition::Related { relationship, record, exists: true },
        ),
        (
            Condition::Subscribed { products: products.clone(), subscribed: false },
            Condition::Subscribed { products: products.clone(), subscribed: true },
        ),
        (
            Condition::Field { field, is: FieldOperator::DoesNotContain, value: value.clone() },
            Condition::Field { field, is: FieldOperator::Contains, value: value.clone() },
        ),
        (
            Condition::Field { field, is: FieldOperator::NotEquals, value: value.clone() },
            Condition::Field { field, is: FieldOperator::Equals, value },
        ),
        (
            Condition::Opened { email, comparison: exactly, count: 0 },
            Condition::Opened { email, comparison: exactly, count: 1 },
        ),
        (
            Condition::Clicked { email, link: 0, comparison: Comparison::AtMost, count: 0 },
            Condition::Clicked { email, link: 0, comparison: at_least, count: 0 },
        ),
        (
            Condition::Ordered { products: products.clone(), comparison: exactly, count: 0 },
            Condition::Ordered { products: products.clone(), comparison: at_least, count: 1 },
        ),
        (
            Condition::Spent { products: products.clone(), comparison: exactly, amount: Money::ZERO },
            Condition::Spent { products, comparison: at_least, amount: Money::ZERO },
        ),
        (
            Condition::VisitedSite { site, comparison: exactly, count: 0 },
            Condition::VisitedSite { site, comparison: at_least, count: 1 },
        ),
        (
            Condition::VisitedPage { page, comparison: exactly, count: 0 },
            Condition::VisitedPage { page, comparison: at_least, count: 1 },
        ),
    ];
    for (negative, positive) in pairs {
        let other = Condition::None(vec![Condition::HasTag(tag)]);
        assert_eq!(
            codes(&asks(&build, Condition::Any, &[negative.clone(), other.clone()])),
            ["or-of-negatives"],
            "{negative:?}"
        );
        nothing(&asks(&build, Condition::Any, &[positive, other]));
        nothing(&asks(&build, Condition::All, &[negative.clone(), negative]));
    }
}

#[test]
fn switched_off() {
    let build = Build::new().trigger_on(EventFilter::EmailReceived).called("T").end();
    let says_so = "“T” needs e-mail sync, which the settings say is off, so it never happens";
    is(&build, "switched-off", &[build.id("T")], says_so);
    let mut build = Build::new();
    let page = build.thing::<Page>("Blog");
    build = build.goal_on(EventFilter::UrlVisited(Some(page))).end();
    says(&build, "switched-off", "needs the tracking code");
    build.run(Command::SetSettings(Settings { tracking_code: true, ..Settings::default() }));
    nothing(&build);
    // Pages of the account and tracked links are always seen.
    let mut build = Build::new();
    let page = build.thing::<Page>("Blog");
    nothing(&build.goal_on(EventFilter::PageVisited(Some(page))).end());
}

/// No event type is forgotten by the checks that look at each: a map that listens for it whole has no finding but those
/// of what is not chosen yet.
#[test]
fn every_event_can_be_listened_for() {
    for info in EVENT_TYPES.iter().filter(|info| info.event_type != EventType::AddedToAutomation) {
        let on = EventFilter::blank(info.event_type);
        let needs_more = matches!(on, EventFilter::EmailReceived);
        let expected = match (on.is_incomplete(), needs_more) {
            (true, _) if info.event_type == EventType::UrlVisited => vec!["not-chosen", "switched-off"],
            (true, _) => vec!["not-chosen"],
            (false, true) => vec!["switched-off"],
            (false, false) => vec![],
        };
        let build = Build::new();
        let build = match on {
            EventFilter::KeapPurchase(_) => {
                build.goal(Listener { who: Who::Upstream, on, ..Listener::goal(EventType::Refund) }).end()
            }
            on => build.trigger_on(on).end(),
        };
        assert_eq!(codes(&build), expected, "{}", info.tag);
    }
}
