//! Makes threads whose name comes from a function of the user's.

use crate::primitive::thread::Builder;
use crate::util::panic::contain;

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
