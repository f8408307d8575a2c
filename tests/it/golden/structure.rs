//! Elements and positions (semantics §2), messages.

use gateline::model::{
    Action, Condition, ElementKind, Email, EmailStatus, EventType, Happening, IfOnMap, LeadRouter,
    Listener, Member, MoreOfContact, Port, Sms, SmsStatus, Split,
};
use gateline::model::rules::SplitDraw;

use super::{Life, enters, map_n, some_days};
use crate::build::Build;

#[test]
fn m_01_a_position_runs_down_in_no_time_until_something_holds_it() {
    let build = Build::new().trigger_form("F").send("E1").add_tag("A").if_tag("A").send("E2").hold("W", some_days(1));
    let out = enters(build.send("E3").exit()).run();
    assert_eq!(out.mails(), "E1 01-05 09:00, E2 01-05 09:00, E3 01-06 09:00");
    assert_eq!((out.count("rested"), out.rests().as_str()), (1, ""));
}

#[test]
fn ont_s01_a_condition_is_asked_once_on_arrival() {
    let build = Build::new().trigger_form("F").if_tag("VIP").called("C").email("Yes").end();
    let build = build.at("C", Port::No).email("No").end();
    let out = enters(build.clone()).tag("2026-01-05 09:01", "VIP").run();
    assert_eq!(out.mails(), "No 01-05 09:00");
    let out = enters(build).with_tag("VIP").run();
    assert_eq!(out.mails(), "Yes 01-05 09:00");
}

/// Trigger → split to mails A and B → After → End.
fn split(shares: Vec<u16>) -> Build {
    let build = Build::new().trigger_form("F").then(ElementKind::Split(Split { shares })).called("S");
    let mut build = build.send("A").send("After").end().at("S", Port::path(1)).send("B");
    build.connect(build.id("B"), Port::Next, build.id("After"));
    build
}

#[test]
fn ont_s02_a_balanced_split_gives_each_path_its_share_exactly() {
    let ten = |draw, seed| {
        let build = split(vec![3_000, 7_000]).rules(|rules| rules.split_draw = draw);
        let life = (2..=10).fold(enters(build), |life, no| {
            life.and(&format!("c{no}")).submits(&format!("2026-01-05 09:{no:02}"), "F")
        });
        let out = life.seed(seed).run();
        ["A", "B", "After"].map(|element| out.number("2026-01-06", element, |totals, node| totals.visited(node)))
    };
    assert!((0..20).all(|seed| ten(SplitDraw::Balanced, seed) == [3, 7, 10]));
    // by chance, all of them still meet below
    let drawn: Vec<_> = (0..20).map(|seed| ten(SplitDraw::Random, seed)).collect();
    assert!(drawn.iter().all(|[a, b, after]| a + b == 10 && *after == 10));
    assert!(drawn.iter().any(|numbers| *numbers != [3, 7, 10]));
}

#[test]
fn m_07_a_balanced_split_counts_arrivals_in_the_order_of_the_run() {
    // the second contact of the table comes first
    let build = split(vec![5_000, 5_000]).rules(|rules| rules.split_draw = SplitDraw::Balanced);
    let out = enters(build).and("b").submits("2026-01-05 08:00", "F").run_all();
    assert_eq!([out[0].mails(), out[1].mails()].map(|mails| mails[..1].to_owned()), ["B", "A"]);
}

#[test]
fn ont_s03_all_go_one_way_and_meet_again_below() {
    for (shares, mail) in [(vec![10_000, 0], "A"), (vec![0, 10_000], "B")] {
        let out = enters(split(shares)).run();
        assert_eq!(out.mails(), format!("{mail} 01-05 09:00, After 01-05 09:00"));
    }
}

#[test]
fn ont_s04_the_same_seed_draws_the_same() {
    let mails = |seed| enters(split(vec![5_000, 5_000])).seed(seed).run().mails();
    assert!((0..20).all(|seed| mails(seed) == mails(seed)));
    assert!((0..20).any(|seed| mails(seed) != mails(0)), "chance has to do with the seed");
}

