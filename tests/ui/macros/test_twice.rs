#[runtime::test]
#[test]
async fn the_language_s_own() {}

#[runtime::test]
#[std::prelude::v1::test]
async fn from_the_prelude() {}

#[runtime::test]
#[runtime::test]
async fn two_of_ours() {}

fn main() {}
