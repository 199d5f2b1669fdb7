//! A stack as a report shows it.

use std::ffi::c_void;
use std::fmt::{self, Write};
use std::path::Path;
use std::ptr;

use crate::primitive::sync::{Arc, OnceLock};

/// Where the runtime's own functions below a poll are: what has called them tells nothing.
const BELOW_THE_POLL: (&str, &str) = ("runtime::raw_task::", "src/raw_task");

/// The functions that a stuck thread was in, innermost first.
///
/// Prints a function a line and, where the program has debug information (`debug = "line-tables-only"` is
/// enough), the file and line of the call below it. What lies below the poll of the task is left
/// out.
///
/// Names are looked up when it is printed for the first time, on the thread that does so. The very first time
/// in a process this reads the program's debug information, which may take hundreds of milliseconds.
///
/// # Examples
///
/// ```
/// use std::{sync::mpsc, time::Duration};
/// use runtime::{Builder, runtime::Backtrace};
///
/// let (sender, backtraces) = mpsc::channel::<Option<Backtrace>>();
/// let rt = Builder::new_multi_thread()
///     .stall_threshold(Duration::from_millis(5))
///     .stall_backtrace()
///     .on_stall(move |report| drop(sender.send(report.backtrace().cloned())))
///     .build()
///     .unwrap();
/// let (release, blocked) = mpsc::channel::<()>();
/// rt.spawn(async move { blocked.recv() }); // blocks its thread
/// if let Some(backtrace) = backtraces.recv().unwrap() {
///     println!("{backtrace}"); // first what waits in `recv`, last the task's `async` block
/// }
/// drop(release);
/// ```
#[derive(Clone)]
pub struct Backtrace(Arc<Inner>);

struct Inner {
    /// One in each function.
    addresses: Vec<usize>,
    text: OnceLock<String>,
}

impl Backtrace {
    #[cfg_attr(
        not(all(target_os = "linux", target_arch = "x86_64")),
        allow(dead_code)
    )]
    pub(super) fn new(addresses: Vec<usize>) -> Self {
        Backtrace(Arc::new(Inner {
            addresses,
            text: OnceLock::new(),
        }))
    }
}

impl fmt::Display for Backtrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = || text_of(&self.0.addresses);
        f.write_str(self.0.text.get_or_init(text))
    }
}

impl fmt::Debug for Backtrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Backtrace").field(&self.0.addresses).finish()
    }
}

fn text_of(addresses: &[usize]) -> String {
    let mut listing = Listing::default();
    for &address in addresses {
        let before = listing.frames;
        let pointer = ptr::without_provenance_mut::<c_void>(address);
        // Several times for a call that was inlined, innermost first.
        backtrace::resolve(pointer, |symbol| listing.add_symbol(symbol));
        if listing.is_complete {
            break;
        }
        if listing.frames == before {
            listing.add_frame(&format_args!("{address:#x}"));
        }
    }
    listing.text
}

fn is_below_the_poll(name: &str, file: Option<&Path>) -> bool {
    let (module, folder) = BELOW_THE_POLL;
    let parent = file.and_then(Path::parent);
    // The names of inlined functions are without their modules.
    name.contains(module) || parent.is_some_and(|parent| parent.ends_with(folder))
}

#[derive(Default)]
struct Listing {
    text: String,
    frames: usize,
    is_complete: bool,
}

impl Listing {
    fn add_symbol(&mut self, symbol: &backtrace::Symbol) {
        let Some(name) = symbol.name() else { return };
        // Without the hash at its end.
        let name = format!("{name:#}");
        self.is_complete |= is_below_the_poll(&name, symbol.filename());
        if self.is_complete {
            return;
        }
        self.add_frame(&name);
        if let (Some(file), Some(line)) = (symbol.filename(), symbol.lineno()) {
            self.add_line(file, line);
        }
    }

    fn add_frame(&mut self, what: &dyn fmt::Display) {
        let number = self.frames;
        self.frames += 1;
        self.start_line();
        write!(self.text, "{number:>4}: {what}").expect("a string takes everything");
    }

    fn add_line(&mut self, file: &Path, line: u32) {
        self.start_line();
        let file = file.display();
        write!(self.text, "          at {file}:{line}").expect("a string takes everything");
    }

    fn start_line(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }
}
