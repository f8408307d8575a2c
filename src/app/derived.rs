//! What follows from the project and is computed once per change: the shape and the layout of the map, the findings,
//! how drafts stand to published versions, and whether a run still shows what the maps say.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::id::{ElementId, Id, MapId};
use crate::base::problem::{Problem, Severity};
use crate::base::time::Instant;
use crate::model::{Catalogue, Graph, Map, Project, Publication, Sequence, lint};
use crate::session::layout::Layout;

/// All of it, with what it was computed from.
#[derive(Debug)]
pub struct Derived {
    map: Option<Arc<Map>>,
    checked: Option<Arc<Project>>,
    /// The shape of the map that is shown.
    pub graph: Graph,
    /// Where its elements stand.
    pub layout: Layout,
    /// What is wrong with the project.
    pub problems: Vec<Problem>,
    /// How many findings each element has, and the worst.
    pub marks: BTreeMap<ElementId, (usize, Severity)>,
    /// How the draft of the map that is shown stands to its published versions.
    pub standing: Standing,
    /// Drafts and versions that were compared, with whether they differ.
    compared: Vec<(Arc<Map>, Arc<Map>, bool)>,
}

/// How a draft stands to the published versions of its map (L-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Nothing is published, so runs follow the draft.
    #[default]
    Draft,
    /// The draft is what was published last.
    Published(Option<Instant>),
    /// The draft says something else than what was published last.
    Differs(Option<Instant>),
}

impl Standing {
    /// Whether there is a published version.
    pub fn is_published(self) -> bool {
        self != Self::Draft
    }
}

impl Default for Derived {
    fn default() -> Self {
        let (graph, nothing) = (Graph::default(), Map::new(Id::new(0), ""));
        let layout = Layout::of(&nothing, &graph);
        Self {
            map: None,
            checked: None,
            graph,
            layout,
            problems: vec![],
            marks: BTreeMap::new(),
            standing: Standing::default(),
            compared: vec![],
        }
    }
}

impl Derived {
    /// Brings it up to date. Costs nothing where nothing changed.
    pub fn update(&mut self, project: &Arc<Project>, map: MapId) {
        if let Some(map) = project.maps.get(&map)
            && !self.map.as_ref().is_some_and(|old| Arc::ptr_eq(old, map))
        {
            self.graph = Graph::of(map);
            self.layout = Layout::of(map, &self.graph);
            self.map = Some(map.clone());
        }
        let draft = project.maps.get(&map);
        self.standing = match (draft, project.last_version(map)) {
            (Some(draft), Some(last)) if self.differ(draft, &last.map) => Standing::Differs(last.at),
            (Some(_), Some(last)) => Standing::Published(last.at),
            _ => Standing::Draft,
        };
        if !self.checked.as_ref().is_some_and(|old| same_checks(old, project)) {
            self.problems = lint::check(project);
            self.marks.clear();
            for problem in &self.problems {
                for element in &problem.elements {
                    let (count, worst) = self.marks.entry(*element).or_insert((0, problem.severity));
                    *count += 1;
                    *worst = problem.severity.max(*worst);
                }
            }
            self.checked = Some(project.clone());
        }
    }
}

impl Derived {
    /// Whether a draft says something else than a version of its map. Asked again for the same ones it costs nothing.
    pub fn differ(&mut self, draft: &Arc<Map>, version: &Arc<Map>) -> bool {
        if Arc::ptr_eq(draft, version) {
            return false;
        }
        let same = |(a, b, _): &&(Arc<Map>, Arc<Map>, bool)| Arc::ptr_eq(a, draft) && Arc::ptr_eq(b, version);
        if let Some((.., differ)) = self.compared.iter().find(same) {
            return *differ;
        }
        let differ = !draft.means_the_same(version);
        // A draft that is gone is not asked about again.
        self.compared.retain(|(other, ..)| Arc::ptr_eq(other, draft));
        self.compared.push((draft.clone(), version.clone(), differ));
        differ
    }
}

/// Whether the checks would find the same in both.
fn same_checks(old: &Project, new: &Project) -> bool {
    std::ptr::eq(old, new)
        || (old.maps.len() == new.maps.len()
            && old.maps.values().zip(new.maps.values()).all(|(a, b)| Arc::ptr_eq(a, b))
            && Arc::ptr_eq(&old.catalogue, &new.catalogue)
            && Arc::ptr_eq(&old.people, &new.people)
            && old.settings == new.settings)
}

