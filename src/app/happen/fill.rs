//! What each kind of event needs to be told, with its fields.

use egui::{DragValue, Ui};

use super::About;
use super::choose::{Pickers, row};
use super::order::Sale;
use crate::app::widgets;
use crate::base::id::{
    EmailId, FieldId, FormId, LevelId, ListId, MapId, PageId, ProductId, RelationshipId, SiteId, TagId,
    TaskId,
};
use crate::base::time::{Zone, parse_date, parse_instant};
use crate::model::{
    Campaign, CampaignRef, CampaignTouch, Email, EmailStatus, Field, FieldKind, Form, FormOutcome, Happening,
    HappeningKind as Kind, Level, LineStatus, List, MembershipStatus, Page, PageKind, Product, Relationship,
    Site, SiteKind, SmsStatus, StatusCategory, StatusChange, Tag, Task, Value, words,
};

/// What was filled in, for all kinds at once: who changes the kind keeps what both ask for.
#[derive(Debug, Default)]
pub(super) struct Draft {
    field: Option<FieldId>,
    value: String,
    yes: Option<bool>,
    tag: Option<TagId>,
    list: Option<ListId>,
    relationship: Option<RelationshipId>,
    record: String,
    task: Option<TaskId>,
    task_outcome: u8,
    form: Option<FormId>,
    outcome: FormOutcome,
    email_status: EmailStatus,
    sms_status: SmsStatus,
    map: Option<MapId>,
    email: Option<EmailId>,
    link: u8,
    bounces_for_good: bool,
    sms: String,
    sale: Sale,
    pays: Option<String>,
    declined: bool,
    page: Option<PageId>,
    site: Option<SiteId>,
    membership: MembershipStatus,
    level: Option<LevelId>,
    campaign: Option<CampaignRef>,
    touch: CampaignTouch,
    source: String,
    line_status: LineStatus,
    of: Option<ProductId>,
}

