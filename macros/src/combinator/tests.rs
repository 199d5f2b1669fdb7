//! What the combinators expand to, and where one part of a `select!` ends and the next begins.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::branches::Select;
use super::{Combinator, expand};

const ALL: [Combinator; 3] = [Combinator::Select, Combinator::Join, Combinator::TryJoin];

/// The expansion of a call in a crate that goes by the name of `ours`; it is checked to be an
/// expression.
fn expansion(combinator: Combinator, call: TokenStream) -> String {
    let tokens = expand(combinator, quote!(ours; #call));
    syn::parse2::<syn::Expr>(tokens.clone()).expect("an expansion is an expression");
    tokens.to_string()
}

#[track_caller]
fn assert_contains(expansion: &str, expected: TokenStream) {
    let expected = expected.to_string();
    assert!(
        expansion.contains(&expected),
        "no `{expected}` in `{expansion}`"
    );
}

/// The branches of a call, each as `pattern = future, if guard => handler`, and `else`.
fn parts(call: TokenStream) -> Vec<String> {
    let Select {
        branches,
        otherwise,
        ..
    } = syn::parse2(call).unwrap_or_else(|error| panic!("{error}"));
    let branches = branches.iter().map(|branch| {
        let (pattern, future) = (&branch.pattern, &branch.future);
        let guard = branch.guard.iter();
        let handler = &branch.handler;
        quote!(#pattern = #future #(, if #guard)* => #handler)
    });
    let otherwise = otherwise.iter().map(|handler| quote!(else => #handler));
    branches
        .chain(otherwise)
        .map(|part| part.to_string())
        .collect()
}

#[track_caller]
fn assert_parts<const PARTS: usize>(call: TokenStream, expected: [TokenStream; PARTS]) {
    assert_eq!(parts(call), expected.map(|part| part.to_string()));
}

#[test]
fn every_path_leads_through_the_crate_that_was_given() {
    let calls = [quote!(x = f() => x), quote!(f(), g()), quote!(f(), g())];
    for (combinator, call) in ALL.into_iter().zip(calls) {
        let expansion = expansion(combinator, call);
        assert_contains(&expansion, quote!(ours::macros::));
        assert!(!expansion.contains("runtime"), "{expansion}");
    }
}

#[test]
fn biased_settles_the_order() {
    let biased = quote!(ours::macros::InOrder::<2>);
    let select = quote!(x = f() => x, y = g() => y);
    let join = quote!(f(), g());
    let random = expansion(Combinator::Select, select.clone());
    assert_contains(&random, quote!(ours::macros::AtRandom::<2>));
    assert_contains(
        &expansion(Combinator::Select, quote!(biased; #select)),
        biased.clone(),
    );
    for combinator in [Combinator::Join, Combinator::TryJoin] {
        let rotating = expansion(combinator, join.clone());
        assert_contains(&rotating, quote!(ours::macros::InTurn::<2>::new()));
        assert_contains(
            &expansion(combinator, quote!(biased; #join)),
            biased.clone(),
        );
    }
}

#[test]
fn only_else_needs_no_await() {
    assert_eq!(
        expansion(Combinator::Select, quote!(else => { 1 })),
        "{ 1 }"
    );
    assert_eq!(
        expansion(Combinator::Select, quote!(biased; else => 1,)),
        "{ 1 }"
    );
}

#[test]
fn a_block_ends_its_handler_and_an_expression_ends_at_a_comma() {
    assert_parts(
        quote! {
            a = f(), if x => { a }
            _ = g() => { (); },
            (b, c) = h() => |b, c| b, else => match d { _ => 1 }
        },
        [
            quote!(a = f(), if x => { a }),
            quote!(_ = g() => { (); }),
            quote!((b, c) = h() => |b, c| b),
            quote!(else => match d { _ => 1 }),
        ],
    );
}

#[test]
fn patterns_futures_and_guards_end_where_the_compiler_ends_them() {
    assert_parts(
        quote! {
            Some(a) | Err(a) = if b == c { f::<A, B>() } else { g() }, if a >= b && d => (),
            | 1..=9 = async move { x = y; z } => a = b,
        },
        [
            quote!(Some(a) | Err(a) = if b == c { f::<A, B>() } else { g() }, if a >= b && d => ()),
            quote!(| 1..=9 = async move { x = y; z } => a = b),
        ],
    );
}

#[test]
fn what_is_wrong_within_a_block_is_left_to_the_compiler() {
    assert_parts(
        quote!(a = f() => { let = ; }),
        [quote!(a = f() => { let = ; })],
    );
}

#[test]
fn a_fault_is_one_compile_error() {
    let calls = [quote!(x = f()), quote!(f() g()), quote!(biased f())];
    for (combinator, call) in ALL.into_iter().zip(calls) {
        let expansion = expansion(combinator, call.to_token_stream());
        assert!(expansion.starts_with(":: core :: compile_error"));
        assert_eq!(expansion.matches("compile_error").count(), 1);
    }
}
