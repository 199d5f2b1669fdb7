//! What keeps tasks together.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod tracker;
