//! Elements and positions (semantics §2).

use gateline::engine::log::{Fault, Message, Suppression, What};
use gateline::model::catalogue::Shelved;
use gateline::model::rules::SplitDraw;
use gateline::model::{
    Action, Choice, Condition, ElementKind, Email, EmailStatus, EventFilter, EventType, FirstPayment, Form,
    FormOutcome, Happening, IfOnMap, Listener, MoreOfContact, Order, Port, Split,
};
use gateline::session::command::Command;

use super::{Life, enters, map_n, switch};
use crate::build::Build;

#[test]
fn ont_s01_a_condition_is_asked_once_on_arrival() {
    let build = Build::new().trigger_form("F").if_tag("VIP").called("C").email("Yes").end();
    let build = build.at("C", Port::No).email("No").end();
    let out = enters(build.clone()).tag("2026-01-05 09:01", "VIP").run();
    assert_eq!(out.mails(), "No 01-05 09:00");
    let out = enters(build).with_tag("VIP").run();
    assert_eq!(out.mails(), "Yes 01-05 09:00");
}

#[test]
fn ont_s03_all_go_one_way_and_meet_again_below() {
    for (shares, mail) in [(vec![10_000, 0], "A"), (vec![0, 10_000], "B")] {
        let split = ElementKind::Split(Split { shares });
        let mut build = Build::new()
            .trigger_form("F")
            .then(split)
            .called("S")
            .email("A")
            .called("A")
            .email("After")
            .end();
        let after = build.target(build.id("A"), Port::Next).unwrap();
        build = build.at("S", Port::path(1)).email("B").called("B");
        build.connect(build.id("B"), Port::Next, after);
        let out = enters(build).run();
        assert_eq!(out.mails(), format!("{mail} 01-05 09:00, After 01-05 09:00"));
    }
}

#[test]
fn ont_s04_the_same_seed_draws_the_same() {
    let build = Build::new().trigger_form("F").split().called("S").email("A").end();
    let build = build.at("S", Port::path(1)).email("B").end();
    let mails = |seed| enters(build.clone()).seed(seed).run().mails();
    assert!((0..20).all(|seed| mails(seed) == mails(seed)));
    assert!((0..20).any(|seed| mails(seed) != mails(0)), "chance has to do with the seed");
}

#[test]
fn ont_s02_a_balanced_split_of_ten_gives_three_and_seven() {
    let ten = |draw, seed| {
        let split = ElementKind::Split(Split { shares: vec![3_000, 7_000] });
        let mut build = Build::new().trigger_form("F").then(split).called("S");
        build = build.email("A").called("A").email("Both").called("Both").end();
        let both = build.id("Both");
        build = build.at("S", Port::path(1)).email("B").called("B");
        build.connect(build.id("B"), Port::Next, both);
        switch(&mut build, |rules| rules.split_draw = draw);
        let mut life = enters(build).seed(seed);
        for _ in 1..10 {
            life = life.another().submits("2026-01-05 09:00", "F");
        }
        let outs = life.run_all();
        let sent = |mail| outs.iter().filter(|out| out.sent(mail, "2026-01-06") == 1).count();
        (sent("A"), sent("B"), sent("Both"))
    };
    for seed in 0..10 {
        assert_eq!(ten(SplitDraw::Balanced, seed), (3, 7, 10));
    }
    // split_draw = random: each arrival by its own chance
    assert!((0..10).all(|seed| ten(SplitDraw::Random, seed).2 == 10));
    assert!((0..10).any(|seed| ten(SplitDraw::Random, seed).0 != 3));
}

/// ont-s05: a fork to a mail at once and a mail after a day, each branch ending in one of these.
fn fork(left: ElementKind, right: ElementKind) -> Build {
    let build = Build::new().trigger_form("F").fork().called("Fork").email("E_a").then(left);
    build.at("Fork", Port::Right).wait_days(1).email("E_b").then(right)
}

#[test]
fn ont_s05_to_s07_a_fork_makes_two_positions() {
    let out = enters(fork(ElementKind::End, ElementKind::End)).run();
    assert_eq!(
        (out.mails().as_str(), out.rests().as_str()),
        ("E_a 01-05 09:00, E_b 01-06 09:00", "End, End")
    );
    expect_test::expect_file!["ont_s05.txt"].assert_eq(&out.story());
    let out = enters(fork(ElementKind::Exit, ElementKind::End)).run();
    assert_eq!(out.rests(), "End");
    let out = enters(fork(ElementKind::Exit, ElementKind::Exit)).run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("E_a 01-05 09:00, E_b 01-06 09:00", ""));
}

#[test]
fn m_08_the_left_way_runs_to_its_rest_first() {
    let build =
        Build::new().trigger_form("F").fork().called("1").fork().called("2").email("LL").email("LL2").end();
    let build = build.at("2", Port::Right).email("LR").end();
    let build = build.at("1", Port::Right).email("R").end();
    let mails = enters(build).run().mails();
    assert_eq!(mails.replace(" 01-05 09:00", ""), "LL, LL2, LR, R");
}

