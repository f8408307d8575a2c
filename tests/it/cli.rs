//! The command, as a person or a script meets it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use gateline::session::command::Command as EditCommand;
use gateline::session::open::Session;
use serde_json::Value;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gateline"));
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    fn output(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Standard output of a command that ends with this status; the other stream is asserted to be empty unless told.
    fn run(&self, status: i32, args: &[&str]) -> String {
        let output = self.output(args);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {error}");
        assert_eq!(error, "", "{args:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.run(0, &[args, &["--format", "json"]].concat())).unwrap()
    }

    /// The message of a command that cannot be done.
    fn error(&self, args: &[&str]) -> String {
        let output = self.output(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    }

    fn with_sample() -> Self {
        let place = Self::new();
        place.run(0, &["new", "a.ron", "--template", "nurture"]);
        place
    }
}

fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name).to_str().unwrap().to_owned()
}

#[test]
fn help_has_an_example_for_every_command() {
    let place = Place::new();
    let help = place.run(0, &["--help"]);
    let commands: Vec<_> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert_eq!(
        commands,
        [
            "new",
            "check",
            "simulate",
            "report",
            "trace",
            "why",
            "test",
            "import",
            "export",
            "completions",
            "man"
        ]
    );
    for command in commands {
        let help = place.run(0, &[command, "--help"]);
        assert!(help.contains(&format!("\n  gateline {command}")), "{help}");
    }
    assert!(place.run(0, &["completions", "bash"]).contains("gateline"));
    assert!(place.run(0, &["man"]).contains(".TH gateline"));
}

#[test]
fn new_makes_projects_and_replaces_none() {
    let place = Place::new();
    assert_eq!(place.run(0, &["new", "shop.gateline"]), "made shop.gateline: shop\n");
    assert_eq!(place.run(0, &["new", "a.ron", "--template", "nurture"]), "made a.ron: Nurture\n");
    let before = std::fs::read(place.path("a.ron")).unwrap();
    let error = place.error(&["new", "a.ron"]);
    assert_eq!(
        error,
        "gateline: there is a file of this name already; choose another name or have it replaced: a.ron\n"
    );
    assert_eq!(std::fs::read(place.path("a.ron")).unwrap(), before);
    place.run(0, &["new", "a.ron", "--force"]);
    place.run(0, &["new", "keap.ron", "--rules", "keap"]);
    let text = std::fs::read_to_string(place.path("keap.ron")).unwrap();
    assert!(text.contains("move_clears: above_goal"), "{text}");
    let both = ["new", "d.ron", "--rules", "maestra", "--template", "nurture"];
    assert!(place.error(&both).contains("cannot be used with"));
    assert!(place.error(&["new", "a.txt"]).contains("must end in .gateline or .ron"));
    let key =
        |name: &str| std::fs::read_to_string(place.path(name)).unwrap().lines().nth(2).unwrap().to_owned();
    place.run(0, &["new", "b.ron", "--template", "nurture"]);
    place.run(0, &["new", "c.ron", "--template", "nurture"]);
    assert_ne!(key("b.ron"), key("c.ron"), "each has a key of its own");
}

