//! Elements and positions (semantics §2), messages.

use gateline::base::time::{Span, Unit};
use gateline::engine::log::What;
use gateline::model::catalogue::Shelved;
use gateline::model::rules::SplitDraw;
use gateline::model::{
    Action, Choice, Condition, ElementKind, Email, EmailStatus, EventFilter, EventType, FirstPayment, Form,
    FormOutcome, Happening, IfOnMap, LeadRouter, Listener, Member, MoreOfContact, Order, Point, Port, Sms,
    SmsStatus, Split,
};
use gateline::session::command::{Command, Spot};

use super::{Life, codes, enters, map_n, monthly, some_days};
use crate::build::Build;

#[test]
fn m_01_a_position_runs_down_in_no_time_until_something_holds_it() {
    let build = Build::new().trigger_form("F").send("E1").add_tag("A").if_tag("A").send("E2");
    let out = enters(build.hold("W", some_days(1)).send("E3").exit()).run();
    assert_eq!(out.whole(), ["E1 01-05 09:00, E2 01-05 09:00, E3 01-06 09:00", "", ""]);
    assert_eq!(out.count("rested"), 1);
}

#[test]
fn ont_s01_a_condition_is_asked_once_on_arrival() {
    let build = Build::new().trigger_form("F").if_tag("VIP").called("C").email("Yes").end();
    let build = build.at("C", Port::No).email("No").end().called("No End");
    let out = enters(build.clone()).tag("2026-01-05 09:01", "VIP").run();
    assert_eq!(out.whole(), ["No 01-05 09:00", "", "No End 01-05 09:00"]);
    let out = enters(build).with_tag("VIP").run();
    assert_eq!(out.whole(), ["Yes 01-05 09:00", "", "End 01-05 09:00"]);
}

/// Trigger → split to mails A and B → After → End.
fn split(shares: Vec<u16>) -> Build {
    let build = Build::new().trigger_form("F").then(ElementKind::Split(Split { shares })).called("S");
    let mut build = build.send("A").send("After").end().at("S", Port::path(1)).send("B");
    build.connect(build.id("B"), Port::Next, build.id("After"));
    build
}

#[test]
fn ont_s02_a_balanced_split_of_ten_gives_three_and_seven() {
    let ten = |draw, seed| {
        let build = split(vec![3_000, 7_000]).rules(|rules| rules.split_draw = draw);
        let enter = |life: Life, at: &str| life.another().submits(at, "F");
        let life = (1..10).fold(enters(build), |life, no| enter(life, &format!("2026-01-05 09:0{no}")));
        let out = life.seed(seed).run();
        ["A", "B", "After"].map(|mail| out.number(mail, "2026-01-06", |totals, node| totals.visited(node)))
    };
    assert!((0..10).all(|seed| ten(SplitDraw::Balanced, seed) == [3, 7, 10]));
    // split_draw = random: each arrival by its own chance; all of them still meet below
    let drawn: Vec<_> = (0..10).map(|seed| ten(SplitDraw::Random, seed)).collect();
    assert!(drawn.iter().all(|[a, b, after]| a + b == 10 && *after == 10));
    assert!(drawn.iter().any(|numbers| *numbers != [3, 7, 10]));
}

#[test]
fn m_07_a_balanced_split_counts_arrivals_in_the_order_of_the_run() {
    // the second contact of the table comes first
    let build = split(vec![5_000, 5_000]).rules(|rules| rules.split_draw = SplitDraw::Balanced);
    let out = enters(build).another().submits("2026-01-05 08:00", "F").run_all();
    assert_eq!(out[0].mails(), "B 01-05 09:00, After 01-05 09:00");
    assert_eq!(out[1].mails(), "A 01-05 08:00, After 01-05 08:00");
}

