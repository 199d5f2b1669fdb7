//! `pin!`: pinned variables.

use std::future::{Future, ready};
use std::pin::Pin;

use crate::harness::output_of;

fn pinned<F: Future>(_: &Pin<&mut F>) {}

#[test]
fn names_become_pinned_references() {
    let (one, two, three) = (async { 1 }, async { 2 }, async { 3 });
    runtime::pin!(one);
    pinned(&one);
    runtime::pin!(two, three,);
    pinned(&two);
    assert_eq!(
        output_of(async { one.as_mut().await + two.await + three.await }),
        6
    );
}

#[test]
fn values_are_named_and_pinned_at_once() {
    runtime::pin! {
        let one = async { 1 };
        let two = ready(one.as_mut());
    }
    pinned(&two);
    assert_eq!(output_of(async { two.await.await }), 1);
}

#[test]
fn a_value_is_dropped_where_its_name_ends() {
    let log = crate::harness::Log::default();
    {
        let future = log.future("a", 1);
        runtime::pin!(future);
        log.note("pinned");
        pinned(&future);
    }
    assert_eq!(log.take(), ["pinned", "drop a"]);
}