#[test]
fn ont_s12_a_loop_without_a_wait_stops_that_contact_with_a_report() {
    let build = Build::new().trigger_form("F").email("E").called("E").go_to("E");
    let out = enters(build).run();
    let last = out.log.last().unwrap();
    assert_eq!(last.entry.what, What::Dropped(Fault::Steps));
    assert_eq!(out.count("arrived"), 10_001);
    assert_eq!(out.rests(), "");
}

#[test]
fn m_09_a_loop_with_a_wait_goes_on() {
    let build = Build::new().trigger_form("F").email("E").called("E").wait_days(1).go_to("E");
    let out = enters(build).until("2026-01-15 09:00").run();
    assert_eq!(out.count("sent"), 11);
}

#[test]
fn m_10_an_open_end_rests_and_says_so() {
    let out = enters(Build::new().trigger_form("F").email("E")).run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("E 01-05 09:00", "E"));
    assert!(out.story().contains("nothing comes next"));
}

#[test]
fn ont_s16_the_other_branch_of_a_fork_carries_on_beside_add_to_automation() {
    let mut build = Build::new().trigger_form("F");
    let parent = build.map;
    let child = build.add_map("Child");
    build = build.wait_days(3).email("Child").exit();
    build.map = parent;
    let trigger =
        build.map().elements.values().find(|e| e.kind.ports() == [Port::Next] && e.id != build.added());
    (build.last, build.port) = (trigger.unwrap().id, Port::Next);
    build = build.fork().called("Fork").action(Action::AddToMap(Some(child))).email("After").end();
    build = build.at("Fork", Port::Right).email("At once").end();
    let out = enters(build).run();
    assert_eq!(out.mails(), "At once 01-05 09:00, Child 01-08 09:00, After 01-08 09:00");
    assert_eq!(out.rests(), "End, End");
}

/// A mail, and a day later one that is transactional.
fn two_kinds_of_mail() -> Build {
    let mut build = Build::new().trigger_form("F").email("News").wait_days(1).email("Receipt").end();
    let receipt = build.mail("Receipt");
    build.run(Command::PutItem(Email { transactional: true, ..Email::new(receipt, "Receipt") }.into()));
    build
}

#[test]
fn ont_s21_transactional_only_holds_marketing_back_and_the_contact_passes_both() {
    let more = MoreOfContact { email_status: EmailStatus::TransactionalOnly, ..MoreOfContact::default() };
    let mut build = two_kinds_of_mail();
    let news = build.mail("News");
    let out = enters(build).with(more).run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("Receipt 01-06 09:00", "End"));
    assert!(out.says(&What::Suppressed(Message::Email(news), Suppression::TransactionalOnly)));
}

#[test]
fn ont_s22_four_soft_bounces_in_a_row_are_a_hard_one() {
    for (bounces, mails) in [(3, "News 01-05 09:00, Receipt 01-06 09:00"), (4, "News 01-05 09:00")] {
        let mut build = two_kinds_of_mail();
        let (news, receipt) = (build.mail("News"), build.mail("Receipt"));
        let mut life = enters(build);
        for hour in 0..bounces {
            let bounce = Happening::EmailBounced { email: news, hard: false };
            life = life.happens(&format!("2026-01-05 1{hour}:00"), bounce);
        }
        let out = life.run();
        assert_eq!((out.mails().as_str(), out.rests().as_str()), (mails, "End"));
        let held_back = What::Suppressed(Message::Email(receipt), Suppression::HardBounce);
        assert_eq!(out.says(&held_back), bounces == 4);
    }
}

#[test]
fn ont_s17_a_trigger_for_someone_on_the_map() {
    for (choice, rests, mails) in
        [(IfOnMap::Ignore, "End", 1), (IfOnMap::Move, "End", 1), (IfOnMap::Add, "End, End", 2)]
    {
        let mut build = Build::new();
        let form = build.form("F");
        let on = EventFilter::FormSubmitted { form: Choice::OneOf(vec![form]), outcome: None };
        let listener = Listener { on, if_on_map: choice, ..Listener::trigger(EventType::FormSubmitted) };
        let build = build.trigger(listener).wait_days(2).email("E").end();
        let out = enters(build).submits("2026-01-06 09:00", "F").run();
        assert_eq!((out.rests().as_str(), out.count("sent")), (rests, mails), "{choice:?}");
        if choice == IfOnMap::Move {
            assert_eq!(out.mails(), "E 01-08 09:00"); // started again
        }
    }
}

