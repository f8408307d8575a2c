//! The page of the map, with its rules and the account.

use super::*;
use crate::base::time::{Feb29, Span, Unit};
use crate::model::rules::*;

/// Tall enough for all of it.
fn page(project: Project) -> Harness<'static, Bench> {
    window_of(bench(project, &[]), Vec2::new(320.0, 6_000.0), egui::Theme::Light, 1.0)
}

#[test]
fn the_map_has_a_name() {
    let mut harness = page(project([]));
    enter(&mut harness, "Name", "Welcome");
    assert_eq!(meant(&mut harness), Command::RenameMap { map: id(100), name: "Welcome".into() });
    enter(&mut harness, "Name", " ");
    assert_eq!(harness.state().meant, []);
    harness.get_by_label_contains("Give the map a name");
}

#[test]
fn every_rule_can_be_changed() {
    let mut harness = page(project([]));
    is_readable(&harness, "map");
    assert_eq!(shown(&harness, "Preset"), "Ontraport");
    for (name, row) in [
        ("“On previous waits” means", "Every wait above"),
        ("“Upstream” follows Go To", "Yes"),
        ("“Move here” clears", "Only what is above the goal"),
        ("Entering can achieve a goal", "Yes"),
        ("Several goals for one event", "Only the first"),
        ("New purchase goals count", "First payment only"),
        ("An order that costs nothing is paid", "No"),
        ("A date that is past", "Holds for ever"),
        ("A day of a field that is past", "Passes at once"),
        ("A wait that is edited", "Counts again from the arrival"),
        ("Field timers read the field", "On entry to the sequence"),
        ("Coming into a sequence again", "Never"),
        ("New branches ask for", "All that match"),
        ("Splits draw", "Balanced over all arrivals"),
        ("Timers go on running", "No"),
        ("Events while paused", "Handled all the same"),
        ("Events before timers", "No"),
        ("Text in conditions", "Exact"),
    ] {
        choose(&mut harness, name, row);
        assert!(matches!(meant(&mut harness), Command::SetRules { .. }), "{name}");
        assert_eq!(shown(&harness, name), row);
    }
    enter(&mut harness, "Days that a step may be late", "3");
    harness.state_mut().meant.clear();
    enter(&mut harness, "Steps at one instant", "500");
    let rules = EngineRules {
        events_before_timers: false,
        pause_keeps_time: false,
        events_while_paused: WhilePaused::Handled,
        max_steps_per_instant: 500,
        previous_waits: PreviousWaits::AllAbove,
        upstream_follows_go_to: true,
        move_clears: MoveClears::AboveGoal,
        entry_event_achieves: true,
        several_goals: SeveralGoals::FirstOnly,
        plan_payments: PlanPayments::First,
        zero_total_pays: false,
        sequence_reentry: Reentry::Never,
        branch_policy: BranchPolicy::AllMatching,
        field_timer_reads: FieldTimerReads::Entry,
        late_step_days: 3,
        past_relative_date: PastRelativeDate::Pass,
        past_specific_date: PastDate::Hold,
        edited_wait: EditedWait::Recompute,
        split_draw: SplitDraw::Balanced,
        text_match: TextMatch::Exact,
    };
    assert_eq!(meant(&mut harness), Command::SetRules { map: id(100), rules });
    assert_eq!(shown(&harness, "Preset"), "Changed");
}

#[test]
fn rules_come_from_a_source_system() {
    let mut harness = page(project([]));
    for (preset, name) in Preset::ALL.into_iter().rev() {
        choose(&mut harness, "Preset", name);
        let rules = EngineRules::preset(preset);
        assert_eq!(meant(&mut harness), Command::SetRules { map: id(100), rules });
        assert_eq!(shown(&harness, "Preset"), name);
    }
}

#[test]
fn the_account_is_set_up_below() {
    let mut harness = page(project([]));
    pick(&mut harness, "Time zone", "Europe/Vienna");
    enter(&mut harness, "Currency", "EUR");
    enter(&mut harness, "Time of date events", "9:00");
    choose(&mut harness, "Birthdays on 29 February", "On 28 February");
    enter(&mut harness, "Checkouts are abandoned after", "6");
    choose(&mut harness, "Unit", "hours");
    click(&mut harness, "E-mail sync");
    click(&mut harness, "Tracking code");
    let settings = Settings {
        account_zone: chrono_tz::Europe::Vienna,
        currency: "EUR".into(),
        date_event_time: chrono::NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        birthday_29_feb: Feb29::LastOfFebruary,
        abandon_after: Span::new(6, Unit::Hours),
        email_sync: true,
        tracking_code: true,
        ..Settings::default()
    };
    assert_eq!(harness.state().project.settings, settings);
    enter(&mut harness, "Currency", "");
    harness.get_by_label_contains("The account needs a currency");
}

#[test]
fn how_orders_are_credited_is_set_up_below() {
    let mut harness = page(project([]));
    enter(&mut harness, "Days that a touch stays good", "7");
    choose(&mut harness, "What of an SMS is a touch", "Click only");
    enter(&mut harness, "Your own sources", "shop, blog");
    choose(&mut harness, "A visit from elsewhere breaks the credit", "Of campaigns only");
    choose(&mut harness, "An order brings to its goal", "Lines with a status of the goal");
    choose(&mut harness, "Lifetime value counts", "Spending after the visit");
    click(&mut harness, "Start afresh after an order");
    click(&mut harness, "Add a campaign");
    search(&mut harness, "offer");
    let settings = &harness.state().project.settings;
    let attribution = Attribution {
        goal_revenue: GoalRevenue::Lines,
        window_days: 7,
        sms_touch: SmsTouch::Click,
        own_sources: vec!["shop".into(), "blog".into()],
        excluded_campaigns: vec![CampaignRef::Email(id(31))],
        foreign_visit_breaks: ForeignVisitBreaks::Campaigns,
        reset_after_order: true,
    };
    assert_eq!(settings.attribution, attribution);
    assert_eq!(settings.value_base, ValueBase::AfterVisit);
    enter(&mut harness, "Days that a touch stays good", "31");
    harness.get_by_label_contains("Write a whole number from 1 to 30");
    is_readable(&harness, "credit");
}

#[test]
fn an_order_goal_is_made_and_deleted_but_never_changed() {
    let mut harness = page(project([]));
    harness.get_by_label("Order goal Orders");
    click(&mut harness, "New order goal");
    enter(&mut harness, "Name of the order goal", "Delivered online");
    click(&mut harness, "Placed");
    click(&mut harness, "Paid");
    click(&mut harness, "Chosen touchpoints");
    harness.get_by_label_contains("An order goal needs at least one touchpoint");
    click(&mut harness, "Add a touchpoint");
    search(&mut harness, "Website");
    is_readable(&harness, "order-goal");
    click(&mut harness, "Save order goal");
    let project = &harness.state().project;
    let place = *project.catalogue.touchpoints.keys().next().unwrap();
    let [goal] = &project.settings.order_goals[..] else { panic!("one goal is saved") };
    assert_eq!(goal.name, "Delivered online");
    assert_eq!(goal.statuses, [LineStatus::Category(StatusCategory::Delivered)]);
    assert_eq!(goal.touchpoints, Choice::OneOf(vec![place]));
    click(&mut harness, "Order goal Delivered online");
    harness.get_by_label("Orders begun in Website, a line of which is “Delivered” at last");
    harness.get_by_label_contains("never changed");
    click(&mut harness, "Delete order goal");
    assert_eq!(harness.state().project.settings.order_goals, []);
    click(&mut harness, "Order goal Orders");
    harness.get_by_label("Every project has this goal");
}
