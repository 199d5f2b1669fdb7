//! What `#[runtime::main]` and `#[runtime::test]` make of a function.

use std::error::Error;
use std::fmt::Display;

use runtime::runtime::{Handle, RuntimeFlavor};

fn flavor() -> RuntimeFlavor {
    Handle::current().runtime_flavor()
}

fn workers() -> usize {
    Handle::current().metrics().num_workers()
}

mod arguments {
    use super::*;

    #[runtime::main]
    async fn plain() -> RuntimeFlavor {
        flavor()
    }

    #[test]
    fn main_has_many_threads_by_default() {
        assert_eq!(plain(), RuntimeFlavor::MultiThread);
    }

    #[runtime::test]
    async fn a_test_has_one_thread_by_default() {
        assert_eq!(flavor(), RuntimeFlavor::CurrentThread);
    }

    #[runtime::test()]
    async fn no_arguments_in_parentheses() {
        assert_eq!(flavor(), RuntimeFlavor::CurrentThread);
    }

    #[runtime::main(flavor = "current_thread")]
    async fn one_thread() -> RuntimeFlavor {
        flavor()
    }

    #[test]
    fn main_runs_on_one_thread_when_asked_to() {
        assert_eq!(one_thread(), RuntimeFlavor::CurrentThread);
    }

    #[runtime::test(flavor = "multi_thread", worker_threads = 3)]
    async fn the_number_of_workers_is_the_one_given() {
        assert_eq!(flavor(), RuntimeFlavor::MultiThread);
        assert_eq!(workers(), 3);
    }

    #[runtime::main(worker_threads = 1)]
    async fn one_worker() -> usize {
        workers()
    }

    #[test]
    fn main_needs_no_flavor_to_set_the_number_of_workers() {
        assert_eq!(one_worker(), 1);
    }

    #[runtime::test(start_paused = true)]
    async fn a_paused_clock_does_not_wait() {
        let hour = std::time::Duration::from_secs(3600);
        let real = std::time::Instant::now();
        let before = runtime::time::Instant::now();
        runtime::time::sleep(hour).await;
        assert!(before.elapsed() >= hour);
        assert!(real.elapsed() < hour);
    }

    #[runtime::test(name = "api")]
    async fn the_runtime_has_the_name_given() {
        assert_eq!(Handle::current().name(), Some("api"));
    }

    #[runtime::test]
    async fn without_an_argument_the_runtime_has_no_name() {
        assert_eq!(Handle::current().name(), None);
    }

    #[runtime::test(unhandled_panic = "ignore")]
    async fn a_panic_that_nobody_joins_is_ignored() {
        let task = runtime::spawn(async { panic!("ignored") });
        assert!(task.await.unwrap_err().is_panic());
    }

    #[runtime::test(unhandled_panic = "shutdown_runtime")]
    #[should_panic(expected = "this runtime shuts down")]
    async fn a_panic_that_nobody_joins_ends_the_runtime() {
        drop(runtime::spawn(async { panic!("unhandled") }));
        std::future::pending().await
    }

    macro_rules! tests_on {
        ($($name:ident: $flavor:literal, $workers:expr;)*) => {$(
            #[runtime::test(flavor = $flavor, worker_threads = $workers)]
            async fn $name() {
                assert_eq!(workers(), $workers);
            }
        )*};
    }

    tests_on! {
        arguments_may_come_from_a_macro: "multi_thread", 2;
    }
}

mod attributes {
    #[runtime::test]
    #[should_panic(expected = "on purpose")]
    async fn a_test_should_panic() {
        panic!("on purpose");
    }

    #[should_panic(expected = "on purpose")]
    #[runtime::test]
    async fn a_test_should_panic_in_the_other_order() {
        panic!("on purpose");
    }

    #[runtime::test]
    #[ignore = "shows that `ignore` is kept: it would fail"]
    async fn a_test_is_ignored() {
        panic!("this test is ignored");
    }

    #[runtime::test]
    #[cfg(any())]
    async fn a_test_is_compiled_out() {
        does_not_exist();
    }

    /// A documented function.
    #[deny(missing_docs)]
    #[allow(non_snake_case)]
    #[runtime::main(flavor = "current_thread")]
    pub(crate) async fn Documented() -> u8 {
        #![allow(unused_variables)]
        let unused = 1;
        2
    }

    #[runtime::main(flavor = "current_thread")]
    async unsafe fn dangerous(number: *const u8) -> u8 {
        // SAFETY: the caller passes a pointer to a live value.
        unsafe { *number }
    }

