//! Sets, maps, scopes and local sets of tasks.

use std::cell::Cell;
use std::future::{Ready, pending, ready};
use std::pin::Pin;
use std::rc::Rc;

use runtime::task::{
    AbortOnDropHandle, AccessError, BlockingScope, JoinMap, JoinMapKeys, JoinSet, LocalEnterGuard,
    LocalKey, LocalSet, Scope, ScopedJoinHandle, futures::TaskLocalFuture, join_set, scope,
    unconstrained,
};

use super::{
    IsNotSend as _, IsNotSync as _, IsNotUnpin as _, IsSend as _, IsSync as _, IsUnpin as _, of,
};

type NotSend = Rc<u8>;
type NotSync = Cell<u8>;
type Boxed = Pin<Box<dyn Future<Output = ()>>>;
type BoxedSend = Pin<Box<dyn Future<Output = ()> + Send>>;
type BoxedSync = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;

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
    LocalKey<u8>:                         1 1 1 1 1;
    LocalKey<NotSend>:                    1 1 1 1 1;
    TaskLocalFuture<u8, Ready<u8>>:       1 1 0 1 1;
    TaskLocalFuture<NotSync, Ready<u8>>:  1 0 0 1 0;
    TaskLocalFuture<NotSend, Ready<u8>>:  0 0 0 1 1;
    TaskLocalFuture<u8, Ready<NotSend>>:  0 0 0 1 1;
    AccessError:                          1 1 1 1 1;
    Scope:                                1 1 1 1 1;
    BlockingScope<'static, 'static>:      1 1 1 1 1;
    ScopedJoinHandle<'static, u8>:        1 1 1 1 1;
    ScopedJoinHandle<'static, NotSync>:   1 1 1 1 1;
    ScopedJoinHandle<'static, NotSend>:   0 0 1 1 1;
}

runtime::task_local! {
    static NUMBER: u8;
    static UNSHARED: NotSync;
    static UNSENT: NotSend;
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
fn futures_in_scopes_of_task_local_values_go_where_value_and_future_may() {
    let boxed = || -> Boxed { Box::pin(async {}) };
    let boxed_send = || -> BoxedSend { Box::pin(async {}) };
    let boxed_sync = || -> BoxedSync { Box::pin(async {}) };
    futures! {
        NUMBER.scope(1, boxed()) => 0 0 0;
        NUMBER.scope(1, boxed_send()) => 1 0 0;
        NUMBER.scope(1, boxed_sync()) => 1 1 0;
        UNSHARED.scope(Cell::new(1), boxed()) => 0 0 0;
        UNSHARED.scope(Cell::new(1), boxed_send()) => 1 0 0;
        UNSHARED.scope(Cell::new(1), boxed_sync()) => 1 0 0;
        UNSENT.scope(Rc::new(1), boxed()) => 0 0 0;
        UNSENT.scope(Rc::new(1), boxed_sync()) => 0 0 0;
    }
}

#[test]
fn futures_of_scopes_and_local_sets_go_where_their_bodies_may() {
    fn boxed<T>(_: T) -> Boxed {
        Box::pin(async {})
    }
    fn boxed_send<T>(_: T) -> BoxedSend {
        Box::pin(async {})
    }
    futures! {
        scope(|_| ready(1)) => 1 0 0;
        scope(boxed_send) => 1 0 0;
        scope(boxed) => 0 0 0;
        LocalSet::new().run_until(pending::<()>()) => 0 0 1;
        unconstrained(boxed_send(())) => 1 0 1;
    }
}

#[test]
fn an_access_error_is_an_error_that_threads_share() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<AccessError>();
}
