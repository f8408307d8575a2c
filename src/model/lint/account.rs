//! What is wrong beside the maps: in the account and in the tests.

use super::settings::missing_among;
use super::{Check, MISSING_REFERENCE, NOT_CHOSEN};
use crate::base::problem::Problem;
use crate::model::{Expectation, Item, ItemId, Named, Project, Refs, SavedTest};

pub(super) fn check(project: &Project) -> impl Iterator<Item = Problem> + '_ {
    let items = items_that_name(project).flat_map(|item| item_problems(project, &item));
    items.chain(project.tests.values().filter_map(|test| test_problem(project, test)))
}

fn problem(check: Check, sentence: String) -> Problem {
    let Check { code, severity, .. } = check;
    Problem { code, severity, map: None, elements: vec![], sentence }
}

/// Things of the catalogue that name others; most name nothing, and there may be very many.
fn items_that_name(project: &Project) -> impl Iterator<Item = Item> + '_ {
    let catalogue = &*project.catalogue;
    let products = catalogue.products.values().filter(|product| !product.categories.is_empty());
    let forms = catalogue.forms.values().filter(|form| form.list.is_some() || form.map.is_some());
    let tasks = catalogue.tasks.values().filter(|task| !task.outcomes.is_empty());
    let levels = catalogue.levels.values().filter(|level| level.site.is_some());
    (products.cloned().map(Item::Product))
        .chain(forms.cloned().map(Item::Form))
        .chain(tasks.cloned().map(Item::Task))
        .chain(levels.cloned().map(Item::Level))
}

fn item_problems(project: &Project, item: &Item) -> Vec<Problem> {
    let name = format!("The {} “{}”", item.id().word(), item.name());
    let missing = missing_among(project, item.names());
    let missing = missing.map(|missing| problem(MISSING_REFERENCE, format!("{name} names {missing}")));
    let outcomes = match item {
        Item::Task(task) => &task.outcomes[..],
        _ => &[],
    };
    let open = outcomes.iter().find_map(|outcome| {
        let open = outcome.actions.iter().find_map(|action| action.open_setting())?;
        let says =
            format!("{name} has an action that does nothing when it comes out “{}”: {open}", outcome.name);
        Some(problem(NOT_CHOSEN, says))
    });
    missing.into_iter().chain(open).collect()
}

fn test_problem(project: &Project, test: &SavedTest) -> Option<Problem> {
    let is_there = |named: Named| match named {
        Named::Item(id) => project.catalogue.has(id),
        Named::Map(id) => project.map(id).is_some(),
    };
    let sound = test.events.iter().flat_map(|event| event.what.names()).all(is_there)
        && test.expect.iter().all(|expected| match expected {
            Expectation::Messages(emails) => {
                emails.iter().all(|email| project.catalogue.has(ItemId::Email(*email)))
            }
            Expectation::MessageCount(_) => true,
            Expectation::RestsAt { map, elements } => {
                project.map(*map).is_some_and(|map| elements.iter().all(|id| map.element(*id).is_some()))
            }
            Expectation::Achieved { goal, .. } => project.map_of(*goal).is_some(),
        });
    (!sound).then(|| {
        let says = format!(
            "The test “{}” names something that the project does not have any more, so it cannot pass",
            test.name
        );
        problem(MISSING_REFERENCE, says)
    })
}
