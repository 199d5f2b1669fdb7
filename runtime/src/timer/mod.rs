//! A hierarchical timing wheel: inserting and removing cost the same however many timers wait.
//!
//! The wheel is pure: the time is an argument, and there is no clock and no lock inside. It follows
//! Varghese and Lauck, "Hashed and Hierarchical Timing Wheels" (SOSP 1987), scheme 7: eight levels
//! of 64 slots, a slot of level 0 spanning 2^14 ns (16 us) and one of each further level 64 times
//! as much, 146 years in all. An entry lies on the level where its deadline and the present differ,
//! and moves down when the present enters its slot.
//!
//! Slots only say where to look. What is due, and in which order, is decided by comparing deadlines in
//! nanoseconds, and each slot remembers its earliest, so that [`Wheel::next_due`] is exact and a sleeper is not
//! woken merely to move an entry down. (Rounding deadlines up to slots needs no such memory, but
//! then a paused clock cannot jump to the very moment that a sleep was asked for.)

mod due;
mod entry;
mod list;
mod wheel;

#[cfg(all(test, not(runtime_loom)))]
mod tests;

pub(crate) use entry::Entry;
pub(crate) use wheel::Wheel;
