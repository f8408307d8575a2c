//! Work on another thread that the window waits for without freezing.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use super::run::Control;

/// Work under way. Dropped, it is asked to stop: nobody waits for it any more.
#[derive(Debug)]
pub struct Job<T> {
    /// What is being done, for the progress line: `Running 4,339 contacts`.
    pub label: String,
    control: Arc<Control>,
    result: Receiver<T>,
}

/// How a job stands.
#[derive(Debug)]
pub enum JobState<T> {
    /// Not finished.
    Running,
    /// Finished, with its result. Asked again, it reads as [`JobState::Died`].
    Done(T),
    /// Its thread panicked; nothing of its result is left.
    Died,
}

impl<T: Send + 'static> Job<T> {
    /// Starts work on a thread of its own. `wake` is called when it is over, however it ended.
    pub fn start(
        label: impl Into<String>,
        wake: impl FnOnce() + Send + 'static,
        work: impl FnOnce(&Control) -> T + Send + 'static,
    ) -> Self {
        /// Wakes also when the work panics.
        struct Wake<F: FnOnce()>(Option<F>);
        impl<F: FnOnce()> Drop for Wake<F> {
            fn drop(&mut self) {
                if let Some(wake) = self.0.take() {
                    wake();
                }
            }
        }
        let control = Arc::new(Control::default());
        let (sender, result) = channel();
        let theirs = control.clone();
        std::thread::spawn(move || {
            let _wake = Wake(Some(wake));
            let sender = sender; // gone, like the thread, before the window wakes
            // nobody waits any more: then nobody misses the result
            let _ = sender.send(work(&theirs));
        });
        Self { label: label.into(), control, result }
    }

    /// How it stands. Never waits.
    pub fn poll(&self) -> JobState<T> {
        match self.result.try_recv() {
            Ok(result) => JobState::Done(result),
            Err(TryRecvError::Empty) => JobState::Running,
            Err(TryRecvError::Disconnected) => JobState::Died,
        }
    }

    /// Waits for the result; `None`: its thread panicked.
    pub fn wait(self) -> Option<T> {
        self.result.recv().ok()
    }

    /// Asks it to stop soon.
    pub fn cancel(&self) {
        self.control.cancel();
    }

    /// How much is done, of how much; of nothing while that is not known.
    pub fn progress(&self) -> (u32, u32) {
        self.control.progress()
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.control.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_panics_is_told_from_one_that_runs() {
        let (woken, wake) = channel::<()>();
        let job: Job<u32> = Job::start("test", move || drop(woken), |_| panic!("on purpose"));
        assert!(wake.recv().is_err(), "woken by dropping the sender");
        assert!(matches!(job.poll(), JobState::Died));
        assert_eq!(Job::start("test", || (), |_| 7).wait(), Some(7));
    }

    #[test]
    fn a_job_that_nobody_waits_for_is_asked_to_stop() {
        let (told, asked) = channel();
        let work = move |control: &Control| {
            while !control.is_cancelled() {
                std::thread::yield_now();
            }
            let _ = told.send(());
        };
        drop(Job::start("test", || (), work));
        assert_eq!(asked.recv(), Ok(()));
    }
}
