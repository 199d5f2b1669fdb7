//! A hint to the processor that something will be touched soon.

use std::ptr::NonNull;

/// Starts to fetch what `target` points at into the cache. Only costs time if it is never touched.
#[cfg(all(target_arch = "x86_64", not(miri)))]
#[inline]
pub(crate) fn prefetch<T>(target: NonNull<T>) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: a hint reads nothing, whatever the address, and each x86_64 has the instruction.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(target.as_ptr().cast::<i8>().cast_const()) };
}

/// Elsewhere the language has no such hint yet.
#[cfg(not(all(target_arch = "x86_64", not(miri))))]
#[inline]
pub(crate) fn prefetch<T>(_: NonNull<T>) {}