#[test]
fn flow_has_the_agreed_shape() {
    let place = Place::with_sample();
    let flow = place.json(&["report", "flow", "a.ron", "--at", "2026-01-20 09:00"]);
    let keys: Vec<_> = flow.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["at", "elements", "jumps", "lines", "map", "population", "run"]);
    assert_eq!((flow["map"].as_str(), flow["run"].as_str()), (Some("Nurture"), Some("First run")));
    assert_eq!(flow["at"], "2026-01-20T09:00:00-05:00");
    let element =
        flow["elements"].as_array().unwrap().iter().find(|element| element["id"] == "el61").unwrap();
    let keys: Vec<_> = element.as_object().unwrap().keys().cloned().collect();
    let expected = [
        "copied",
        "dropped",
        "entered",
        "here_now",
        "id",
        "in_draft",
        "kind",
        "left",
        "name",
        "removed",
        "resting",
        "taken",
        "visited",
        "were_here",
    ];
    assert_eq!(keys, expected);
    assert_eq!((element["name"].as_str(), element["kind"].as_str()), (Some("Wait 2 days"), Some("wait")));
    assert!(element["left"]["next"].is_u64() && element["entered"].is_u64());
    let line = &flow["lines"][0];
    assert!(line["share"].is_f64() || line["share"].is_null());
    assert!(line["from"].as_str().unwrap().starts_with("el") && line["contacts"].is_u64());
    assert!(!flow["jumps"].as_array().unwrap().is_empty());
    let csv = place.run(0, &["report", "flow", "a.ron", "--format", "csv"]);
    assert!(csv.starts_with(
        "id,name,kind,here_now,were_here,visited,entered,copied,resting,left,taken,removed,dropped\n"
    ));
    assert!(place.error(&["report", "flow", "a.ron", "--map", "No"]).contains("the maps are: Nurture"));
    assert!(place.error(&["report", "flow", "a.ron", "--run", "No"]).contains("the runs are: First run"));
    place.run(0, &["new", "empty.ron"]);
    let error = place.error(&["report", "flow", "empty.ron"]);
    assert!(error.contains("make one with `gateline simulate \"empty.ron\" --save \"run 1\"`"), "{error}");
}

#[test]
fn runs_are_saved_computed_again_and_told_when_they_differ() {
    let place = Place::with_sample();
    place.run(0, &["export", "a.ron", "a.gateline"]);
    let text =
        place.run(0, &["simulate", "a.gateline", "--until", "2026-03-01", "--seed", "7", "--save", "run 2"]);
    assert!(text.starts_with("200 contacts, "), "{text}");
    assert!(place.error(&["simulate", "a.gateline", "--save", "Run 2"]).contains("choose another name"));
    assert_eq!(place.json(&["report", "flow", "a.gateline"])["run"], "run 2");
    let one = place.json(&["simulate", "a.gateline", "--threads", "1", "--seed", "9"]);
    let two = place.json(&["simulate", "a.gateline", "--threads", "2", "--seed", "9"]);
    assert_eq!(one["digest"], two["digest"]);
    let text = std::fs::read_to_string(place.path("a.ron")).unwrap();
    place.run(0, &["new", "b.ron", "--force"]);
    let digest = text.split("digest: \"").nth(1).unwrap().split('"').next().unwrap();
    gateline::store::file::write_whole(&place.path("b.ron"), true, |out| {
        out.write_all(text.replace(digest, &"0".repeat(64)).as_bytes())
    })
    .unwrap();
    let output = place.output(&["report", "flow", "b.ron"]);
    let warning = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(warning.contains("comes out otherwise") && warning.contains("saved by 0.1.0"), "{warning}");
}

#[test]
fn people_of_a_run_can_be_invented_or_read() {
    let place = Place::with_sample();
    let invented = place.json(&["simulate", "a.ron", "--contacts", "1000", "--seed", "3"]);
    assert_eq!((invented["contacts"].as_u64(), invented["faults"].as_u64()), (Some(1_000), Some(0)));
    let contacts = data("contacts_ok.csv");
    let read =
        place.json(&["simulate", "a.ron", "--contacts", &contacts, "--events", &data("events_ok.csv")]);
    assert_eq!(read["contacts"], 6);
    place.run(0, &["simulate", "a.ron", "--contacts", "3", "--log", "log.csv", "--format", "json"]);
    let log = std::fs::read_to_string(place.path("log.csv")).unwrap();
    assert!(log.starts_with(
        "contact,number,at,map,element,kind,cause,reason,detail\ncontact-000001@example.com,0,"
    ));
    assert!(place.error(&["simulate", "a.ron", "--log", "log.csv"]).contains("a file of this name already"));
    assert!(place.error(&["simulate", "a.ron", "--log", "log.parquet"]).contains("must end in .csv"));
    assert!(
        place.error(&["simulate", "a.ron", "--contacts", "5", "--save", "x"]).contains("cannot be used with")
    );
}

