//! What the attributes expand to, token by token.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Entry, Package, expand};

/// The expansion as text; that it is Rust is checked on the way.
fn expansion(entry: Entry, args: TokenStream, item: TokenStream) -> String {
    let tokens = expand(entry, Package::Runtime, args, item);
    syn::parse2::<syn::File>(tokens.clone()).expect("an expansion is a list of items");
    tokens.to_string()
}

/// Asserts that `expansion` has `expected` in it, however the tokens are spaced.
#[track_caller]
fn assert_contains(expansion: &str, expected: TokenStream) {
    let expected = expected.to_string();
    assert!(
        expansion.contains(&expected),
        "no `{expected}` in `{expansion}`"
    );
}

fn errors(expansion: &str) -> usize {
    expansion.matches("compile_error").count()
}

/// Expands on an empty function and asserts on the runtime it runs on.
#[track_caller]
fn assert_builds(entry: Entry, args: TokenStream, builder: TokenStream) {
    let expansion = expansion(
        entry,
        args,
        quote!(
            async fn f() {}
        ),
    );
    assert_eq!(errors(&expansion), 0, "{expansion}");
    assert_contains(
        &expansion,
        quote!(let runtime = #builder.expect("failed to build the runtime");),
    );
}

#[test]
fn the_package_named_tokio_is_reached_by_its_name_in_scope() {
    let item = quote!(
        async fn f() {}
    );
    let args = quote!(flavor = "local", unhandled_panic = "ignore");
    let expansion = expand(Entry::Test, Package::Tokio, args, item).to_string();
    assert_contains(&expansion, quote!(= tokio::runtime::Builder));
    assert_contains(&expansion, quote!(tokio::runtime::UnhandledPanic));
    assert!(!expansion.contains(":: tokio"), "{expansion}");
    assert!(!expansion.contains(":: runtime :: runtime"), "{expansion}");
}

#[test]
fn errors_name_the_attribute_that_was_written() {
    let wrong = || {
        quote!(
            fn f() {}
        )
    };
    for (package, attribute) in [
        (Package::Runtime, "#[runtime::main]"),
        (Package::Tokio, "#[tokio::main]"),
    ] {
        let expansion = expand(Entry::Main, package, quote!(), wrong()).to_string();
        assert!(expansion.contains(attribute), "{expansion}");
    }
}

#[test]
fn main_builds_a_multi_thread_runtime() {
    let builder = quote!(
        ::runtime::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
    );
    assert_builds(Entry::Main, quote!(), builder.clone());
    assert_builds(
        Entry::Main,
        quote!(flavor = "multi_thread"),
        builder.clone(),
    );
    assert_builds(Entry::Test, quote!(flavor = "multi_thread"), builder);
}

#[test]
fn test_builds_a_current_thread_runtime() {
    let builder = quote!(
        ::runtime::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
    );
    assert_builds(Entry::Test, quote!(), builder.clone());
    assert_builds(
        Entry::Test,
        quote!(flavor = "current_thread"),
        builder.clone(),
    );
    assert_builds(Entry::Main, quote!(flavor = "current_thread"), builder);
}

#[test]
fn a_local_runtime_takes_options() {
    let builder = quote! {
        ::runtime::runtime::Builder::new_current_thread()
            .enable_all()
            .build_local(::core::default::Default::default())
    };
    assert_builds(Entry::Main, quote!(flavor = "local"), builder.clone());
    assert_builds(Entry::Test, quote!(flavor = "local"), builder);
}

#[test]
fn each_argument_becomes_a_call_on_the_builder() {
    let args = quote!(worker_threads = 4, name = "api");
    let builder = quote! {
        ::runtime::runtime::Builder::new_multi_thread()
            .enable_all()
            .worker_threads(4usize)
            .name("api")
            .build()
    };
    assert_builds(Entry::Main, args, builder);

    let args = quote!(start_paused = true, unhandled_panic = "shutdown_runtime");
    let builder = quote! {
        ::runtime::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .unhandled_panic(::runtime::runtime::UnhandledPanic::ShutdownRuntime)
            .build()
    };
    assert_builds(Entry::Test, args, builder);
}

#[test]
fn a_renamed_crate_is_named_everywhere() {
    let args = quote!(crate = "my::tasks", unhandled_panic = "ignore");
    let expansion = expansion(
        Entry::Test,
        args,
        quote!(
            async fn f() {}
        ),
    );
    assert_contains(&expansion, quote!(my::tasks::runtime::Builder));
    assert_contains(
        &expansion,
        quote!(my::tasks::runtime::UnhandledPanic::Ignore),
    );
    assert!(!expansion.contains(&quote!(::runtime::runtime).to_string()));
}

#[test]
fn what_surrounds_the_body_is_kept() {
    let item = quote! {
        /// Documented.
        #[ignore]
        pub(crate) async unsafe fn f<'a>(x: &'a u8) -> Result<&'a u8, Error> where u8: Copy {
            #![allow(unused)]
            work(x).await?;
            Ok(x)
        }
    };
    let expansion = expansion(Entry::Main, quote!(), item);
    assert_contains(
        &expansion,
        quote! {
            /// Documented.
            #[ignore]
            #[allow(unused)]
            pub(crate) unsafe fn f<'a>(x: &'a u8) -> Result<&'a u8, Error> where u8: Copy
        },
    );
    assert_contains(
        &expansion,
        quote!({
            work(x).await?;
            Ok(x)
        }),
    );
}

