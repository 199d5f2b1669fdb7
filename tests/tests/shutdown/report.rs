//! What a shutdown says of those it waits for.

use std::sync::Arc;
use std::sync::mpsc::channel;

use runtime_tests::alone;
use runtime_tests::flavor::on_every_flavor;

/// It cannot wait for itself, and there is nobody else to wait for.
#[test]
fn a_blocking_closure_that_drops_its_own_runtime_is_told_nothing() {
    let output = alone::run_disturbed(
        || {
            on_every_flavor(|flavor| {
                let rt = Arc::new(flavor.build());
                let (release, released) = channel::<()>();
                let (tell, told) = channel();
                let last = rt.clone();
                drop(rt.spawn_blocking(move || {
                    let _ = released.recv();
                    drop(last);
                    tell.send(()).unwrap();
                }));
                drop(rt);
                drop(release);
                told.recv().unwrap();
            });
        },
        |_child| {},
    );
    assert!(alone::is_done(&output), "{}", alone::said(&output));
    assert!(output.stderr.is_empty(), "{}", alone::said(&output));
}