#[test]
fn tests_say_how_many_passed() {
    let place = Place::with_sample();
    let text = place.run(0, &["test", "a.ron"]);
    assert!(text.ends_with("\n3 passed, 0 failed\n"), "{text}");
    assert_eq!(place.json(&["test", "a.ron", "--only", "never"])["tests"].as_array().unwrap().len(), 1);
    let wrong =
        std::fs::read_to_string(place.path("a.ron")).unwrap().replace("message_count(5)", "message_count(6)");
    gateline::store::file::write_whole(&place.path("b.ron"), false, |out| out.write_all(wrong.as_bytes()))
        .unwrap();
    let text = place.run(1, &["test", "b.ron"]);
    assert!(text.contains("        expected 6 e-mails, got 5: E1, E2, E3, E4, Welcome\n"), "{text}");
    assert!(text.ends_with("\n2 passed, 1 failed\n"), "{text}");
}

#[test]
fn a_command_that_there_is_not_is_named() {
    let error = Place::with_sample().error(&["chek", "a.ron"]);
    assert!(error.contains("there is no command 'chek'; there are new, check, simulate"), "{error}");
}

#[test]
fn check_tells_errors_by_its_status() {
    let place = Place::with_sample();
    assert_eq!(place.run(0, &["check", "a.ron"]), "no problems\n");
    let wrong = std::fs::read_to_string(place.path("a.ron"))
        .unwrap()
        .replace("send_email(\"email11\")", "send_email(None)");
    gateline::store::file::write_whole(&place.path("b.ron"), false, |out| out.write_all(wrong.as_bytes()))
        .unwrap();
    let text = place.run(1, &["check", "b.ron"]);
    assert!(text.lines().all(|line| line.split(' ').count() > 3), "{text}");
    assert!(text.contains(" Nurture/el41 "), "{text}");
}

#[test]
fn trace_tells_each_step_with_its_cause() {
    let place = Place::with_sample();
    let steps = place.json(&["trace", "a.ron", "--contact", "contact-000001@example.com"]);
    let steps = steps.as_array().unwrap();
    assert_eq!((steps[0]["kind"].as_str(), &steps[0]["cause"]), (Some("happened"), &Value::Null));
    assert_eq!((steps[1]["kind"].as_str(), steps[1]["cause"].as_u64()), (Some("activated"), Some(0)));
    assert!(steps[1]["at"].as_str().unwrap().ends_with("-05:00"));
    let text = place.run(0, &["trace", "a.ron", "--contact", "contact-000001@example.com"]);
    assert!(text.contains("submitted the form Sign-up"), "{text}");
    assert!(place.error(&["trace", "a.ron", "--contact", "nobody"]).contains("there is no contact “nobody”"));
}

