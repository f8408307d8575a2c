//! Files: what is saved comes back, and what cannot be read says why.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use gateline::base::id::Id;
use gateline::model::{Edit, ElementKind, Note, Point, Project};
use gateline::store::{self, FileKind, ProjectFile, StoreError, Writer, WriterStatus};
use proptest::prelude::*;

use crate::format::one_of_everything;
use crate::random;

fn load(path: &Path) -> Project {
    store::load(path).unwrap().project
}

#[expect(clippy::disallowed_methods, reason = "puts bytes where no store would put them")]
fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// One edit that can be told from others.
fn rename(project: &mut Project, number: u32) -> Vec<Edit> {
    let edit = Edit::SetName(format!("name {number}"));
    project.apply(edit.clone()).unwrap();
    vec![edit]
}

// ---------------------------------------------------------------------------------------------------------------------
// What is saved comes back

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn both_forms_bring_every_project_back(project in random::project()) {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.gateline", "a.ron"] {
            let path = folder.path().join(name);
            store::save(&path, &project, false).unwrap();
            prop_assert_eq!(&load(&path), &project, "{}", name);
        }
    }

    #[test]
    fn a_file_written_edit_by_edit_holds_what_the_project_holds(
        edits in random::edits(),
        batch in 1_usize..12,
        reopen in 0_usize..6,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gateline");
        let mut project = random::start();
        let mut file = ProjectFile::create(&path, &project, false).unwrap();
        for (round, group) in edits.chunks(batch).enumerate() {
            let made: Vec<_> = group.iter().filter(|edit| project.apply((*edit).clone()).is_ok()).cloned().collect();
            file.write(&made, &project).unwrap();
            if round == reopen {
                drop(file);
                let (opened, read) = ProjectFile::open(&path).unwrap();
                prop_assert_eq!(&read, &project);
                file = opened;
            }
        }
        drop(file);
        prop_assert_eq!(&load(&path), &project);
    }
}

#[test]
fn more_contacts_than_a_chunk_holds_come_back_after_some_went() {
    use gateline::model::{Contact, ContactIx, Event, Happening, People};
    let people = |count: u32| {
        let contacts =
            (0..count).map(|n| Contact { key: format!("{n}").into(), ..Contact::default() }).collect();
        let at = gateline::base::time::Instant(5);
        let events = (0..count)
            .step_by(3)
            .map(|n| (ContactIx(n), Event { at, what: Happening::TagAdded(Id::new(n + 1)) }))
            .collect();
        Arc::new(People::new(contacts, events).unwrap())
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gateline");
    let mut project = one_of_everything();
    let mut file = ProjectFile::create(&path, &project, false).unwrap();
    for count in [150_000, 65_537, 65_536, 1, 0] {
        let edit = Edit::SetPeople(people(count));
        project.apply(edit.clone()).unwrap();
        file.write(&[edit], &project).unwrap();
        assert!(load(&path) == project, "{count} contacts");
    }
}

#[test]
fn opening_leaves_the_file_as_it_is_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gateline");
    store::save(&path, &one_of_everything(), false).unwrap();
    let look = || (std::fs::read(&path).unwrap(), std::fs::metadata(&path).unwrap().modified().unwrap());
    let before = look();
    let (file, project) = ProjectFile::open(&path).unwrap();
    assert_eq!(load(&path), project);
    assert_eq!(files_in(folder.path()), ["a.gateline"]);
    drop(file);
    assert!(look() == before);
    assert_eq!(files_in(folder.path()), ["a.gateline"]);
}

#[test]
fn saving_replaces_only_when_told_and_goes_by_the_ending() {
    let folder = tempfile::tempdir().unwrap();
    let project = one_of_everything();
    for (name, kind) in [("a.gateline", FileKind::Project), ("a.ron", FileKind::Text)] {
        let path = folder.path().join(name);
        put(&path, b"precious");
        let error = store::save(&path, &project, false).unwrap_err();
        assert!(matches!(error, StoreError::Exists { .. }), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), b"precious");
        store::save(&path, &project, true).unwrap();
        assert_eq!(store::load(&path).unwrap().kind, kind);
    }
    let error = store::save(&folder.path().join("a.txt"), &project, false).unwrap_err();
    assert!(matches!(error, StoreError::Ending { .. }), "{error}");
    // What a file is, its content says.
    let renamed = folder.path().join("b.ron");
    std::fs::rename(folder.path().join("a.gateline"), &renamed).unwrap();
    assert_eq!(store::load(&renamed).unwrap().kind, FileKind::Project);
}

