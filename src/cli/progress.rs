//! Progress on standard error, only where somebody watches.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::session::run::Control;

/// Between two looks.
const EVERY: Duration = Duration::from_millis(100);

/// Does long work and shows meanwhile how far it is.
pub(super) fn watched<T>(label: &str, work: impl FnOnce(&Control) -> T) -> T {
    /// Also when the work panics, so that the watcher does not wait for ever.
    struct Over<'a>(&'a AtomicBool);
    impl Drop for Over<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let control = Control::default();
    if !io::stderr().is_terminal() {
        return work(&control);
    }
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                std::thread::sleep(EVERY);
                let (done, total) = control.progress();
                if let Some(percent) = (u64::from(done) * 100).checked_div(total.into()) {
                    eprint!("\r{label}: {percent} %");
                }
            }
            eprint!("\r\x1b[K");
            // A terminal that is gone needs no clean line.
            let _ = io::stderr().flush();
        });
        let _over = Over(&over);
        work(&control)
    })
}
