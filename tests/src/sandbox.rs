//! A sandbox that refuses system calls, as those of container engines do.

use std::io;

use libc::{BPF_ABS, BPF_JEQ, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W, c_long, sock_filter};

/// Refuses these calls of the system to the whole process from now on; each fails with `errno`.
///
/// Only for a test that is [`alone`](crate::alone): there is no way back, but what is refused may be refused again
/// with another error.
///
/// # Panics
///
/// If the system has no such filters.
pub fn refuse(calls: &[c_long], errno: i32) {
    let mut program = vec![op(BPF_LD | BPF_W | BPF_ABS, 0, 0)];
    for &call in calls {
        let call = call.try_into().unwrap();
        program.push(op(BPF_JMP | BPF_JEQ | BPF_K, call, 1));
        program.push(op(
            BPF_RET | BPF_K,
            libc::SECCOMP_RET_ERRNO | errno as u32,
            0,
        ));
    }
    program.push(op(BPF_RET | BPF_K, libc::SECCOMP_RET_ALLOW, 0));
    install(&mut program).unwrap();
}

/// An instruction that skips as many others if it compares and finds a difference.
fn op(code: u32, k: u32, skipped: u8) -> sock_filter {
    sock_filter {
        code: code as u16,
        jt: 0,
        jf: skipped,
        k,
    }
}

fn install(program: &mut [sock_filter]) -> io::Result<()> {
    let filter = libc::sock_fprog {
        len: program.len().try_into().unwrap(),
        filter: program.as_mut_ptr(),
    };
    // SAFETY: the numbers are those that the option takes.
    let sealed = unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) };
    if sealed != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the filter and its program outlive the call, which copies them.
    let installed = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_TSYNC,
            &raw const filter,
        )
    };
    match installed {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