impl Draft {
    /// Shows the fields of a kind. Returns the event, or what is missing.
    pub fn fill(
        &mut self,
        ui: &mut Ui,
        pickers: &mut Pickers,
        about: About<'_>,
        kind: Kind,
    ) -> Result<Happening, String> {
        let project = about.project;
        Ok(match kind {
            Kind::Created => Happening::Created,
            Kind::CallLogged => Happening::CallLogged,
            Kind::EmailReceived => Happening::EmailReceived,
            Kind::FieldUpdated => {
                let field = pickers.item::<Field>(ui, project, "Field", any, &mut self.field);
                let value = self.value(ui, about);
                Happening::FieldUpdated { field: field?, value: value? }
            }
            Kind::TagAdded => {
                Happening::TagAdded(pickers.item::<Tag>(ui, project, "Tag", any, &mut self.tag)?)
            }
            Kind::TagRemoved => {
                Happening::TagRemoved(pickers.item::<Tag>(ui, project, "Tag", any, &mut self.tag)?)
            }
            Kind::ListAdded => Happening::ListAdded(pickers.item::<List>(
                ui,
                project,
                "Fulfilment list",
                any,
                &mut self.list,
            )?),
            Kind::ListRemoved => {
                let list = pickers.item::<List>(ui, project, "Fulfilment list", any, &mut self.list);
                Happening::ListRemoved(list?)
            }
            Kind::RelationshipAdded | Kind::RelationshipRemoved => {
                let chosen = &mut self.relationship;
                let relationship = pickers.item::<Relationship>(ui, project, "Relationship", any, chosen);
                text(ui, "Other record", &mut self.record, "Its name");
                let record = self.record.trim().into();
                match kind {
                    Kind::RelationshipAdded => {
                        Happening::RelationshipAdded { relationship: relationship?, record }
                    }
                    _ => Happening::RelationshipRemoved { relationship: relationship?, record },
                }
            }
            Kind::TaskCompleted => {
                let task = pickers.item::<Task>(ui, project, "Task", any, &mut self.task);
                let outcome = self.task_outcome(ui, about);
                Happening::TaskCompleted { task: task?, outcome }
            }
            Kind::FormSubmitted => {
                let form = pickers.item::<Form>(ui, project, "Form", any, &mut self.form);
                let known = self.form.and_then(|form| project.catalogue.forms.get(&form));
                let mut outcome = FormOutcome::Success;
                if known.is_some_and(|form| form.order_form) {
                    select(ui, "Outcome", &mut self.outcome, FormOutcome::ALL);
                    outcome = self.outcome;
                }
                Happening::FormSubmitted { form: form?, outcome }
            }
            Kind::EmailStatus => {
                select(ui, "E-mail status", &mut self.email_status, EmailStatus::ALL);
                Happening::EmailStatus(self.email_status)
            }
            Kind::SmsStatus => {
                select(ui, "SMS status", &mut self.sms_status, SmsStatus::ALL);
                Happening::SmsStatus(self.sms_status)
            }
            Kind::AddedToAutomation => Happening::AddedToAutomation(self.map(ui, pickers, about)),
            Kind::RemovedFromAutomation => Happening::RemovedFromAutomation(self.map(ui, pickers, about)),
            Kind::Paused => Happening::Paused(self.map(ui, pickers, about)),
            Kind::Unpaused => Happening::Unpaused(self.map(ui, pickers, about)),
            Kind::EmailOpened => {
                Happening::EmailOpened(pickers.item::<Email>(ui, project, "E-mail", any, &mut self.email)?)
            }
            Kind::EmailLinkClicked => {
                let email = pickers.item::<Email>(ui, project, "E-mail", any, &mut self.email);
                let link = self.link(ui, about);
                Happening::EmailLinkClicked { email: email?, link }
            }
            Kind::EmailBounced => {
                let email = pickers.item::<Email>(ui, project, "E-mail", any, &mut self.email);
                let rows = [(false, "For the time being"), (true, "For good")];
                select(ui, "How", &mut self.bounces_for_good, &rows);
                Happening::EmailBounced { email: email?, hard: self.bounces_for_good }
            }
            Kind::SmsReceived => {
                text(ui, "Text", &mut self.sms, "What it says");
                Happening::SmsReceived(self.sms.as_str().into())
            }
            Kind::Order => Happening::Order(self.sale.order(ui, pickers, about)?),
            Kind::Refund => Happening::Refund(self.sale.refund(ui, pickers, about)?),
            Kind::CheckoutStarted => Happening::CheckoutStarted(self.sale.checkout(ui, pickers, about)?),
            Kind::CheckoutAbandoned => Happening::CheckoutAbandoned(self.sale.checkout(ui, pickers, about)?),
            Kind::Payment => {
                let reference = self.which_order(ui, pickers, about);
                select(ui, "Payment", &mut self.declined, &[(false, "Charged"), (true, "Declined")]);
                Happening::Payment { reference: reference?.into(), declined: self.declined }
            }
            Kind::OrderCancelled => {
                Happening::OrderCancelled { reference: self.which_order(ui, pickers, about)?.into() }
            }
            Kind::PageVisited => Happening::PageVisited(self.page(ui, pickers, about, PageKind::Page)?),
            Kind::PurlVisited => Happening::PurlVisited(self.page(ui, pickers, about, PageKind::Page)?),
            Kind::UrlVisited => Happening::UrlVisited(self.page(ui, pickers, about, PageKind::Url)?),
            Kind::LinkClicked => Happening::LinkClicked(self.page(ui, pickers, about, PageKind::Link)?),
            Kind::SiteVisited => {
                Happening::SiteVisited(pickers.item::<Site>(ui, project, "Site", any, &mut self.site)?)
            }
            Kind::MembershipUpdated | Kind::MembershipCreated => {
                let keeps = |site: &Site| site.kind == SiteKind::Membership;
                let site = pickers.item::<Site>(ui, project, "Membership site", keeps, &mut self.site);
                select(ui, "Status", &mut self.membership, MembershipStatus::ALL);
                let status = self.membership;
                match kind {
                    Kind::MembershipUpdated => Happening::MembershipUpdated { site: site?, status },
                    _ => Happening::MembershipCreated { site: site?, status },
                }
            }
            Kind::LevelGiven => {
                Happening::LevelGiven(pickers.item::<Level>(ui, project, "Level", any, &mut self.level)?)
            }
            Kind::LevelLost => {
                Happening::LevelLost(pickers.item::<Level>(ui, project, "Level", any, &mut self.level)?)
            }
            Kind::Campaign => {
                let campaign = self.campaign(ui, pickers, about);
                select(ui, "What it was", &mut self.touch, CampaignTouch::ALL);
                Happening::Campaign { campaign: campaign?, touch: self.touch }
            }
            Kind::WebsiteVisited => {
                text(ui, "Source", &mut self.source, "google");
                widgets::help(ui, "The tag of where it came from (utm_source); empty: it came directly");
                Happening::WebsiteVisited { source: self.source.trim().into() }
            }
            Kind::OrderStatus => {
                let reference = self.which_order(ui, pickers, about);
                let mut rows: Vec<_> = StatusCategory::ALL
                    .iter()
                    .map(|(category, name)| (LineStatus::Category(*category), (*name).to_owned()))
                    .collect();
                let own = project.catalogue.statuses.values();
                rows.extend(own.map(|status| (LineStatus::Own(status.id), status.name.clone())));
                select(ui, "Status", &mut self.line_status, &rows);
                pickers.item_or_none::<Product>(ui, project, "Line of the product", any, &mut self.of);
                widgets::help(ui, "None: all lines of the order");
                let (product, status) = (self.of, self.line_status);
                Happening::OrderStatus(StatusChange { reference: reference?, product, status }.into())
            }
            Kind::CameOnMap
            | Kind::WentOffMap
            | Kind::DateCame
            | Kind::OpenOrderCreated
            | Kind::Charged
            | Kind::Declined
            | Kind::Purchased
            | Kind::Completed
            | Kind::Cancelled => return Err("It follows from other events by itself".into()),
        })
    }

