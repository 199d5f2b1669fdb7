//! The code that is loaded, with its tables for unwinding.

use std::ffi::{c_int, c_void};
use std::ops::Range;
use std::ptr;
use std::slice;

use gimli::{BaseAddresses, EhFrame, EhFrameHdr, EndianSlice, NativeEndian, Pointer};

type Bytes<'a> = EndianSlice<'a, NativeEndian>;

/// The tables of one program or library, as the loader has mapped it.
pub(super) struct Tables<'a> {
    pub(super) index: gimli::ParsedEhFrameHdr<Bytes<'a>>,
    pub(super) frames: EhFrame<Bytes<'a>>,
    pub(super) bases: BaseAddresses,
}

/// Calls `f` with the tables of the code at `address`, which stay loaded meanwhile.
pub(super) fn with_tables<R, F>(address: usize, f: F) -> Option<R>
where
    F: FnOnce(&Tables<'_>) -> Option<R>,
{
    let mut search = Search {
        address,
        f: Some(f),
        found: None,
    };
    // SAFETY: the callback takes a `Search` of these types, and is only called before this returns.
    unsafe { libc::dl_iterate_phdr(Some(visit::<R, F>), (&raw mut search).cast()) };
    search.found
}

struct Search<R, F> {
    address: usize,
    f: Option<F>,
    found: Option<R>,
}

/// Called for each object, under the loader's lock; one that returns other than zero is the last.
unsafe extern "C" fn visit<R, F>(
    object: *mut libc::dl_phdr_info,
    _size: usize,
    search: *mut c_void,
) -> c_int
where
    F: FnOnce(&Tables<'_>) -> Option<R>,
{
    // SAFETY: the loader's, valid for this call.
    let object = unsafe { &*object };
    // SAFETY: what with_tables() has passed on.
    let search = unsafe { &mut *search.cast::<Search<R, F>>() };
    let segments = Segments::of(object);
    if segments.loaded(search.address).is_none() {
        return 0;
    }
    if let (Some(f), Some(tables)) = (search.f.take(), segments.tables()) {
        search.found = f(&tables);
    }
    1
}

/// The parts of a loaded object.
struct Segments<'a> {
    base: usize,
    headers: &'a [libc::Elf64_Phdr],
}

impl<'a> Segments<'a> {
    fn of(object: &'a libc::dl_phdr_info) -> Self {
        let headers = match object.dlpi_phdr.is_null() {
            true => &[],
            // SAFETY: the loader says that there are so many.
            false => unsafe {
                slice::from_raw_parts(object.dlpi_phdr, usize::from(object.dlpi_phnum))
            },
        };
        Segments {
            base: object.dlpi_addr as usize,
            headers,
        }
    }

    fn range(&self, header: &libc::Elf64_Phdr) -> Range<usize> {
        let start = self.base.wrapping_add(header.p_vaddr as usize);
        start..start.wrapping_add(header.p_memsz as usize)
    }

    /// The loaded segment that contains an address.
    fn loaded(&self, address: usize) -> Option<Range<usize>> {
        let loaded = |header: &&libc::Elf64_Phdr| header.p_type == libc::PT_LOAD;
        self.headers
            .iter()
            .filter(loaded)
            .map(|header| self.range(header))
            .find(|range| range.contains(&address))
    }

    fn tables(&self) -> Option<Tables<'a>> {
        let is_index = |header: &&libc::Elf64_Phdr| header.p_type == libc::PT_GNU_EH_FRAME;
        let index_range = self.range(self.headers.iter().find(is_index)?);
        let bases = BaseAddresses::default().set_eh_frame_hdr(index_range.start as u64);
        let index = EhFrameHdr::new(self.bytes(&index_range)?, NativeEndian);
        let index = index.parse(&bases, size_of::<usize>() as u8).ok()?;
        let Pointer::Direct(frames) = index.eh_frame_ptr() else {
            return None;
        };
        // Their end is not told; it is in the same segment.
        let frames_range = frames as usize..self.loaded(frames as usize)?.end;
        Some(Tables {
            index,
            frames: EhFrame::new(self.bytes(&frames_range)?, NativeEndian),
            bases: bases.set_eh_frame(frames),
        })
    }

    /// The bytes of a range that lies in one loaded segment.
    fn bytes(&self, range: &Range<usize>) -> Option<&'a [u8]> {
        let is_loaded = range.end <= self.loaded(range.start)?.end;
        let start = ptr::with_exposed_provenance(range.start);
        // SAFETY: a loaded segment is readable and constant where it holds tables, and stays as long as the
        // loader's lock is held: for 'a.
        is_loaded.then(|| unsafe { slice::from_raw_parts(start, range.len()) })
    }
}
