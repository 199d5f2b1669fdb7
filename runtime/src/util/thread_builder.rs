//! Makes threads whose name comes from a function of the user's.

use std::io;

use crate::primitive::sync::Arc;
use crate::primitive::thread::{Builder, JoinHandle};
use crate::util::panic::contain;

/// Makes the name of the next thread. Linux shows the first 15 bytes.
pub(crate) type ThreadName = Arc<dyn Fn() -> String + Send + Sync>;

/// A thread builder with the name that `name` gives, or `default` if that panics.
pub(crate) fn thread_builder(
    name: &dyn Fn() -> String,
    default: &str,
    stack_size: Option<usize>,
) -> Builder {
    let mut text = default.to_owned();
    contain(|| text = name());
    // std panics on a name with a NUL in it.
    text.retain(|letter| letter != '\0');
    let builder = Builder::new().name(text);
    match stack_size {
        Some(bytes) => builder.stack_size(bytes),
        None => builder,
    }
}

/// Starts a thread of ours. `main` is in a box, because std's part is compiled anew for each type: some forty functions.
pub(crate) fn start(
    builder: Builder,
    main: Box<dyn FnOnce() + Send>,
) -> io::Result<JoinHandle<()>> {
    builder.spawn(main)
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::thread_builder;

    /// The name of a thread that is made so.
    fn name_of(name: &dyn Fn() -> String) -> String {
        let name_here = || std::thread::current().name().map(str::to_owned);
        let thread = thread_builder(name, "default", Some(64 << 10)).spawn(name_here);
        let name = thread.expect("a thread can be had").join();
        name.expect("it does not panic").expect("it has a name")
    }

    #[test]
    fn a_thread_has_the_name_that_the_function_gives() {
        assert_eq!(name_of(&|| "given".to_owned()), "given");
        assert_eq!(name_of(&String::new), "");
    }

    #[test]
    fn a_name_that_panics_gives_way_to_the_default() {
        assert_eq!(name_of(&|| panic!("in the name")), "default");
    }

    #[test]
    fn what_no_name_may_contain_is_left_out() {
        assert_eq!(name_of(&|| "a\0b\0".to_owned()), "ab");
    }
}
