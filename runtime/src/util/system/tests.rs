use std::io::{IoSlice, Write};
use std::os::unix::net::UnixStream;

use super::bytes::{read, write, write_parts};
use super::readiness::{Look, look};
use super::*;

fn pair() -> (UnixStream, UnixStream) {
    UnixStream::pair().expect("a descriptor is left")
}

#[test]
fn what_is_written_in_parts_is_read_in_a_row() {
    let (ours, theirs) = pair();
    let parts = [b"one ", b"two "].map(|part| IoSlice::new(part));
    assert_eq!(write_parts(&ours, &parts).unwrap(), 8);
    assert_eq!(write(&ours, b"three").unwrap(), 5);
    let mut buf = [0; 16];
    assert_eq!(read(&theirs, &mut buf).unwrap(), 13);
    assert_eq!(&buf[..13], b"one two three");
}

#[test]
fn a_failed_call_answers_with_the_error_of_the_system() {
    let (ours, _theirs) = pair();
    ours.set_nonblocking(true).unwrap();
    let error = read(&ours, &mut [0; 4]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
}

#[test]
fn a_look_finds_what_it_is_for_and_does_not_wait() {
    let (ours, mut theirs) = pair();
    assert_eq!(look(&mut [Look::for_reading(&ours)]).unwrap(), 0);

    theirs.write_all(b"x").unwrap();
    let mut looks = [Look::for_reading(&theirs), Look::for_reading(&ours)];
    assert_eq!(look(&mut looks).unwrap(), 1);
    assert_eq!(looks.map(|look| look.has_found()), [false, true]);

    let mut looks = [Look::for_writing(&ours)];
    assert_eq!(look(&mut looks).unwrap(), 1);
    assert!(looks[0].has_found());
}

#[test]
fn a_hang_up_alone_is_nothing_to_write_to() {
    let (receiver, sender) = std::io::pipe().expect("a descriptor is left");
    drop(receiver);
    let mut looks = [Look::for_reading(&sender)];
    // The system tells of the error without being asked.
    assert_eq!(look(&mut looks).unwrap(), 1);
    assert!(!looks[0].has_found());
}

#[test]
fn an_interrupted_call_is_tried_again() {
    let mut interruptions = 3;
    let result = uninterrupted(|| {
        if interruptions == 0 {
            return Ok("done");
        }
        interruptions -= 1;
        Err(io::ErrorKind::Interrupted.into())
    });
    assert_eq!(result.unwrap(), "done");
}

#[cfg(feature = "net")]
#[test]
fn pipes_are_told_from_other_descriptors_and_their_flags_can_be_set() {
    use std::os::fd::AsFd;

    use super::pipes::{flags, is_pipe, set_flags};

    let (receiver, _sender) = std::io::pipe().expect("a descriptor is left");
    let (socket, _theirs) = pair();
    assert!(is_pipe(receiver.as_fd()).unwrap());
    assert!(!is_pipe(socket.as_fd()).unwrap());

    let before = flags(receiver.as_fd()).unwrap();
    assert_eq!(before & libc::O_ACCMODE, libc::O_RDONLY);
    set_flags(receiver.as_fd(), before | libc::O_NONBLOCK).unwrap();
    assert_eq!(flags(receiver.as_fd()).unwrap(), before | libc::O_NONBLOCK);
}