#[test]
fn m_07_a_split_has_up_to_ten_weighted_paths() {
    let mut build = Build::new().trigger_form("F").then(ElementKind::Split(Split { shares: vec![1_000; 10] })).called("S");
    for path in 0..10 {
        build = build.at("S", Port::path(path)).email(&format!("E{path}")).exit();
    }
    let mails: std::collections::BTreeSet<_> = (0..200).map(|seed| enters(build.clone()).seed(seed).run().mails()).collect();
    assert_eq!(mails.len(), 10);
}

#[test]
fn m_07_a_lead_router_gives_owners_by_weight_in_turn_or_by_chance() {
    let owners = |in_turn| {
        let mut build = Build::new().trigger_form("F");
        let members = ["Ann", "Bob"].map(|name| build.thing::<Member>(name));
        let members = members.into_iter().zip([1, 2]).collect();
        let build = build.action(Action::RouteLead(LeadRouter { members, in_turn })).end();
        let life = (1..30).fold(enters(build), |life, no| life.and(&format!("c{no}")).submits("2026-01-06 09:00", "F"));
        let each = life.run_all().into_iter().map(|out| out.told("routed")[0].clone());
        each.filter(|said| said == "owner is Bob").count()
    };
    assert_eq!(owners(true), 20);
    assert!((10..30).contains(&owners(false)) && owners(false) != 20);
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
fn ont_s09_a_go_to_from_the_added_trigger() {
    let mut build = map_n(|_| {});
    (build.last, build.port) = (build.added(), Port::Next);
    let build = build.go_to("W3");
    let map = build.map;
    // M-03: put there by hand
    let out = Life::of(build).added("2026-01-05 09:00", map).run();
    assert!(out.mails().starts_with("E4 01-07 09:00, E5 01-09 09:00"), "{}", out.mails());
}

#[test]
fn m_03_who_is_put_on_a_map_comes_in_by_its_one_trigger_for_that() {
    let build = Build::new().send("E").exit();
    assert_eq!(build.map().elements.values().filter(|e| e.kind.is_added_to_automation()).count(), 1);
    let map = build.map;
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
fn ont_s12_a_loop_without_a_wait_stops_that_contact_with_a_report() {
    let build = Build::new().trigger_form("F").email("E").called("E").go_to("E");
    let life = enters(build).and("b").tag("2026-01-06 09:00", "X");
    let out = life.run_all();
    assert_eq!(out[0].told("dropped"), ["lost at E: too many steps at one instant: a loop without a wait"]);
    assert_eq!((out[0].count("arrived"), out[0].rests().as_str()), (10_001, ""));
    assert_eq!(out[1].told("happened"), ["tag X was added"]);
}

#[test]
fn m_09_the_limit_of_steps_is_a_switch() {
    let steps = |most| {
        let build = Build::new().trigger_form("F").send("E1").send("E2").send("E3").end();
        enters(build.rules(|rules| rules.max_steps_per_instant = most)).run()
    };
    assert_eq!((steps(5).rests().as_str(), steps(5).count("dropped")), ("End", 0));
    assert_eq!((steps(4).rests().as_str(), steps(4).count("dropped")), ("", 1));
    // the steps of each instant are counted for themselves
    let build = Build::new().trigger_form("F").send("E1").wait_days(1).send("E2").end();
    let out = enters(build.rules(|rules| rules.max_steps_per_instant = 3)).run();
    assert_eq!(out.rests(), "End");
}

#[test]
fn m_09_a_loop_with_a_wait_goes_on() {
    let build = Build::new().trigger_form("F").email("E").called("E").wait_days(1).go_to("E");
    let out = enters(build).until("2026-01-15 09:00").run();
    assert_eq!(out.count("sent"), 11);
}

#[test]
fn m_09_a_fork_in_a_loop_ends_the_contact_before_it_fills_the_memory() {
    let build = Build::new().trigger_form("F").fork().called("Fork").go_to("Fork").at("Fork", Port::Right).end();
    let out = enters(build).run();
    assert_eq!(out.told("dropped")[0], "lost at End: too many positions: a fork in a loop");
    assert_eq!(out.rests().split(", ").count(), 1_000);
}

#[test]
fn m_10_an_open_end_rests_and_says_so() {
    let out = enters(Build::new().trigger_form("F").email("E")).run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("E 01-05 09:00", "E"));
    assert_eq!(out.told("rested"), ["rests at E: nothing comes next"]);
}

#[test]
fn m_10_an_end_keeps_the_contact_on_the_map_and_an_exit_takes_that_position_off() {
    let achieved = |end: ElementKind| {
        let build = Build::new().trigger_form("F").then(end).goal_at_top(Listener::goal(EventType::CallLogged));
        enters(build.called("G").end()).happens("2026-01-06 09:00", Happening::CallLogged).run().achieved()
    };
    assert_eq!(achieved(ElementKind::End), "G 01-06 09:00");
    assert_eq!(achieved(ElementKind::Exit), "");
}

/// A trigger for form F with these settings.
fn trigger(change: impl FnOnce(&mut Listener)) -> Build {
    Build::new().trigger_form("F").called("T").listen("T", change).behind("T")
}

#[test]
fn ont_s17_a_trigger_for_someone_on_the_map() {
    for (choice, rests, mails) in [
        (IfOnMap::Ignore, "End", "E 01-07 09:00"),
        (IfOnMap::Move, "End", "E 01-08 09:00"), // started again
        (IfOnMap::Add, "End, End", "E 01-07 09:00, E 01-08 09:00"),
    ] {
        let build = trigger(|trigger| trigger.if_on_map = choice).wait_days(2).email("E").end();
        let out = enters(build).submits("2026-01-06 09:00", "F").run();
        assert_eq!((out.rests().as_str(), out.mails().as_str()), (rests, mails), "{choice:?}");
    }
}

#[test]
fn ont_s18_once_per_contact() {
    let build = trigger(|trigger| trigger.once = true).email("E").exit();
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
    let life = Life::of(build).published("2026-01-10").tag("2026-01-09 12:00", "VIP").submits("2026-01-11 09:00", "F");
    assert_eq!(life.run().mails(), "Yes 01-11 09:00");
    // so do those that they raise
    let mut build = Build::new().trigger(Listener::trigger(EventType::Purchased)).called("T").email("E").exit();
    let order = build.instalments("1", "X", 3);
    let out = Life::of(build).published("2026-01-10").orders("2026-01-09 12:00", order).run();
    assert_eq!(out.came_in(), "T 02-09 12:00, T 03-09 12:00");
}

#[test]
fn m_02_a_map_is_there_from_its_first_publication_on() {
    let mut build = Build::new().trigger_form("F").email("E").exit();
    build.publish(Some("2026-01-10T00:00:00Z"));
    let out = enters(build).submits("2026-01-10 00:00", "F").run();
    assert_eq!(out.mails(), "E 01-10 00:00");
}

#[test]
fn ont_s20_a_trigger_with_move_starts_again_from_the_end() {
    let build = map_n(|_| {}).listen("T", |trigger| trigger.if_on_map = IfOnMap::Move);
    let life = enters(build).buys("2026-01-11 15:30", "X").submits("2026-02-02 09:00", "F");
    let out = life.until("2026-02-03").run();
    assert!(out.mails().ends_with("Welcome 01-11 15:30, E1 02-02 09:00"), "{}", out.mails());
    assert_eq!(out.rests(), "W1");
}

/// A mail and a transactional one.
fn two_kinds_of_mail() -> Build {
    let mut build = Build::new().trigger_form("F").send("News").send("Receipt").end();
    build.item::<Email>("Receipt", |mail| mail.transactional = true);
    build
}

#[test]
fn ont_s21_transactional_only() {
    let more = MoreOfContact { email_status: EmailStatus::TransactionalOnly, ..MoreOfContact::default() };
    let out = enters(two_kinds_of_mail()).with(more).run();
    assert_eq!((out.mails().as_str(), out.rests().as_str()), ("Receipt 01-05 09:00", "End"));
    assert_eq!(out.told("suppressed"), ["News not sent: the contact takes only transactional e-mail"]);
}

#[test]
fn a_01_which_mail_each_status_lets_through() {
    for (status, sent) in [
        (EmailStatus::DoubleOptIn, 2),
        (EmailStatus::OptedIn, 2),
        (EmailStatus::TransactionalOnly, 1),
        (EmailStatus::HardBounce, 0),
        (EmailStatus::UnderReview, 0),
    ] {
        let out = enters(two_kinds_of_mail()).happens("2026-01-04 09:00", Happening::EmailStatus(status)).run();
        assert_eq!((out.count("sent"), out.count("suppressed"), out.rests().as_str()), (sent, 2 - sent, "End"));
    }
}

#[test]
fn a_01_text_messages_go_to_who_wants_them_and_has_a_number() {
    for (status, mails, suppressed) in [
        (SmsStatus::OptedIn, "SMS S 01-05 09:00", None),
        (SmsStatus::OptedOut, "", Some("SMS S not sent: the contact does not want text messages")),
        (SmsStatus::NoNumber, "", Some("SMS S not sent: the contact has no number")),
    ] {
        let mut build = Build::new().trigger_form("F");
        let sms = build.thing::<Sms>("S");
        let build = build.action(Action::SendSms(Some(sms))).end();
        let out = enters(build).happens("2026-01-04 09:00", Happening::SmsStatus(status)).run();
        assert_eq!((out.mails().as_str(), out.rests().as_str()), (mails, "End"));
        assert_eq!(out.told("suppressed"), Vec::from_iter(suppressed));
    }
}

/// Five mails a day apart; the first four come back an hour after they were sent.
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
fn ont_s22_the_fourth_soft_bounce_in_a_row_is_a_hard_one() {
    let out = bounces(&[5, 6, 7, 8]).run();
    assert_eq!(out.told("suppressed"), ["E5 not sent: the address bounced for good"]);
    assert_eq!(out.told("raised"), ["e-mail status became “Hard bounce”"]);
    // three are not enough, nor are four with one opened between
    assert_eq!(bounces(&[6, 7, 8]).run().count("suppressed"), 0);
    let opened = bounces(&[5, 6, 7, 8]).does::<Email>("2026-01-07 11:00", "E3", Happening::EmailOpened);
    assert_eq!(opened.run().count("suppressed"), 0);
    // a mail that came through between two of them breaks the row
    assert_eq!(bounces(&[5, 6, 8, 9]).run().count("raised"), 0);
    assert_eq!(bounces(&[6, 7, 8, 9]).run().count("raised"), 1);
}

#[test]
fn a_01_a_hard_bounce_is_one_at_once() {
    let build = Build::new().trigger_form("F").send("E1").wait_days(1).send("E2").end();
    let bounce = |email| Happening::EmailBounced { email, hard: true };
    let out = enters(build).does::<Email>("2026-01-05 10:00", "E1", bounce).run();
    assert_eq!((out.mails().as_str(), out.count("suppressed")), ("E1 01-05 09:00", 1));
}

#[test]
fn ont_s23_an_or_of_two_negatives_passes_almost_everybody() {
    let mut build = Build::new();
    let (a, b) = (build.tag("A"), build.tag("B"));
    let either = Condition::Any(vec![Condition::HasNotTag(Some(a)), Condition::HasNotTag(Some(b))]);
    let build = build.trigger_form("F").condition(either).email("Yes").end();
    assert_eq!(enters(build).with_tag("A").run().mails(), "Yes 01-05 09:00");
}
