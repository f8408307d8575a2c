//! The playhead over a finished run: play, pause, step, scrub, in both directions.

use std::time::Duration;

use super::run::Run;
use crate::base::time::Instant;

/// Simulated milliseconds in a second of play, with their words.
pub const SPEEDS: [(i64, &str); 6] = [
    (60_000, "1 min/s"),
    (3_600_000, "1 h/s"),
    (6 * 3_600_000, "6 h/s"),
    (86_400_000, "1 d/s"),
    (7 * 86_400_000, "1 wk/s"),
    (30 * 86_400_000, "30 d/s"),
];

/// Where the playhead stands and whether it moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Playback {
    at: Instant,
    start: Instant,
    end: Instant,
    playing: bool,
    speed: usize,
}

impl Playback {
    /// A playhead at the end of a run, where its outcome shows.
    pub fn at_end(run: &Run) -> Self {
        Self { at: run.end(), start: run.from, end: run.end(), playing: false, speed: 3 }
    }

    /// Where it stands.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// First and last place.
    pub fn span(&self) -> (Instant, Instant) {
        (self.start, self.end)
    }

    /// Whether it moves by itself.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// Its speed, as a place in [`SPEEDS`].
    pub fn speed(&self) -> usize {
        self.speed
    }

    /// Sets its speed.
    pub fn set_speed(&mut self, speed: usize) {
        self.speed = speed.min(SPEEDS.len() - 1);
    }

    /// Starts or stops; started at the end, it begins again.
    pub fn toggle(&mut self) {
        self.playing = !self.playing && self.start < self.end;
        if self.playing && self.at >= self.end {
            self.at = self.start;
        }
    }

    /// Stops and goes to an instant.
    pub fn seek(&mut self, at: Instant) {
        self.playing = false;
        self.at = at.clamp(self.start, self.end);
    }

    /// Goes to a place between the start (0) and the end (1).
    pub fn seek_share(&mut self, share: f64) {
        let span = self.end.millis_since(self.start) as f64;
        self.seek(self.start.plus_millis((span * share.clamp(0.0, 1.0)) as i64));
    }

    /// Its place between the start (0) and the end (1).
    pub fn share(&self) -> f64 {
        let span = self.end.millis_since(self.start);
        if span == 0 { 1.0 } else { self.at.millis_since(self.start) as f64 / span as f64 }
    }

    /// Goes on by so much real time; stops at the end. Whether it moved.
    pub fn tick(&mut self, passed: Duration) -> bool {
        if !self.playing {
            return false;
        }
        let (speed, _) = SPEEDS[self.speed];
        let millis = speed.saturating_mul(passed.as_millis().min(1_000) as i64) / 1_000;
        self.at = self.at.plus_millis(millis).min(self.end);
        self.playing = self.at < self.end;
        true
    }

    /// Goes to the next instant at which something happens.
    pub fn step_forward(&mut self, run: &Run) {
        self.seek(run.next_after(self.at).unwrap_or(self.end));
    }

    /// Goes to just before the last thing that happened: to the instant before it at which something happened.
    pub fn step_back(&mut self, run: &Run) {
        self.seek(run.last_before(self.at).unwrap_or(self.start));
    }
}
