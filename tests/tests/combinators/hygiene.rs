//! The macros neither see nor hide a name of the user's, and need the crate by no name.

use std::future::ready;

use runtime as another_name;

use crate::harness::output_of;

/// Has every path that an expansion could take by mistake.
#[allow(dead_code)]
mod in_the_way {
    pub(crate) mod runtime {}
    pub(crate) struct Poll;
    pub(crate) struct Pin;
    pub(crate) struct Option;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct Ok;
    pub(crate) struct Err;
    pub(crate) trait Future {}
    pub(crate) trait IntoFuture {}
}

#[test]
fn under_another_name_and_with_names_in_the_way() {
    #[allow(unused_imports)]
    use in_the_way::*;
    output_of(async {
        let x = another_name::select! { x = ready(1) => x, else => 0 };
        let y = another_name::join!(ready(2), ready(3));
        std::assert_eq!((x, y), (1, (2, 3)));
        let z = another_name::try_join!(ready(std::result::Result::Ok::<_, ()>(4)));
        std::assert!(std::matches!(z, std::result::Result::Ok((4,))));
        let w = async { 5 };
        another_name::pin!(w);
        another_name::pin! { let v = async { 6 }; }
        std::assert_eq!((w.await, v.await), (5, 6));
    });
}

#[test]
fn imported_macros_work() {
    use runtime::{join, pin, select, try_join};
    output_of(async {
        let future = ready(Ok::<_, ()>(1));
        pin!(future);
        let x = select! { x = async { try_join!(future) } => x };
        assert_eq!((x, 2), join!(ready(Ok((1,))), ready(2)));
    });
}

#[test]
#[allow(clippy::similar_names)]
fn names_that_an_expansion_uses_are_free_for_the_user() {
    const BRANCHES: usize = 2;
    const COUNT: u32 = 3;
    #[derive(Debug, PartialEq)]
    enum Selected {
        Branch0(u32),
    }
    let (future0, future1, futures, branch, cx) = (ready(1), ready(2), 3, 4, 5);
    let (output, matches, enabled, selected) = (6, 7, 8, 9);
    output_of(async {
        let sum = runtime::select! {
            biased;
            x = async { future1.await + futures + branch + cx }, if enabled == 9 => x,
            x = async { future0.await + output + matches + selected } =>
                x + futures + branch + cx + output + matches + enabled + selected,
        };
        assert_eq!(sum, 65);
        let kept =
            runtime::select! { Selected::Branch0(COUNT) = ready(Selected::Branch0(3)) => BRANCHES };
        assert_eq!(kept, 2);
        let (a, b) = runtime::join!(async { futures + branch }, async { cx + output });
        assert_eq!((a, b), (7, 11));
    });
}

const fn doubled(x: usize) -> usize {
    x * 2
}

#[test]
fn patterns_and_handlers_use_consts_and_const_parameters() {
    const LENGTH: usize = doubled(2);
    async fn sum<const N: usize>(numbers: [usize; N]) -> usize {
        runtime::select! {
            LENGTH = ready(N) => const { doubled(N) },
            first = ready(numbers[0]), if N > LENGTH => first,
            else => N,
        }
    }
    assert_eq!(output_of(sum([1; 4])), 8);
    assert_eq!(output_of(sum([7; 5])), 7);
    assert_eq!(output_of(sum([7; 3])), 3);
}

#[test]
fn a_branch_that_never_ends_warns_of_nothing() {
    async fn never() -> ! {
        std::future::pending().await
    }
    output_of(async {
        let x = runtime::select! {
            _ = never() => 0,
            x = ready(1) => x,
        };
        assert_eq!(x, 1);
    });
}

#[deny(unreachable_code, unused)]
#[test]
fn outputs_without_a_value_warn_of_nothing() {
    use std::convert::Infallible;
    output_of(async {
        let mut waits = false;
        runtime::select! {
            _ = async { runtime::join!(std::future::pending::<Infallible>(), ready(1)) } => {}
            () = ready(()) => waits = true,
        }
        assert!(waits);
        let only_error = runtime::try_join!(ready(Err::<Infallible, _>(1)), ready(Ok(2)));
        assert_eq!(only_error, Err(1));
        let no_error = runtime::try_join!(ready(Ok::<_, Infallible>(1)), ready(Ok(2)));
        assert_eq!(no_error, Ok((1, 2)));
    });
}
