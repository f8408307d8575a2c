//! Contacts and what happens to them.

use std::sync::Arc;

use gateline::base::id::{FieldId, LevelId, ListId, TagId};
use gateline::base::money::Money;
use gateline::base::time::{Span, Unit};
use gateline::model::event::{HAPPENINGS, Origin};
use gateline::model::*;

use super::{Dice, ZONES, by_key, sorted};

/// The shop's numbers of orders: few, so that payments find theirs.
const REFERENCES: [&str; 4] = ["A", "A", "B", ""];

impl Dice {
    pub fn contact(&mut self, number: usize) -> Contact {
        let more = MoreOfContact {
            email_status: self.pick(EmailStatus::ALL).0,
            sms_status: self.pick(SmsStatus::ALL).0,
            owner: self.one_in(2).then(|| self.id()),
            lists: sorted(self.many(1, Self::id::<ListId>)),
            levels: sorted(self.many(1, Self::id::<LevelId>)),
            memberships: by_key(self.many(1, |dice| (dice.id(), dice.pick(MembershipStatus::ALL).0))),
            relationships: sorted(self.many(1, |dice| (dice.id(), dice.record_name().into()))),
        };
        Contact {
            key: format!("c{number}").into(),
            created: self.one_in(3).then(|| self.instant()),
            zone: self.one_in(2).then(|| self.pick(&ZONES)),
            tags: sorted(self.many(2, Self::id::<TagId>)).into(),
            fields: by_key((0..self.below(12)).map(|_| self.field_and_value()).collect()).into(),
            more: self.one_in(2).then(|| Box::new(more)),
        }
    }

    pub fn events(&mut self) -> Vec<Event> {
        let mut events = vec![];
        for _ in 0..3 + self.below(22) {
            // several now and then at one instant
            let at = self.instant();
            for _ in 0..if self.one_in(6) { 2 } else { 1 } {
                events.push(Event { at, what: self.happening() });
            }
        }
        events
    }

    fn order(&mut self) -> Arc<Order> {
        let line = |dice: &mut Self| OrderLine {
            product: dice.id(),
            quantity: (1 + dice.below(2) as i64).into(),
            amount: Money::new((dice.pick(&[0, 10, 30]) as i64).into()),
        };
        let plan = self.one_in(2).then(|| PaymentPlan {
            kind: self.pick(PlanKind::ALL).0,
            payments: self.pick(&[None, Some(1), Some(2), Some(3), Some(3)]),
            every: self.pick(&[
                None,
                Some(Span::new(1, Unit::Days)),
                Some(Span::new(1, Unit::Weeks)),
                Some(Span::new(1, Unit::Months)),
            ]),
            declined: self.many(3, |dice| dice.pick(&[2, 2, 3])),
        });
        Arc::new(Order {
            reference: self.pick(&REFERENCES).to_owned(),
            lines: (0..self.pick(&[0, 1, 1, 2])).map(|_| line(self)).collect(),
            source: self.pick(OrderSource::ALL).0,
            form: self.one_in(3).then(|| self.id()),
            method: self.pick(PaymentKind::ALL).0,
            payment: self.pick(&[
                FirstPayment::Charged,
                FirstPayment::Charged,
                FirstPayment::Declined,
                FirstPayment::Unpaid,
            ]),
            plan,
            touchpoint: None,
        })
    }

    fn checkout(&mut self) -> Arc<Checkout> {
        Arc::new(Checkout {
            reference: self.pick(&REFERENCES).to_owned(),
            products: self.many(2, Self::id),
            provider: self.pick(Provider::ALL).0,
        })
    }

