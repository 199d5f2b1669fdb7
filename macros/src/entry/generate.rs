//! Writes the function that takes the place of the user's.
//!
//! ```text
//! fn main() -> Output {
//!     let never = None;
//!     if let Some(output) = never { return output; }
//!     let body = async {
//!         if let Some(output) = never { return output; }
//!         { /* the user's body */ }
//!     };
//!     let runtime = ::runtime::runtime::Builder::new_multi_thread().enable_all().build().expect("..");
//!     runtime.block_on(body)
//! }
//! ```
//!
//! A function knows the type of its value beforehand, while an `async` block takes the type of the
//! first value it is left with. `never` carries the type from the one to the other, also where it
//! has no name that could be repeated, as `impl Trait`; only `!` does without. So the compiler
//! converts and infers in the body as in an `async fn`, and reports a wrong value where it stands.
//!
//! Generated names are invisible to the user's code ([`Span::mixed_site`]). Generated tokens show
//! the place that an error about them would concern: the return type, or the last statement.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::args::Args;
use super::function::{Function, marks_a_test};
use super::value::{Flavor, UnhandledPanic};
use super::{Entry, Package};

/// The function as a synchronous one that runs on a runtime as `args` describe it.
pub(super) fn blocking(
    entry: Entry,
    package: Package,
    args: &Args,
    mut function: Function,
) -> TokenStream {
    function.signature.asyncness = None;
    let last_statement = generated_at(function.last_statement_span());
    let test = (entry == Entry::Test).then(|| quote!(#[::core::prelude::v1::test]));
    let body = body(entry, &function);
    let runtime = runtime(entry, package, args, last_statement);
    let block_on = quote_spanned!(last_statement=> runtime.block_on(body));
    let Function {
        attributes,
        visibility,
        signature,
        ..
    } = function;
    quote! {
        #(#attributes)*
        #test
        #visibility #signature {
            #body
            #runtime
            #block_on
        }
    }
}

/// The function as it was, but for its part as a test or as the entry of the program, to keep the
/// compiler from adding to our error.
pub(super) fn unchanged(entry: Entry, function: &Function) -> TokenStream {
    let Function {
        attributes,
        visibility,
        signature,
        body,
    } = function;
    let attributes = attributes
        .iter()
        .filter(|attribute| !marks_a_test(attribute));
    let unchanged = quote!(#[allow(dead_code)] #(#attributes)* #visibility #signature #body);
    if entry == Entry::Main && function.is_called_main() {
        let name = &signature.ident;
        quote! {
            const _: () = { #unchanged };
            #visibility fn #name() {}
        }
    } else {
        unchanged
    }
}

/// `let body = ..`, the future that runs the user's code.
fn body(entry: Entry, function: &Function) -> TokenStream {
    let body = &function.body;
    let span = generated_at(function.output_span());
    if function.never_returns() {
        return quote_spanned!(span=> let body = async #body;);
    }
    let typed = quote_spanned! {span=>
        if let ::core::option::Option::Some(output) = never {
            return output;
        }
    };
    let body = quote_spanned!(span=> async { #typed #body });
    let body = match entry {
        Entry::Main => quote_spanned!(span=> let body = #body;),
        // `block_on` is compiled anew for each type of future; tests that return
        // the same share this one.
        Entry::Test => quote_spanned! {span=>
            let body: ::core::pin::Pin<&mut dyn ::core::future::Future<Output = _>> =
                ::core::pin::pin!(#body);
        },
    };
    quote_spanned! {span=>
        let never = ::core::option::Option::None;
        #typed
        #body
    }
}

/// `let runtime = ..`, built as `args` ask for.
fn runtime(entry: Entry, package: Package, args: &Args, span: Span) -> TokenStream {
    let krate = match (&args.krate, package) {
        (Some(given), _) => given.value.to_token_stream(),
        (None, Package::Runtime) => quote_spanned!(span=> ::runtime),
        // As in tokio, whatever has that name where the attribute stands: it may come through another crate.
        (None, Package::Tokio) => quote_spanned!(span=> tokio),
    };
    let (new, build) = match args.flavor(entry) {
        Flavor::MultiThread => (quote!(new_multi_thread), quote!(build())),
        Flavor::CurrentThread => (quote!(new_current_thread), quote!(build())),
        Flavor::Local => (
            quote!(new_current_thread),
            quote!(build_local(::core::default::Default::default())),
        ),
    };
    let settings = settings(args, &krate);
    quote_spanned! {span=>
        let runtime = #krate::runtime::Builder::#new()
            .enable_all()
            #settings
            .#build
            .expect("failed to build the runtime");
    }
}

/// The calls on the builder, one for each argument that was given.
fn settings(args: &Args, krate: &TokenStream) -> TokenStream {
    let worker_threads = args.worker_threads.iter().map(|given| given.value);
    let start_paused = args.start_paused.iter().map(|given| given.value);
    let name = args.name.iter().map(|given| &given.value);
    let unhandled_panic = args.unhandled_panic.iter().map(|given| match given.value {
        UnhandledPanic::Ignore => quote!(Ignore),
        UnhandledPanic::ShutdownRuntime => quote!(ShutdownRuntime),
    });
    quote! {
        #(.worker_threads(#worker_threads))*
        #(.start_paused(#start_paused))*
        #(.name(#name))*
        #(.unhandled_panic(#krate::runtime::UnhandledPanic::#unhandled_panic))*
    }
}

/// A span for generated tokens that are shown at `place`.
fn generated_at(place: Span) -> Span {
    Span::mixed_site().located_at(place)
}
