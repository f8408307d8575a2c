//! What a run answers to *why* and *why not* (semantics §11, C-02).

use expect_test::expect;
use gateline::base::time::{Span, Unit};
use gateline::model::rules::{SeveralGoals, WhilePaused};
use gateline::model::*;
use gateline::session::command::{Command, Spot};

use super::{Life, enters, publish, switch};
use crate::build::Build;

const KINDS: &[&str] = &["did", "nothing_done", "decided", "chose", "refused"];

/// Form F → goal A beside goal B, which takes contacts from its own wait alone; both are achieved by buying X.
fn siblings(change: impl FnOnce(&mut EngineRules)) -> Build {
    let mut build = Build::new().trigger_form("F").goal_buys("X").called("A").end().called("End");
    let wait = build.map().wait_of(build.id("A")).unwrap();
    let listener = Listener { who: Who::PreviousWaits, ..build.buys("X") };
    build.last = build.insert(ElementKind::Goal(listener), Spot::UnderWait(wait));
    build.port = Port::Next;
    let mut build = build.called("B").end();
    switch(&mut build, change);
    build
}

#[test]
fn a_goal_is_judged_at_its_own_turn() {
    let out = enters(siblings(|_| {})).buys("2026-01-06 10:00", "X").run();
    assert_eq!(out.achieved(), "A 01-06 10:00");
    expect![[r#"
        01-06 10:00 bought X: 3 4 6 26 10
    "#]]
    .assert_eq(&out.why_in_words("A"));
    expect![[r#"
        01-06 10:00 bought X: 3 4 6 26 10 not 11: at “End” after “A”, which the same event achieved
    "#]]
    .assert_eq(&out.why_in_words("B"));
    let first_only = |rules: &mut EngineRules| rules.several_goals = SeveralGoals::FirstOnly;
    let mut build = siblings(first_only);
    let listener = build.buys("X");
    build.set(build.id("B"), ElementKind::Goal(listener));
    let out = enters(build).buys("2026-01-06 10:00", "X").run();
    expect![[r#"
        01-06 10:00 bought X: 3 4 6 26 10 not 27: “A”
    "#]]
    .assert_eq(&out.why_in_words("B"));
}

/// G-04: the purchase brings the contact onto the map and achieves nothing there.
#[test]
fn the_event_that_brought_the_contact_achieves_no_goal() {
    let mut build = Build::new();
    let on = build.buys("X").on;
    let build = build.trigger_on(on).goal_buys("X").called("G").end();
    let out = Life::of(build).buys("2026-01-06 10:00", "X").run();
    assert_eq!((out.achieved().as_str(), out.reason("G")), ("", Some(10)));
    expect![[r#"
        01-06 10:00 bought X: 3 4 6 26 10 not 10: only this very event put it there
    "#]]
    .assert_eq(&out.why_in_words("G"));
}

/// K-06: a position that only brings its sequence to its end is in nobody's scope.
#[test]
fn who_is_on_the_map_only_in_a_sequence_that_runs_out_is_out_of_scope() {
    let build = Build::new().trigger_form("F").email("E1").called("E1").wait_days(30).called("T").email("E2");
    let mut build = build.called("E2").sequence("S", &["E1", "T", "E2"]).goal_buys("X").called("G").exit();
    let sequence = Sequence { runs_until_completed: true, ..build.sequence_called("S").clone() };
    build.run(Command::SetSequence { map: build.map, sequence });
    let out = enters(build).buys("2026-01-06 10:00", "X").buys("2026-01-07 10:00", "X").run();
    expect![[r#"
        01-06 10:00 bought X: 3 4 6 26 10
        01-07 10:00 bought X: 3 4 6 26 10 not 11: it only brings a sequence to its end there
    "#]]
    .assert_eq(&out.why_in_words("G"));
}

/// C-02: a condition that is false names the parts that made it so.
#[test]
fn reason_14_names_the_parts_that_decided() {
    let mut build = Build::new();
    let [vip, old, new] = ["VIP", "Old", "New"].map(|tag| Condition::HasTag(Some(build.tag(tag))));
    let city = Condition::Field {
        field: Some(build.field("City", FieldKind::Text)),
        is: FieldOperator::Equals,
        value: Some(Value::Text("Berlin".into())),
    };
    let nested = Condition::All(vec![vip.clone(), Condition::Any(vec![old.clone(), vip.clone()]), city]);
    for (conditions, expected) in [
        (
            Condition::None(vec![new, vip]),
            expect![[r#"
            01-06 10:00 bought X: 3 4 6 26 10 not 14: “has tag VIP” holds: has it
            G: not achieved, its condition did not hold (“has tag New” does not hold: has it not; “has tag VIP” holds: has it)
        "#]],
        ),
        (
            nested,
            expect![[r#"
            01-06 10:00 bought X: 3 4 6 26 10 not 14: “City is Berlin” does not hold: empty
            G: not achieved, its condition did not hold (“has tag VIP” holds: has it; “has tag Old” does not hold: has it not; “has tag VIP” holds: has it; “City is Berlin” does not hold: empty)
        "#]],
        ),
    ] {
        let mut build = build.clone();
        let listener = Listener { conditions, ..build.buys("X") };
        let build = build.trigger_form("F").goal(listener).called("G").end();
        let out = Life::of(build).with_tag("VIP").submits("2026-01-05 09:00", "F");
        let out = out.buys("2026-01-06 10:00", "X").run();
        assert_eq!(out.reason("G"), Some(14));
        expected.assert_eq(&format!("{}{}", out.why_in_words("G"), out.told_of(KINDS)));
    }
}

/// C-02: conditions, ways with rules and waits say which of their parts held, and what they saw.
#[test]
fn conditions_in_a_history_say_which_part_held() {
    let mut build = Build::new();
    let [vip, old] = ["VIP", "Old"].map(|tag| Condition::HasTag(Some(build.tag(tag))));
    let limit = Some(Span::new(9, Unit::Days));
    let until = Until::Conditions { condition: Condition::Any(vec![old.clone(), vip.clone()]), limit };
    let build = build.trigger_form("F").wait(until).called("Wait").condition(vip.clone()).called("Asks");
    let build = build.branches(BranchPolicy::AllMatching, vec![old, vip]).called("Ways").email("A");
    let life = enters(build).tag("2026-01-06 10:00", "VIP");
    let out = life.until("2026-01-07").run();
    expect![[r#"
        Wait: no (“has tag Old” does not hold: has it not; “has tag VIP” does not hold: has it not)
        Wait: yes (“has tag Old” does not hold: has it not; “has tag VIP” holds: has it)
        Asks: yes (“has tag VIP” holds: has it)
        Ways: Has tag VIP (“has tag Old” does not hold: has it not; “has tag VIP” holds: has it)
    "#]]
    .assert_eq(&out.told_of(KINDS));
}

/// L-01: a run follows the published version, and so do all words about it.
#[test]
fn a_run_is_told_in_the_words_of_the_version_that_ran() {
    let mut build = Build::new();
    let conditions = Condition::HasTag(Some(build.tag("Before")));
    let listener = Listener { conditions, ..build.buys("X") };
    let build = build.trigger_form("F").if_tag("VIP").called("Asks").end().called("Yes");
    let mut build = build.at("Asks", Port::No).goal(listener).called("G").end().called("Last");
    build.publish(None);
    let life = |build: &Build| enters(build.clone()).buys("2026-01-06 10:00", "X").until("2026-02-01");
    let (why, told) = (life(&build).run().why_in_words("G"), life(&build).run().told_of(KINDS));
    assert!(why.contains("Before"), "{why}");
    // the draft asks something else, and is called otherwise
    let after = Condition::HasTag(Some(build.tag("After")));
    let listener = Listener { conditions: after.clone(), ..build.buys("X") };
    build.set(build.id("G"), ElementKind::Goal(listener));
    build.set(build.id("Asks"), ElementKind::Condition(after));
    let (map, element) = (build.map, build.id("Asks"));
    build.run(Command::Rename { map, element, name: "Renamed".into() });
    let out = life(&build).run();
    assert_eq!((out.why_in_words("G"), out.told_of(KINDS)), (why.clone(), told.clone()));
    // and then it has not the goal any more
    build.delete(&[build.id("G")]);
    let out = life(&build).run();
    assert_eq!((out.why_in_words("G"), out.told_of(KINDS)), (why, told));
    // from when it is published it is told in its words
    publish(&mut build, "2026-01-05 12:00");
    assert_eq!(life(&build).run().reason("G"), Some(1));
    expect![[r#"
        01-06 10:00 bought X: not 1: it was no longer on the map
    "#]]
    .assert_eq(&life(&build).run().why_in_words("G"));
}

/// L-01, R-10: contacts at what only the published version has do not vanish from the flow.
#[test]
fn the_flow_shows_what_the_draft_has_no_more() {
    let mut build = Build::new().trigger_form("F").send("E").end().called("Last");
    build.publish(None);
    build.delete(&[build.id("Last")]);
    let last = build.project.published[&build.map][0].map.elements.values().find(|e| e.name == "Last");
    let last = last.unwrap().id;
    let out = enters(build).run();
    let flow = out.flow();
    let of: Vec<_> = flow.elements.iter().filter(|element| !element.in_draft).collect();
    let [only] = of[..] else { panic!("{of:?}") };
    assert_eq!((only.id, only.kind, only.here_now), (last, Kind::End, 1));
    assert!(flow.lines.iter().any(|line| line.to == last && line.contacts == 1));
    assert_eq!(flow.elements.iter().map(|element| element.here_now).sum::<u32>(), 1);
}

/// Semantics §11, check 25 says which setting, and products are always check 6.
#[test]
fn settings_that_differ_are_named() {
    let mut build = Build::new();
    let (form, email) = (build.form("Order form"), build.mail("Offer"));
    let products = Choice::OneOf(vec![build.product("X")]);
    let (other, member) = (build.product("Y"), build.thing::<Task>("Call"));
    let filters = [
        EventFilter::FormSubmitted { form: Choice::OneOf(vec![form]), outcome: Some(FormOutcome::Success) },
        EventFilter::EmailLinkClicked { email: Some(email), link: 2 },
        EventFilter::Refund(products.clone()),
        EventFilter::CheckoutAbandoned { products, provider: Some(Provider::PayPal) },
        EventFilter::TaskCompleted { task: Some(member), outcomes: vec![1] },
    ];
    let line = OrderLine { product: other, quantity: 1.into(), amount: Default::default() };
    let refund = Order { lines: vec![line], ..Order::default() };
    let checkout =
        Checkout { reference: String::new(), products: vec![other], provider: Provider::default() };
    let events = [
        Happening::FormSubmitted { form, outcome: FormOutcome::Failure },
        Happening::EmailLinkClicked { email: build.mail("News"), link: 1 },
        Happening::Refund(refund.into()),
        Happening::CheckoutAbandoned(checkout.into()),
        Happening::TaskCompleted { task: member, outcome: 2 },
    ];
    let mut text = String::new();
    for (filter, event) in filters.into_iter().zip(events) {
        let build = build.clone().trigger_form("F").goal_on(filter).called("G").end();
        let out = enters(build).happens("2026-01-06 10:00", event).run();
        text += out.why_in_words("G").lines().last().unwrap_or_default();
        text += "\n";
    }
    expect![[r#"
        01-06 10:00 submitted the form Order form without success: 3 not 25: the outcome differs in “submitted the form Order form without success”
        01-06 10:00 clicked link 1 of News: 3 not 25: the e-mail and link differ in “clicked link 1 of News”
        01-06 10:00 got a refund on Y: 3 not 6: got a refund on Y
        01-06 10:00 abandoned a checkout of Y at PayPal Standard: 3 not 6: abandoned a checkout of Y at PayPal Standard
        01-06 10:00 task Call was completed with outcome 2: 3 not 25: the outcome differs in “task Call was completed with outcome 2”
    "#]].assert_eq(&text);
}

/// Semantics §7: what is done beside the map names who, what and when, wherever it is asked for.
#[test]
fn what_is_done_beside_the_map_is_told_with_its_settings() {
    let mut build = Build::new();
    let (sam, eve) = (build.thing::<Member>("Sam"), build.thing::<Member>("Eve"));
    let task = build.thing::<Task>("Call");
    let assign = |owner| Action::AssignTask { task: Some(task), due_in_days: 3, owner };
    let outcome = Outcome {
        name: "Interested".into(),
        actions: vec![
            Action::Note("First".into()),
            assign(Some(eve)),
            Action::SendEmail(None),
            Action::Note("Second".into()),
            Action::Notify { member: None, by_sms: false, text: "Look here\nplease".into() },
        ],
    };
    let mut item = build.project.catalogue.tasks[&task].clone();
    item.outcomes = vec![outcome];
    build.run(Command::PutItem(item.into()));
    let map = || {
        let build = build.clone().trigger_form("F").action(assign(None)).called("Assign");
        build.action(Action::Webhook("https://example.org/hook?a=1".into())).end()
    };
    let life = |build| {
        let completed = Happening::TaskCompleted { task, outcome: 1 };
        enters(build).happens("2026-01-06 10:00", completed)
    };
    let owned = MoreOfContact { owner: Some(sam), ..MoreOfContact::default() };
    expect![[r#"
        assigned the task Call to Sam, due 8 Jan 2026
        would have called https://example.org/hook?a=1
        noted “First”
        assigned the task Call to Eve, due 9 Jan 2026
        “Interested”: nothing done, not everything is chosen yet
        noted “Second”
        notified Sam by e-mail: “Look here”
    "#]]
    .assert_eq(&life(map()).with(owned).run().told_of(KINDS));
    expect![[r#"
        assigned the task Call to nobody (the contact has no owner), due 8 Jan 2026
        would have called https://example.org/hook?a=1
        noted “First”
        assigned the task Call to Eve, due 9 Jan 2026
        “Interested”: nothing done, not everything is chosen yet
        noted “Second”
        notified nobody (the contact has no owner) by e-mail: “Look here”
    "#]]
    .assert_eq(&life(map()).run().told_of(KINDS));
}

/// M-14: an event that is missed while the contact is paused on the map.
#[test]
fn who_is_paused_is_told_so() {
    let mut build = Build::new().trigger_form("F").goal_buys("X").called("G").end();
    switch(&mut build, |rules| rules.events_while_paused = WhilePaused::Missed);
    let paused = Happening::Paused(build.map);
    let out = enters(build).happens("2026-01-06 09:00", paused).buys("2026-01-06 10:00", "X").run();
    assert_eq!(out.reason("G"), Some(26));
}
