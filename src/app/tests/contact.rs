//! One contact: what is made to happen to it, what it achieved and why not, and in which state it is.

use super::*;
use crate::app::contacts::FilterAct;
use crate::app::state::Ask;
use crate::base::id::{CampaignId, ElementId, Id as _, TagId};
use crate::base::time::{Span, Unit};
use crate::model::event::{HAPPENINGS, Origin};
use crate::model::{
    Campaign, CampaignRef, CampaignTouch, Contact, ContactIx, Event, Happening, HappeningKind, Kind, Order,
    OrderLine, People, Tag, Until, Wait,
};

const COMBO: egui::accesskit::Role = egui::accesskit::Role::ComboBox;

/// Does what a panel asks for.
fn ask(window: &mut Window, ask: Ask) {
    let ctx = window.ctx.clone();
    window.state_mut().app.carry_out(&ctx, vec![ask]);
    settle(window);
}

/// The only contact that there is, with these events, after a run.
fn with_contact(window: &mut Window, events: &[(&str, Happening)]) {
    let contact = Contact { key: "ann@example.com".into(), ..Contact::default() };
    let event = |(at, what): &(&str, Happening)| {
        (ContactIx(0), Event { at: at.parse().unwrap(), what: what.clone() })
    };
    let people = People::new(vec![contact], events.iter().map(event).collect()).unwrap();
    let command = Command::SetPeople { label: "import 1 contact".into(), people: people.into() };
    session(window).command(command).unwrap();
    settle(window);
    run(window);
}

fn run(window: &mut Window) {
    press(window, Modifiers::NONE, Key::F5);
    until(window, "the run is finished", |window| {
        let sim = &window.state().bench.as_ref().unwrap().sim;
        sim.run().is_some() && !sim.is_running()
    });
    settle(window);
}

fn first<T: Shelved>(window: &mut Window) -> T::Id {
    *T::shelf(&session(window).project().catalogue).keys().next().unwrap()
}

fn order(window: &mut Window) -> Happening {
    let product = first::<Product>(window);
    let line = OrderLine { product, quantity: 1.into(), amount: "10".parse().unwrap() };
    Happening::Order(Order { lines: vec![line], ..Order::default() }.into())
}

fn submitted(window: &mut Window) -> Happening {
    Happening::FormSubmitted { form: first::<Form>(window), outcome: Default::default() }
}

fn element(window: &Window, kind: Kind) -> ElementId {
    let bench = window.state().bench.as_ref().unwrap();
    let mut elements = bench.map().unwrap().elements.values();
    elements.find(|element| element.kind.kind() == kind).unwrap().id
}

/// Chooses what is to happen, by typing.
fn choose(window: &mut Window, query: &str) {
    click(window, "Make something happen…");
    type_text(window, query);
    press(window, Modifiers::NONE, Key::Enter);
}

/// Chooses in a dropdown, by typing.
fn pick(window: &mut Window, dropdown: &str, query: &str) {
    window.get_by_role_and_label(COMBO, dropdown).click();
    settle(window);
    type_text(window, query);
    press(window, Modifiers::NONE, Key::Enter);
}

#[test]
fn something_of_each_group_is_made_to_happen() {
    let mut window = window();
    with_map(&mut window);
    let submitted = submitted(&mut window);
    with_contact(&mut window, &[("2026-01-05T09:00:00Z", submitted)]);
    ask(&mut window, Ask::Pick(Some(ContactIx(0))));
    let kinds = |window: &mut Window| -> Vec<_> {
        let people = session(window).project().people.clone();
        people.events(ContactIx(0)).iter().map(|event| event.what.kind()).collect()
    };
    assert_eq!(kinds(&mut window), [HappeningKind::FormSubmitted]);
    for (query, kind) in [
        ("call", HappeningKind::CallLogged),
        ("paused on", HappeningKind::Paused),
        ("sends you an sms", HappeningKind::SmsReceived),
        ("places an order", HappeningKind::Order),
        ("visits a page", HappeningKind::PageVisited),
    ] {
        choose(&mut window, query);
        picture(&mut window, &format!("happen-{}", kind.info().tag));
        match kind {
            HappeningKind::Order => {
                assert!(has_in(&window, "Product is not chosen yet"));
                pick(&mut window, "Product", "product x");
            }
            HappeningKind::PageVisited => {
                assert!(has(&window, "The account has no page yet"));
                click(&mut window, "Add a page");
            }
            _ => {}
        }
        click(&mut window, "Make it happen");
        until(&mut window, "it has happened and is run", |window| {
            !window.state().bench.as_ref().unwrap().sim.is_running()
        });
        assert_eq!(kinds(&mut window).last(), Some(&kind));
        assert!(has(&window, "Make something happen…"), "the form is shut");
    }
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(kinds(&mut window).last(), Some(&HappeningKind::Order));
}