    #[test]
    fn qualifiers_and_inner_attributes_are_kept() {
        let number = 3;
        let pointer: extern "C" fn() -> u8 = with_an_abi;
        assert_eq!(pointer(), 4);
        assert_eq!(Documented(), 2);
        // SAFETY: the pointer comes from a reference.
        assert_eq!(unsafe { dangerous(&number) }, 3);
    }

    #[runtime::main(flavor = "current_thread")]
    #[must_use]
    async extern "C" fn with_an_abi() -> u8 {
        4
    }
}

mod output {
    use super::*;

    #[runtime::test]
    async fn a_test_returns_a_result() -> Result<(), Box<dyn Error>> {
        let number: u8 = "5".parse()?;
        if number == 0 {
            return Err("zero".into());
        }
        Ok(())
    }

    #[runtime::test]
    async fn a_test_returns_an_exit_code() -> std::process::ExitCode {
        std::process::ExitCode::SUCCESS
    }

    #[runtime::test]
    async fn a_test_returns_something_unnamed() -> impl std::process::Termination {
        runtime::task::yield_now().await;
    }

    #[runtime::main(flavor = "current_thread")]
    async fn early(error: bool) -> Result<u8, Box<dyn Error>> {
        if error {
            return Err(Box::new(std::fmt::Error));
        }
        Ok("7".parse()?)
    }

    #[test]
    fn values_are_converted_as_in_an_async_fn() {
        assert!(early(true).is_err());
        assert_eq!(early(false).unwrap(), 7);
    }

    #[runtime::main(flavor = "current_thread")]
    async fn boxed(early: bool) -> Box<dyn Display> {
        if early {
            return Box::new("early");
        }
        Box::new(8)
    }

    #[test]
    fn both_a_return_and_the_last_expression_are_coerced() {
        assert_eq!(boxed(true).to_string(), "early");
        assert_eq!(boxed(false).to_string(), "8");
    }

    #[runtime::main(flavor = "current_thread")]
    async fn collected() -> Vec<u8> {
        runtime::task::yield_now().await;
        (1..4).collect()
    }

    #[runtime::main(flavor = "current_thread")]
    async fn of_default() -> (u8, String) {
        Default::default()
    }

    #[test]
    fn the_return_type_drives_inference() {
        assert_eq!(collected(), [1, 2, 3]);
        assert_eq!(of_default(), (0, String::new()));
    }

    #[runtime::main(flavor = "current_thread")]
    async fn displayed() -> impl Display + use<> {
        9
    }

    #[runtime::main(flavor = "current_thread")]
    async fn nested_opaque() -> Option<(impl Display + use<>, u8)> {
        Some((10, 11))
    }

    #[test]
    fn opaque_types_are_returned() {
        assert_eq!(displayed().to_string(), "9");
        assert_eq!(
            nested_opaque()
                .map(|(ten, eleven)| format!("{ten}{eleven}"))
                .unwrap(),
            "1011"
        );
    }

    #[runtime::main(flavor = "current_thread")]
    async fn never() -> ! {
        runtime::task::yield_now().await;
        panic!("left by a panic")
    }

    #[runtime::main(flavor = "current_thread")]
    async fn diverges() -> Result<u8, String> {
        panic!("left by a panic")
    }

    #[runtime::main(flavor = "current_thread")]
    async fn empty() {}

    #[test]
    fn bodies_without_a_value_compile() {
        assert!(std::panic::catch_unwind(|| never()).is_err());
        assert!(std::panic::catch_unwind(diverges).is_err());
        empty();
    }

    #[runtime::main(flavor = "current_thread")]
    async fn borrowed<'a>(words: &'a [String], fallback: &'a str) -> &'a str {
        runtime::task::yield_now().await;
        words.first().map_or(fallback, String::as_str)
    }

    #[test]
    fn a_value_may_borrow_from_the_arguments() {
        assert_eq!(borrowed(&["word".to_owned()], "none"), "word");
        assert_eq!(borrowed(&[], "none"), "none");
    }
}

mod signature {
    #[runtime::main(flavor = "current_thread")]
    async fn sum<T, const N: usize>(numbers: [T; N], (first, mut last): (T, T)) -> T
    where
        T: std::iter::Sum + std::ops::AddAssign + Send + 'static,
    {
        last += numbers.into_iter().sum();
        last += first;
        last
    }

    #[test]
    fn a_function_other_than_main_takes_arguments_and_type_parameters() {
        assert_eq!(sum([1, 2, 3], (10, 20)), 36);
    }

