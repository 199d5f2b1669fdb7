//! From frame to frame over a copied stack.
//!
//! The compiler's tables say, for each instruction, where the frame of its function begins and where the
//! caller's registers are saved. What they lead to is looked up in the copy: a table that is wrong
//! ends the walk early, and nothing else.

use gimli::{
    CfaRule, Register, RegisterRule, UnwindContext, UnwindSection, UnwindTableRow, X86_64,
};

use super::Snapshot;
use super::objects::with_tables;
use super::registers::Registers;

const MOST_FRAMES: usize = 128;

/// One address in each function that was under way, innermost first.
pub(super) fn addresses(snapshot: &Snapshot) -> Vec<usize> {
    let mut registers = snapshot.registers;
    let mut addresses = vec![registers.instruction_pointer()];
    while addresses.len() < MOST_FRAMES {
        let address = addresses[addresses.len() - 1];
        match caller(snapshot, &registers, address) {
            Some(of_caller) => registers = of_caller,
            None => break,
        }
        // The return address may be that of the next function: take one of the call itself.
        match registers.instruction_pointer().checked_sub(1) {
            Some(call) => addresses.push(call),
            None => break,
        }
    }
    addresses
}

/// The registers in the caller, when the function at `address` will have returned.
fn caller(snapshot: &Snapshot, registers: &Registers, address: usize) -> Option<Registers> {
    let mut context = UnwindContext::new();
    with_tables(address, |tables| {
        let row = tables
            .index
            .table()?
            .unwind_info_for_address(
                &tables.frames,
                &tables.bases,
                &mut context,
                address as u64,
                gimli::EhFrame::cie_from_offset,
            )
            .ok()?;
        unwind(snapshot, registers, row)
    })
}

fn unwind(
    snapshot: &Snapshot,
    registers: &Registers,
    row: &UnwindTableRow<usize>,
) -> Option<Registers> {
    let CfaRule::RegisterAndOffset { register, offset } = *row.cfa() else {
        return None;
    };
    let frame = moved(registers.get(register)?, offset)?;
    // Each caller's frame lies above: the walk ends.
    if frame <= registers.stack_pointer() {
        return None;
    }
    registers.of_caller(frame, |register, now| match row.register(register) {
        // A function that nobody has called.
        RegisterRule::Undefined if register == X86_64::RA => None,
        RegisterRule::Undefined | RegisterRule::SameValue => Some(now),
        RegisterRule::Offset(offset) => saved(snapshot, register, moved(frame, offset)?, now),
        RegisterRule::ValOffset(offset) => moved(frame, offset),
        RegisterRule::Register(other) => registers.get(other),
        _ => None,
    })
}

fn moved(address: usize, offset: i64) -> Option<usize> {
    address.checked_add_signed(isize::try_from(offset).ok()?)
}

/// A register that was saved beyond the copy is not known; only the return address must be.
fn saved(snapshot: &Snapshot, register: Register, at: usize, now: usize) -> Option<usize> {
    match snapshot.word_at(at) {
        None if register != X86_64::RA => Some(now),
        word => word,
    }
}
