//! What `#[runtime::main]` and `#[runtime::test]` refuse, with the exact messages, in `ui/macros`.
//!
//! After a change that is meant,
//! `TRYBUILD=overwrite cargo test -p runtime-tests --test macro_errors` writes them anew.

#[test]
fn wrong_uses_of_the_attributes_are_explained_where_they_stand() {
    trybuild::TestCases::new().compile_fail("ui/macros/*.rs");
}
