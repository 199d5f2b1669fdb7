//! What the macros refuse, with the exact messages: `#[runtime::main]` and `#[runtime::test]` in
//! `ui/macros`, `select!`, `join!`, `try_join!` and `pin!` in `ui/select`.
//!
//! After a change that is meant,
//! `TRYBUILD=overwrite cargo test -p runtime-tests --test macro_errors` writes them anew.

#[test]
fn wrong_uses_of_the_attributes_are_explained_where_they_stand() {
    trybuild::TestCases::new().compile_fail("ui/macros/*.rs");
}

#[test]
fn wrong_uses_of_the_combinators_are_explained_where_they_stand() {
    trybuild::TestCases::new().compile_fail("ui/select/*.rs");
}
