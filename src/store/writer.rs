//! The background writer: a thread that keeps the project file in step with what is edited.
//!
//! It writes as soon as something comes and takes along what came meanwhile, so what was edited is on disk within the
//! time of two writes. What could not be written stays queued: the next edit, [`Writer::retry`] and [`Writer::flush`]
//! try again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::{ProjectFile, StoreError};
use crate::model::{Edit, Project};

/// How the file stands to what was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriterStatus {
    /// Everything is on disk.
    Saved,
    /// Something is queued or being written.
    Saving,
    /// The last try did not succeed, and why; everything since the last success is kept and will be tried again.
    Failed(String),
}

/// A project file with a thread that writes to it. Dropping it writes what is queued.
#[derive(Debug)]
pub struct Writer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    /// Locked only by whoever has set [`Queue::busy`], and while `queue` is not locked.
    file: Mutex<ProjectFile>,
    path: Mutex<PathBuf>,
}

#[derive(Debug)]
struct Queue {
    edits: Vec<Edit>,
    /// The project after all of `edits`; `None` once it is on disk.
    after: Option<Project>,
    status: WriterStatus,
    /// Somebody writes to the file.
    busy: bool,
    /// Whether to write what is queued now; not set again by itself after a failure.
    wanted: bool,
    /// Whether a file that is not there any more may be written anew.
    anew: bool,
    closing: bool,
}

/// A panic of another thread leaves data as it was between two statements, which are whole here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Writer {
    /// Starts a thread that writes to the file.
    pub fn new(file: ProjectFile) -> Self {
        let queue = Queue {
            edits: vec![],
            after: None,
            status: WriterStatus::Saved,
            busy: false,
            wanted: false,
            anew: false,
            closing: false,
        };
        let path = Mutex::new(file.path().to_owned());
        let (queue, file) = (Mutex::new(queue), Mutex::new(file));
        let shared = Arc::new(Shared { queue, changed: Condvar::new(), file, path });
        let of_thread = shared.clone();
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || of_thread.run());
        match thread {
            Ok(thread) => Self { shared, thread: Some(thread) },
            Err(error) => {
                lock(&shared.queue).status =
                    WriterStatus::Failed(format!("no thread to write with: {error}"));
                Self { shared, thread: None }
            }
        }
    }

    /// Where the file is.
    pub fn path(&self) -> PathBuf {
        lock(&self.shared.path).clone()
    }

    /// Queues edits that were made, with the project after them.
    pub fn push(&self, edits: Vec<Edit>, after: Project) {
        let mut queue = lock(&self.shared.queue);
        queue.edits.extend(edits);
        queue.after = Some(after);
        queue.wanted = true;
        if queue.status == WriterStatus::Saved {
            queue.status = WriterStatus::Saving;
        }
        self.shared.changed.notify_all();
    }

    /// How things stand.
    pub fn status(&self) -> WriterStatus {
        lock(&self.shared.queue).status.clone()
    }

    /// Tries again what failed, in the background. A file that was moved or deleted is written anew at its path.
    pub fn retry(&self) {
        let mut queue = lock(&self.shared.queue);
        queue.wanted = true;
        queue.anew = true;
        drop(queue);
        self.shared.changed.notify_all();
    }

    /// Waits until everything queued is on disk or could not be written; what failed before is tried once more.
    pub fn flush(&self) -> Result<(), String> {
        let mut queue = lock(&self.shared.queue);
        queue.wanted = true;
        self.shared.changed.notify_all();
        while self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            match &queue.status {
                WriterStatus::Saved => return Ok(()),
                WriterStatus::Failed(why) if !queue.busy && !queue.wanted => return Err(why.clone()),
                _ => {
                    let waited = self.shared.changed.wait(queue);
                    queue = waited.unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
        match &queue.status {
            WriterStatus::Saved => Ok(()),
            WriterStatus::Failed(why) => Err(why.clone()),
            WriterStatus::Saving => Err("the writer has stopped; save the project under another name".into()),
        }
    }

    /// Writes the project, which is the one after all edits pushed, to a new file and goes on there. On an error the old
    /// file stays in use.
    pub fn save_as(&self, path: &Path, project: &Project, overwrite: bool) -> Result<(), StoreError> {
        let mut queue = lock(&self.shared.queue);
        while queue.busy {
            queue = self.shared.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.busy = true;
        // The project has these edits; what is pushed from here on comes after it.
        let edits = std::mem::take(&mut queue.edits);
        let after = queue.after.take();
        drop(queue);
        let result = lock(&self.shared.file).save_as(path, project, overwrite);
        let mut queue = lock(&self.shared.queue);
        queue.busy = false;
        match &result {
            Ok(()) => {
                *lock(&self.shared.path) = path.to_owned();
                queue.status = queue.status_of_rest();
            }
            Err(_) => queue.put_back(edits, after),
        }
        drop(queue);
        self.shared.changed.notify_all();
        result
    }
}

impl Queue {
    fn status_of_rest(&self) -> WriterStatus {
        if self.after.is_none() { WriterStatus::Saved } else { WriterStatus::Saving }
    }

    fn fail(&mut self, work: Work, why: String) {
        self.put_back(work.edits, Some(work.after));
        self.status = WriterStatus::Failed(why);
    }

    /// What was queued meanwhile comes after what could not be written.
    fn put_back(&mut self, edits: Vec<Edit>, after: Option<Project>) {
        self.edits.splice(0..0, edits);
        if self.after.is_none() {
            self.after = after;
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let mut queue = lock(&self.shared.queue);
        queue.closing = true;
        queue.wanted = true;
        drop(queue);
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic there was told on its way; there is nobody left to tell.
            let _ = thread.join();
        }
    }
}

/// What the thread has to write.
struct Work {
    edits: Vec<Edit>,
    after: Project,
    anew: bool,
}

impl Shared {
    fn run(&self) {
        while let Some(work) = self.next() {
            // A panic must not leave those who wait for the writer waiting for ever.
            let result = catch_unwind(AssertUnwindSafe(|| self.write(&work)));
            let mut queue = lock(&self.queue);
            queue.busy = false;
            match result {
                Ok(Ok(())) => queue.status = queue.status_of_rest(),
                Ok(Err(error)) => queue.fail(work, error.to_string()),
                Err(_) => queue.fail(work, "an error inside the program kept it from saving".into()),
            }
            drop(queue);
            self.changed.notify_all();
        }
    }

    fn write(&self, work: &Work) -> Result<(), StoreError> {
        let mut file = lock(&self.file);
        match file.write(&work.edits, &work.after) {
            Err(StoreError::Gone { path }) if work.anew => file.save_as(&path, &work.after, false),
            result => result,
        }
    }

    /// Waits for something to write; `None`: no more will come.
    fn next(&self) -> Option<Work> {
        let mut queue = lock(&self.queue);
        loop {
            if !queue.busy {
                let wanted = std::mem::take(&mut queue.wanted);
                let anew = std::mem::take(&mut queue.anew);
                if wanted && let Some(after) = queue.after.take() {
                    let edits = std::mem::take(&mut queue.edits);
                    queue.busy = true;
                    queue.status = WriterStatus::Saving;
                    return Some(Work { edits, after, anew });
                }
                if queue.closing {
                    return None;
                }
                if wanted {
                    // Somebody may wait for an answer about an empty queue.
                    self.changed.notify_all();
                }
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
