//! What the window remembers from one time to the next: recent files, the theme, and where one was in each project.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use egui::{Pos2, ThemePreference};
use serde::{Deserialize, Serialize};

use super::canvas::Camera;
use super::state::{Mode, Tab, Workbench};
use crate::base::id::MapId;

/// Where eframe's storage keeps it.
pub const KEY: &str = "gateline";
/// Most recent files that are listed.
const FILES: usize = 10;
/// Most projects whose view is remembered.
const VIEWS: usize = 50;

/// All of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Shelf {
    /// Files, the latest first.
    pub recent: Vec<PathBuf>,
    /// Light, dark, or as the system.
    pub theme: ThemePreference,
    /// Views by the key of their project, with a number that grows with use.
    views: BTreeMap<String, (u64, Remembered)>,
}

/// Where one was in a project.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Remembered {
    mode: Mode,
    map: MapId,
    left: bool,
    right: bool,
    tab: Option<Tab>,
    /// The middle and the zoom of the camera.
    camera: (f32, f32, f32),
}

impl Shelf {
    /// Puts a file at the head of the list.
    pub fn remember_file(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.forget_file(&path);
        self.recent.insert(0, path);
        self.recent.truncate(FILES);
    }

    /// Takes a file off the list.
    pub fn forget_file(&mut self, path: &Path) {
        self.recent.retain(|other| other != path);
    }

    /// Remembers how a project is looked at.
    pub fn remember_view(&mut self, bench: &Workbench) {
        let camera = bench.canvas.camera();
        let view = Remembered {
            mode: bench.view.mode,
            map: bench.view.map,
            left: bench.view.left,
            right: bench.view.right,
            tab: bench.view.tab,
            camera: (camera.middle.x, camera.middle.y, camera.zoom),
        };
        let latest = self.views.values().map(|(used, _)| *used).max().unwrap_or(0);
        self.views.insert(bench.session.project().key.clone(), (latest + 1, view));
        while self.views.len() > VIEWS {
            let oldest = self.views.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            self.views.remove(&oldest);
        }
    }

    /// Puts a project's view back to how it was left.
    pub fn recall_view(&self, bench: &mut Workbench) {
        let Some((_, view)) = self.views.get(&bench.session.project().key) else { return };
        if bench.session.project().maps.contains_key(&view.map) {
            bench.view.map = view.map;
            let (x, y, zoom) = view.camera;
            bench.canvas.set_camera(Camera { middle: Pos2::new(x, y), zoom });
            bench.seen = true;
        }
        (bench.view.mode, bench.view.tab) = (view.mode, view.tab);
        (bench.view.left, bench.view.right) = (view.left, view.right);
    }
}