#[test]
fn a_journal_of_a_file_that_is_gone_does_not_reach_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gateline");
    put(&folder.path().join("a.gateline-journal"), &[0xd9; 4096]);
    let project = one_of_everything();
    drop(ProjectFile::create(&path, &project, false).unwrap());
    assert_eq!(files_in(folder.path()), ["a.gateline"]);
    assert_eq!(load(&path), project);
}

// ---------------------------------------------------------------------------------------------------------------------
// What cannot be read says why

#[test]
fn whatever_is_no_project_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    put(&at("empty"), b"");
    put(&at("blank"), b" \n");
    put(&at("text"), b"Dear Sir or Madam,");
    put(&at("picture"), b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d\xff");
    put(&at("ron"), b"(name: \"something else\")");
    let other = rusqlite::Connection::open(at("other")).unwrap();
    other.execute_batch("CREATE TABLE a (b)").unwrap();
    drop(other);
    put(&at("newer"), b"(gateline: 7, maps: (of, another, shape))");
    for (name, message) in [
        ("nothing", "there is no such file"),
        ("", "this is a folder"),
        ("empty", "the file is empty"),
        ("blank", "the file is empty"),
        ("text", "no Gateline project but some other text"),
        ("picture", "no Gateline project but some other file"),
        ("ron", "no Gateline project but some other text"),
        ("other", "no Gateline project but another program's database"),
        ("newer", "the project has format 7 and this Gateline knows formats up to 1"),
    ] {
        let path = at(name);
        let error = store::load(&path).unwrap_err().to_string();
        assert!(error.contains(message) && error.ends_with(&*path.to_string_lossy()), "{name}: {error}");
        if !matches!(name, "blank" | "ron" | "newer" | "text") {
            let error = ProjectFile::open(&path).unwrap_err().to_string();
            assert!(error.contains(message), "{name}: {error}");
        }
    }
}

#[test]
fn damage_is_noticed_or_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gateline");
    let mut project = one_of_everything();
    let mut file = ProjectFile::create(&path, &project, false).unwrap();
    // Taking things out leaves free room, which a file that has lived has too.
    for number in 600..640 {
        let text = "long ".repeat(number as usize);
        let note = Note { id: Id::new(number), text, place: Point { x: 0, y: 0 } };
        for edit in [
            Edit::PutNote { map: Id::new(100), note },
            Edit::RemoveNote { map: Id::new(100), note: Id::new(number - number % 2) },
        ] {
            if project.apply(edit.clone()).is_ok() {
                file.write(&[edit], &project).unwrap();
            }
        }
    }
    drop(file);
    let good = std::fs::read(&path).unwrap();
    let hurt = folder.path().join("hurt.gateline");
    let (mut noticed, mut harmless) = (0, 0);
    let mut check = |bytes: &[u8], what: &str| {
        put(&hurt, bytes);
        match store::load(&hurt) {
            Err(_) => noticed += 1,
            Ok(loaded) => {
                assert!(loaded.project == project, "{what} went unnoticed");
                harmless += 1;
            }
        }
    };
    let head = 0..100 * 8;
    let anywhere = (0..1500_usize).map(|n| n * 7_919_773 % (good.len() * 8));
    for bit in head.chain(anywhere) {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        check(&bytes, &format!("bit {bit}"));
    }
    for length in (1..good.len()).step_by(997).chain((512..good.len()).step_by(4096)) {
        check(&good[..length], &format!("the end from {length}"));
    }
    for start in (0..good.len() - 64).step_by(1_301) {
        let mut bytes = good.clone();
        bytes[start..start + 64].fill(0);
        check(&bytes, &format!("nothing from {start}"));
    }
    for page in 1..good.len() / 4096 - 1 {
        let mut bytes = good.clone();
        bytes.copy_within(page * 4096..(page + 1) * 4096, (page + 1) * 4096);
        check(&bytes, &format!("page {page} in place of the next"));
    }
    assert!(noticed > harmless, "{noticed} noticed, {harmless} harmless");
}

#[test]
fn a_damaged_text_is_an_error_or_another_text_never_a_panic() {
    let mut good = vec![];
    store::text::write(&one_of_everything(), &mut good).unwrap();
    for n in 0..800_usize {
        let place = n * 7_919_773 % good.len();
        let mut bytes = good.clone();
        bytes[place] ^= 1 << (n % 8);
        let _ = store::text::parse(&bytes, Path::new("a.ron"));
        let _ = store::text::parse(&good[..place], Path::new("a.ron"));
    }
}