    /// Something from outside: often what brings contacts onto maps and what goals listen for.
    fn happening(&mut self) -> Happening {
        let kind = match self.below(2) {
            0 => self.pick(&[
                HappeningKind::AddedToAutomation,
                HappeningKind::AddedToAutomation,
                HappeningKind::Paused,
                HappeningKind::Unpaused,
                HappeningKind::Order,
                HappeningKind::Payment,
                HappeningKind::TagAdded,
                HappeningKind::FieldUpdated,
                HappeningKind::FormSubmitted,
            ]),
            _ => HAPPENINGS[self.below(HAPPENINGS.len())].kind,
        };
        if kind.info().origin == Origin::Raised {
            return self.happening();
        }
        match kind {
            HappeningKind::Created => Happening::Created,
            HappeningKind::FieldUpdated => {
                let (field, value): (FieldId, _) = self.field_and_value();
                Happening::FieldUpdated { field, value: (!self.one_in(5)).then_some(value) }
            }
            HappeningKind::TagAdded => Happening::TagAdded(self.id()),
            HappeningKind::TagRemoved => Happening::TagRemoved(self.id()),
            HappeningKind::ListAdded => Happening::ListAdded(self.id()),
            HappeningKind::ListRemoved => Happening::ListRemoved(self.id()),
            HappeningKind::RelationshipAdded => {
                Happening::RelationshipAdded { relationship: self.id(), record: self.record_name().into() }
            }
            HappeningKind::RelationshipRemoved => {
                Happening::RelationshipRemoved { relationship: self.id(), record: self.record_name().into() }
            }
            HappeningKind::TaskCompleted => {
                Happening::TaskCompleted { task: self.id(), outcome: self.below(3) as u8 }
            }
            HappeningKind::CallLogged => Happening::CallLogged,
            HappeningKind::FormSubmitted => {
                Happening::FormSubmitted { form: self.id(), outcome: self.pick(FormOutcome::ALL).0 }
            }
            HappeningKind::EmailStatus => Happening::EmailStatus(self.pick(EmailStatus::ALL).0),
            HappeningKind::SmsStatus => Happening::SmsStatus(self.pick(SmsStatus::ALL).0),
            HappeningKind::AddedToAutomation => Happening::AddedToAutomation(self.map_id()),
            HappeningKind::RemovedFromAutomation => Happening::RemovedFromAutomation(self.map_id()),
            HappeningKind::Paused => Happening::Paused(self.map_id()),
            HappeningKind::Unpaused => Happening::Unpaused(self.map_id()),
            HappeningKind::EmailOpened => Happening::EmailOpened(self.id()),
            HappeningKind::EmailLinkClicked => {
                Happening::EmailLinkClicked { email: self.id(), link: 1 + self.below(2) as u8 }
            }
            HappeningKind::EmailBounced => Happening::EmailBounced { email: self.id(), hard: self.one_in(6) },
            HappeningKind::EmailReceived => Happening::EmailReceived,
            HappeningKind::SmsReceived => {
                let text = self.pick(&["yes", "Write to a@b.at please", "no @ at . all", "@x.y x@.y x@y."]);
                Happening::SmsReceived(text.into())
            }
            HappeningKind::Order => Happening::Order(self.order()),
            HappeningKind::Payment => {
                Happening::Payment { reference: self.pick(&REFERENCES).into(), declined: self.one_in(3) }
            }
            HappeningKind::OrderCancelled => {
                Happening::OrderCancelled { reference: self.pick(&REFERENCES).into() }
            }
            HappeningKind::Refund => Happening::Refund(self.order()),
            HappeningKind::CheckoutStarted => Happening::CheckoutStarted(self.checkout()),
            HappeningKind::CheckoutAbandoned => Happening::CheckoutAbandoned(self.checkout()),
            HappeningKind::PageVisited => Happening::PageVisited(self.id()),
            HappeningKind::PurlVisited => Happening::PurlVisited(self.id()),
            HappeningKind::UrlVisited => Happening::UrlVisited(self.id()),
            HappeningKind::LinkClicked => Happening::LinkClicked(self.id()),
            HappeningKind::SiteVisited => Happening::SiteVisited(self.id()),
            HappeningKind::MembershipUpdated => {
                Happening::MembershipUpdated { site: self.id(), status: self.pick(MembershipStatus::ALL).0 }
            }
            HappeningKind::MembershipCreated => {
                Happening::MembershipCreated { site: self.id(), status: self.pick(MembershipStatus::ALL).0 }
            }
            HappeningKind::LevelGiven => Happening::LevelGiven(self.id()),
            HappeningKind::LevelLost => Happening::LevelLost(self.id()),
            HappeningKind::Campaign => Happening::Campaign {
                campaign: CampaignRef::Email(self.id()),
                touch: self.pick(CampaignTouch::ALL).0,
            },
            HappeningKind::WebsiteVisited => Happening::WebsiteVisited { source: "google".into() },
            HappeningKind::OrderStatus => Happening::OrderStatus(
                StatusChange {
                    reference: self.pick(&REFERENCES).into(),
                    product: None,
                    status: LineStatus::default(),
                }
                .into(),
            ),
            HappeningKind::CameOnMap
            | HappeningKind::WentOffMap
            | HappeningKind::DateCame
            | HappeningKind::OpenOrderCreated
            | HappeningKind::Charged
            | HappeningKind::Declined
            | HappeningKind::Purchased
            | HappeningKind::Completed
            | HappeningKind::Cancelled => unreachable!("left out above, as they are only raised"),
        }
    }
}