/// L-01: a run follows the published version, whatever the draft has no more.
#[test]
fn what_only_the_published_version_has_is_told_of() {
    let mut window = window();
    with_map(&mut window);
    publishing::mend(&mut window);
    let (goal, submitted) = (element(&window, Kind::Goal), submitted(&mut window));
    let map = window.state().bench.as_ref().unwrap().view.map;
    session(&mut window).command(Command::Publish { map, at: None, place_matching: false }).unwrap();
    session(&mut window).command(Command::Delete { map, elements: [goal].into() }).unwrap();
    with_contact(&mut window, &[("2026-01-05T09:00:00Z", submitted)]);
    ask(&mut window, Ask::Pick(Some(ContactIx(0))));
    assert!(has(&window, "0 of 1 achieved") && has(&window, "Purchases any product: No such event"));
    press(&mut window, Modifiers::COMMAND, Key::Num3);
    assert!(has_in(&window, "came: Purchases any product (no longer in the draft)"));
    // and of a map that came after it the run knows nothing
    press(&mut window, Modifiers::COMMAND, Key::T);
    press(&mut window, Modifiers::COMMAND, Key::Num3);
    assert!(has_in(&window, "This run does not know the map yet"));
}

/// Semantics §6: the conditions of the list of contacts.
#[test]
fn the_list_of_contacts_is_filtered_at_the_playhead() {
    let mut window = window();
    with_map(&mut window);
    let tag = TagId::new(900);
    session(&mut window).command(Command::PutItem(Tag::new(tag, "VIP").into())).unwrap();
    let contact = |key: &str| Contact { key: key.into(), ..Contact::default() };
    let contacts = vec![contact("ann@example.com"), contact("bob@example.com"), contact("anton@example.com")];
    let (vip, submitted) = (Happening::TagAdded(tag), submitted(&mut window));
    let events = [
        (2, "2026-01-05", submitted.clone()),
        (0, "2026-01-06", vip.clone()),
        (1, "2026-01-08", vip),
        (2, "2026-01-10", submitted),
    ];
    let event = |(contact, day, what)| {
        (ContactIx(contact), Event { at: format!("{day}T09:00:00Z").parse().unwrap(), what })
    };
    let events = events.map(event).into();
    let people = People::new(contacts, events).unwrap();
    session(&mut window)
        .command(Command::SetPeople { label: "import 3 contacts".into(), people: people.into() })
        .unwrap();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num2);

    click(&mut window, "Filter contacts");
    assert!(has(&window, "Everybody is listed: nothing is asked for yet") && has(&window, "3 contacts"));
    click(&mut window, "Add condition");
    type_text(&mut window, "has tag");
    press(&mut window, Modifiers::NONE, Key::Enter);
    pick(&mut window, "Tag of the condition", "VIP");
    assert!(has(&window, "Run to see who fits"), "who fits depends on the moment");
    run(&mut window);
    assert!(has(&window, "2 of 3") && has(&window, "Lists a contact if it has tag VIP"));
    picture(&mut window, "filter-contacts");
    ask(&mut window, Ask::Seek("2026-01-07T00:00:00Z".parse().unwrap()));
    assert!(has(&window, "1 of 3") && has_in(&window, "ann@") && !has_in(&window, "bob@"));
    // the search looks among those only
    click(&mut window, "Search contacts");
    type_text(&mut window, "bob");
    assert!(has(&window, "0 of 3"));
    press(&mut window, Modifiers::NONE, Key::Escape);
    ask(&mut window, Ask::Seek("2026-01-06T08:00:00Z".parse().unwrap()));
    assert!(has(&window, "Nobody at the playhead"));

    // another condition is asked as soon as it is chosen
    pick(&mut window, "What the condition asks for", "has not tag");
    assert!(has(&window, "3 of 3"));
    click(&mut window, "Done");
    assert!(
        has(&window, "Nobody is picked") && has_in(&window, "Has not tag VIP"),
        "the line that names it stays"
    );
    ask(&mut window, Ask::Filter(FilterAct::Open));
    assert!(has(&window, "Lists a contact if it has not tag VIP"));
    ask(&mut window, Ask::Pick(Some(ContactIx(0))));
    assert!(!has(&window, "Lists a contact if it has not tag VIP"), "the history takes its place");
    click(&mut window, "Remove the filter");
    assert!(has(&window, "3 contacts"));
}