#[test]
fn why_tells_the_first_check_that_failed() {
    let place = Place::with_sample();
    // She buys first and signs up then.
    let events = "contact,at,event,product,quantity,amount,form\n\
        ann@example.com,2026-01-20 09:00,order,Course,1,100,\n\
        ann@example.com,2026-01-21 09:00,form_submitted,,,,Sign-up\n\
        ben@example.com,2026-01-20 09:00,order,Course,1,100,\n\
        ben@example.com,2026-01-21 09:00,form_submitted,,,,Sign-up\n\
        ben@example.com,2026-01-22 09:00,order,Course,1,100,\n";
    gateline::store::file::write_whole(&place.path("ann.csv"), false, |out| out.write_all(events.as_bytes()))
        .unwrap();
    place.run(0, &["import", "events", "ann.csv", "a.ron"]);
    place.run(0, &["simulate", "a.ron", "--save", "run 2"]);
    let ask = ["why", "a.ron", "--contact", "ann@example.com", "--goal", "purchases course"];
    let why = place.json(&ask);
    let keys: Vec<_> = why.as_object().unwrap().keys().cloned().collect();
    let expected = [
        "achieved_at",
        "achievements",
        "contact",
        "event",
        "failed",
        "found",
        "goal",
        "name",
        "near_misses",
        "run",
    ];
    assert_eq!(keys, expected);
    assert_eq!((why["goal"].as_str(), why["name"].as_str()), (Some("el72"), Some("Purchases Course")));
    assert_eq!((why["run"].as_str(), &why["achieved_at"]), (Some("run 2"), &Value::Null));
    assert_eq!((why["failed"]["number"].as_u64(), why["found"].as_str()), (Some(10), Some("")));
    assert_eq!(why["event"]["event"], "bought Course");
    assert_eq!(why["event"]["at"], "2026-01-20T09:00:00-05:00");
    assert_eq!(why["near_misses"].as_array().unwrap().len(), 1);
    let checks = why["event"]["checks"].as_array().unwrap();
    let verdicts: Vec<_> = checks.iter().map(|row| row["verdict"].as_str().unwrap()).collect();
    let failed = verdicts.iter().position(|verdict| *verdict == "failed").unwrap();
    assert!(verdicts[..failed].iter().all(|verdict| *verdict == "passed"), "{verdicts:?}");
    assert!(verdicts[failed + 1..].iter().all(|verdict| *verdict == "not_reached"), "{verdicts:?}");
    let text = place.run(0, &ask);
    assert!(
        text.starts_with(
            "ann@example.com did not achieve “Purchases Course”: reason 10, the contact is not on"
        ),
        "{text}"
    );
    assert!(text.contains("\n  FAILED       10 The contact is not on the map"), "{text}");
    let csv = place.run(0, &[&ask[..], &["--format", "csv"]].concat());
    let first = "2026-01-20T09:00:00-05:00,bought Course";
    assert!(csv.starts_with(&format!("at,event,number,verdict,text,found\n{first},3,passed,")), "{csv}");
    assert!(csv.contains(&format!("\n{first},10,failed,The contact is not on the map,\n")), "{csv}");
    // He buys again, and of the first time he is told the same.
    let ask = ["why", "a.ron", "--contact", "ben@example.com", "--goal", "purchases course"];
    assert_eq!(
        place.run(0, &ask),
        "ben@example.com achieved “Purchases Course” at 2026-01-22T09:00:00-05:00\n\n\
         What else could have achieved it:\n  \
         2026-01-20T09:00:00-05:00  bought Course: reason 10, the contact is not on the map\n"
    );
    let csv = place.run(0, &[&ask[..], &["--format", "csv"]].concat());
    assert!(csv.contains(&format!("\n{first},10,failed,The contact is not on the map,\n")), "{csv}");
    let second = csv.lines().filter(|row| row.starts_with("2026-01-22T09:00:00-05:00,bought Course,"));
    assert!(second.clone().count() > 3 && second.clone().all(|row| row.contains(",passed,")), "{csv}");

    let ask = ["why", "a.ron", "--contact", "contact-000009@example.com", "--goal", "el72"];
    let why = place.json(&ask);
    assert_eq!(why["achieved_at"], "2026-01-25T06:49:00-05:00");
    assert_eq!((&why["failed"], &why["found"], &why["event"]), (&Value::Null, &Value::Null, &Value::Null));
    assert!(place.run(0, &ask).contains(" achieved “Purchases Course” at 2026-01-25T06:49:00-05:00\n"));
    let ask = ["why", "a.ron", "--contact", "contact-000003@example.com", "--goal", "el72"];
    assert_eq!(place.json(&ask)["failed"]["number"], 2);
    let csv = place.run(0, &[&ask[..], &["--format", "csv"]].concat());
    assert_eq!(csv, "at,event,number,verdict,text,found\n,,2,failed,No such event,\n");
    let error = place.error(&["why", "a.ron", "--contact", "ann@example.com", "--goal", "No"]);
    assert!(error.contains("there is no goal or trigger “No”; there are: el"), "{error}");
}

