//! Triggers and goals.

use super::*;

#[test]
fn events_and_their_settings() {
    let mut harness = one(trigger(EventFilter::Created));
    pick(&mut harness, "Event", "Submits a form");
    let blank = EventFilter::blank(EventType::FormSubmitted);
    assert_eq!(meant(&mut harness), set(trigger(blank)));

    click(&mut harness, "Chosen forms");
    pick(&mut harness, "Add a form", "Checkout");
    let form = Choice::OneOf(vec![id(22)]);
    let chosen = trigger(EventFilter::FormSubmitted { form: form.clone(), outcome: None });
    assert_eq!(harness.state().kind(101), chosen);
    harness.state_mut().meant.clear();
    choose(&mut harness, "Outcome", "Only failure");
    let failed = EventFilter::FormSubmitted { form, outcome: Some(FormOutcome::Failure) };
    assert_eq!(meant(&mut harness), set(trigger(failed)));
    assert_eq!(shown(&harness, "Outcome"), "Only failure");

    pick(&mut harness, "Event", "Purchases a product");
    click(&mut harness, "Chosen products");
    choose(&mut harness, "Add a product", "Book");
    choose(&mut harness, "Add a product", "Course");
    let buys = |products| trigger(EventFilter::Purchased { products, plan_payments: PlanPayments::Every });
    assert_eq!(harness.state().kind(101), buys(Choice::OneOf(vec![id(12), id(11)])));
    harness.state_mut().meant.clear();
    click(&mut harness, "Remove Book");
    assert_eq!(meant(&mut harness), set(buys(Choice::OneOf(vec![id(11)]))));
    click(&mut harness, "Any product");
    assert_eq!(meant(&mut harness), set(buys(Choice::Any)));

    for (event, on) in [
        ("Tag is added", EventFilter::TagAdded(Some(id(2)))),
        ("Tag is removed", EventFilter::TagRemoved(Some(id(2)))),
    ] {
        pick(&mut harness, "Event", event);
        choose(&mut harness, "Tag", "VIP");
        assert_eq!((harness.state().kind(101), shown(&harness, "Tag")), (trigger(on), "VIP".into()));
    }

    pick(&mut harness, "Event", "Clicks an e-mail link");
    pick(&mut harness, "E-mail", "Offer");
    choose(&mut harness, "Link", "2: https://example.org/unsubscribe");
    let clicked = EventFilter::EmailLinkClicked { email: Some(id(31)), link: 2 };
    assert_eq!(harness.state().kind(101), trigger(clicked));
}

#[test]
fn events_are_found_by_what_they_mean_and_walked_with_the_arrows() {
    let mut harness = one(trigger(EventFilter::Created));
    pick(&mut harness, "Event", "buys");
    let buys = harness.state().kind(101).listener().unwrap().on.event_type();
    assert_eq!(buys, EventType::Purchased, "a word of its sentence");
    harness.state_mut().meant.clear();

    harness.get_by_role_and_label(Role::ComboBox, "Event").click();
    harness.run_steps(4);
    harness.get_by_label("Sales");
    press(&mut harness, egui::Key::ArrowDown);
    press(&mut harness, egui::Key::ArrowDown);
    press(&mut harness, egui::Key::ArrowUp);
    press(&mut harness, egui::Key::Enter);
    let kind = harness.state().kind(101);
    assert_eq!(kind.listener().unwrap().on, EventFilter::Refund(Choice::Any), "the row below");
    assert!(harness.query_by_label("Search").is_none(), "the list is closed");
    assert!(harness.get_by_role_and_label(Role::ComboBox, "Event").is_focused());
}

#[test]
fn triggers_and_goals_are_offered_what_they_can_hear() {
    for (kind, keap, created) in [
        (trigger(EventFilter::TagAdded(None)), false, true),
        (goal(EventFilter::TagAdded(None)), true, false),
    ] {
        for (event_type, offered) in [
            (EventType::KeapPurchase, keap),
            (EventType::Created, created),
            (EventType::AddedToAutomation, false),
        ] {
            let mut harness = one(kind.clone());
            pick(&mut harness, "Event", event_type.info().title);
            let on = harness.state().kind(101).listener().unwrap().on.event_type();
            assert_eq!(on == event_type, offered, "{event_type:?}");
        }
    }
}