    /// A value for the chosen field.
    fn value(&mut self, ui: &mut Ui, about: About<'_>) -> Result<Option<Value>, String> {
        let field = self.field.and_then(|field| about.project.catalogue.fields.get(&field));
        let kind = field.map(|field| field.kind).unwrap_or_default();
        if kind == FieldKind::YesNo {
            select(
                ui,
                "New value",
                &mut self.yes,
                &[(None, "Empty"), (Some(true), "Yes"), (Some(false), "No")],
            );
            return Ok(self.yes.map(Value::YesNo));
        }
        let hint = match kind {
            FieldKind::Text | FieldKind::YesNo => "Text",
            FieldKind::Number => "Number",
            FieldKind::Date | FieldKind::Birthday => "2026-01-31",
            FieldKind::DateTime => "2026-01-31 14:00",
        };
        text(ui, "New value", &mut self.value, hint);
        widgets::help(ui, "Nothing empties the field");
        let text = self.value.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let value = match kind {
            FieldKind::Text | FieldKind::YesNo => return Ok(Value::text(text)),
            FieldKind::Number => Value::Number(text.parse().map_err(|_| "The new value is not a number")?),
            FieldKind::Date | FieldKind::Birthday => Value::Date(
                parse_date(text, None).map_err(|_| "The new value is not a date such as 2026-01-31")?,
            ),
            FieldKind::DateTime => {
                let zone = Zone::new(about.project.settings.account_zone);
                let instant = parse_instant(text, &zone, None);
                Value::DateTime(instant.map_err(|_| "The new value is not a time such as 2026-01-31 14:00")?)
            }
        };
        Ok(Some(value))
    }

    /// One of the outcomes of the chosen task; 0 where it has none.
    fn task_outcome(&mut self, ui: &mut Ui, about: About<'_>) -> u8 {
        let task = self.task.and_then(|task| about.project.catalogue.tasks.get(&task));
        let outcomes = task.map_or(&[][..], |task| &task.outcomes);
        if outcomes.is_empty() {
            return 0;
        }
        if !(1..=outcomes.len()).contains(&usize::from(self.task_outcome)) {
            self.task_outcome = 1;
        }
        let rows: Vec<_> = (1..=u8::MAX).zip(outcomes.iter().map(|outcome| &outcome.name)).collect();
        select(ui, "Outcome", &mut self.task_outcome, &rows);
        self.task_outcome
    }

    /// The number of a link of the chosen e-mail.
    fn link(&mut self, ui: &mut Ui, about: About<'_>) -> u8 {
        self.link = self.link.max(1);
        let label = widgets::label(ui, "Number of the link");
        ui.add(DragValue::new(&mut self.link).range(1..=u8::MAX)).labelled_by(label.id);
        let email = self.email.and_then(|email| about.project.catalogue.emails.get(&email));
        if let Some(address) = email.and_then(|email| email.links.get(usize::from(self.link) - 1)) {
            widgets::help(ui, address);
        }
        self.link
    }