    struct Server {
        port: u16,
    }

    impl Server {
        #[runtime::main(flavor = "current_thread")]
        async fn serve(&mut self, runtime: &str, body: u16) -> String {
            runtime::task::yield_now().await;
            self.port += body;
            format!("{runtime}:{}", Self::host().len() + usize::from(self.port))
        }

        fn host() -> &'static str {
            "host"
        }
    }

    #[test]
    fn methods_and_arguments_named_as_what_is_generated() {
        assert_eq!(Server { port: 1 }.serve("name", 2), "name:7");
    }

    #[runtime::main(flavor = "current_thread")]
    async fn countdown(from: u8) -> u8 {
        async fn countdown(from: u8) -> u8 {
            from - 1
        }
        countdown(from).await
    }

    #[test]
    fn the_body_sees_its_own_items() {
        assert_eq!(countdown(3), 2);
    }
}

mod names {
    #[runtime::main]
    async fn started() -> Option<&'static str> {
        runtime::spawn(async { Some("started") })
            .await
            .expect("the task returns")
    }

    #[test]
    fn the_crate_is_found_without_an_import() {
        assert_eq!(started(), Some("started"));
    }

    /// After `use runtime::runtime` the short name means the module, which
    /// has all that the crate has.
    mod through_the_module {
        use runtime::runtime;

        #[runtime::main(flavor = "current_thread")]
        async fn called() -> u8 {
            let _: runtime::RuntimeFlavor = runtime::Handle::current().runtime_flavor();
            runtime::spawn(async { 1 }).await.expect("the task returns")
        }

        #[test]
        fn main_and_spawn_are_found() {
            assert_eq!(called(), 1);
        }

        #[runtime::test]
        async fn test_is_found() {
            runtime::task::yield_now().await;
        }

        #[runtime::test(crate = "runtime")]
        async fn the_module_serves_as_the_crate() {
            runtime::task::yield_now().await;
        }
    }

    mod shadowed {
        /// In the way of every relative path that starts with `runtime`, `core` or `std`.
        mod runtime {
            pub(super) struct Builder;
        }
        mod core {}
        mod std {}
        #[allow(dead_code)]
        enum Option {
            None,
        }

        #[::runtime::test]
        async fn modules_of_the_same_name_are_not_in_the_way() {
            let _ = (runtime::Builder, Option::None);
        }
    }

    mod renamed {
        use ::runtime as tasks;

        /// A name that the crate does not have, to be sure that none of its paths are relative.
        #[allow(unused)]
        mod runtime {}

        #[tasks::main(crate = "tasks", flavor = "current_thread")]
        async fn started() -> u8 {
            tasks::task::yield_now().await;
            1
        }

        #[tasks::test(crate = "tasks", unhandled_panic = "ignore", name = "renamed")]
        async fn the_crate_is_found_under_another_name() {
            assert_eq!(super::block_elsewhere(started), 1);
        }

        #[::runtime::test(crate = "crate::names::renamed::tasks")]
        async fn the_crate_is_found_at_a_path() {}
    }

    /// Runs `blocking` where no runtime is entered.
    fn block_elsewhere(blocking: fn() -> u8) -> u8 {
        let thread = std::thread::spawn(blocking);
        thread.join().expect("the thread does not panic")
    }
}

mod lints {
    //! The generated code gives no warning, however strict the crate is.
    #![deny(
        warnings,
        unused,
        clippy::all,
        clippy::pedantic,
        clippy::expect_used,
        clippy::unwrap_used
    )]
    #![deny(
        unreachable_code,
        unused_qualifications,
        clippy::unwrap_in_result,
        clippy::needless_return
    )]

    #[runtime::main(flavor = "current_thread")]
    async fn unit() {
        runtime::task::yield_now().await;
    }

    #[runtime::main(flavor = "current_thread")]
    async fn never() -> ! {
        std::future::pending().await
    }

    #[runtime::main(flavor = "current_thread")]
    async fn fallible(fail: bool) -> Result<u8, std::fmt::Error> {
        if fail {
            return Err(std::fmt::Error);
        }
        runtime::task::yield_now().await;
        Ok(1)
    }

    #[runtime::test]
    async fn generated_code_is_free_of_warnings() -> Result<(), std::num::ParseIntError> {
        let _: [fn(); 1] = [unit];
        let _: fn() -> ! = never;
        let _: fn(bool) -> Result<u8, std::fmt::Error> = fallible;
        "1".parse::<u8>()?;
        Ok(())
    }
}
