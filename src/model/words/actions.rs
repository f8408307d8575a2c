//! Actions in words: on cards, and as sentences where no card says of what kind they are.

use chrono::{Days, NaiveDate};

use super::{
    OPEN, counted, date_in_words, first_line, listed, listed_or_open, lower_first, map_name, money_in_words,
    named, named_all, percent, thousands, value_in_words,
};
use crate::base::id::{MapId, MemberId, RelationshipId};
use crate::base::time::Side;
use crate::model::catalogue::Shelved;
use crate::model::{
    Action, Choice, Email, Field, FieldChange, LeadRouter, Level, List, Member, MembershipStatus, Postcard,
    Product, Project, Refs, Relationship, Site, Sms, Split, Tag, Task,
};

/// What an action does, where no card says of what kind it is: `Add the tag VIP`.
pub fn action_in_words(project: &Project, action: &Action) -> String {
    phrase(project, action, true)
}

/// What an action did on a day that changes nothing on a map: who got what, and for when. The team member is the one
/// that it came to; `None`: the contact has no owner.
pub fn done_in_words(
    project: &Project,
    action: &Action,
    member: Option<MemberId>,
    today: NaiveDate,
) -> String {
    let member = || {
        member.map_or_else(
            || "nobody (the contact has no owner)".into(),
            |id| project.catalogue.name::<Member>(id),
        )
    };
    match action {
        Action::AssignTask { task, due_in_days, .. } => {
            let due = today.checked_add_days(Days::new((*due_in_days).into())).unwrap_or(NaiveDate::MAX);
            format!(
                "assigned the task {} to {}, due {}",
                named::<Task>(project, *task),
                member(),
                date_in_words(due)
            )
        }
        Action::Notify { by_sms, text, .. } => {
            format!("notified {} {}: “{}”", member(), by(*by_sms), first_line(text))
        }
        Action::Webhook(url) => format!("would have called {url}"),
        Action::CreateRecord(name) => format!("created the record “{}”", first_line(name)),
        Action::Note(text) => format!("noted “{}”", first_line(text)),
        other => lower_first(&action_in_words(project, other)),
    }
}

/// What an action does, as the title of a card.
pub(super) fn action_title(project: &Project, action: &Action) -> String {
    // What is new and still blank says what it is.
    if action.open_setting().is_some() && action.names().is_empty() {
        action.kind().info().title.into()
    } else {
        phrase(project, action, false)
    }
}