#[test]
fn ont_s03_all_go_one_way_and_meet_again_below() {
    for (shares, mail) in [(vec![10_000, 0], "A"), (vec![0, 10_000], "B")] {
        for draw in [SplitDraw::Random, SplitDraw::Balanced] {
            let build = split(shares.clone()).rules(|rules| rules.split_draw = draw);
            let enter = |life: Life, _| life.another().submits("2026-01-05 09:00", "F");
            for out in (1..20).fold(enters(build), enter).run_all() {
                let mails = format!("{mail} 01-05 09:00, After 01-05 09:00");
                assert_eq!(out.whole(), [&mails, "", "End 01-05 09:00"]);
            }
        }
    }
}

#[test]
fn ont_s04_the_same_seed_draws_the_same() {
    let stories = |seed| {
        let enter = |life: Life, _| life.another().submits("2026-01-05 09:00", "F");
        let life = (1..10).fold(enters(split(vec![5_000, 5_000])), enter);
        life.seed(seed).run_all().iter().map(|out| out.story()).collect::<Vec<_>>()
    };
    assert!((0..10).all(|seed| stories(seed) == stories(seed)));
    assert!((1..10).any(|seed| stories(seed) != stories(0)), "chance has to do with the seed");
}

#[test]
fn m_07_a_split_has_up_to_ten_weighted_paths() {
    let shares = vec![1_000; 10];
    let mut build = Build::new().trigger_form("F").then(ElementKind::Split(Split { shares })).called("S");
    for path in 0..10 {
        build = build.at("S", Port::path(path)).email(&format!("E{path}")).exit();
    }
    let mails = |seed| enters(build.clone()).seed(seed).run().mails();
    let all: std::collections::BTreeSet<_> = (0..200).map(mails).collect();
    assert_eq!(all.len(), 10);
    let split = ElementKind::Split(Split { shares: vec![1_000, 9_000, 0] });
    build.set(build.id("S"), split);
    let eleven = ElementKind::Split(Split { shares: [vec![909; 10], vec![910]].concat() });
    let command = Command::Set { map: build.map, element: build.id("S"), kind: eleven };
    assert!(build.attempt(command).is_err());
}

#[test]
fn m_07_a_lead_router_gives_owners_by_weight_in_turn_or_by_chance() {
    let owners = |in_turn| {
        let mut build = Build::new().trigger_form("F");
        let members = ["Ann", "Bob"].map(|name| build.thing::<Member>(name));
        let members = members.into_iter().zip([1, 2]).collect();
        let build = build.action(Action::RouteLead(LeadRouter { members, in_turn })).end();
        let enter = |life: Life, _| life.another().submits("2026-01-06 09:00", "F");
        let life = (1..30).fold(enters(build), enter);
        let owner = life.run_all().into_iter().map(|out| out.told("routed").remove(0));
        owner.filter(|said| said == "owner is Bob").count()
    };
    assert_eq!(owners(true), 20);
    assert!((10..30).contains(&owners(false)));
}

/// A fork to a mail at once and a mail after a day, each branch ending in one of these.
fn fork(left: ElementKind, right: ElementKind) -> Build {
    let build = Build::new().trigger_form("F").fork().called("Fork").email("E_a").then(left);
    build.at("Fork", Port::Right).hold("W", some_days(1)).email("E_b").then(right).called("b")
}

const BOTH: &str = "E_a 01-05 09:00, E_b 01-06 09:00";

#[test]
fn ont_s05_a_fork_makes_two_positions() {
    let life = || enters(fork(ElementKind::End, ElementKind::End));
    assert_eq!(life().until("2026-01-05 10:00").run().stands(), "End 01-05 09:00, W 01-05 09:00");
    let out = life().run();
    assert_eq!(out.whole(), [BOTH, "", "End 01-05 09:00, b 01-06 09:00"]);
    expect_test::expect_file!["ont_s05.txt"].assert_eq(&out.story());
}

#[test]
fn ont_s06_an_exit_of_one_branch_leaves_the_other() {
    let out = enters(fork(ElementKind::Exit, ElementKind::End)).run();
    assert_eq!(out.whole(), [BOTH, "", "b 01-06 09:00"]);
    let out = enters(fork(ElementKind::End, ElementKind::Exit)).run();
    assert_eq!(out.whole(), [BOTH, "", "End 01-05 09:00"]);
}

