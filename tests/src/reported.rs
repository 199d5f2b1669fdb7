//! Catches a panic together with what the panic hook is told of it.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

/// A panic that was caught.
#[derive(Clone, Debug)]
pub struct Report {
    /// What it said.
    pub message: String,
    /// The file that it is blamed on.
    pub file: String,
    /// The line that it is blamed on.
    pub line: u32,
}

thread_local! {
    /// What the hook was told last; the outer `None` says that nobody on this thread asks.
    static ASKED: RefCell<Option<Option<Report>>> = const { RefCell::new(None) };
}

static HOOK: Once = Once::new();

/// Runs `f`, which must panic on this thread, and returns the report of it.
///
/// # Panics
///
/// If `f` does not panic.
#[track_caller]
pub fn panic_of<R>(f: impl FnOnce() -> R) -> Report {
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let asked = ASKED.try_with(|asked| match &mut *asked.borrow_mut() {
                Some(last) => last.replace(report(info)).is_none(),
                None => false,
            });
            // A panic that a test asks for is not printed.
            if asked != Ok(true) {
                before(info);
            }
        }));
    });
    ASKED.set(Some(None));
    let result = panic::catch_unwind(AssertUnwindSafe(|| drop(f())));
    let last = ASKED.take().flatten();
    assert!(result.is_err(), "it did not panic");
    last.expect("the hook has seen the panic")
}

fn report(info: &PanicHookInfo<'_>) -> Report {
    let location = info.location().expect("std knows it");
    Report {
        message: text(info.payload()).to_owned(),
        file: location.file().to_owned(),
        line: location.line(),
    }
}

/// What a panic's payload says.
#[must_use]
pub fn text(payload: &(dyn Any + Send)) -> &str {
    let literal = payload.downcast_ref::<&str>().copied();
    let text = literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no text")
}

/// Panics when it is dropped, with a payload that panics when it is dropped, and so on.
#[derive(Debug)]
pub struct PanicsOnDrop(pub u32);

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        match self.0 {
            0 => {}
            _ if std::thread::panicking() => {}
            depth => panic::panic_any(PanicsOnDrop(depth - 1)),
        }
    }
}

/// Counts the call and panics.
pub fn panic_counted(called: &crate::count::Counter) {
    called.raise();
    panic!("the hook panics");
}
