//! Files with a million contacts: seconds to save and to open, and bytes for each contact.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use gateline::base::id::Id;
use gateline::base::time::Instant;
use gateline::model::{
    Contact, ContactIx, Edit, Event, FormOutcome, Happening, People, Project, Settings, Value,
};
use gateline::store::{self, ProjectFile};

/// A million contacts with 1.3 events each, as a shop's export has them: an address, a name, a country, a tag.
fn people(count: u32) -> People {
    const DAY: i64 = 86_400_000;
    let countries = ["Austria", "France", "Germany", "Netherlands", "Poland", "Spain", "United Kingdom"];
    let mut contacts = vec![];
    let mut events = vec![];
    for number in 0..count {
        let start = Instant(1_767_225_600_000 + i64::from(number % 365) * DAY + i64::from(number));
        let country = countries[number as usize % countries.len()];
        contacts.push(Contact {
            key: format!("person{number}@example.org").into(),
            zone: Some(chrono_tz::Europe::Berlin),
            tags: [Id::new(1)].into(),
            fields: [
                (Id::new(2), Value::Text(format!("Name {}", number % 5_000).into())),
                (Id::new(3), Value::Text(country.into())),
            ]
            .into(),
            ..Contact::default()
        });
        let form = Happening::FormSubmitted { form: Id::new(4), outcome: FormOutcome::Success };
        events.push((ContactIx(number), Event { at: start, what: form }));
        if number % 10 < 3 {
            let at = start.plus_millis(3 * DAY);
            events.push((ContactIx(number), Event { at, what: Happening::TagAdded(Id::new(5)) }));
        }
    }
    People::new(contacts, events).expect("no key stands twice")
}

fn million(criterion: &mut Criterion) {
    let mut project = Project::new("0123456789abcdef0123456789abcdef", "A million");
    project.settings = Settings::default();
    project.people = Arc::new(people(1_000_000));
    let folder = tempfile::tempdir().expect("a place for files");
    let path = folder.path().join("million.gateline");
    let mut group = criterion.benchmark_group("million contacts");
    group.sample_size(10);
    group.bench_function("save", |b| b.iter(|| store::save(&path, &project, true).expect("saved")));
    let bytes = std::fs::metadata(&path).expect("just saved").len();
    println!("{:.1} bytes for each contact", bytes as f64 / 1e6);
    group.bench_function("open", |b| {
        b.iter_with_large_drop(|| black_box(ProjectFile::open(&path).expect("opened")))
    });
    let (mut file, mut opened) = ProjectFile::open(&path).expect("opened");
    group.bench_function("rename", |b| {
        b.iter(|| {
            let edit = Edit::SetName("Another name".into());
            opened.apply(edit.clone()).expect("any name will do");
            file.write(&[edit], &opened).expect("written");
        });
    });
    group.finish();
}

criterion_group!(benches, million);
criterion_main!(benches);
