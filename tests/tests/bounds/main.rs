//! Which public types may be sent, shared, moved and carried over a panic: one table an area.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

/// Whether a type implements a trait: the inherent constant, where its
/// bound holds, hides the other.
macro_rules! implements {
    ($type:ty, $bound:path) => {{
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

/// One line a type: `Send`, `Sync`, `Unpin`, `UnwindSafe` and `RefUnwindSafe`; `1` for yes.
macro_rules! table {
    ($($type:ty: $send:literal $sync:literal $unpin:literal $unwind:literal $ref_unwind:literal;)*) => {
        $(
            const _: () = {
                assert!(implements!($type, Send) == ($send == 1));
                assert!(implements!($type, Sync) == ($sync == 1));
                assert!(implements!($type, Unpin) == ($unpin == 1));
                assert!(implements!($type, std::panic::UnwindSafe) == ($unwind == 1));
                assert!(implements!($type, std::panic::RefUnwindSafe) == ($ref_unwind == 1));
            };
        )*
    };
}

/// A future's type, to be asked `send`, `sync` and `unpin`: the method for those who are is found
/// first, as it takes one reference less.
struct Of<T>(std::marker::PhantomData<T>);

fn of<T>(_: &T) -> Of<T> {
    Of(std::marker::PhantomData)
}

macro_rules! question {
    ($name:ident, $yes:ident, $no:ident, $bound:path) => {
        trait $yes {
            fn $name(&self) -> bool {
                true
            }
        }
        impl<T: $bound> $yes for Of<T> {}
        trait $no {
            fn $name(&self) -> bool {
                false
            }
        }
        impl<T> $no for &Of<T> {}
    };
}

question!(send, IsSend, IsNotSend, Send);
question!(sync, IsSync, IsNotSync, Sync);
question!(unpin, IsUnpin, IsNotUnpin, Unpin);

/// One line a future: `Send`, `Sync` and `Unpin`; `1` for yes.
macro_rules! futures {
    ($($future:expr => $send:literal $sync:literal $unpin:literal;)*) => {
        $(
            let found = match &of(&$future) {
                asked => [asked.send(), asked.sync(), asked.unpin()].map(u8::from),
            };
            assert_eq!(found, [$send, $sync, $unpin], "{}", stringify!($future));
        )*
    };
}

mod channels;
mod files;
mod io;
mod mpsc;
mod net;
mod processes;
mod runtime;
mod signals;
mod sync;
mod tasks;

/// What follows from bounds that must not hold, as a user meets it. After a change that is meant,
/// `TRYBUILD=overwrite cargo test -p runtime-tests --test bounds` writes the messages anew.
#[test]
fn what_must_stay_is_refused() {
    trybuild::TestCases::new().compile_fail("ui/bounds/*.rs");
}