/// Whether a run of either project is the same: places of cards, names and notes do not count.
pub fn runs_alike(old: &Project, new: &Project) -> bool {
    if std::ptr::eq(old, new) {
        return true;
    }
    let version = |a: &Publication, b: &Publication| {
        (a.at, a.place_matching) == (b.at, b.place_matching) && maps_alike(&a.map, &b.map)
    };
    let versions = |id: &MapId| {
        let (a, b) = (old.versions(*id), new.versions(*id));
        a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| version(a, b))
    };
    Arc::ptr_eq(&old.people, &new.people)
        && old.settings == new.settings
        && catalogues_alike(&old.catalogue, &new.catalogue)
        && old.maps.keys().eq(new.maps.keys())
        && old.maps.keys().all(versions)
}

fn maps_alike(a: &Arc<Map>, b: &Arc<Map>) -> bool {
    let steps = |sequence: &Sequence| (sequence.id, sequence.steps.clone(), sequence.runs_until_completed);
    Arc::ptr_eq(a, b)
        || (a.rules == b.rules
            && a.lines == b.lines
            && a.sequences.values().map(steps).eq(b.sequences.values().map(steps))
            && a.elements.len() == b.elements.len()
            && a.elements
                .values()
                .zip(b.elements.values())
                .all(|(a, b)| (a.id, a.draft, &a.kind) == (b.id, b.draft, &b.kind)))
}

fn catalogues_alike(a: &Arc<Catalogue>, b: &Arc<Catalogue>) -> bool {
    let nameless = |catalogue: &Catalogue| -> Vec<_> {
        let mut items: Vec<_> = catalogue.items().collect();
        items.iter_mut().for_each(|item| item.rename(String::new()));
        items
    };
    Arc::ptr_eq(a, b) || nameless(a) == nameless(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;
    use crate::model::catalogue::Shelved;
    use crate::model::{Action, Email, Point, Preset, Tag};
    use crate::session::command::{Command, Spot};
    use crate::session::open::Session;

    fn session() -> (Session, MapId) {
        let mut session = Session::new("", Preset::Ontraport);
        session.command(Command::NewMap { name: "Map".into(), preset: Preset::Ontraport }).unwrap();
        let map = *session.project().maps.keys().next().unwrap();
        let kind = crate::model::ElementKind::End;
        let from = *session.project().map(map).unwrap().elements.keys().next().unwrap();
        let spot = Spot::After { from, port: crate::model::Port::Next };
        session.command(Command::Insert { map, kind, spot }).unwrap();
        (session, map)
    }

    fn mail(session: &mut Session, map: MapId) {
        let kind = crate::model::ElementKind::Action(Action::SendEmail(None));
        session.command(Command::Insert { map, kind, spot: Spot::At(Point { x: 900, y: 0 }) }).unwrap();
    }

    #[test]
    fn a_run_is_another_where_what_contacts_follow_is() {
        let (mut session, map) = session();
        let mut before = session.project().clone();
        let mut alike = |session: &Session| {
            let alike = runs_alike(&before, session.project());
            before = session.project().clone();
            alike
        };
        session.command(Command::RenameMap { map, name: "Other".into() }).unwrap();
        session.command(Command::PutItem(Tag::new(Id::new(900), "VIP").into())).unwrap();
        assert!(!alike(&session), "a tag more could be added by an action");
        session.command(Command::PutItem(Tag::new(Id::new(900), "Customer").into())).unwrap();
        assert!(alike(&session), "what things are called does not count");
        let mail_item = Email { transactional: true, ..Email::new(Id::new(901), "E1") };
        session.command(Command::PutItem(mail_item.into())).unwrap();
        assert!(!alike(&session));
        session.command(Command::Publish { map, at: None, place_matching: false }).unwrap();
        assert!(alike(&session), "it was followed as it is drawn");
        mail(&mut session, map);
        assert!(alike(&session), "the draft is not followed any more");
        session.command(Command::Unpublish { map }).unwrap();
        assert!(!alike(&session));
    }

    #[test]
    fn a_draft_stands_to_what_was_published_last() {
        let (mut session, map) = session();
        let mut derived = Derived::default();
        let mut standing = |session: &Session| {
            derived.update(session.project(), map);
            derived.standing
        };
        assert_eq!(standing(&session), Standing::Draft);
        session.command(Command::Publish { map, at: None, place_matching: false }).unwrap();
        assert_eq!(standing(&session), Standing::Published(None));
        mail(&mut session, map);
        assert_eq!(standing(&session), Standing::Differs(None));
        session.undo().unwrap();
        assert_eq!(standing(&session), Standing::Published(None));
        session.undo().unwrap();
        assert_eq!(standing(&session), Standing::Draft);
    }
}
