use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Wake, Waker};

use super::{Place, WaitList};

#[derive(Default)]
struct Bell(AtomicUsize);

impl Bell {
    fn rings(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

type Waiting = Pin<Box<Place<u32>>>;

fn enqueue(list: &WaitList<(), u32>, waker: &Waker) -> Waiting {
    let mut place = Box::pin(Place::new(0));
    // SAFETY: each test makes its places leave before the list goes.
    unsafe { list.lock().enqueue(place.as_mut(), waker.clone()) };
    place
}

fn leave(list: &WaitList<(), u32>, mut place: Waiting) -> (u32, bool) {
    let left = list.lock().leave(place.as_mut());
    (left.value, left.unserved.is_some())
}

#[test]
fn the_ends_of_the_queue_are_served_in_order() {
    let list = WaitList::new(());
    let places: Vec<_> = (0..4).map(|_| enqueue(&list, Waker::noop())).collect();
    let mut locked = list.lock();
    for answer in [1, 2] {
        locked.pop_front(answer).unwrap();
    }
    locked.pop_back(3).unwrap();
    drop(locked);
    let left: Vec<_> = places
        .into_iter()
        .map(|place| leave(&list, place))
        .collect();
    assert_eq!(left, [(1, false), (2, false), (0, true), (3, false)]);
    assert!(list.lock().is_empty());
}

#[test]
fn who_left_is_not_served() {
    let list = WaitList::new(());
    let first = enqueue(&list, Waker::noop());
    let second = enqueue(&list, Waker::noop());
    assert_eq!(leave(&list, first), (0, true));
    list.lock().pop_front(7).unwrap();
    assert!(list.lock().pop_front(8).is_none());
    assert_eq!(leave(&list, second), (7, false));
}

/// Enqueues a place in the list each time it is woken, as a task does that waits again at once.
struct Again {
    list: WaitList<(), u32>,
    places: std::sync::Mutex<Vec<Waiting>>,
}

impl Wake for Again {
    fn wake(self: Arc<Self>) {
        let place = enqueue(&self.list, Waker::noop());
        self.places.lock().expect("no test panics here").push(place);
    }
}

#[test]
fn waking_all_reaches_each_of_many_and_none_that_comes_meanwhile() {
    let again = Arc::new(Again {
        list: WaitList::new(()),
        places: std::sync::Mutex::default(),
    });
    let waker = Waker::from(again.clone());
    let places: Vec<_> = (0..100).map(|_| enqueue(&again.list, &waker)).collect();
    again.list.lock().wake_all(1);
    for place in places {
        assert_eq!(leave(&again.list, place), (1, false));
    }
    let later = std::mem::take(&mut *again.places.lock().unwrap());
    assert_eq!(later.len(), 100);
    for place in later {
        assert_eq!(leave(&again.list, place), (0, true));
    }
}

#[test]
fn the_last_waker_is_the_one_that_is_woken() {
    let (old, new) = (Arc::new(Bell::default()), Arc::new(Bell::default()));
    let list = WaitList::new(());
    let place = enqueue(&list, &old.clone().into());
    let unneeded = list.lock().renew_waker(&place, new.clone().into());
    assert!(unneeded.will_wake(&old.clone().into()));
    list.lock().wake_all(1);
    assert_eq!((old.rings(), new.rings()), (0, 1));
    let popped = list.lock().renew_waker(&place, old.clone().into());
    assert!(
        popped.will_wake(&old.clone().into()),
        "it is queued no more"
    );
    assert!(!list.lock().is_queued(&place));
    leave(&list, place);
}

#[test]
#[should_panic(expected = "enrolled in another list")]
fn leaving_another_list_is_refused() {
    let list = WaitList::new(());
    let mut place = enqueue(&list, Waker::noop());
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        WaitList::<(), u32>::new(()).lock().leave(place.as_mut());
    }));
    leave(&list, place);
    std::panic::resume_unwind(refused.unwrap_err());
}
