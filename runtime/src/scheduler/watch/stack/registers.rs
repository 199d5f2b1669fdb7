//! The registers of an interrupted thread, by their DWARF numbers.

use gimli::{Register, X86_64};

/// What the walk needs: sixteen general registers, then the instruction pointer in the place of the
/// return address.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Registers([usize; COUNT]);

const COUNT: usize = 17;

/// The system's names of the registers, in the order of their DWARF numbers.
const SAVED_AS: [i32; COUNT] = [
    libc::REG_RAX,
    libc::REG_RDX,
    libc::REG_RCX,
    libc::REG_RBX,
    libc::REG_RSI,
    libc::REG_RDI,
    libc::REG_RBP,
    libc::REG_RSP,
    libc::REG_R8,
    libc::REG_R9,
    libc::REG_R10,
    libc::REG_R11,
    libc::REG_R12,
    libc::REG_R13,
    libc::REG_R14,
    libc::REG_R15,
    libc::REG_RIP,
];

impl Registers {
    /// Those that the system has saved to run a signal handler.
    pub(super) fn interrupted(context: &libc::ucontext_t) -> Self {
        let saved = &context.uc_mcontext.gregs;
        Registers(SAVED_AS.map(|name| saved[name as usize] as usize))
    }

    pub(super) fn stack_pointer(&self) -> usize {
        self.0[X86_64::RSP.0 as usize]
    }

    pub(super) fn instruction_pointer(&self) -> usize {
        self.0[X86_64::RA.0 as usize]
    }

    pub(super) fn get(&self, register: Register) -> Option<usize> {
        self.0.get(usize::from(register.0)).copied()
    }

    /// The registers of the caller, whose frame begins at `frame`: each as `of` finds it.
    pub(super) fn of_caller(
        &self,
        frame: usize,
        of: impl Fn(Register, usize) -> Option<usize>,
    ) -> Option<Self> {
        let mut caller = Registers::default();
        for (number, register) in (0..).zip(&mut caller.0) {
            *register = of(Register(number), self.0[usize::from(number)])?;
        }
        caller.0[X86_64::RSP.0 as usize] = frame;
        Some(caller)
    }
}
