//! *Make something happen…*: an event for the contact that is followed, at the playhead.

use std::sync::Arc;

use egui::{TextEdit, Ui};
use rust_decimal::Decimal;

use super::parts;
use super::state::Ask;
use super::theme::space;
use super::widgets::dropdown;
use crate::base::id::{EmailId, FieldId, FormId, MapId, ProductId, TagId};
use crate::base::money::Money;
use crate::base::time::{Instant, Zone, parse_date, parse_instant};
use crate::model::catalogue::Shelved;
use crate::model::event::EVENT_TYPES;
use crate::model::{
    ContactIx, Email, Event, EventType, Field, FieldKind, Form as WebForm, FormOutcome, Happening, Order,
    OrderLine, Product, Project, Tag, Value,
};
use crate::session::command::Command;

/// What is filled in.
#[derive(Debug)]
pub struct Form {
    open: bool,
    what: EventType,
    form: Option<FormId>,
    failed: bool,
    product: Option<ProductId>,
    amount: String,
    tag: Option<TagId>,
    field: Option<FieldId>,
    value: String,
    email: Option<EmailId>,
    link: u8,
    map: Option<MapId>,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            open: false,
            what: EventType::Order,
            form: None,
            failed: false,
            product: None,
            amount: String::new(),
            tag: None,
            field: None,
            value: String::new(),
            email: None,
            link: 1,
            map: None,
        }
    }
}

