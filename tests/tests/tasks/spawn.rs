//! Spawning: from wherever one is, by whatever path one names it.

use runtime::runtime;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::{Report, panic_of};

#[test]
fn the_crate_is_reached_through_the_module_of_the_same_name() {
    on_every_flavor(|flavor| {
        let rt: runtime::Runtime = flavor.build();
        let answer = rt.block_on(async {
            let task = runtime::spawn(async { 6 * 7 });
            let sum = runtime::task::spawn_blocking(|| 0);
            runtime::time::sleep(runtime::time::Duration::ZERO).await;
            task.await.unwrap() + sum.await.unwrap()
        });
        assert_eq!(answer, 42);
    });
}

#[runtime::test]
async fn a_macro_is_reached_through_the_module_of_the_same_name() {
    assert!(runtime::Handle::try_current().is_ok());
}

#[track_caller]
fn assert_says_what_to_do(report: &Report, line: u32) {
    assert_eq!((report.file.as_str(), report.line), (file!(), line));
    for part in ["no runtime is running", "Runtime::block_on"] {
        assert!(report.message.contains(part), "{report:?}");
    }
}

#[test]
fn outside_a_runtime_the_caller_is_blamed_and_told_what_to_do() {
    let no_time = runtime::time::Duration::ZERO;
    let line = line!();
    assert_says_what_to_do(&panic_of(|| runtime::spawn(async {})), line + 1);
    assert_says_what_to_do(&panic_of(|| runtime::task::spawn_blocking(|| {})), line + 2);
    assert_says_what_to_do(&panic_of(|| drop(runtime::Handle::current())), line + 3);
    assert_says_what_to_do(&panic_of(|| runtime::time::sleep(no_time)), line + 4);
    let error = runtime::Handle::try_current().unwrap_err();
    assert!(error.is_missing_context());
    assert!(error.to_string().contains("no runtime is running"));
}

#[test]
fn a_runtime_entered_is_left_again() {
    on_every_flavor(|flavor| {
        let (outer, inner) = (flavor.build(), flavor.build());
        let id = || runtime::Handle::try_current().map(|handle| handle.id());
        assert!(id().is_err());
        {
            let _outer = outer.enter();
            {
                let _inner = inner.enter();
                assert_eq!(id().unwrap(), inner.handle().id());
            }
            assert_eq!(id().unwrap(), outer.handle().id());
        }
        assert!(id().is_err());
    });
}
