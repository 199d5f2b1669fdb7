//! `pin!`.

/// Pins values to the place where they are, so that they can be awaited by reference.
///
/// ```text
/// runtime::pin!(name, name);                  // variables that are there
/// runtime::pin! { let name = value; }         // and new ones; any number of them
/// ```
///
/// Each name stands for a `Pin<&mut T>` from then on. A future that is not `Unpin`, as those of
/// `async fn` are not, can then be lent: to one round of [`select!`](crate::select) after the
/// other, or to `.await` through `&mut name`. What is pinned is dropped where the name's scope
/// ends. For a value without a name there is [`std::pin::pin!`].
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use runtime::time::sleep;
///
/// async fn work() -> u32 {
///     sleep(Duration::from_millis(5)).await;
///     7
/// }
///
/// #[runtime::main]
/// async fn main() {
///     let working = work();
///     runtime::pin!(working);
///     let answer = loop {
///         runtime::select! {
///             answer = &mut working => break answer,
///             () = sleep(Duration::from_millis(2)) => println!("still working"),
///         }
///     };
///     assert_eq!(answer, 7);
/// }
/// ```
#[macro_export]
macro_rules! pin {
    // Whether a name is ever polled, and so must be `mut`, is the caller's business.
    ($(let $name:ident = $value:expr;)+) => {
        $(
            #[allow(unused_mut)]
            let mut $name = ::core::pin::pin!($value);
        )+
    };
    ($($name:ident),* $(,)?) => {
        $(
            #[allow(unused_mut)]
            let mut $name = ::core::pin::pin!($name);
        )*
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "`pin!` takes names of variables, or statements `let name = value;`; for a value \
             without a name there is `std::pin::pin!`"
        )
    };
}
