//! `select!`, `join!`, `try_join!` and `pin!`: what they accept, and what they do.
//!
//! A program that allows no warning and no unsafe code may use them.
#![forbid(unsafe_code)]
#![deny(warnings, clippy::all, clippy::pedantic)]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod choice;
mod control_flow;
mod disabled;
mod dropped;
mod grammar;
mod harness;
mod hygiene;
mod join;
mod pin;
mod ported;
mod try_join;