/// What an action does. On a card its icon and quiet line say what kind of thing is meant; elsewhere `nouns` do.
fn phrase(project: &Project, action: &Action, nouns: bool) -> String {
    let the = |noun: &str, name: String| if nouns { format!("the {noun} {name}") } else { name };
    let send = |noun: &str, name: String| if nouns { format!("Send the {noun} {name}") } else { name };
    let map = |map: Option<MapId>| the("map", map_name(project, map));
    match action {
        Action::SendEmail(email) => send("e-mail", named::<Email>(project, *email)),
        Action::SendSms(sms) => send("SMS", named::<Sms>(project, *sms)),
        Action::SendPostcard(postcard) => send("postcard", named::<Postcard>(project, *postcard)),
        Action::AssignTask { task: Some(task), .. } if !nouns => project.catalogue.name::<Task>(*task),
        Action::AssignTask { task: None, .. } if !nouns => action.kind().info().title.into(),
        Action::AssignTask { task, owner, .. } => {
            let task = named::<Task>(project, *task);
            format!("Assign the task {task} to {}", member_or_owner(project, *owner))
        }
        Action::Notify { member, by_sms, .. } => {
            let way = if nouns { format!(" {}", by(*by_sms)) } else { String::new() };
            format!("Notify {}{way}", member_or_owner(project, *member))
        }
        Action::UpdateField { field, change } => {
            change_in_words(project, &named::<Field>(project, *field), change)
        }
        Action::ChangeTags { add, remove } => {
            let names = |tags: &[_]| {
                let noun = if tags.len() == 1 { "tag" } else { "tags" };
                the(noun, listed(&named_all::<Tag>(project, tags), "and"))
            };
            match (&add[..], &remove[..]) {
                ([], []) => format!("Add {}", the("tag", OPEN.into())),
                (add, []) => format!("Add {}", names(add)),
                ([], remove) => format!("Remove {}", names(remove)),
                (add, remove) => format!("Add {}, remove {}", names(add), names(remove)),
            }
        }
        Action::AddToMap(id) => format!("Add to {}", map(*id)),
        Action::RemoveFromMap(id) => format!("Remove from {}", map(*id)),
        Action::PauseOnMap(id) => format!("Pause on {}", map(*id)),
        Action::UnpauseOnMap(id) => format!("Unpause on {}", map(*id)),
        Action::AddToList(list) => format!("Add to {}", the("list", named::<List>(project, *list))),
        Action::RemoveFromList(list) => format!("Remove from {}", the("list", named::<List>(project, *list))),
        Action::RemoveFromAllLists => "Remove from all lists".into(),
        Action::AddPurchase { product, quantity, .. } => {
            let product = named::<Product>(project, *product);
            let pieces = match quantity {
                1 => String::new(),
                many => format!("{} × ", thousands(*many as usize)),
            };
            format!("Add purchase of {pieces}{product}")
        }
        Action::CancelOpenOrders(Choice::Any) => "Cancel open orders".into(),
        Action::CancelOpenOrders(Choice::OneOf(products)) => {
            let products = listed_or_open(&named_all::<Product>(project, products), "and");
            format!("Cancel open orders of {products}")
        }
        Action::RechargeDeclined => "Recharge declined payments".into(),
        Action::SetMembership { site, status } => {
            let verb = match status {
                MembershipStatus::Enabled => "Enable",
                MembershipStatus::Suspended => "Suspend",
                MembershipStatus::Disabled => "Disable",
            };
            format!("{verb} {}", the("membership of", named::<Site>(project, *site)))
        }
        Action::GiveLevel(level) => format!("Give {}", the("level", named::<Level>(project, *level))),
        Action::RemoveLevel(level) => format!("Remove {}", the("level", named::<Level>(project, *level))),
        Action::AddRelationship { relationship, record } => {
            let record: &str = if record.is_empty() { OPEN } else { record };
            format!("Add {}", the("relationship", related(project, *relationship, record)))
        }
        Action::RemoveRelationship { relationship, record } => {
            format!("Remove {}", the("relationship", related(project, *relationship, record)))
        }
        Action::RouteLead(router) => {
            let names: Vec<_> =
                router.members.iter().map(|(id, _)| project.catalogue.name::<Member>(*id)).collect();
            let to = match names.len() {
                0..=2 => listed_or_open(&names, "or"),
                several => counted(several, "team member", "team members"),
            };
            format!("Route {}to {to}", if nouns { "the lead " } else { "" })
        }
        Action::Webhook(url) => {
            // The scheme says least and stands first.
            let short = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            let address = if nouns { url.as_str() } else { short.unwrap_or(url) };
            format!("Call {}", the("webhook", first_line(address).into()))
        }
        Action::CreateRecord(name) => format!("Create {}", the("record", first_line(name).into())),
        Action::Note(text) if nouns => format!("Write the note “{}”", first_line(text)),
        Action::Note(text) => format!("Note: {}", first_line(text)),
    }
}

