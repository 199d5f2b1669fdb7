use std::fmt;
use std::mem::MaybeUninit;

/// A buffer that is filled from the front, and need not be initialised.
///
/// Its bytes are of three kinds, in this order: *filled* ones, which a reader has put there; *initialised* ones, whose
/// values mean nothing; and those that nobody has written to yet. A buffer that is read into again and again is so
/// initialised at most once.
///
/// ```text
/// [             capacity              ]
/// [ filled |         unfilled         ]
/// [    initialized    | uninitialized ]
/// ```
///
/// # Examples
///
/// ```
/// use runtime::io::ReadBuf;
///
/// let mut memory = [0; 8];
/// let mut buf = ReadBuf::new(&mut memory);
/// buf.put_slice(b"hello");
/// assert_eq!((buf.filled(), buf.remaining()), (&b"hello"[..], 3));
/// ```
pub struct ReadBuf<'a> {
    bytes: &'a mut [MaybeUninit<u8>],
    /// At most `initialized`.
    filled: usize,
    /// So many of the first bytes are initialised.
    initialized: usize,
}

impl<'a> ReadBuf<'a> {
    /// Makes one of memory that is initialised, with nothing in it.
    pub fn new(buf: &'a mut [u8]) -> ReadBuf<'a> {
        let initialized = buf.len();
        // SAFETY: the layouts agree, and no byte that is written through the result becomes uninitialised: the safe
        // methods write bytes, and callers of the unsafe ones promise it.
        let bytes = unsafe { &mut *(std::ptr::from_mut(buf) as *mut [MaybeUninit<u8>]) };
        ReadBuf {
            bytes,
            filled: 0,
            initialized,
        }
    }

    /// Makes one of memory that need not be initialised, with nothing in it.
    pub fn uninit(buf: &'a mut [MaybeUninit<u8>]) -> ReadBuf<'a> {
        ReadBuf {
            bytes: buf,
            filled: 0,
            initialized: 0,
        }
    }

    /// How many bytes there is room for in all.
    #[inline]
    pub fn capacity(&self) -> usize {
        self.bytes.len()
    }

    /// How many more bytes can be filled.
    #[inline]
    pub fn remaining(&self) -> usize {
        self.capacity() - self.filled
    }

    /// The filled bytes.
    #[inline]
    pub fn filled(&self) -> &[u8] {
        self.first(self.filled)
    }

    /// The filled bytes, to be changed.
    #[inline]
    pub fn filled_mut(&mut self) -> &mut [u8] {
        self.first_mut(self.filled)
    }

    /// The initialised bytes, the filled ones included.
    #[inline]
    pub fn initialized(&self) -> &[u8] {
        self.first(self.initialized)
    }

    /// The initialised bytes, the filled ones included, to be changed.
    #[inline]
    pub fn initialized_mut(&mut self) -> &mut [u8] {
        self.first_mut(self.initialized)
    }

    /// `len` is at most `initialized`.
    #[inline]
    fn first(&self, len: usize) -> &[u8] {
        let first = &self.bytes[..len];
        // SAFETY: the first `initialized` bytes are initialised.
        unsafe { &*(std::ptr::from_ref(first) as *const [u8]) }
    }

    #[inline]
    fn first_mut(&mut self, len: usize) -> &mut [u8] {
        let first = &mut self.bytes[..len];
        // SAFETY: as in first().
        unsafe { &mut *(std::ptr::from_mut(first) as *mut [u8]) }
    }

    /// A buffer of the first `n` unfilled bytes, or of all if there are fewer. What is filled there must be
    /// told to this one by [`assume_init`](Self::assume_init), if that is needed, and [`advance`](Self::advance).
    pub fn take(&mut self, n: usize) -> ReadBuf<'_> {
        let end = self.filled + self.remaining().min(n);
        let initialized = self.initialized.min(end) - self.filled;
        ReadBuf {
            bytes: &mut self.bytes[self.filled..end],
            filled: 0,
            initialized,
        }
    }

    /// All of the memory.
    ///
    /// # Safety
    ///
    /// The caller must not make bytes uninitialised that were initialised.
    #[inline]
    pub unsafe fn inner_mut(&mut self) -> &mut [MaybeUninit<u8>] {
        self.bytes
    }

    /// The unfilled memory.
    ///
    /// # Safety
    ///
    /// The caller must not make bytes uninitialised that were initialised.
    #[inline]
    pub unsafe fn unfilled_mut(&mut self) -> &mut [MaybeUninit<u8>] {
        &mut self.bytes[self.filled..]
    }

    /// The unfilled bytes, which are set to zero where they are not initialised.
    #[inline]
    pub fn initialize_unfilled(&mut self) -> &mut [u8] {
        self.initialize_unfilled_to(self.remaining())
    }

    /// The first `n` unfilled bytes, which are set to zero where they are not initialised.
    ///
    /// # Panics
    ///
    /// If fewer than `n` bytes remain.
    #[inline]
    #[track_caller]
    pub fn initialize_unfilled_to(&mut self, n: usize) -> &mut [u8] {
        assert!(
            n <= self.remaining(),
            "there are {} bytes left to fill, not {n}",
            self.remaining()
        );
        let end = self.filled + n;
        if self.initialized < end {
            self.bytes[self.initialized..end].fill(MaybeUninit::new(0));
            self.initialized = end;
        }
        let filled = self.filled;
        &mut self.first_mut(end)[filled..]
    }

    /// Forgets what is filled. The bytes stay initialised.
    #[inline]
    pub fn clear(&mut self) {
        self.filled = 0;
    }

    /// Makes the next `n` bytes filled ones.
    ///
    /// # Panics
    ///
    /// If fewer than `n` unfilled bytes are initialised.
    #[inline]
    #[track_caller]
    pub fn advance(&mut self, n: usize) {
        self.set_filled(self.filled.saturating_add(n));
    }

    /// Makes the first `n` bytes the filled ones.
    ///
    /// # Panics
    ///
    /// If fewer than `n` bytes are initialised.
    #[inline]
    #[track_caller]
    pub fn set_filled(&mut self, n: usize) {
        assert!(
            n <= self.initialized,
            "filled must be initialized: {n} bytes of {}",
            self.initialized
        );
        self.filled = n;
    }

    /// Says that the first `n` unfilled bytes are initialised.
    ///
    /// # Safety
    ///
    /// They are.
    #[inline]
    pub unsafe fn assume_init(&mut self, n: usize) {
        self.initialized = self.initialized.max(self.filled + n);
    }

    /// Appends `buf`.
    ///
    /// # Panics
    ///
    /// If fewer bytes remain than it has.
    #[inline]
    #[track_caller]
    pub fn put_slice(&mut self, buf: &[u8]) {
        assert!(
            buf.len() <= self.remaining(),
            "there are {} bytes left to fill, not {}",
            self.remaining(),
            buf.len()
        );
        let end = self.filled + buf.len();
        // SAFETY: what is initialised may be seen as what need not be.
        let bytes = unsafe { &*(std::ptr::from_ref(buf) as *const [MaybeUninit<u8>]) };
        self.bytes[self.filled..end].copy_from_slice(bytes);
        self.initialized = self.initialized.max(end);
        self.filled = end;
    }
}

#[cfg(feature = "bytes")]
// SAFETY: the unfilled memory is handed out as it is, and what is said to be filled is noted as initialised.
unsafe impl bytes::BufMut for ReadBuf<'_> {
    fn remaining_mut(&self) -> usize {
        self.remaining()
    }