/// Semantics §11, check 3.
#[test]
fn who_bought_too_early_is_told_so() {
    let mut window = window();
    with_map(&mut window);
    let (order, submitted) = (order(&mut window), submitted(&mut window));
    let events = [("2026-01-05T09:00:00Z", order), ("2026-01-06T09:00:00Z", submitted)];
    with_contact(&mut window, &events);
    ask(&mut window, Ask::Pick(Some(ContactIx(0))));
    assert!(has(&window, "Purchases any product: The contact is not on the map"));
    // The maps are published when the order has been placed already.
    let bench = window.state_mut().bench.as_mut().unwrap();
    bench.sim.settings.from = Some("2026-01-06T00:00:00Z".parse().unwrap());
    run(&mut window);
    assert!(has(&window, "0 of 1 achieved"));
    let answer = "The event came before the contact or the goal was there: it came Mon 5 Jan 2026 09:00, \
        and the goal is there from Tue 6 Jan 2026 00:00";
    let row = format!("Purchases any product: {answer}");
    assert!(has(&window, &row) && !has(&window, "Not too early: failed"));
    click(&mut window, &row);
    let goal = element(&window, Kind::Goal);
    let selected = window.state().bench.as_ref().unwrap().view.selection.clone();
    assert_eq!(selected, [goal].into(), "it is selected on the map");
    assert!(has(&window, "Not too early: failed") && has(&window, answer));
    picture(&mut window, "why-not");
    assert!(has_in(&window, ": not reached") || has_in(&window, ": passed"));
    // The same beside the numbers of the goal.
    press(&mut window, Modifiers::COMMAND, Key::Num3);
    assert!(has(&window, "Not too early: failed"));
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    click(&mut window, &row);
    assert!(!has(&window, "Not too early: failed"), "shut again");
}

#[test]
fn what_else_could_have_achieved_a_goal_is_listed_with_it() {
    let mut window = window();
    with_map(&mut window);
    let (order, submitted) = (order(&mut window), submitted(&mut window));
    let events = [
        ("2026-01-05T09:00:00Z", order.clone()),
        ("2026-01-06T09:00:00Z", submitted),
        ("2026-01-07T09:00:00Z", order),
    ];
    with_contact(&mut window, &events);
    ask(&mut window, Ask::Pick(Some(ContactIx(0))));
    click(&mut window, "Purchases any product: Achieved Wed 7 Jan 2026 09:00");
    assert!(has(&window, "What else could have achieved it"));
    assert!(has_in(&window, "Mon 5 Jan 2026 09:00 · reason 10, the contact is not on the map"));
}