/// The rest of an action's settings, as the quiet line of a card.
pub(super) fn action_details(project: &Project, action: &Action) -> String {
    let catalogue = &project.catalogue;
    match action {
        Action::SendEmail(None) => "no e-mail chosen".into(),
        Action::SendEmail(Some(id)) => {
            message::<Email>(catalogue.emails.get(id).map(|email| &email.subject[..]))
        }
        Action::SendSms(None) => "no SMS chosen".into(),
        Action::SendSms(Some(id)) => message::<Sms>(catalogue.texts.get(id).map(|sms| &sms.text[..])),
        Action::SendPostcard(None) => "no postcard chosen".into(),
        Action::SendPostcard(Some(id)) => message::<Postcard>(catalogue.postcards.get(id).map(|_| "")),
        Action::AssignTask { task: None, .. } => "no task chosen".into(),
        Action::AssignTask { due_in_days, owner, .. } => {
            let due = match due_in_days {
                0 => "due the same day".into(),
                days => format!("due in {}", counted(*days as usize, "day", "days")),
            };
            format!("task for {}, {due}", member_or_owner(project, *owner))
        }
        Action::Notify { text, .. } if text.is_empty() => "no text written".into(),
        Action::Notify { text, by_sms, .. } => {
            format!("{}: {}", by(*by_sms), first_line(text))
        }
        Action::UpdateField { field: None, .. } => "no field chosen".into(),
        Action::UpdateField { change: FieldChange::Set(None), .. } => "no value chosen".into(),
        Action::UpdateField { .. } => "updates the record".into(),
        Action::ChangeTags { add, remove } if add.is_empty() && remove.is_empty() => "no tag chosen".into(),
        Action::ChangeTags { .. } => "changes tags".into(),
        Action::AddToMap(None)
        | Action::RemoveFromMap(None)
        | Action::PauseOnMap(None)
        | Action::UnpauseOnMap(None) => "no map chosen".into(),
        Action::AddToMap(Some(_)) => "holds until off that map".into(),
        Action::RemoveFromMap(Some(_)) => "wherever it stands there".into(),
        Action::PauseOnMap(Some(_)) => "holds it where it stands there".into(),
        Action::UnpauseOnMap(Some(_)) => "lets it go on there".into(),
        Action::AddToList(None) | Action::RemoveFromList(None) => "no fulfilment list chosen".into(),
        Action::AddToList(Some(_)) | Action::RemoveFromList(Some(_)) => "fulfilment list".into(),
        Action::RemoveFromAllLists => "fulfilment lists".into(),
        Action::AddPurchase { product: None, .. } => "no product chosen".into(),
        Action::AddPurchase { amount: Some(amount), .. } => {
            format!("for {}, to the purchase history", money_in_words(project, *amount))
        }
        Action::AddPurchase { amount: None, .. } => "at its list price, to the purchase history".into(),
        Action::CancelOpenOrders(products) if products.is_empty() => "no product chosen".into(),
        Action::CancelOpenOrders(_) => "ends subscriptions and payment plans".into(),
        Action::RechargeDeclined => "of open orders".into(),
        Action::SetMembership { site: None, .. } => "no site chosen".into(),
        Action::SetMembership { site: Some(_), status } => {
            format!("membership becomes {}", lower_first(status.label()))
        }
        Action::GiveLevel(None) | Action::RemoveLevel(None) => "no level chosen".into(),
        Action::GiveLevel(Some(_)) | Action::RemoveLevel(Some(_)) => "WordPress level".into(),
        Action::AddRelationship { relationship: None, .. }
        | Action::RemoveRelationship { relationship: None, .. } => "no relationship chosen".into(),
        Action::AddRelationship { record, .. } if record.is_empty() => "the other record has no name".into(),
        Action::RemoveRelationship { record, .. } if record.is_empty() => {
            "relationship with every record".into()
        }
        Action::AddRelationship { .. } | Action::RemoveRelationship { .. } => {
            "relationship with another record".into()
        }
        Action::RouteLead(router) => shares(project, router),
        Action::Webhook(url) if url.is_empty() => "no address given".into(),
        Action::Webhook(_) => "webhook, only noted in a run".into(),
        Action::CreateRecord(name) if name.is_empty() => "no name given".into(),
        Action::CreateRecord(_) => "record beside the contact".into(),
        Action::Note(text) if text.is_empty() => "no text written".into(),
        Action::Note(_) => "written into the record".into(),
    }
}

/// A message's own words, where the account has it and they are known.
fn message<T: Shelved>(words: Option<&str>) -> String {
    match words {
        None => format!("the {} is no longer in the account", T::WORD),
        Some("") => format!("sends the {}", T::WORD),
        Some(words) => first_line(words).into(),
    }
}

fn change_in_words(project: &Project, field: &str, change: &FieldChange) -> String {
    match change {
        FieldChange::Set(Some(value)) => format!("Set {field} to {}", value_in_words(project, value)),
        FieldChange::Set(None) => format!("Set {field}"),
        FieldChange::Clear => format!("Clear {field}"),
        FieldChange::Add(number) if number.is_sign_negative() && !number.is_zero() => {
            format!("Subtract {} from {field}", number.abs().normalize())
        }
        FieldChange::Add(number) => format!("Add {} to {field}", number.normalize()),
        FieldChange::Shift(Side::Before, span) => format!("Move {field} {span} back"),
        FieldChange::Shift(Side::After, span) => format!("Move {field} {span} ahead"),
    }
}

fn by(sms: bool) -> &'static str {
    if sms { "by SMS" } else { "by e-mail" }
}

/// A team member; none chosen is the contact's owner.
fn member_or_owner(project: &Project, member: Option<MemberId>) -> String {
    member.map_or_else(|| "the owner".into(), |member| project.catalogue.name::<Member>(member))
}

/// A kind of relationship, with the other record where one is named.
fn related(project: &Project, relationship: Option<RelationshipId>, record: &str) -> String {
    let name = named::<Relationship>(project, relationship);
    if record.is_empty() { name } else { format!("{name} with {record}") }
}

/// The share of each team member of a lead router.
fn shares(project: &Project, router: &LeadRouter) -> String {
    let whole: u64 = router.members.iter().map(|(_, weight)| u64::from(*weight)).sum();
    if whole == 0 {
        return "no team member chosen".into();
    }
    let share = |(member, weight): &(MemberId, u16)| {
        let share = (u64::from(*weight) * u64::from(Split::WHOLE) + whole / 2) / whole;
        let share = u16::try_from(share).unwrap_or(Split::WHOLE);
        format!("{} {}", project.catalogue.name::<Member>(*member), percent(share))
    };
    let shares: Vec<_> = router.members.iter().map(share).collect();
    format!("{} · {}", if router.in_turn { "in turn" } else { "by chance" }, shares.join(" · "))
}
