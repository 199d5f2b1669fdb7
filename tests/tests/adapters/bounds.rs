//! Whatever can be done with the types of tokio can be done with ours: sent, shared, moved, carried over a panic, printed.

use std::cell::Cell;
use std::fmt::Debug;
use std::marker::PhantomPinned;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;

/// Whether a type implements a trait: the inherent constant, where its bound holds, hides the other.
macro_rules! implements {
    ($type:ty: $bound:path) => {{
        #[allow(dead_code, reason = "hidden where the bound holds")]
        trait Otherwise {
            const YES: bool = false;
        }
        impl<T: ?Sized> Otherwise for T {}
        #[allow(dead_code, reason = "never made")]
        struct Probe<T: ?Sized>(std::marker::PhantomData<T>);
        #[allow(dead_code, reason = "out of sight where it does not")]
        impl<T: ?Sized + $bound> Probe<T> {
            const YES: bool = true;
        }
        <Probe<$type>>::YES
    }};
}

/// What the types are, by trait, in a table for each family.
macro_rules! tables {
    ($($type:ty;)*) => {
        mod ours {
            use super::*;
            use runtime::io::*;
            tables!(of $($type;)*);
        }

        mod theirs {
            use super::*;
            use tokio::io::*;
            tables!(of $($type;)*);
        }
    };
    (of $($type:ty;)*) => {
        pub(super) const TABLE: &[(&str, [bool; 6])] = &[$((
            stringify!($type),
            [
                implements!($type: Send),
                implements!($type: Sync),
                implements!($type: Unpin),
                implements!($type: UnwindSafe),
                implements!($type: RefUnwindSafe),
                implements!($type: Debug),
            ],
        )),*];
    };
}

type Exclusive = &'static mut Vec<u8>;

tables! {
    BufReader<Vec<u8>>;
    BufReader<Exclusive>;
    BufReader<Cell<u8>>;
    BufReader<Rc<u8>>;
    BufReader<PhantomPinned>;
    BufWriter<Vec<u8>>;
    BufWriter<Exclusive>;
    BufWriter<Cell<u8>>;
    BufWriter<Rc<u8>>;
    BufWriter<PhantomPinned>;
    BufStream<Vec<u8>>;
    BufStream<Exclusive>;
    BufStream<Cell<u8>>;
    BufStream<Rc<u8>>;
    BufStream<PhantomPinned>;
    Chain<Vec<u8>, Cell<u8>>;
    Chain<Exclusive, PhantomPinned>;
    Take<Exclusive>;
    Take<Cell<u8>>;
    Take<PhantomPinned>;
    Lines<Exclusive>;
    Lines<Cell<u8>>;
    Lines<PhantomPinned>;
    Split<Exclusive>;
    Split<Cell<u8>>;
    Split<PhantomPinned>;
    ReadHalf<Vec<u8>>;
    ReadHalf<Exclusive>;
    ReadHalf<Cell<u8>>;
    ReadHalf<Rc<u8>>;
    ReadHalf<PhantomPinned>;
    WriteHalf<Vec<u8>>;
    WriteHalf<Exclusive>;
    WriteHalf<Cell<u8>>;
    WriteHalf<Rc<u8>>;
    WriteHalf<PhantomPinned>;
    Join<Vec<u8>, Cell<u8>>;
    Join<Exclusive, PhantomPinned>;
    Empty;
    Repeat;
    Sink;
}

#[test]
fn the_types_are_at_least_what_those_of_tokio_are() {
    for ((name, ours), (_, theirs)) in ours::TABLE.iter().zip(theirs::TABLE) {
        let is_enough = ours.iter().zip(theirs).all(|(ours, theirs)| ours >= theirs);
        assert!(is_enough, "{name} is {ours:?} instead of {theirs:?}");
    }
}