#[test]
fn states_in_a_sequence_stand_in_the_report_and_with_the_contact() {
    let mut window = window();
    with_map(&mut window);
    let (map, mail) = (window.state().bench.as_ref().unwrap().view.map, element(&window, Kind::SendEmail));
    let wait = Until::TimePasses(Span::new(2, Unit::Days));
    let spot = Spot::After { from: mail, port: crate::model::Port::Next };
    let kind = ElementKind::Wait(Wait::new(wait));
    session(&mut window).command(Command::Insert { map, kind, spot }).unwrap();
    let next = session(&mut window).project().map(map).unwrap().target(mail, crate::model::Port::Next);
    let steps = [mail, next.unwrap()].into();
    let make = Command::MakeSequence { map, name: "Welcome".into(), steps };
    session(&mut window).command(make).unwrap();
    let submitted = submitted(&mut window);
    with_contact(&mut window, &[("2026-01-05T09:00:00Z", submitted)]);
    press(&mut window, Modifiers::COMMAND, Key::Num3);
    assert!(
        has(&window, "Sequences") && has(&window, "1 queued: Welcome") && has(&window, "0 active: Welcome")
    );
    click(&mut window, "1 queued: Welcome");
    until(&mut window, "the contacts are listed", |window| has(window, "1 contact"));
    assert!(has(&window, "Queued in Welcome") && has_in(&window, "ann@example.com"));
    click(&mut window, "Back to contact flow");
    ask(&mut window, Ask::Seek("2026-01-06T09:00:00Z".parse().unwrap()));
    assert!(has(&window, "1 active: Welcome") && has(&window, "0 queued: Welcome"));
    ask(&mut window, Ask::Show(mail));
    assert!(has(&window, "Sequence “Welcome”"));
    picture(&mut window, "sequences");
    ask(&mut window, Ask::Pick(Some(ContactIx(0))));
    assert!(has(&window, "In the sequence “Welcome”: active"));
    assert!(has_in(&window, "Waits at Wait 2 days until Wed 7 Jan 09:00"));
}

#[test]
fn every_kind_has_a_form() {
    let mut window = window();
    with_map(&mut window);
    let submitted = submitted(&mut window);
    with_contact(&mut window, &[("2026-01-05T09:00:00Z", submitted)]);
    ask(&mut window, Ask::Pick(Some(ContactIx(0))));
    for info in HAPPENINGS.iter().filter(|info| info.origin == Origin::Outside) {
        choose(&mut window, info.title);
        let chosen = window.get_by_role_and_label(COMBO, "What happens").accesskit_node().value();
        assert_eq!(chosen.as_deref(), Some(info.title));
        click(&mut window, "Cancel");
    }
}

/// Semantics §9, §11: whose doing an order is, and why it is not that of another campaign.
#[test]
fn orders_tell_which_campaign_they_are_credited_to() {
    let mut window = window();
    with_map(&mut window);
    let bought = order(&mut window);
    let campaign = |number: u32| CampaignRef::Campaign(CampaignId::new(number));
    for (number, name) in [(900, "Summer"), (901, "Push")] {
        let campaign = Campaign::new(CampaignId::new(number), name);
        session(&mut window).command(Command::PutItem(campaign.into())).unwrap();
    }
    let clicks = |number| Happening::Campaign { campaign: campaign(number), touch: CampaignTouch::Clicked };
    with_contact(
        &mut window,
        &[
            ("2026-01-05T09:00:00Z", clicks(900)),
            ("2026-01-06T09:00:00Z", clicks(901)),
            ("2026-01-07T09:00:00Z", bought),
        ],
    );
    ask(&mut window, Ask::Pick(Some(ContactIx(0))));
    let row = "Bought Product X: Credited to Push";
    assert!(has(&window, row));
    assert!(!has(&window, "Orders: counts with 10.00"), "it is shut");
    click(&mut window, row);
    assert!(has(&window, "Orders: counts with 10.00"));
    assert!(has_in(&window, "Push (Campaigns)"));
    assert!(has_in(&window, "A later touch won: Push"));
    picture(&mut window, "orders");
    click(&mut window, row);
    assert!(!has(&window, "Orders: counts with 10.00"), "and shut again");
    // a campaign that is left out gives way to the one before
    let mut settings = session(&mut window).project().settings.clone();
    settings.attribution.excluded_campaigns = vec![campaign(901)];
    session(&mut window).command(Command::SetSettings(settings)).unwrap();
    settle(&mut window);
    run(&mut window);
    assert!(has(&window, "Bought Product X: Credited to Summer"));
}