/// Semantics §9 and §11, from a file of events to the answer.
#[test]
fn why_tells_which_campaign_an_order_is_credited_to() {
    let place = Place::new();
    place.run(0, &["new", "p.gateline"]);
    let rows = "contact,at,event,order,product,amount,campaign,touch,utm_source,status,touchpoint\n\
                ann,2025-07-01 10:00,campaign,,,,Summer,,,,\n\
                ann,2025-07-02 10:00,campaign,,,,Push,opened,,,\n\
                ann,2025-07-03 10:00,website_visited,,,,,,maestra,,\n\
                ann,2025-07-03 12:00,order,1001,Cup,100,,,,,Website\n\
                ann,2025-07-04 12:00,order_status,1001,,,,,,delivered,\n\
                ann,2025-07-08 10:00,website_visited,,,,,,google,,\n\
                ann,2025-07-08 12:00,order,1002,Cup,50,,,,,\n";
    gateline::store::file::write_whole(&place.path("events.csv"), false, |out| {
        out.write_all(rows.as_bytes())
    })
    .unwrap();
    place.run(0, &["import", "events", "events.csv", "p.gateline"]);
    place.run(0, &["simulate", "p.gateline", "--save", "run 1"]);
    let ask =
        |order, campaign| ["why", "p.gateline", "--contact", "ann", "--order", order, "--campaign", campaign];
    let why = place.json(&ask("1001", "summer"));
    let keys: Vec<_> = why.as_object().unwrap().keys().cloned().collect();
    let expected = [
        "campaign",
        "contact",
        "credited_at",
        "event",
        "failed",
        "found",
        "group",
        "near_misses",
        "order",
        "order_at",
        "order_goal",
        "run",
    ];
    assert_eq!(keys, expected);
    assert_eq!((why["credited_at"].as_str(), &why["failed"]), (Some("2025-07-01T10:00:00Z"), &Value::Null));
    assert_eq!((why["group"].as_str(), why["order_goal"].as_str()), (Some("campaigns"), Some("Orders")));
    assert_eq!(
        place.run(0, &ask("1001", "summer")).lines().next().unwrap(),
        "The order of 2025-07-03T12:00:00Z (100.00) is credited to “Summer”, which touched ann at \
         2025-07-01T10:00:00Z"
    );
    assert_eq!(
        place.run(0, &ask("2", "Summer")),
        "The order of 2025-07-08T12:00:00Z (50.00) is not credited to “Summer”: reason 21, a foreign visit lies \
         between (from google, 2025-07-08T10:00:00Z)\n\n\
         The touch that came nearest: clicked Summer at 2025-07-01T10:00:00Z\n\n  \
         passed       16 No line has a status of the order goal\n  \
         passed       17 The order began at another touchpoint\n  \
         passed       18 There is no traceable touch\n  \
         passed       19 The touch came after the order began\n  \
         passed       20 The touch is outside the window\n  \
         FAILED       21 A foreign visit lies between: from google, \
         2025-07-08T10:00:00Z\n  \
         not reached  22 The campaign is excluded, or a lead form\n  \
         not reached  23 A later touch won\n  \
         not reached  24 The clicks are those of a bot\n"
    );
    let csv = place.run(0, &[&ask("1001", "Push")[..], &["--format", "csv"]].concat());
    assert!(
        csv.contains("\n2025-07-02T10:00:00Z,opened Push,18,failed,There is no traceable touch,"),
        "{csv}"
    );
    let error = |args: &[&str]| place.error(args);
    assert!(error(&ask("7", "Summer")).contains("ann has no order “7”; there are: 1001, 1002"));
    assert!(error(&ask("1001", "Winter")).contains("there is no campaign “Winter”; there are: campaign"));
    let goal = [&ask("1001", "Summer")[..], &["--order-goal", "Returns"]].concat();
    assert!(error(&goal).contains("there is no order goal “Returns”; there are: Orders"));
    assert!(error(&["why", "p.gateline", "--contact", "ann"]).contains("--goal"));
    assert!(error(&["why", "p.gateline", "--contact", "ann", "--order", "1001"]).contains("--campaign"));
    // events come back as they were written
    place.run(0, &["export", "p.gateline", "back.csv", "--what", "events"]);
    let back = std::fs::read_to_string(place.path("back.csv")).unwrap();
    place.run(0, &["new", "q.gateline"]);
    place.run(0, &["import", "events", "back.csv", "q.gateline"]);
    place.run(0, &["export", "q.gateline", "again.csv", "--what", "events"]);
    assert_eq!(std::fs::read_to_string(place.path("again.csv")).unwrap(), back);
    // an unknown status is not guessed
    let rows = "contact,at,event,order,status\nann,2025-07-04 12:00,order_status,1001,shipped\n";
    gateline::store::file::write_whole(&place.path("more.csv"), false, |out| out.write_all(rows.as_bytes()))
        .unwrap();
    let text = place.run(1, &["import", "events", "more.csv", "p.gateline"]);
    assert!(text.contains("there is no order status “shipped”; it can be placed, paid, delivered"), "{text}");
}

