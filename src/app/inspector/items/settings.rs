//! The settings of each kind of thing of the account.

use egui::Ui;

use super::super::typed::{Look, any_text};
use super::super::values::select;
use super::super::{Page, lists};
use super::{WORDPRESS_SITES, task};
use crate::app::icons::Icon;
use crate::app::theme::{self, space};
use crate::app::widgets;
use crate::base::time::{Span, Unit};
use crate::model::{
    Campaign, Category, Channel, Email, FieldKind, Form, Item, List, PageKind, Product, SiteKind,
    StatusCategory, Touchpoint,
};
use crate::session::command::{Command, plan};

/// The settings of a thing; a new kind does not compile without them.
pub(super) fn show(page: &mut Page<'_>, ui: &mut Ui, item: &mut Item) {
    name(page, ui, item);
    match item {
        Item::Tag(_) | Item::Category(_) | Item::Postcard(_) | Item::Member(_) | Item::Relationship(_) => {}
        Item::Field(field) => {
            select(ui, "Kind of field", &mut field.kind, &FieldKind::ALL);
            widgets::help(ui, "Another kind must fit what contacts hold in it already");
        }
        Item::Product(product) => self::product(page, ui, product),
        Item::Form(form) => self::form(page, ui, form),
        Item::Email(email) => self::email(page, ui, email),
        Item::Sms(sms) => {
            if let Some(text) = page.state.drafts.text(ui, "Text", &sms.text, "What the contact reads", "") {
                sms.text = text;
            }
        }
        Item::List(list) => leaves(page, ui, list),
        Item::Task(task) => task::outcomes(page, ui, task),
        Item::Page(visited) => {
            select(ui, "Kind of page", &mut visited.kind, &PageKind::ALL);
            let seen = match visited.kind {
                PageKind::Page => "Its visits are always known",
                PageKind::Url => "Its visits are known where the tracking code is on it",
                PageKind::Link => "It counts when it is clicked",
            };
            widgets::help(ui, seen);
        }
        Item::Site(site) => {
            select(ui, "Kind of site", &mut site.kind, &SiteKind::ALL);
            let keeps = match site.kind {
                SiteKind::Membership => "Contacts are members with a status",
                SiteKind::WordPress => "Contacts have levels",
            };
            widgets::help(ui, keeps);
        }
        Item::Level(level) => {
            page.one_or_none_of(ui, "Site of the level", "No site yet", &WORDPRESS_SITES, &mut level.site);
        }
        Item::Campaign(campaign) => self::campaign(ui, campaign),
        Item::OrderStatus(status) => {
            select(ui, "What it means", &mut status.category, StatusCategory::ALL);
        }
        Item::Touchpoint(touchpoint) => {
            let name = "Part of the touchpoint";
            page.one_or_none::<Touchpoint>(ui, name, "None", &mut touchpoint.part_of);
            widgets::help(ui, "Who asks for the whole takes its parts, too");
        }
    }
}

/// Its name. Another of its kind may have it; asked before, so that what was typed stays.
fn name(page: &mut Page<'_>, ui: &mut Ui, item: &mut Item) {
    let project = page.project;
    let free = |text: &str| {
        let name = text.trim().to_owned();
        let mut renamed = item.clone();
        renamed.rename(name.clone());
        plan(project, Command::PutItem(renamed)).map(|_| name).map_err(|refusal| refusal.0)
    };
    let label = format!("Name of the {}", item.id().word());
    let named = page.state.drafts.form_field(ui, &label, item.name(), "", "", free);
    if let Some(name) = named {
        item.rename(name);
    }
}

fn product(page: &mut Page<'_>, ui: &mut Ui, product: &mut Product) {
    page.price_or_none(ui, "List price", &mut product.price, "empty: it has none");
    widgets::label(ui, "Categories");
    page.several::<Category>(ui, "Add a category", &mut product.categories);
}

fn form(page: &mut Page<'_>, ui: &mut Ui, form: &mut Form) {
    ui.add_space(space::S);
    let sentence = "It takes a payment, so that a submission succeeds or fails";
    widgets::check(ui, &mut form.order_form, "Order form", sentence);
    if form.order_form || form.list.is_some() {
        page.one_or_none::<List>(ui, "Fulfilment list of the form", "None", &mut form.list);
        widgets::help(ui, "Who buys by it comes onto this list");
    }
    page.map_or_none(ui, "Adds to map", "None", &mut form.map);
    widgets::help(ui, "Who submits it is added to this map, unless its payment fails");
}

fn campaign(ui: &mut Ui, campaign: &mut Campaign) {
    select(ui, "Channel", &mut campaign.channel, &Channel::ALL);
    let group = campaign.channel.group().label();
    let credit = match campaign.channel {
        Channel::LeadForm => "It never gets credit for an order".to_owned(),
        _ => format!("It can get credit for orders in the group “{group}”"),
    };
    widgets::help(ui, &credit);
    ui.add_space(space::S);
    let sentence = "Many clicks at once count all the same";
    widgets::check(ui, &mut campaign.transactional, "Transactional", sentence);
}

fn leaves(page: &mut Page<'_>, ui: &mut Ui, list: &mut List) {
    ui.add_space(space::S);
    let mut on = list.leaves_after.is_some();
    let sentence = "So long after they came onto it; otherwise an action takes them off";
    if widgets::check(ui, &mut on, "Contacts leave it by themselves", sentence).changed() {
        list.leaves_after = on.then_some(Span::new(1, Unit::Months));
    } else if let Some(span) = &mut list.leaves_after {
        page.span(ui, "Leave after", span, 1);
    }
}

fn email(page: &mut Page<'_>, ui: &mut Ui, email: &mut Email) {
    let hint = "What the contact reads first";
    let subject = page.state.drafts.form_field(ui, "Subject", &email.subject, hint, "", any_text);
    if let Some(subject) = subject {
        email.subject = subject;
    }
    links(page, ui, &mut email.links);
    ui.add_space(space::S);
    let sentence = "Goes to contacts who take nothing but such e-mail, too";
    widgets::check(ui, &mut email.transactional, "Transactional", sentence);
}

fn links(page: &mut Page<'_>, ui: &mut Ui, links: &mut Vec<String>) {
    widgets::label(ui, "Links");
    let mut removed = None;
    for (place, address) in links.iter_mut().enumerate() {
        let number = place + 1;
        let mut wrong = None;
        ui.horizontal(|ui| {
            ui.label(number.to_string());
            let width = ui.available_width() - theme::CONTROL_HEIGHT - 2.0 * space::S;
            let look = Look { width, hint: "https://…" };
            let typed = page.state.drafts.field(ui, ("link", place), address, look, read_link);
            typed.response.accessible_name(format!("Address of link {number}"));
            wrong = typed.wrong;
            if let Some(taken) = typed.taken {
                *address = taken;
            }
            if Icon::Close.button(ui, &format!("Remove link {number}")).clicked() {
                removed = Some(place);
            }
        });
        if let Some(wrong) = wrong {
            widgets::error(ui, &wrong);
        }
    }
    let next = links.len();
    if let Some(place) = removed {
        lists::Act::Remove.carry_out(links, place);
    }
    let look = Look { width: f32::INFINITY, hint: "Add a link: https://…" };
    let typed = page.state.drafts.field(ui, ("link", next), "", look, read_link);
    typed.response.accessible_name("Add a link");
    links.extend(typed.taken);
    let help = "Numbered from left to right and from top to bottom; triggers and goals ask for the number";
    widgets::help(ui, help);
}

fn read_link(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("A link needs an address; remove it with the cross".into()),
        address => Ok(address.to_owned()),
    }
}