    /// An e-mail, a text message or a campaign from outside the maps.
    fn campaign(
        &mut self,
        ui: &mut Ui,
        pickers: &mut Pickers,
        about: About<'_>,
    ) -> Result<CampaignRef, String> {
        let project = about.project;
        let all = || CampaignRef::all(&project.catalogue);
        if all().next().is_none() {
            let mut made = None;
            let made = pickers.item::<Campaign>(ui, project, "Campaign", any, &mut made);
            return made.map(CampaignRef::Campaign);
        }
        self.campaign = self.campaign.filter(|campaign| all().any(|other| other == *campaign));
        let name = |campaign| words::campaign_name(project, campaign);
        let shown = self.campaign.map_or_else(|| "Choose…".into(), name);
        let rows = || all().map(|campaign| row(campaign, &name(campaign))).collect();
        if let Some(other) = pickers.pick(ui, "Campaign", &shown, rows) {
            self.campaign = Some(other);
        }
        self.campaign.ok_or_else(|| "Campaign is not chosen yet".into())
    }

    fn map(&mut self, ui: &mut Ui, pickers: &mut Pickers, about: About<'_>) -> MapId {
        let known = |map: &MapId| about.project.maps.contains_key(map);
        let map = self.map.filter(known).unwrap_or(about.map);
        pickers.map(ui, about.project, self.map.insert(map));
        self.map.unwrap_or(map)
    }

    fn page(
        &mut self,
        ui: &mut Ui,
        pickers: &mut Pickers,
        about: About<'_>,
        kind: PageKind,
    ) -> Result<PageId, String> {
        let (name, fits): (_, fn(&Page) -> bool) = match kind {
            PageKind::Page => ("Page", |page| page.kind == PageKind::Page),
            PageKind::Url => ("Address", |page| page.kind == PageKind::Url),
            PageKind::Link => ("Tracked link", |page| page.kind == PageKind::Link),
        };
        pickers.item::<Page>(ui, about.project, name, fits, &mut self.page)
    }

    /// The number of an order that the contact has placed up to the playhead.
    fn which_order(
        &mut self,
        ui: &mut Ui,
        pickers: &mut Pickers,
        about: About<'_>,
    ) -> Result<String, String> {
        let events =
            about.project.people.events(about.contact).iter().take_while(|event| event.at <= about.at);
        // Of several with one number the last is meant.
        let mut placed: Vec<(String, String)> = vec![];
        for event in events {
            if let Happening::Order(order) = &event.what {
                let number = match order.reference.as_str() {
                    "" => "Without a number",
                    reference => reference,
                };
                let words = format!("{number}: {}", words::happening_in_words(about.project, &event.what));
                placed.retain(|(reference, _)| *reference != order.reference);
                placed.push((order.reference.clone(), words));
            }
        }
        if placed.is_empty() {
            widgets::label(ui, "Order");
            widgets::help(ui, "The contact has placed no order up to the playhead");
            return Err("There is no order to choose".into());
        }
        let chosen = placed.iter().find(|(reference, _)| self.pays.as_ref() == Some(reference));
        let shown = chosen.map_or("Choose…", |(_, words)| words);
        let rows = || placed.iter().map(|(reference, words)| row(reference.clone(), words)).collect();
        let reference = chosen.map(|(reference, _)| reference.clone());
        if let Some(other) = pickers.pick(ui, "Order", shown, rows) {
            self.pays = Some(other);
        }
        reference.ok_or_else(|| "Order is not chosen yet".into())
    }
}

/// Every thing of a kind will do.
pub(super) fn any<T>(_: &T) -> bool {
    true
}

/// A dropdown with its name above it.
pub(super) fn select<T: Copy + PartialEq, W: AsRef<str>>(
    ui: &mut Ui,
    name: &str,
    current: &mut T,
    rows: &[(T, W)],
) {
    let label = widgets::label(ui, name);
    let (response, chosen) = widgets::select(ui, name, *current, rows);
    response.labelled_by(label.id);
    if let Some(chosen) = chosen {
        *current = chosen;
    }
}

/// A line of text with its name above it.
pub(super) fn text(ui: &mut Ui, name: &str, written: &mut String, hint: &str) {
    let label = widgets::label(ui, name);
    let id = ui.make_persistent_id(name);
    widgets::text_field(ui, id, written, hint, f32::INFINITY).labelled_by(label.id);
}
