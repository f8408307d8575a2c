//! Settings and the catalogue.

use gateline::base::id::{CategoryId, Id};
use gateline::base::money::Money;
use gateline::base::time::{Feb29, Span, Unit};
use gateline::model::catalogue::Shelved;
use gateline::model::{
    Catalogue, Category, Email, Field, FieldKind, Form, Level, List, Member, Outcome, Page, Postcard,
    Product, Relationship, Settings, Site, Sms, Tag, Task,
};

use super::{Dice, ZONES};

/// Kinds of the fields by their number, from 1.
pub const FIELDS: [FieldKind; 6] = [
    FieldKind::Date,
    FieldKind::Birthday,
    FieldKind::DateTime,
    FieldKind::Number,
    FieldKind::Text,
    FieldKind::YesNo,
];

impl Dice {
    pub fn settings(&mut self, settings: &mut Settings) {
        settings.account_zone = self.pick(&ZONES);
        if self.one_in(2) {
            settings.date_event_time = self.time();
        }
        if self.one_in(2) {
            settings.birthday_29_feb = Feb29::LastOfFebruary;
        }
        settings.email_sync = !self.one_in(3);
        settings.tracking_code = !self.one_in(3);
        let spans = [(1, Unit::Days), (1, Unit::Days), (2, Unit::Hours), (0, Unit::Minutes)];
        let (count, unit) = self.pick(&spans);
        settings.abandon_after = Span::new(count, unit);
    }

    /// Two of most things, so that the third is missing from the catalogue.
    pub fn catalogue(&mut self) -> Catalogue {
        let mut catalogue = Catalogue::default();
        fn shelf<T: Shelved>(count: u32) -> impl Iterator<Item = (T::Id, T)> {
            (1..=count).map(|number| {
                (T::Id::new(number), T::new(T::Id::new(number), format!("{} {number}", T::WORD)))
            })
        }
        catalogue.fields = shelf::<Field>(FIELDS.len() as u32).collect();
        for (field, kind) in catalogue.fields.values_mut().zip(FIELDS) {
            field.kind = kind;
        }
        catalogue.tags = shelf::<Tag>(3).collect();
        catalogue.products = shelf::<Product>(2).collect();
        for product in catalogue.products.values_mut() {
            product.price = self.one_in(2).then(|| Money::new(30.into()));
            product.categories = self.many(2, Self::id::<CategoryId>);
        }
        catalogue.categories = shelf::<Category>(2).collect();
        catalogue.forms = shelf::<Form>(2).collect();
        for form in catalogue.forms.values_mut() {
            form.order_form = self.one_in(2);
            form.list = self.one_in(2).then(|| self.id());
            form.map = self.one_in(2).then(|| self.map_id());
        }
        catalogue.emails = shelf::<Email>(2).collect();
        for email in catalogue.emails.values_mut() {
            email.transactional = self.one_in(2);
            email.links = vec!["a".into(), "b".into()];
        }
        catalogue.texts = shelf::<Sms>(2).collect();
        catalogue.postcards = shelf::<Postcard>(2).collect();
        catalogue.lists = shelf::<List>(2).collect();
        for list in catalogue.lists.values_mut() {
            list.leaves_after = self.one_in(2).then(|| self.span());
        }
        catalogue.tasks = shelf::<Task>(2).collect();
        for task in catalogue.tasks.values_mut() {
            task.outcomes =
                self.many(2, |dice| Outcome { name: "so".into(), actions: dice.many(2, Self::action) });
        }
        catalogue.members = shelf::<Member>(3).collect();
        catalogue.pages = shelf::<Page>(2).collect();
        catalogue.sites = shelf::<Site>(2).collect();
        catalogue.levels = shelf::<Level>(2).collect();
        catalogue.relationships = shelf::<Relationship>(2).collect();
        catalogue
    }
}
