//! Boxes what is too large to be moved about.
//!
//! A future on its way from `spawn` to its task is an argument of several functions. Each may have a copy of it
//! on the stack, surely so in a build without optimisation, and a few copies of a large one overflow
//! it. So each public function that takes a future or a closure boxes a large one first of all, and what is
//! passed on is a pointer. A box also goes when the future does, while a task's own memory stays
//! for as long as there are wakers of it.

/// Bytes above which a future, or a closure, gets an allocation of its own.
///
/// Below, one allocation less and no pointer to follow at each poll are worth more than the copies, of
/// which an optimised build leaves one or two. The figures are tokio's: a program that comes from there
/// finds the same room on its stacks.
const LARGE: usize = match cfg!(debug_assertions) {
    true => 2 * 1024,
    false => 16 * 1024,
};

pub(crate) const fn is_large<T>() -> bool {
    size_of::<T>() > LARGE
}

/// Evaluates an expression in which a variable of the given type has been boxed and pinned, if it is large.
///
/// Two expressions in one, as they differ in types; what is not evaluated takes no room on the stack, either.
macro_rules! pin_if_large {
    ($Future:ty, $future:ident, $then:expr) => {
        if const { $crate::util::large::is_large::<$Future>() } {
            let $future = Box::pin($future);
            $then
        } else {
            $then
        }
    };
}
pub(crate) use pin_if_large;

/// As [`pin_if_large`], for a closure.
macro_rules! box_if_large {
    ($Closure:ty, $closure:ident, $then:expr) => {
        if const { $crate::util::large::is_large::<$Closure>() } {
            let $closure = Box::new($closure);
            $then
        } else {
            $then
        }
    };
}
pub(crate) use box_if_large;