/// A form puts those who submit it on a map, right behind its own event.
#[test]
fn m_03_a_form_adds_to_a_map() {
    let mut build = Build::new();
    let (form, map) = (build.form("F"), build.map);
    build.run(Command::PutItem(Form { map: Some(map), ..Form::new(form, "F") }.into()));
    let build = build.email("E1").called("E1").wait_days(1).goal_buys("X").called("G").email("Thanks").end();
    let at = "2026-01-05 09:00";
    let out = enters(build.clone()).run();
    assert_eq!(out.mails(), "E1 01-05 09:00");
    let added =
        out.log.iter().find(|line| line.entry.what == What::Raised(Happening::AddedToAutomation(map)));
    assert_eq!(added.map(|line| (line.entry.seq, line.entry.cause)), Some((1, Some(0))));
    let fails = Happening::FormSubmitted { form, outcome: FormOutcome::Failure };
    assert_eq!(Life::of(build.clone()).happens(at, fails).run().mails(), "");
    // by an order: it is on the map before the purchase, which it thus achieves, unless its payment fails
    let by_form = |payment| {
        let order = |order: &mut Order| (order.form, order.payment) = (Some(form), payment);
        Life::of(build.clone()).orders(at, &["X"], order).run()
    };
    assert_eq!(by_form(FirstPayment::Charged).mails(), "E1 01-05 09:00, Thanks 01-05 09:00");
    assert_eq!(by_form(FirstPayment::Declined).mails(), "");
}

#[test]
fn ont_s18_once_per_contact() {
    let mut build = Build::new();
    let form = build.form("F");
    let on = EventFilter::FormSubmitted { form: Choice::OneOf(vec![form]), outcome: None };
    let build = build
        .trigger(Listener { on, once: true, ..Listener::trigger(EventType::FormSubmitted) })
        .email("E")
        .exit();
    let out = enters(build).submits("2026-01-06 09:00", "F").run();
    assert_eq!(out.mails(), "E 01-05 09:00");
}

#[test]
fn ont_s19_a_trigger_never_looks_back() {
    let build = Build::new().trigger_form("F").email("E").end();
    let out = Life::of(build.clone()).published("2026-01-10").submits("2026-01-09 12:00", "F").run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("", ""));
    let out = Life::of(build).published("2026-01-10").submits("2026-01-10 00:00", "F").run();
    assert_eq!(out.mails(), "E 01-10 00:00");
}

#[test]
fn m_02_earlier_events_only_change_the_record() {
    let build = Build::new().trigger_form("F").if_tag("VIP").email("Yes").end();
    let out = Life::of(build)
        .published("2026-01-10")
        .tag("2026-01-09 12:00", "VIP")
        .submits("2026-01-11 09:00", "F")
        .run();
    assert_eq!(out.mails(), "Yes 01-11 09:00");
}

#[test]
fn ont_s20_a_trigger_with_move_starts_again_from_the_end() {
    let mut build = map_n(|_| {});
    let trigger = build
        .map()
        .elements
        .values()
        .find(|e| matches!(&e.kind, ElementKind::Trigger(l) if l.on != EventFilter::AddedToAutomation));
    let trigger = trigger.unwrap().id;
    let ElementKind::Trigger(mut listener) = build.kind(trigger).clone() else { panic!("a trigger") };
    listener.if_on_map = IfOnMap::Move;
    build.set(trigger, ElementKind::Trigger(listener));
    let out = enters(build)
        .buys("2026-01-11 15:30", "X")
        .submits("2026-02-02 09:00", "F")
        .until("2026-02-03")
        .run();
    assert!(out.mails().ends_with("Welcome 01-11 15:30, E1 02-02 09:00"), "{}", out.mails());
    assert_eq!(out.rests(), "W1");
}

#[test]
fn ont_s23_an_or_of_two_negatives_passes_almost_everybody() {
    let mut build = Build::new();
    let (a, b) = (build.tag("A"), build.tag("B"));
    let either = Condition::Any(vec![Condition::HasNotTag(Some(a)), Condition::HasNotTag(Some(b))]);
    let build = build.trigger_form("F").condition(either).email("Yes").end();
    assert_eq!(enters(build).with_tag("A").run().mails(), "Yes 01-05 09:00");
}

#[test]
fn a_02_a_change_that_changes_nothing_raises_nothing() {
    let build = Build::new().trigger_form("F").add_tag("A").add_tag("A").end();
    let out = enters(build).run();
    assert_eq!((out.count("changed"), out.count("raised"), out.count("nothing_done")), (1, 1, 1));
}

#[test]
fn a_02_a_field_is_set_added_to_and_cleared() {
    use gateline::model::{Action, FieldChange, FieldKind, Value};
    let mut build = Build::new().trigger_form("F");
    let points = build.field("Points", FieldKind::Number);
    let number = |n: i64| Value::Number(n.into());
    let change = |change| ElementKind::Action(Action::UpdateField { field: Some(points), change });
    let build = build
        .then(change(FieldChange::Add(5.into())))
        .then(change(FieldChange::Add((-2).into())))
        .then(change(FieldChange::Set(Some(number(3)))))
        .then(change(FieldChange::Clear))
        .end();
    let out = enters(build).run();
    let set: Vec<_> = out
        .log
        .iter()
        .filter_map(|line| match &line.entry.what {
            What::Changed(Happening::FieldUpdated { value, .. }) => Some(value.clone()),
            _ => None,
        })
        .collect();
    // an empty field counts as 0, and setting what is there already raises nothing
    assert_eq!(set, [Some(number(5)), Some(number(3)), None]);
    assert_eq!((out.count("raised"), out.count("nothing_done")), (3, 1));
}