impl Form {
    /// Shows the button or the form.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        project: &Project,
        map: MapId,
        contact: ContactIx,
        at: Instant,
        asks: &mut Vec<Ask>,
    ) {
        if !self.open {
            self.open = ui.button("Make something happen…").clicked();
            return;
        }
        ui.add_space(space::XS);
        ui.label("What happens to this contact at the playhead");
        dropdown(ui, "happening", self.what.info().title, ui.available_width()).show_ui(ui, |ui| {
            for info in EVENT_TYPES.iter().filter(|info| info.event_type != EventType::Created) {
                ui.selectable_value(&mut self.what, info.event_type, info.title).on_hover_text(info.help);
            }
        });
        self.particulars(ui, project, map);
        let built = self.happening(project, map);
        if let Err(why) = &built {
            parts::quiet(ui, *why);
        }
        ui.horizontal(|ui| {
            let button = parts::primary(ui, "Make it happen");
            let clicked = ui.add_enabled(built.is_ok(), button).clicked();
            if let Ok(what) = built
                && clicked
            {
                asks.push(add(project, contact, Event { at, what }));
                self.open = false;
            }
            if ui.button("Cancel").clicked() {
                self.open = false;
            }
        });
    }

    fn particulars(&mut self, ui: &mut Ui, project: &Project, map: MapId) {
        match self.what {
            EventType::FormSubmitted => {
                choose::<WebForm>(ui, project, "Form", &mut self.form);
                let order_form = self.form.and_then(|form| project.catalogue.forms.get(&form));
                if order_form.is_some_and(|form| form.order_form) {
                    ui.checkbox(&mut self.failed, "The payment failed");
                }
            }
            EventType::Order | EventType::Refund => {
                choose::<Product>(ui, project, "Product", &mut self.product);
                let label = ui.label(format!("Amount in {}", project.settings.currency));
                let price = self.product.and_then(|product| project.catalogue.products.get(&product)?.price);
                let hint = price.map_or_else(|| "0.00".into(), |price| price.to_string());
                ui.add(TextEdit::singleline(&mut self.amount).hint_text(hint).desired_width(f32::INFINITY))
                    .labelled_by(label.id);
            }
            EventType::TagAdded | EventType::TagRemoved => choose::<Tag>(ui, project, "Tag", &mut self.tag),
            EventType::FieldUpdated => {
                choose::<Field>(ui, project, "Field", &mut self.field);
                let label = ui.label("New value; none empties the field");
                ui.add(TextEdit::singleline(&mut self.value).desired_width(f32::INFINITY))
                    .labelled_by(label.id);
            }
            EventType::EmailLinkClicked => {
                choose::<Email>(ui, project, "E-mail", &mut self.email);
                let label = ui.label("Number of the link");
                ui.add(egui::DragValue::new(&mut self.link).range(1..=u8::MAX)).labelled_by(label.id);
            }
            EventType::AddedToAutomation => {
                let chosen = self.map.unwrap_or(map);
                ui.label("Map");
                let name = project.map(chosen).map(|map| map.name.clone()).unwrap_or_default();
                dropdown(ui, "map", &name, ui.available_width()).show_ui(ui, |ui| {
                    for map in project.maps.values() {
                        ui.selectable_value(&mut self.map, Some(map.id), &map.name);
                    }
                });
            }
            EventType::Created => {}
        }
    }

    /// What the form says, or what is missing.
    fn happening(&self, project: &Project, map: MapId) -> Result<Happening, &'static str> {
        let order = || {
            let product = self.product.ok_or("Choose a product")?;
            let price = project.catalogue.products.get(&product).and_then(|product| product.price);
            let amount = match self.amount.trim() {
                "" => price.unwrap_or(Money::ZERO),
                text => text.parse().map_err(|_| "The amount is not a number such as 12.50")?,
            };
            let line = OrderLine { product, quantity: Decimal::ONE, amount };
            Ok::<_, &'static str>(Arc::new(Order { reference: String::new(), lines: vec![line] }))
        };
        Ok(match self.what {
            EventType::FormSubmitted => {
                let outcome = if self.failed { FormOutcome::Failure } else { FormOutcome::Success };
                Happening::FormSubmitted { form: self.form.ok_or("Choose a form")?, outcome }
            }
            EventType::Order => Happening::Order(order()?),
            EventType::Refund => Happening::Refund(order()?),
            EventType::TagAdded => Happening::TagAdded(self.tag.ok_or("Choose a tag")?),
            EventType::TagRemoved => Happening::TagRemoved(self.tag.ok_or("Choose a tag")?),
            EventType::FieldUpdated => {
                let field = self.field.ok_or("Choose a field")?;
                Happening::FieldUpdated { field, value: self.value(project, field)? }
            }
            EventType::EmailLinkClicked => {
                Happening::EmailLinkClicked { email: self.email.ok_or("Choose an e-mail")?, link: self.link }
            }
            EventType::AddedToAutomation => Happening::AddedToAutomation(self.map.unwrap_or(map)),
            EventType::Created => Happening::Created,
        })
    }

    fn value(&self, project: &Project, field: FieldId) -> Result<Option<Value>, &'static str> {
        let text = self.value.trim();
        let kind = project.catalogue.fields.get(&field).map(|field| field.kind).unwrap_or_default();
        if text.is_empty() {
            return Ok(None);
        }
        Ok(Some(match kind {
            FieldKind::Text => return Ok(Value::text(text)),
            FieldKind::Number => Value::Number(text.parse().map_err(|_| "The value is not a number")?),
            FieldKind::Date | FieldKind::Birthday => {
                Value::Date(parse_date(text, None).map_err(|_| "The value is not a date such as 2026-01-31")?)
            }
            FieldKind::DateTime => {
                let zone = Zone::new(project.settings.account_zone);
                let instant = parse_instant(text, &zone, None);
                Value::DateTime(instant.map_err(|_| "The value is not a time such as 2026-01-31 14:00")?)
            }
            FieldKind::YesNo => match text.to_lowercase().as_str() {
                "yes" => Value::YesNo(true),
                "no" => Value::YesNo(false),
                _ => return Err("The value is yes or no"),
            },
        }))
    }
}

/// The change that adds an event to a contact.
fn add(project: &Project, contact: ContactIx, event: Event) -> Ask {
    let key = project.people.contact(contact).map(|contact| contact.key.clone()).unwrap_or_default();
    match project.people.with(vec![], vec![(contact, event)]) {
        Ok(people) => {
            let label = format!("make something happen to {key}");
            Ask::ChangeAndRun(Command::SetPeople { label, people: Arc::new(people) })
        }
        Err(twice) => Ask::Tell(super::toasts::Tone::Failed, twice.to_string()),
    }
}

fn choose<T: Shelved>(ui: &mut Ui, project: &Project, label: &str, chosen: &mut Option<T::Id>) {
    ui.label(label);
    let shelf = T::shelf(&project.catalogue);
    if shelf.is_empty() {
        parts::quiet(
            ui,
            format!("The account has no {} yet; an element that needs one can make it", T::WORD),
        );
        return;
    }
    let name = chosen.map_or_else(|| "Choose…".into(), |id| project.catalogue.name::<T>(id));
    let combo = dropdown(ui, label, &name, ui.available_width());
    let response = combo.show_ui(ui, |ui| {
        for item in shelf.values() {
            ui.selectable_value(chosen, Some(item.id()), item.name());
        }
    });
    let named = response.response;
    named.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, label));
}