#[test]
fn the_purchase_goal_of_keap_is_ticked_together() {
    let mut account = project([goal(EventFilter::TagAdded(None))]);
    let (map, name, rules) = (id(100), "Nurture".into(), EngineRules::preset(Preset::Keap));
    account.apply(Edit::SetMapInfo { map, name, rules }).unwrap();
    let mut harness = window(bench(account, &[101]));
    pick(&mut harness, "Event", "Purchases a product");
    let first = EventFilter::Purchased { products: Choice::Any, plan_payments: PlanPayments::First };
    assert_eq!(harness.state().kind(101), goal(first), "G-12: as the rules of the map say");

    pick(&mut harness, "Event", "Purchase (Keap)");
    let keap = |harness: &Harness<'_, Bench>| match harness.state().kind(101) {
        ElementKind::Goal(Listener { on: EventFilter::KeapPurchase(keap), who, if_on_map, .. }) => {
            assert_eq!((who, if_on_map), (Who::Upstream, IfOnMap::Move), "K-05");
            keap
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(keap(&harness), KeapPurchase::default());
    harness.get_by_label_contains("Nothing is ticked and chosen yet");
    assert!(harness.query_by_label(Who::ALL[1].1).is_none(), "only upstream or any contact");
    assert!(harness.query_by_label(IfOnMap::ALL[1].1).is_none(), "it always moves");

    click(&mut harness, "Order forms");
    pick(&mut harness, "Add an order form", "Checkout");
    click(&mut harness, "Categories");
    pick(&mut harness, "Add a category", "Paper");
    click(&mut harness, "Chosen kinds of payment");
    click(&mut harness, "Check");
    click(&mut harness, "PayPal");
    let ticked = KeapPurchase {
        forms: vec![id(22)],
        categories: vec![id(15)],
        payments: Choice::OneOf(vec![PaymentKind::PayPal, PaymentKind::Check]),
        ..KeapPurchase::default()
    };
    assert_eq!(keap(&harness), ticked);
    click(&mut harness, "Categories");
    click(&mut harness, "Any purchase");
    assert_eq!(keap(&harness), KeapPurchase { any: true, categories: vec![], ..ticked });
}

#[test]
fn what_a_choice_is_about_is_offered_and_made() {
    let mut harness = one(trigger(EventFilter::DateMatches(None)));
    harness.get_by_role_and_label(Role::ComboBox, "Date field").click();
    harness.run_steps(4);
    harness.get_by_label("My birthday");
    assert!(harness.query_by_label("My number").is_none(), "it holds no day");
    harness.get_by_label("Search").type_text("Anniversary");
    harness.run_steps(3);
    press(&mut harness, egui::Key::ArrowDown);
    press(&mut harness, egui::Key::Enter);
    let made = |harness: &Harness<'_, Bench>| Catalogue::clone(&harness.state().project.catalogue);
    let field = made(&harness).fields.into_values().find(|field| field.name == "Anniversary").unwrap();
    assert_eq!(field.kind, FieldKind::Birthday, "the second way offered");
    assert_eq!(harness.state().kind(101), trigger(EventFilter::DateMatches(Some(field.id))));

    let mut harness = one(trigger(EventFilter::LinkClicked(None)));
    pick(&mut harness, "Tracked link", "Promotion");
    let page = made(&harness).pages.into_values().find(|page| page.name == "Promotion").unwrap();
    assert_eq!(page.kind, PageKind::Link);
    assert_eq!(harness.state().kind(101), trigger(EventFilter::LinkClicked(Some(page.id))));

    let mut harness = one(trigger(EventFilter::Paused(None)));
    harness.get_by_role_and_label(Role::ComboBox, "Other map").click();
    harness.run_steps(4);
    harness.get_by_label("Win back");
    assert!(harness.query_by_label_contains("Nurture after the webinar (").is_none(), "not this one");
}

#[test]
fn what_a_file_holds_that_cannot_be_chosen_is_shown_and_explained() {
    for (on, said) in [
        (EventFilter::DateMatches(Some(id(41))), "“My text” is no date field, so nothing matches"),
        (EventFilter::TagAdded(Some(id(99))), "The tag is no longer in the account"),
        (EventFilter::Unpaused(Some(id(100))), "A map hears nothing about itself"),
        (EventFilter::EmailLinkClicked { email: Some(id(31)), link: 9 }, "The e-mail has no such link"),
        (EventFilter::TaskCompleted { task: Some(id(61)), outcomes: vec![7] }, "Outcome 7: not in this task"),
        (EventFilter::UrlVisited(None), "the tracking code is off"),
    ] {
        let harness = one(trigger(on));
        harness.get_by_label_contains(said);
        assert_eq!(harness.state().meant, []);
    }
    let keap = Listener { who: Who::OnMap, ..Listener::goal(EventType::KeapPurchase) };
    let harness = one(ElementKind::Goal(keap));
    assert!(is_on(&harness, Who::ALL[1].1), "shown as it is");
    assert_eq!(harness.state().meant, []);
}

#[test]
fn listeners_that_are_drafts_say_so() {
    let mut harness = one(trigger(EventFilter::Created));
    click(&mut harness, "Draft");
    let command = Command::SetDraft { map: id(100), element: id(101), draft: true };
    assert_eq!(meant(&mut harness), command);
    assert!(is_on(&harness, "Draft"));
    harness.get_by_label_contains("Draft: it does not listen");
}

#[test]
fn goals_say_who_what_and_how_often() {
    let goal = Listener::goal(EventType::Purchased);
    let mut harness = one(ElementKind::Goal(goal.clone()));
    for (who, name) in Who::ALL.into_iter().rev() {
        click(&mut harness, name);
        assert_eq!(meant(&mut harness), set(ElementKind::Goal(Listener { who, ..goal.clone() })));
        assert!(is_on(&harness, name));
    }
    let goal = Listener { who: Who::AnyContact, ..goal };
    for (if_on_map, name) in IfOnMap::ALL.into_iter().rev() {
        click(&mut harness, name);
        assert_eq!(meant(&mut harness), set(ElementKind::Goal(Listener { if_on_map, ..goal.clone() })));
        assert!(is_on(&harness, name));
    }
    click(&mut harness, "Once per contact");
    assert_eq!(meant(&mut harness), set(ElementKind::Goal(Listener { once: true, ..goal })));
    assert!(is_on(&harness, "Once per contact"));

    let harness = one(trigger(EventFilter::Created));
    assert!(harness.query_by_label(Who::ALL[2].1).is_none(), "triggers know no upstream");
}
