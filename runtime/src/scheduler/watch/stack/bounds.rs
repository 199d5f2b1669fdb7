//! Where the stack of a thread lies.

use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr;

/// The whole stack of this thread; nothing if the system does not tell.
pub(super) fn of_this_thread() -> Range<usize> {
    let mut attributes = MaybeUninit::uninit();
    let (mut start, mut size) = (ptr::null_mut(), 0);
    // SAFETY: the attributes are used and destroyed only after they were filled.
    let failed = unsafe {
        libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0
            || libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut start, &raw mut size) != 0
            || libc::pthread_attr_destroy(attributes.as_mut_ptr()) != 0
    };
    match failed {
        true => 0..0,
        false => start.addr()..start.addr() + size,
    }
}

#[cfg(test)]
mod tests {
    use super::of_this_thread;

    #[test]
    fn the_stack_is_where_variables_are() {
        let look = || {
            let variable = 0_u8;
            of_this_thread().contains(&(&raw const variable).addr())
        };
        assert!(look());
        assert!(std::thread::spawn(look).join().unwrap());
    }
}