#[test]
fn only_a_test_is_marked_as_one_behind_its_attributes() {
    let item = quote!(
        #[should_panic]
        async fn f() {}
    );
    let test = expansion(Entry::Test, quote!(), item.clone());
    assert_contains(
        &test,
        quote!(#[should_panic] #[::core::prelude::v1::test] fn f()),
    );
    let main = expansion(Entry::Main, quote!(), item);
    assert_contains(&main, quote!(#[should_panic] fn f()));
}

#[test]
fn a_body_that_the_parser_does_not_know_passes() {
    let body = quote!({ syntax of tomorrow => ; @ ~ ; });
    let expansion = expand(
        Entry::Main,
        Package::Runtime,
        quote!(),
        quote!(async fn f() #body),
    )
    .to_string();
    assert_contains(&expansion, body);
    assert_eq!(errors(&expansion), 0);
}

#[test]
fn every_wrong_argument_is_reported_and_the_function_is_still_there() {
    let args = quote!(
        flavour = "local",
        worker_threads = 0,
        start_paused = 1,
        name = "api"
    );
    let expansion = expansion(
        Entry::Main,
        args,
        quote!(
            async fn f() {
                body()
            }
        ),
    );
    assert_eq!(errors(&expansion), 3, "{expansion}");
    assert_contains(&expansion, quote!({ body() }));
    assert_contains(&expansion, quote!(.name("api")));
}

#[test]
fn a_wrong_main_is_replaced_but_its_body_stays_for_the_compiler_to_see() {
    for wrong in [
        quote!(
            fn main() {
                body()
            }
        ),
        quote!(
            async fn main(x: u8) {
                body()
            }
        ),
        quote!(
            async fn main<T>() {
                body()
            }
        ),
    ] {
        let expansion = expansion(Entry::Main, quote!(), wrong);
        assert_eq!(errors(&expansion), 1, "{expansion}");
        assert_contains(&expansion, quote!({ body() }));
        assert_contains(
            &expansion,
            quote!(
                fn main() {}
            ),
        );
    }
}

#[test]
fn a_wrong_test_is_not_run() {
    for wrong in [
        quote!(
            fn f() {}
        ),
        quote!(
            async fn f(x: u8) {}
        ),
        quote!(
            async fn f<T>() {}
        ),
        quote!(
            #[test]
            async fn f() {}
        ),
        quote!(
            #[::core::prelude::v1::test]
            fn f() {}
        ),
    ] {
        let expansion = expansion(Entry::Test, quote!(), wrong);
        assert_eq!(errors(&expansion), 1, "{expansion}");
        assert!(
            !expansion.contains(&quote!(#[test]).to_string()),
            "{expansion}"
        );
        assert!(
            !expansion.contains(&quote!(prelude::v1::test).to_string()),
            "{expansion}"
        );
    }
}

#[test]
fn a_test_may_have_lifetimes() {
    let expansion = expansion(
        Entry::Test,
        quote!(),
        quote!(
            async fn f<'a>() {}
        ),
    );
    assert_eq!(errors(&expansion), 0, "{expansion}");
}

#[test]
fn attributes_of_other_test_tools_are_left_alone() {
    let item = quote!(
        #[googletest::test]
        #[test_case(1)]
        async fn f() {}
    );
    let expansion = expansion(Entry::Test, quote!(), item);
    assert_eq!(errors(&expansion), 0, "{expansion}");
    assert_contains(
        &expansion,
        quote!(#[googletest::test] #[test_case(1)] #[::core::prelude::v1::test]),
    );
}

#[test]
fn another_tool_that_comes_after_may_give_a_test_its_arguments() {
    let item = quote!(
        #[rstest]
        #[case(1)]
        async fn f<T: Ord>(#[case] x: T) {}
    );
    let expansion = expansion(Entry::Test, quote!(), item);
    assert_eq!(errors(&expansion), 0, "{expansion}");
    assert_contains(
        &expansion,
        quote!(#[::core::prelude::v1::test] fn f<T: Ord>(#[case] x: T)),
    );
    let nobody_gives_them = quote!(
        #[should_panic]
        #[doc = "A test."]
        async fn f(x: u8) {}
    );
    let refusal = super::expand(Entry::Test, Package::Tokio, quote!(), nobody_gives_them);
    assert_eq!(errors(&refusal.to_string()), 1, "{refusal}");
}

#[test]
fn arguments_refuse_a_flavor_that_does_not_know_them() {
    for (entry, args) in [
        (Entry::Test, quote!(worker_threads = 2)),
        (Entry::Main, quote!(flavor = "local", worker_threads = 2)),
        (Entry::Main, quote!(start_paused = false)),
        (Entry::Main, quote!(unhandled_panic = "ignore")),
        (
            Entry::Test,
            quote!(flavor = "multi_thread", start_paused = true),
        ),
    ] {
        let expansion = expansion(
            entry,
            args,
            quote!(
                async fn f() {}
            ),
        );
        assert_eq!(errors(&expansion), 1, "{expansion}");
    }
}

#[test]
fn a_misspelt_flavor_is_the_only_fault_of_the_arguments_that_need_it() {
    let args = quote!(flavor = "multithread", worker_threads = 2);
    let expansion = expansion(
        Entry::Test,
        args,
        quote!(
            async fn f() {}
        ),
    );
    assert_eq!(errors(&expansion), 1, "{expansion}");
}

#[test]
fn what_is_no_function_is_left_as_it_is() {
    let item = quote!(
        struct S;
    );
    let expansion = expansion(Entry::Main, quote!(), item.clone());
    assert_contains(&expansion, item);
    assert_eq!(errors(&expansion), 1);
}
