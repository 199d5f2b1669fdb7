//! Sets, maps and local sets of tasks.

use std::cell::Cell;
use std::future::pending;
use std::pin::Pin;
use std::rc::Rc;

use runtime::task::{
    AbortOnDropHandle, JoinMap, JoinMapKeys, JoinSet, LocalEnterGuard, LocalSet, join_set,
    unconstrained,
};

use super::{
    IsNotSend as _, IsNotSync as _, IsNotUnpin as _, IsSend as _, IsSync as _, IsUnpin as _, of,
};

type NotSend = Rc<u8>;
type NotSync = Cell<u8>;
type BoxedSend = Pin<Box<dyn Future<Output = ()> + Send>>;

table! {
    JoinSet<u8>:                          1 1 1 1 1;
    JoinSet<NotSync>:                     1 1 1 1 1;
    JoinSet<NotSend>:                     0 0 1 1 1;
    join_set::Builder<'static, u8>:       1 1 1 0 1;
    join_set::Builder<'static, NotSend>:  0 0 1 0 1;
    JoinMap<u8, u8>:                      1 1 1 1 1;
    JoinMap<u8, NotSync>:                 1 1 1 1 1;
    JoinMap<NotSync, u8>:                 1 0 1 1 0;
    JoinMap<NotSend, u8>:                 0 0 1 1 1;
    JoinMap<u8, NotSend>:                 0 0 1 1 1;
    JoinMapKeys<'static, u8, u8>:         1 1 1 1 1;
    AbortOnDropHandle<u8>:                1 1 1 1 1;
    AbortOnDropHandle<NotSync>:           1 1 1 1 1;
    AbortOnDropHandle<NotSend>:           0 0 1 1 1;
    LocalSet:                             0 0 1 1 1;
    LocalEnterGuard:                      0 0 1 0 0;
}

#[test]
fn futures_of_sets_and_maps_go_where_the_outputs_may() {
    let (mut shared, mut sent, mut local) = (
        JoinSet::<u8>::new(),
        JoinSet::<NotSync>::new(),
        JoinSet::<NotSend>::new(),
    );
    futures! {
        shared.join_next() => 1 1 0;
        shared.join_next_with_id() => 1 1 0;
        shared.shutdown() => 1 1 0;
        sent.join_next() => 1 1 0;
        sent.shutdown() => 1 1 0;
        local.join_next() => 0 0 0;
        local.shutdown() => 0 0 0;
        JoinSet::<u8>::new().join_all() => 1 1 0;
        JoinMap::<u8, u8>::new().join_next() => 1 1 0;
        JoinMap::<u8, NotSend>::new().join_next() => 0 0 0;
        JoinMap::<u8, u8>::new().shutdown() => 1 1 0;
    }
}

#[test]
fn futures_of_local_sets_stay() {
    fn boxed_send<T>(_: T) -> BoxedSend {
        Box::pin(async {})
    }
    futures! {
        LocalSet::new().run_until(pending::<()>()) => 0 0 0;
        unconstrained(boxed_send(())) => 1 0 1;
    }
}
