//! A task's waker: its data pointer is the task, a clone is a reference.

use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;
use std::task::{RawWaker, RawWakerVTable, Waker};

use super::handles::Reference;
use super::header::Header;
use super::state::ToNotified;
use crate::coop;

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

/// A waker that borrows the running reference: a poll that stores no waker counts nothing.
///
/// # Safety
///
/// The task outlives the answer.
pub(super) unsafe fn borrow_waker(raw: NonNull<Header>) -> impl Deref<Target = Waker> {
    let data = raw.as_ptr().cast_const().cast();
    // SAFETY: the vtable's functions take exactly this pointer; it is never dropped.
    ManuallyDrop::new(unsafe { Waker::new(data, &VTABLE) })
}

fn task(data: *const ()) -> NonNull<Header> {
    // SAFETY: the data pointer was made from a `NonNull<Header>`.
    unsafe { NonNull::new_unchecked(data.cast_mut().cast()) }
}

unsafe fn clone(data: *const ()) -> RawWaker {
    let raw = task(data);
    // SAFETY: the waker that is cloned keeps the task live.
    let header = unsafe { raw.as_ref() };
    header.span.waker("waker.clone");
    header.state.ref_inc();
    RawWaker::new(data, &VTABLE)
}

unsafe fn wake(data: *const ()) {
    let raw = task(data);
    // SAFETY: the waker's reference is ours.
    let header = unsafe { raw.as_ref() };
    header.span.waker("waker.wake");
    match header.state.transition_to_notified_by_value() {
        // SAFETY: the reference has become the queue's.
        ToNotified::Schedule => unsafe { (header.vtable.schedule)(raw) },
        ToNotified::DropReference => {
            coop::note_wake(data);
            // SAFETY: the reference is ours to give back.
            drop(unsafe { Reference::from_raw(raw) });
        }
    }
}

unsafe fn wake_by_ref(data: *const ()) {
    let raw = task(data);
    // SAFETY: the waker keeps the task live.
    let header = unsafe { raw.as_ref() };
    header.span.waker("waker.wake_by_ref");
    if header.state.transition_to_notified_by_ref() {
        // SAFETY: the transition has made a reference for the queue.
        unsafe { (header.vtable.schedule)(raw) };
    } else {
        coop::note_wake(data);
    }
}

unsafe fn drop_waker(data: *const ()) {
    // SAFETY: the waker's reference is ours to give back.
    let reference = unsafe { Reference::from_raw(task(data)) };
    reference.header().span.waker("waker.drop");
}
