//! *Make something happen…*: an event for the contact that is followed, at the playhead. Whatever can come from outside
//! ([`HAPPENINGS`](crate::model::event::HAPPENINGS)) can be made to happen.

mod choose;
mod fill;
mod order;

use std::sync::Arc;

use egui::{Color32, RichText, ScrollArea, Ui};

use super::icons::Icon;
use super::parts;
use super::picker::Item;
use super::state::Ask;
use super::theme::{self, space};
use super::toasts::Tone;
use super::widgets;
use crate::base::id::MapId;
use crate::base::time::Instant;
use crate::model::{ContactIx, Event, Happening, HappeningKind as Kind, Project};
use crate::session::command::Command;

/// What can be made to happen, by group.
const GROUPS: [(&str, &[(Kind, Icon)]); 5] = [
    (
        "Contact record",
        &[
            (Kind::Created, Icon::Created),
            (Kind::FieldUpdated, Icon::Field),
            (Kind::TagAdded, Icon::TagAdd),
            (Kind::TagRemoved, Icon::TagRemove),
            (Kind::ListAdded, Icon::ListAdd),
            (Kind::ListRemoved, Icon::ListRemove),
            (Kind::RelationshipAdded, Icon::Relationship),
            (Kind::RelationshipRemoved, Icon::RelationshipRemove),
            (Kind::TaskCompleted, Icon::TaskDone),
            (Kind::CallLogged, Icon::Call),
            (Kind::FormSubmitted, Icon::Form),
            (Kind::EmailStatus, Icon::Email),
            (Kind::SmsStatus, Icon::Sms),
        ],
    ),
    (
        "Maps",
        &[
            (Kind::AddedToAutomation, Icon::MapAdd),
            (Kind::RemovedFromAutomation, Icon::MapRemove),
            (Kind::Paused, Icon::MapPause),
            (Kind::Unpaused, Icon::MapUnpause),
        ],
    ),
    (
        "Messages",
        &[
            (Kind::EmailOpened, Icon::EmailOpened),
            (Kind::EmailLinkClicked, Icon::LinkClick),
            (Kind::EmailBounced, Icon::Cancel),
            (Kind::EmailReceived, Icon::EmailIn),
            (Kind::SmsReceived, Icon::SmsIn),
            (Kind::Campaign, Icon::LinkClick),
        ],
    ),
    (
        "Sales",
        &[
            (Kind::Order, Icon::Purchase),
            (Kind::Payment, Icon::OpenOrderPayment),
            (Kind::OrderCancelled, Icon::Cancel),
            (Kind::OrderStatus, Icon::OpenOrderPayment),
            (Kind::Refund, Icon::Refund),
            (Kind::CheckoutStarted, Icon::Checkout),
            (Kind::CheckoutAbandoned, Icon::Checkout),
        ],
    ),
    (
        "Sites and pages",
        &[
            (Kind::PageVisited, Icon::Page),
            (Kind::PurlVisited, Icon::PersonalPage),
            (Kind::UrlVisited, Icon::Address),
            (Kind::LinkClicked, Icon::TrackedLink),
            (Kind::SiteVisited, Icon::Address),
            (Kind::WebsiteVisited, Icon::Page),
            (Kind::MembershipUpdated, Icon::Membership),
            (Kind::MembershipCreated, Icon::MembershipNew),
            (Kind::LevelGiven, Icon::LevelGive),
            (Kind::LevelLost, Icon::LevelTake),
        ],
    ),
];

/// The form, and what was filled in the last time.
#[derive(Debug, Default)]
pub struct Form {
    /// What is to happen; `None`: the form is shut.
    kind: Option<Kind>,
    pickers: choose::Pickers,
    draft: fill::Draft,
}

/// To whom it happens, where and when.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// The project as it is now.
    pub project: &'a Project,
    /// The map that is shown.
    pub map: MapId,
    /// The contact.
    pub contact: ContactIx,
    /// The playhead.
    pub at: Instant,
}

impl Form {
    /// Shows the button, or the form in all the room there is; whether it is the form.
    pub fn show(&mut self, ui: &mut Ui, about: About<'_>, asks: &mut Vec<Ask>) -> bool {
        let Some(kind) = self.kind else {
            let button = ui.button("Make something happen…");
            let color = theme::palette(ui).trigger;
            self.kind = self.pickers.below(ui, &button, || offers(color));
            return false;
        };
        ui.separator();
        ui.label(RichText::new("At the playhead").text_style(theme::title_style()));
        // What makes it happen stays in sight below the fields.
        let room = (ui.available_height() - FOOT).max(FOOT);
        let fields = ScrollArea::vertical().id_salt("happen").max_height(room).auto_shrink([false, true]);
        let built = fields.show(ui, |ui| self.fields(ui, about, kind)).inner;
        asks.extend(self.pickers.new.take().map(|item| Ask::Change(Command::PutItem(item))));
        ui.add_space(space::S);
        if let Err(why) = &built {
            widgets::help(ui, why);
        }
        ui.horizontal(|ui| {
            let button = parts::primary(ui, "Make it happen");
            let clicked = ui.add_enabled(built.is_ok(), button).clicked();
            if let Ok(what) = built
                && clicked
            {
                asks.push(add(about, Event { at: about.at, what }));
                self.kind = None;
            }
            if ui.button("Cancel").clicked() {
                self.kind = None;
            }
        });
        true
    }

    fn fields(&mut self, ui: &mut Ui, about: About<'_>, kind: Kind) -> Result<Happening, String> {
        // The bar that scrolls lies beside the fields and not on them.
        ui.set_max_width(ui.available_width() - space::S);
        let color = theme::palette(ui).trigger;
        let shown = kind.info().title;
        if let Some(other) = self.pickers.pick(ui, "What happens", shown, || offers(color)) {
            self.kind = Some(other);
        }
        // Fields of one kind are not those of another, though they may bear the same name.
        ui.push_id(kind, |ui| self.draft.fill(ui, &mut self.pickers, about, kind)).inner
    }
}

/// Room for the buttons below the fields and what is said above them.
const FOOT: f32 = theme::CONTROL_HEIGHT + 4.0 * space::L;

fn offers(color: Color32) -> Vec<Item<Kind>> {
    let item = |group, (kind, icon): &(Kind, Icon)| Item {
        what: *kind,
        icon: Some((*icon, color)),
        title: kind.info().title.into(),
        second: String::new(),
        right: String::new(),
        group,
    };
    GROUPS.iter().flat_map(|(group, kinds)| kinds.iter().map(move |kind| item(*group, kind))).collect()
}

/// The change that adds an event to the contact.
fn add(about: About<'_>, event: Event) -> Ask {
    let people = &about.project.people;
    let key = people.contact(about.contact).map(|contact| contact.key.clone()).unwrap_or_default();
    match people.with(vec![], vec![(about.contact, event)]) {
        Ok(people) => {
            let label = format!("make something happen to {key}");
            Ask::ChangeAndRun(Command::SetPeople { label, people: Arc::new(people) })
        }
        Err(twice) => Ask::Tell(Tone::Failed, twice.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::{HAPPENINGS, Origin};

    #[test]
    fn all_that_comes_from_outside_is_offered_once() {
        let mut offered: Vec<_> =
            GROUPS.iter().flat_map(|(_, kinds)| *kinds).map(|(kind, _)| *kind).collect();
        offered.sort_unstable();
        let outside = HAPPENINGS.iter().filter(|info| info.origin == Origin::Outside);
        assert_eq!(offered, outside.map(|info| info.kind).collect::<Vec<_>>());
    }
}