    unsafe fn advance_mut(&mut self, n: usize) {
        // SAFETY: the caller promises it.
        unsafe { self.assume_init(n) };
        self.advance(n);
    }

    fn chunk_mut(&mut self) -> &mut bytes::buf::UninitSlice {
        let filled = self.filled;
        bytes::buf::UninitSlice::uninit(&mut self.bytes[filled..])
    }
}

impl fmt::Debug for ReadBuf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadBuf")
            .field("filled", &self.filled)
            .field("initialized", &self.initialized)
            .field("capacity", &self.capacity())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::mem::MaybeUninit;

    use super::ReadBuf;

    #[test]
    fn bytes_are_initialised_once() {
        let mut memory = [MaybeUninit::uninit(); 4];
        let mut buf = ReadBuf::uninit(&mut memory);
        buf.initialize_unfilled_to(2).copy_from_slice(b"ab");
        assert_eq!((buf.filled(), buf.initialized()), (&b""[..], &b"ab"[..]));
        buf.advance(1);
        assert_eq!(buf.initialize_unfilled(), b"b\0\0");
        buf.put_slice(b"x");
        assert_eq!((buf.filled(), buf.remaining()), (&b"ax"[..], 2));
        buf.clear();
        assert_eq!(buf.initialized(), b"ax\0\0");
    }

    #[test]
    fn a_part_is_read_into_apart() {
        let mut memory = [MaybeUninit::uninit(); 4];
        let mut buf = ReadBuf::uninit(&mut memory);
        buf.put_slice(b"a");
        let mut part = buf.take(2);
        assert_eq!((part.capacity(), part.initialized().len()), (2, 0));
        part.put_slice(b"bc");
        // SAFETY: both bytes were put there.
        unsafe { buf.assume_init(2) };
        buf.advance(2);
        assert_eq!(buf.filled(), b"abc");
        assert_eq!(buf.take(9).capacity(), 1);
    }

    #[test]
    #[should_panic(expected = "filled must be initialized")]
    fn what_is_not_initialised_cannot_be_filled() {
        let mut memory = [MaybeUninit::uninit(); 4];
        ReadBuf::uninit(&mut memory).advance(1);
    }

    #[test]
    #[should_panic(expected = "there are 4 bytes left to fill, not 5")]
    fn more_than_there_is_room_for_is_refused() {
        ReadBuf::new(&mut [0; 4]).put_slice(b"hello");
    }
}
