//! The macros of the `runtime` crate.
//!
//! Programs use them as `#[runtime::main]`, `#[runtime::test]`, `runtime::select!`, `runtime::join!`
//! and `runtime::try_join!`; this crate is not meant to be named directly.
#![forbid(unsafe_code)]

mod combinator;
mod entry;

use combinator::Combinator;
use entry::{Entry, Package};
use proc_macro::TokenStream;

/// Makes an `async fn` callable from synchronous code by running it on a runtime of its own.
///
/// It is meant for the `main` function of a program. On any other function it starts a runtime at
/// each call, and drops it before the call returns. The function itself runs through
/// `Runtime::block_on` on the calling thread: it is not a task of the scheduler, so a server spawns
/// its work instead of doing it there.
///
/// # Arguments
///
/// | argument | meaning | default |
/// |---|---|---|
/// | `flavor = "multi_thread"` | work-stealing worker threads | this one |
/// | `flavor = "current_thread"` | every task runs on the calling thread | |
/// | `flavor = "local"` | as `current_thread`, and `spawn_local` works | |
/// | `worker_threads = 4` | number of worker threads, at least 1; `multi_thread` only | one for each core |
/// | `start_paused = true` | the clock stands still until advanced; not with `multi_thread` | `false` |
/// | `unhandled_panic = "shutdown_runtime"` | a task's panic ends the runtime; not with `multi_thread` | `"ignore"` |
/// | `name = "api"` | name of the runtime, and of its threads | none |
/// | `crate = "path"` | where the `runtime` crate is found when it was renamed or re-exported | `"::runtime"` |
///
/// I/O and time are always enabled. A wrong argument is a compile error at that argument.
///
/// # Panics
///
/// The function panics if the runtime cannot be built, for example because no
/// thread could be started.
///
/// # Examples
///
/// ```
/// #[runtime::main(flavor = "multi_thread", worker_threads = 2)]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let doubled = runtime::spawn(async { 21 * 2 }).await?;
///     assert_eq!(doubled, 42);
///     Ok(())
/// }
/// ```
///
/// The same without the macro:
///
/// ```
/// let body = async { println!("running") };
/// let runtime = runtime::runtime::Builder::new_multi_thread()
///     .enable_all()
///     .build()
///     .expect("failed to build the runtime");
/// runtime.block_on(body)
/// ```
#[proc_macro_attribute]
pub fn main(args: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(Entry::Main, Package::Runtime, args.into(), item.into()).into()
}

/// Makes an `async fn` a test that runs on a runtime of its own.
///
/// The arguments are those of [`macro@main`]; the flavor defaults to `"current_thread"`.
/// `#[should_panic]`, `#[ignore]` and a `Result` as return type work as on any test.
///
/// # Panics
///
/// The test fails if the runtime cannot be built.
///
/// # Examples
///
/// ```no_run
/// #[runtime::test]
/// async fn a_spawned_task_is_joined() {
///     let sum = runtime::spawn(async { 1 + 1 }).await;
///     assert_eq!(sum.unwrap(), 2);
/// }
///
/// #[runtime::test(flavor = "multi_thread", worker_threads = 2)]
/// async fn the_same_on_two_workers() -> std::io::Result<()> {
///     Ok(())
/// }
/// ```
#[proc_macro_attribute]
pub fn test(args: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(Entry::Test, Package::Runtime, args.into(), item.into()).into()
}

/// [`macro@main`] as `#[tokio::main]`, for the package named `tokio` that stands for this runtime.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn tokio_main(args: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(Entry::Main, Package::Tokio, args.into(), item.into()).into()
}

/// [`macro@test`] as `#[tokio::test]`, likewise.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn tokio_test(args: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(Entry::Test, Package::Tokio, args.into(), item.into()).into()
}

/// Expands what `runtime::select!` gets, behind the path of the crate and a semicolon.
#[doc(hidden)]
#[proc_macro]
pub fn select(call: TokenStream) -> TokenStream {
    combinator::expand(Combinator::Select, call.into()).into()
}

/// Expands what `runtime::join!` gets, behind the path of the crate and a semicolon.
#[doc(hidden)]
#[proc_macro]
pub fn join(call: TokenStream) -> TokenStream {
    combinator::expand(Combinator::Join, call.into()).into()
}

/// Expands what `runtime::try_join!` gets, behind the path of the crate and a semicolon.
#[doc(hidden)]
#[proc_macro]
pub fn try_join(call: TokenStream) -> TokenStream {
    combinator::expand(Combinator::TryJoin, call.into()).into()
}