///
#[test]
fn value_has_the_agreed_shape() {
    let place = Place::with_sample();
    let value = place.json(&["report", "value", "a.ron"]);
    let keys: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["at", "base", "currency", "elements", "map", "population", "run"]);
    assert_eq!((value["base"].as_str(), value["currency"].as_str()), (Some("all"), Some("USD")));
    let flow = place.json(&["report", "flow", "a.ron"]);
    let elements = |of: &Value| of["elements"].as_array().unwrap().clone();
    for (value, flow) in elements(&value).iter().zip(elements(&flow)) {
        let keys: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["average", "id", "kind", "name", "total", "visited"]);
        assert_eq!((&value["id"], &value["visited"]), (&flow["id"], &flow["visited"]));
        assert_eq!(value["average"].is_null(), value["visited"] == 0, "{value}");
    }
    assert!(elements(&value).iter().any(|element| element["total"] != "0"), "{value}");
    let text = place.run(0, &["report", "value", "a.ron"]);
    assert!(text.lines().next().unwrap().ends_with("; all that visitors have spent, in USD"), "{text}");
    let csv = place.run(0, &["report", "value", "a.ron", "--format", "csv"]);
    assert!(csv.starts_with("id,name,kind,visited,total,average\n"), "{csv}");
}

/// K-07
#[test]
fn states_have_the_agreed_shape() {
    let place = Place::with_sample();
    let text = place.run(0, &["report", "states", "a.ron"]);
    assert!(text.ends_with("\nThe map has no sequences\n"), "{text}");
    let mut session = Session::open(&place.path("a.ron")).unwrap();
    let map = *session.project().maps.keys().next().unwrap();
    let steps = ["el41", "el61", "el42"].map(|id| id.parse().unwrap()).into();
    session.command(EditCommand::MakeSequence { map, name: "Welcome".into(), steps }).unwrap();
    session.save().unwrap();
    place.run(0, &["simulate", "a.ron", "--save", "run 2"]);
    let at = ["report", "states", "a.ron", "--at", "2026-01-20 09:00"];
    let states = place.json(&at);
    let keys: Vec<_> = states.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["at", "map", "population", "run", "sequences"]);
    let sequence = &states["sequences"][0];
    let keys: Vec<_> = sequence.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["active", "done", "id", "name", "queued"]);
    assert_eq!((sequence["name"].as_str(), sequence["done"].as_u64()), (Some("Welcome"), Some(0)));
    // Its only wait is where they are active.
    let flow = place.json(&["report", "flow", "a.ron", "--at", "2026-01-20 09:00"]);
    let wait = flow["elements"].as_array().unwrap().iter().find(|element| element["id"] == "el61").unwrap();
    assert_eq!(sequence["active"], wait["here_now"]);
    assert!(sequence["active"].as_u64().unwrap() > 0);
    let csv = place.run(0, &[&at[..], &["--format", "csv"]].concat());
    assert!(csv.starts_with("id,name,active,queued,done\nseq"), "{csv}");
}