#[test]
fn a_text_by_hand_needs_little_and_its_mistakes_are_told_with_their_place() {
    let parse = |text: &str| store::text::parse(text.as_bytes(), Path::new("a.ron"));
    let trigger = r#"(id: "el7", kind: trigger(on: added_to_automation, who: any_contact, if_on_map: add)),"#;
    let text = format!(
        "// by hand\r\n(gateline: 1, name: \"Mine\",\n maps: [(id: \"map3\", name: \"One\", elements: [\n{trigger}\n\
         (id: \"el9\", kind: action(send_email(Some(\"email2\")))), (id: \"el8\", kind: end)])],\n\
         people: [contact(key: \"ann\", created: \"2026-01-01T01:00:00+01:00\"), at(\"2026-01-02T00:00:00Z\", tag_added(\"tag1\"))])"
    );
    let project = parse(&text).unwrap();
    assert_eq!((project.name.as_str(), project.next_number, project.key.len()), ("Mine", 10, 32));
    assert_eq!(project.people.event_count(), 2);
    let kind = &project.maps[&Id::new(3)].elements[&Id::new(9)].kind;
    assert_eq!(*kind, ElementKind::Action(gateline::model::Action::SendEmail(Some(Id::new(2)))));
    assert_eq!(parse(&format!("\u{feff}{text}")).unwrap().maps, project.maps);

    let map =
        |inside: &str| format!("(gateline: 1, name: \"\",\nmaps: [(id: \"map1\", name: \"\", {inside})])");
    let mut wrong = vec![];
    for (text, line, message) in [
        ("(gateline: 1, name: \"\",\n nmae: 3)".to_owned(), 2, "nmae"),
        ("(gateline: 1,\n\n name: 3)".to_owned(), 3, "Expected string"),
        ("(gateline: 1, name: \"\"".to_owned(), 1, "Expected comma"),
        (
            "(gateline: 1, name: \"\",\n catalogue: (tags: [(id: \"tga1\", name: \"\")]))".to_owned(),
            2,
            "such as \"tag12\"",
        ),
        (
            "(gateline: 1, name: \"\",\n people: [at(\"never\", created)])".to_owned(),
            2,
            "before the first contact",
        ),
        (
            "(gateline: 1, name: \"\",\n people: [contact(key: \"a\"),\n contact(key: \"a\")])".to_owned(),
            3,
            "stands twice",
        ),
        ("(gateline: 1, name: \"\",\n people: [contact(key: \"a\", tag: [])])".to_owned(), 2, "tag"),
        (map(""), 2, "exactly one \"added to this map\" trigger"),
        (map(&format!("elements: [\n{trigger}\n{trigger}]")), 4, "el7"),
        (map(&format!("elements: [{trigger}\n(id: \"el8\", kind: go_too(None))]")), 3, "go_too"),
        (
            map(&format!("elements: [{trigger}],\nlines: [(from: \"el7\", port: \"nxet\", to: \"el8\")]")),
            3,
            "nxet",
        ),
        (
            map(&format!("elements: [{trigger}],\nlines: [(from: \"el7\", port: \"next\", to: \"el8\")]")),
            3,
            "el8, which is not on the map",
        ),
    ] {
        match parse(&text) {
            Err(StoreError::Text { line: found, column, what, .. })
                if found == line && column > 0 && what.contains(message) => {}
            other => wrong.push(format!("{text}\n{other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

// ---------------------------------------------------------------------------------------------------------------------
// Others at the same file, crashes, failures

/// What another process does, which is this program again with the name of this test; see [`other_process`].
#[test]
#[ignore = "a part of other tests"]
fn in_another_process() {
    let path = std::env::var_os("GATELINE_TEST_FILE").unwrap();
    let opened = ProjectFile::open(Path::new(&path));
    let (mut file, mut project) = match opened {
        Ok(opened) => opened,
        Err(error) => return println!("refused: {error}"),
    };
    println!("opened");
    let people = project.people.clone();
    for number in project.next_number.. {
        // Big and small transactions in turn; the number that names the state counts up.
        project.next_number = number;
        let (name, people) = (Edit::SetName(format!("{number}")), Edit::SetPeople(people.clone()));
        project.apply(name.clone()).unwrap();
        let text = "x".repeat(number as usize * 7_919 % 200_000);
        let note = Edit::PutNote {
            map: Id::new(100),
            note: Note { id: Id::new(210), text, place: Point { x: 0, y: 0 } },
        };
        project.apply(note.clone()).unwrap();
        file.write(&[name, people, note], &project).unwrap();
        println!("wrote {number}");
    }
}

fn other_process(path: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["store::in_another_process", "--exact", "--ignored", "--nocapture"])
        .env("GATELINE_TEST_FILE", path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_second_window_is_told_at_once_and_readers_are_let_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gateline");
    let mut project = one_of_everything();
    let mut file = ProjectFile::create(&path, &project, false).unwrap();
    // Reading in the same process must not give up the lock, neither must writing.
    assert_eq!(load(&path), project);
    let edits = rename(&mut project, 1);
    file.write(&edits, &project).unwrap();
    assert_eq!(load(&path), project);
    let error = ProjectFile::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    let error = store::save(&path, &project, true).unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    let other = other_process(&path).wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&other.stdout).into_owned();
    assert!(said.contains("refused: the project is in use by another window"), "{said}");
    drop(file);
    ProjectFile::open(&path).unwrap();
}

#[test]
fn a_process_killed_while_it_writes_loses_nothing_that_it_had_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gateline");
    store::save(&path, &one_of_everything(), false).unwrap();
    let mut wrote = 0;
    for round in 0..12_u64 {
        let mut child = other_process(&path);
        let out = BufReader::new(child.stdout.take().unwrap());
        let reader = std::thread::spawn(move || {
            let numbers = out.lines().map_while(Result::ok);
            numbers.filter_map(|line| line.split_once("wrote ")?.1.parse::<u32>().ok()).last()
        });
        std::thread::sleep(Duration::from_millis(60 + round * 37 % 90));
        child.kill().unwrap();
        child.wait().unwrap();
        let told = reader.join().unwrap();
        let project = load(&path);
        if let Some(told) = told {
            // At most the one that was under way is there beyond what was told.
            assert!((told..=told + 1).contains(&project.next_number), "{told} {}", project.next_number);
            assert_eq!(project.name, project.next_number.to_string());
            wrote += 1;
        }
    }
    assert!(wrote > 0, "no child came to write anything");
}

#[test]
fn the_writer_writes_what_is_pushed_and_drop_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gateline");
    let mut project = one_of_everything();
    let writer = Writer::new(ProjectFile::create(&path, &project, false).unwrap());
    assert_eq!(writer.flush(), Ok(()));
    for number in 0..20 {
        writer.push(rename(&mut project, number), project.clone());
    }
    assert_eq!(writer.flush(), Ok(()));
    assert_eq!(writer.status(), WriterStatus::Saved);
    assert_eq!(load(&path), project);
    writer.push(rename(&mut project, 21), project.clone());
    drop(writer);
    assert_eq!(load(&path), project);
    ProjectFile::open(&path).unwrap();
}

#[test]
fn a_failed_write_keeps_everything_and_can_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gateline");
    let away = folder.path().join("away.gateline");
    let mut project = one_of_everything();
    let writer = Writer::new(ProjectFile::create(&path, &project, false).unwrap());
    let before = project.clone();
    std::fs::rename(&path, &away).unwrap();
    writer.push(rename(&mut project, 1), project.clone());
    let error = writer.flush().unwrap_err();
    assert!(error.contains("moved, deleted or replaced"), "{error}");
    assert_eq!(writer.status(), WriterStatus::Failed(error));
    assert_eq!(load(&away), before, "what was saved is still there");
    writer.push(rename(&mut project, 2), project.clone());
    assert!(writer.flush().is_err() && !path.exists(), "nothing is written anew unless a user says so");
    writer.retry();
    assert_eq!(writer.flush(), Ok(()));
    assert_eq!(load(&path), project);
    // The new file is the one in use from now on.
    writer.push(rename(&mut project, 3), project.clone());
    assert_eq!(writer.flush(), Ok(()));
    assert_eq!(load(&path), project);
}

#[test]
fn save_as_goes_on_in_the_new_file_also_after_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut project = one_of_everything();
    let writer = Writer::new(ProjectFile::create(&at("a.gateline"), &project, false).unwrap());
    std::fs::remove_file(at("a.gateline")).unwrap();
    writer.push(rename(&mut project, 1), project.clone());
    assert!(writer.flush().is_err());
    put(&at("b.gateline"), b"precious");
    assert!(writer.save_as(&at("b.gateline"), &project, false).is_err());
    assert_eq!(writer.path(), at("a.gateline"));
    writer.save_as(&at("c.gateline"), &project, false).unwrap();
    assert_eq!((writer.path(), writer.status()), (at("c.gateline"), WriterStatus::Saved));
    writer.push(rename(&mut project, 2), project.clone());
    assert_eq!(writer.flush(), Ok(()));
    assert_eq!(load(&at("c.gateline")), project);
    assert_eq!(files_in(folder.path()), ["b.gateline", "c.gateline"]);
}