#[test]
fn ont_s07_with_an_exit_of_both_the_contact_is_off_the_map() {
    let out = enters(fork(ElementKind::Exit, ElementKind::Exit)).run();
    assert_eq!(out.whole(), [BOTH, "", ""]);
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
fn ont_s09_added_by_hand_a_go_to_leads_into_the_middle() {
    let build = map_n(|_| {}).at_added().go_to("W3");
    let map = build.map;
    let out = Life::of(build).added("2026-01-05 09:00", map).run();
    let mails = "E4 01-07 09:00, E5 01-09 09:00, E6 01-11 09:00, E7 01-13 09:00, E8 01-15 09:00, \
                 E9 01-17 09:00, E10 01-19 09:00";
    assert_eq!(out.whole(), [mails, "", "GW 01-19 09:00"]);
}

#[test]
fn m_03_who_is_put_on_a_map_comes_in_by_its_one_trigger_for_that() {
    let build = Build::new().send("E").exit();
    let map = build.map;
    let second = ElementKind::Trigger(Listener {
        on: EventFilter::AddedToAutomation,
        ..Listener::trigger(EventType::AddedToAutomation)
    });
    let spot = Spot::At(Point { x: 0, y: 0 });
    assert!(build.clone().attempt(Command::Insert { map, kind: second, spot }).is_err());
    assert!(build.clone().attempt(Command::Delete { map, elements: [build.added()].into() }).is_err());
    assert_eq!(Life::of(build).added("2026-01-05 09:00", map).run().mails(), "E 01-05 09:00");
    // by an action of another map; with nothing below it the trigger stands alone and holds
    let mut build = Build::new();
    let alone = build.map;
    build.add_map("Parent");
    let out = enters(build.trigger_form("F").action(Action::AddToMap(Some(alone))).end()).run();
    assert_eq!(out.came_in(), "Submits F 01-05 09:00, Added to this map 01-05 09:00");
    assert_eq!(out.rests(), "Added to this map, Add to Nurture");
}

#[test]
fn ont_s10_a_go_to_hangs_at_an_open_end_and_leads_to_no_trigger_or_goal() {
    let build = Build::new().trigger_form("F").called("T").send("E1").goal_buys("X").called("G");
    let map = build.map;
    let refused = |from: &str, to: &str| {
        let kind = ElementKind::GoTo(Some(build.id(to)));
        build.refusal(Command::Insert {
            map,
            kind,
            spot: Spot::After { from: build.id(from), port: Port::Next },
        })
    };
    for target in ["T", "G"] {
        assert!(refused("G", target).contains("Go To") || refused("G", target).contains("lead"), "{target}");
        let mut with_go_to = build.clone().behind("G").go_to("E1").called("Go");
        let (element, kind) = (with_go_to.id("Go"), ElementKind::GoTo(Some(with_go_to.id(target))));
        assert!(with_go_to.attempt(Command::Set { map, element, kind }).is_err(), "{target}");
    }
    let said = refused("T", "E1");
    assert!(
        said.starts_with("A Go To leads away from here, so it cannot stand in the middle of a line"),
        "{said}"
    );
    // at the open end it may lead to anything else
    let out = enters(build.behind("G").go_to("E1")).buys("2026-01-06 09:00", "X").run();
    assert_eq!(out.mails(), "E1 01-05 09:00, E1 01-06 09:00");
}

#[test]
fn ont_s12_a_loop_without_a_wait_stops_that_contact_with_a_report() {
    let build = Build::new().trigger_form("F").email("E").called("E").go_to("E");
    assert_eq!(codes(&build), ["zero-time-loop"]);
    let out = enters(build).another().tag("2026-01-06 09:00", "X").run_all();
    let told = "lost at Go to E: too many steps at one instant: a loop without a wait";
    assert_eq!(out[0].told("dropped"), [told]);
    assert_eq!((out[0].count("arrived"), out[0].rests().as_str()), (10_001, ""));
    // the others carry on
    assert_eq!(out[1].told("happened"), ["tag X was added"]);
    // max_steps_per_instant: how many steps are too many
    let build = Build::new().trigger_form("F").email("E").called("E").go_to("E");
    let out = enters(build.rules(|rules| rules.max_steps_per_instant = 50)).run();
    assert_eq!((out.count("arrived"), out.count("dropped")), (51, 1));
}

#[test]
fn m_09_the_steps_of_each_instant_are_counted_for_themselves() {
    let build = Build::new().trigger_form("F").send("E1").wait_days(1).send("E2").end();
    let out = enters(build.rules(|rules| rules.max_steps_per_instant = 3)).run();
    assert_eq!(out.whole(), ["E1 01-05 09:00, E2 01-06 09:00", "", "End 01-06 09:00"]);
}

#[test]
fn m_09_a_loop_with_a_wait_goes_on() {
    let build = Build::new().trigger_form("F").email("E").called("E").hold("W", some_days(1)).go_to("E");
    let out = enters(build).until("2026-01-15 09:00").run();
    assert_eq!((out.count("sent"), out.stands().as_str()), (11, "W 01-15 09:00"));
}

#[test]
fn m_09_a_fork_in_a_loop_ends_the_contact_before_it_fills_the_memory() {
    let build = Build::new().trigger_form("F").fork().called("Fork").go_to("Fork");
    let out = enters(build.at("Fork", Port::Right).end()).run();
    assert!(out.told("dropped")[0].ends_with("too many positions: a fork in a loop"));
}

#[test]
fn ont_s13_a_path_without_an_end_is_not_published() {
    let open = Build::new().trigger_form("F").email("E").called("E");
    let map = open.map;
    assert_eq!(codes(&open), ["open-end"]);
    let publish = || Command::Publish { map, at: None, place_matching: false };
    let said = open.refusal(publish());
    assert!(said.starts_with("The map cannot be published yet: Nothing follows “E”"), "{said}");
    for closed in [open.clone().end(), open.clone().exit(), open.clone().wait_days(1).go_to("E")] {
        closed.clone().run(publish());
        assert_eq!(codes(&closed), [""; 0]);
    }
}

#[test]
fn m_10_an_open_end_rests_and_says_so() {
    let out = enters(Build::new().trigger_form("F").email("E")).run();
    assert_eq!(out.whole(), ["E 01-05 09:00", "", "E 01-05 09:00"]);
    assert_eq!(out.told("rested"), ["rests at E: nothing comes next"]);
}

#[test]
fn m_10_an_end_keeps_the_contact_on_the_map_and_an_exit_takes_that_position_off() {
    let achieved = |end: ElementKind| {
        let build = Build::new().trigger_form("F").then(end);
        let build = build.goal_at_top(Listener::goal(EventType::CallLogged)).called("G").end();
        enters(build).happens("2026-01-06 09:00", Happening::CallLogged).run().achieved()
    };
    assert_eq!(achieved(ElementKind::End), "G 01-06 09:00");
    assert_eq!(achieved(ElementKind::Exit), "");
}

#[test]
fn ont_s16_the_other_branch_of_a_fork_carries_on_beside_add_to_automation() {
    let mut build = Build::new().wait_days(3).email("Child").exit();
    let child = build.map;
    build.add_map("Parent");
    build = build.trigger_form("F").fork().called("Fork").action(Action::AddToMap(Some(child)));
    build = build.email("After").end().at("Fork", Port::Right).email("At once").end().called("b");
    let out = enters(build).run();
    let mails = "At once 01-05 09:00, Child 01-08 09:00, After 01-08 09:00";
    assert_eq!(out.whole(), [mails, "", "End 01-08 09:00, b 01-05 09:00"]);
}

/// A trigger for the form F with these settings.
fn trigger(change: impl FnOnce(&mut Listener)) -> Build {
    Build::new().trigger_form("F").called("T").listen("T", change).behind("T")
}

#[test]
fn ont_s17_a_trigger_for_someone_on_the_map() {
    for (choice, mails, stands) in [
        (IfOnMap::Ignore, "E 01-07 09:00", "End 01-07 09:00"),
        (IfOnMap::Move, "E 01-08 09:00", "End 01-08 09:00"), // started again
        (IfOnMap::Add, "E 01-07 09:00, E 01-08 09:00", "End 01-07 09:00, End 01-08 09:00"),
    ] {
        let build = trigger(|trigger| trigger.if_on_map = choice).wait_days(2).email("E").end();
        let out = enters(build).submits("2026-01-06 09:00", "F").run();
        assert_eq!(out.whole(), [mails, "", stands], "{choice:?}");
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
    let build = trigger(|trigger| trigger.once = true).email("E").exit();
    let out = enters(build).submits("2026-01-06 09:00", "F").run();
    assert_eq!(out.whole(), ["E 01-05 09:00", "", ""]);
    assert_eq!(out.refused(), "T once");
}

#[test]
fn ont_s19_a_trigger_never_looks_back() {
    let build = Build::new().trigger_form("F").email("E").end();
    let out = Life::of(build.clone()).published("2026-01-10").submits("2026-01-09 12:00", "F").run();
    assert_eq!(out.whole(), [""; 3]);
    let out = Life::of(build.clone()).published("2026-01-10").submits("2026-01-10 00:00", "F").run();
    assert_eq!(out.whole(), ["E 01-10 00:00", "", "End 01-10 00:00"]);
    // the same for a map that is published in the course of a run
    let mut build = build;
    build.publish(Some("2026-01-10T00:00:00Z"));
    let out = enters(build).submits("2026-01-10 00:00", "F").run();
    assert_eq!(out.mails(), "E 01-10 00:00");
}

#[test]
fn m_02_earlier_events_only_change_the_record() {
    let build = Build::new().trigger_form("F").if_tag("VIP").email("Yes").end();
    let life = Life::of(build).published("2026-01-10").tag("2026-01-09 12:00", "VIP");
    assert_eq!(life.submits("2026-01-11 09:00", "F").run().mails(), "Yes 01-11 09:00");
    // what they raise later comes in its time
    let build = Build::new().trigger(Listener::trigger(EventType::Purchased)).called("T").email("E").exit();
    let life = Life::of(build).published("2026-01-10");
    let out = life.orders("2026-01-09 12:00", &["X"], |order| order.plan = Some(monthly(3))).run();
    assert_eq!(out.came_in(), "T 02-09 12:00, T 03-09 12:00");
}

#[test]
fn ont_s20_a_trigger_with_move_starts_again_from_the_end() {
    let mut build = map_n(|_| {});
    let triggers = build.map().elements.values().filter(|e| matches!(e.kind, ElementKind::Trigger(_)));
    let trigger = triggers.map(|e| e.id).find(|id| *id != build.added()).unwrap();
    let mut kind = build.kind(trigger).clone();
    kind.listener_mut().unwrap().if_on_map = IfOnMap::Move;
    build.set(trigger, kind);
    let life = enters(build).buys("2026-01-11 15:30", "X").submits("2026-02-02 09:00", "F");
    let mails = "E1 01-05 09:00, E2 01-07 09:00, E3 01-09 09:00, E4 01-11 09:00, Welcome 01-11 15:30, \
                 E1 02-02 09:00";
    assert_eq!(life.until("2026-02-03").run().whole(), [mails, "G 01-11 15:30", "W1 02-02 09:00"]);
}

/// A mail, and a day later one that is transactional.
fn two_kinds_of_mail() -> Build {
    let mut build = Build::new().trigger_form("F").send("News").wait_days(1).send("Receipt").end();
    build.item::<Email>("Receipt", |mail| mail.transactional = true);
    build
}

#[test]
fn ont_s21_transactional_only_holds_marketing_back_and_the_contact_passes_both() {
    let more = MoreOfContact { email_status: EmailStatus::TransactionalOnly, ..MoreOfContact::default() };
    let out = enters(two_kinds_of_mail()).with(more).run();
    assert_eq!(out.whole(), ["Receipt 01-06 09:00", "", "End 01-06 09:00"]);
    assert_eq!(out.told("suppressed"), ["News not sent: the contact takes only transactional e-mail"]);
}

#[test]
fn a_01_which_mail_each_status_lets_through() {
    for (status, _) in EmailStatus::ALL {
        let sent = match status {
            EmailStatus::DoubleOptIn | EmailStatus::OptedIn => "News 01-05 09:00, Receipt 01-06 09:00",
            EmailStatus::TransactionalOnly => "Receipt 01-06 09:00",
            EmailStatus::HardBounce | EmailStatus::UnderReview => "",
        };
        let life = enters(two_kinds_of_mail());
        let out = life.happens("2026-01-04 09:00", Happening::EmailStatus(*status)).run();
        assert_eq!(out.whole(), [sent, "", "End 01-06 09:00"], "{status:?}");
        assert_eq!(out.count("sent") + out.count("suppressed"), 2);
    }
}

#[test]
fn a_01_text_messages_go_to_who_wants_them_and_has_a_number() {
    for (status, _) in SmsStatus::ALL {
        let (mails, suppressed) = match status {
            SmsStatus::OptedIn => ("SMS S 01-05 09:00", None),
            SmsStatus::OptedOut => ("", Some("SMS S not sent: the contact does not want text messages")),
            SmsStatus::NoNumber => ("", Some("SMS S not sent: the contact has no number")),
        };
        let mut build = Build::new().trigger_form("F");
        let sms = build.thing::<Sms>("S");
        let life = enters(build.action(Action::SendSms(Some(sms))).end());
        let out = life.happens("2026-01-04 09:00", Happening::SmsStatus(*status)).run();
        assert_eq!(out.whole(), [mails, "", "End 01-05 09:00"]);
        assert_eq!(out.told("suppressed"), Vec::from_iter(suppressed));
    }
}

/// Five mails a day apart; on these days one comes back.
fn bounces(days: &[u32]) -> Life {
    let mut build = Build::new().trigger_form("F").send("E1");
    for mail in 2..=5 {
        build = build.wait_days(1).send(&format!("E{mail}"));
    }
    days.iter().fold(enters(build.end()), |life, day| {
        let bounce = |email| Happening::EmailBounced { email, hard: false };
        life.does::<Email>(&format!("2026-01-{day:02} 10:00"), "E1", bounce)
    })
}

#[test]
fn ont_s22_four_soft_bounces_in_a_row_are_a_hard_one() {
    let all = "E1 01-05 09:00, E2 01-06 09:00, E3 01-07 09:00, E4 01-08 09:00, E5 01-09 09:00";
    let out = bounces(&[5, 6, 7, 8]).run();
    assert_eq!(out.whole(), [&all[..all.find(", E5").unwrap()], "", "End 01-09 09:00"]);
    assert_eq!(out.told("suppressed"), ["E5 not sent: the address bounced for good"]);
    assert_eq!(out.told("raised"), ["e-mail status became “Hard bounce”"]);
    // three are not enough, nor are four with one opened between
    assert_eq!(bounces(&[6, 7, 8]).run().mails(), all);
    let opened = bounces(&[5, 6, 7, 8]).does::<Email>("2026-01-07 11:00", "E3", Happening::EmailOpened);
    assert_eq!(opened.run().mails(), all);
    // a mail that came through between two of them breaks the row
    assert_eq!(bounces(&[5, 6, 8, 9]).run().count("raised"), 0);
    assert_eq!(bounces(&[6, 7, 8, 9]).run().count("raised"), 1);
}

#[test]
fn a_01_a_hard_bounce_is_one_at_once() {
    let build = Build::new().trigger_form("F").send("E1").wait_days(1).send("E2").end();
    let bounce = |email| Happening::EmailBounced { email, hard: true };
    let out = enters(build).does::<Email>("2026-01-05 10:00", "E1", bounce).run();
    assert_eq!(out.whole(), ["E1 01-05 09:00", "", "End 01-06 09:00"]);
    assert_eq!(out.count("suppressed"), 1);
}

#[test]
fn ont_s23_an_or_of_two_negatives_passes_almost_everybody() {
    let mut build = Build::new();
    let lacks = ["A", "B"].map(|tag| Condition::HasNotTag(Some(build.tag(tag))));
    let build =
        build.trigger_form("F").condition(Condition::Any(lacks.into())).called("C").email("Yes").end();
    let build = build.at("C", Port::No).email("No").end().called("No End");
    assert_eq!(codes(&build), ["or-of-negatives"]);
    let out = enters(build.clone()).with_tag("A").run();
    assert_eq!(out.whole(), ["Yes 01-05 09:00", "", "End 01-05 09:00"]);
    let out = enters(build).with_tag("A").with_tag("B").run();
    assert_eq!(out.whole(), ["No 01-05 09:00", "", "No End 01-05 09:00"]);
}

#[test]
fn a_02_a_change_that_changes_nothing_raises_nothing() {
    let build = Build::new().trigger_form("F").add_tag("A").add_tag("A").end();
    let out = enters(build).run();
    assert_eq!((out.count("changed"), out.count("raised"), out.count("nothing_done")), (1, 1, 1));
}

#[test]
fn m_02_a_trigger_has_an_event_with_settings_and_conditions() {
    // of several triggers each asks for its own; none may stand in the middle
    let mut build = Build::new().trigger_form("F").called("T1").send("One").exit();
    let form = build.form("G");
    let on = EventFilter::FormSubmitted { form: Choice::OneOf(vec![form]), outcome: None };
    let vip = Condition::HasTag(Some(build.tag("VIP")));
    let second = Listener { on, conditions: vip, ..Listener::trigger(EventType::FormSubmitted) };
    let build = build.trigger(second.clone()).called("T2").send("Two").exit();
    let life = enters(build.clone()).submits("2026-01-06 09:00", "G").tag("2026-01-07 09:00", "VIP");
    let out = life.submits("2026-01-08 09:00", "G").run();
    assert_eq!(out.mails(), "One 01-05 09:00, Two 01-08 09:00");
    let spot = Spot::After { from: build.id("T1"), port: Port::Next };
    let kind = ElementKind::Trigger(second);
    assert!(build.clone().attempt(Command::Insert { map: build.map, kind, spot }).is_err());
}

#[test]
fn m_04_a_wait_holds_until_its_rule_says_so() {
    let hours = gateline::model::Until::TimePasses(Span::new(5, Unit::Hours));
    let build = Build::new().trigger_form("F").hold("W", hours).email("E").end();
    assert_eq!(enters(build.clone()).until("2026-01-05 13:59").run().whole(), ["", "", "W 01-05 09:00"]);
    assert_eq!(enters(build).run().whole(), ["E 01-05 14:00", "", "End 01-05 14:00"]);
}

#[test]
fn m_05_who_comes_to_a_group_rests_at_its_wait_and_only_the_event_passes_it() {
    let mut build =
        Build::new().trigger_form("F").goal_tag("X").called("G1").wait_called("GW").send("One").end();
    let second = build.buys("Y");
    let build = build.behind("G1").or_goal(second).called("G2").send("Two").end();
    let build = build.behind("G2").gives_up(some_days(3)).send("Least").end();
    // who has the tag already has not been given it
    let whole = |live: fn(Life) -> Life| live(enters(build.clone()).with_tag("X")).run().whole();
    assert_eq!(whole(|life| life), ["Least 01-08 09:00", "", "End 01-08 09:00"]);
    let one = ["One 01-06 09:00", "G1 01-06 09:00", "End 01-06 09:00"];
    assert_eq!(whole(|life| life.tag("2026-01-06 09:00", "X")), one);
    let two = ["Two 01-06 09:00", "G2 01-06 09:00", "End 01-06 09:00"];
    assert_eq!(whole(|life| life.buys("2026-01-06 09:00", "Y")), two);
}