/// L-01: runs follow the published version, so reports know what the draft has no more.
#[test]
fn reports_tell_of_what_only_the_published_version_has() {
    let place = Place::with_sample();
    let mut session = Session::open(&place.path("a.ron")).unwrap();
    let map = *session.project().maps.keys().next().unwrap();
    session.command(EditCommand::Publish { map, at: None, place_matching: false }).unwrap();
    let elements = ["el72".parse().unwrap()].into();
    session.command(EditCommand::Delete { map, elements }).unwrap();
    session.save().unwrap();
    let flow = place.json(&["report", "flow", "a.ron"]);
    let goal = flow["elements"].as_array().unwrap().iter().find(|element| element["id"] == "el72").unwrap();
    assert_eq!((goal["name"].as_str(), &goal["in_draft"]), (Some("Purchases Course"), &Value::Bool(false)));
    let text = place.run(0, &["report", "flow", "a.ron"]);
    assert!(text.contains("Purchases Course (no longer in the draft)"), "{text}");
    let ask = ["why", "a.ron", "--contact", "contact-000009@example.com", "--goal", "purchases course"];
    assert_eq!(place.json(&ask)["achieved_at"], "2026-01-25T06:49:00-05:00");
}

#[test]
fn import_takes_the_good_rows_and_lists_the_others() {
    let place = Place::new();
    place.run(0, &["new", "p.gateline"]);
    place.run(0, &["import", "contacts", &data("contacts_ok.csv"), "p.gateline"]);
    let args = [
        "import",
        "events",
        &data("events_bad.csv"),
        "p.gateline",
        "--no-new-contacts",
        "--refused",
        "bad.csv",
    ];
    let dry = place.run(1, &[&args[..], &["--dry-run"]].concat());
    assert!(
        dry.starts_with("7 rows read, 2 taken, 5 refused; created: 1 product; 2 events\nline 3: "),
        "{dry}"
    );
    assert!(place.error(&args).contains("a file of this name already"), "the first one wrote bad.csv");
    place.run(1, &[&args[..], &["--force"]].concat());
    let bad = std::fs::read_to_string(place.path("bad.csv")).unwrap();
    assert_eq!(bad.lines().count(), 6);
    place.run(0, &["export", "p.gateline", "events.csv", "--what", "events"]);
    let events = std::fs::read_to_string(place.path("events.csv")).unwrap();
    // five contacts with a creation, two events: the dry run added nothing
    assert_eq!(events.lines().count(), 1 + 5 + 2, "{events}");
    let error = place.error(&[
        "import",
        "events",
        &data("events_ok.csv"),
        "p.gateline",
        "--map-columns",
        "contact=Nobody",
    ]);
    assert!(error.contains("there is no column “Nobody”; the columns are contact, at, event,"), "{error}");
    assert!(error.trim_end().ends_with("events_ok.csv"), "the path comes last: {error}");
    let error = place.error(&["import", "events", "none.csv", "p.gateline"]);
    assert!(error.contains("there is no such file: none.csv"), "{error}");
    assert!(place.error(&["import", "events", "none.csv", "none.gateline"]).contains("none.gateline"));
}

#[test]
fn standard_input_is_a_file_too() {
    use std::io::Write;
    let place = Place::new();
    place.run(0, &["new", "p.ron"]);
    let mut child = place
        .command(&["import", "contacts", "-", "p.ron", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"key;city\na;Berlin\nb;Paris\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((told["taken"].as_u64(), told["created"]["fields"].as_u64()), (Some(2), Some(1)));
    assert_eq!(told["mapping"], "contact=key,city=city");
}

#[test]
fn export_writes_every_form() {
    let place = Place::with_sample();
    place.run(0, &["export", "a.ron", "b.gateline"]);
    place.run(0, &["export", "b.gateline", "c.ron"]);
    let read = |name: &str| std::fs::read_to_string(place.path(name)).unwrap();
    assert_eq!(read("a.ron"), read("c.ron"), "nothing is lost on the way");
    for (what, head) in [
        ("contacts", "contact,created,zone,tags"),
        ("events", "contact,at,event,"),
        ("log", "contact,number,"),
        ("report", "id,name,"),
    ] {
        let out = format!("{what}.csv");
        place.run(0, &["export", "a.ron", &out, "--what", what]);
        assert!(read(&out).starts_with(head), "{what}");
    }
    assert!(place.error(&["export", "a.ron", "events.csv"]).contains("a file of this name already"));
    assert!(place.error(&["export", "a.ron", "a.xlsx"]).contains("must end in .gateline, .ron or .csv"));
}
