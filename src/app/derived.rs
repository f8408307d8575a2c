//! What follows from the project and is computed once per change: the shape and the layout of the map, the findings,
//! and whether a run still shows what the maps say.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::id::{ElementId, Id, MapId};
use crate::base::problem::{Problem, Severity};
use crate::model::{Graph, Map, Project, lint};
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
}

impl Default for Derived {
    fn default() -> Self {
        let (graph, nothing) = (Graph::default(), Map::new(Id::new(0), ""));
        let layout = Layout::of(&nothing, &graph);
        Self { map: None, checked: None, graph, layout, problems: vec![], marks: BTreeMap::new() }
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

/// Whether the checks would find the same in both.
fn same_checks(old: &Project, new: &Project) -> bool {
    std::ptr::eq(old, new)
        || (old.maps.len() == new.maps.len()
            && old.maps.values().zip(new.maps.values()).all(|(a, b)| Arc::ptr_eq(a, b))
            && Arc::ptr_eq(&old.catalogue, &new.catalogue)
            && old.settings == new.settings)
}

/// Whether a run of either project is the same: places of cards, names and notes do not count.
pub fn runs_alike(old: &Project, new: &Project) -> bool {
    let alike = |a: &Arc<Map>, b: &Arc<Map>| {
        Arc::ptr_eq(a, b)
            || (a.id == b.id
                && a.rules == b.rules
                && a.lines == b.lines
                && a.elements.len() == b.elements.len()
                && a.elements
                    .values()
                    .zip(b.elements.values())
                    .all(|(a, b)| (a.id, &a.kind) == (b.id, &b.kind)))
    };
    std::ptr::eq(old, new)
        || (old.maps.len() == new.maps.len()
            && old.maps.values().zip(new.maps.values()).all(|(a, b)| alike(a, b))
            && Arc::ptr_eq(&old.people, &new.people)
            && old.settings == new.settings
            && old.catalogue.fields == new.catalogue.fields)
}
