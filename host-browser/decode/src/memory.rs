//! Memory that goes back to its beginning before each call. Nothing is given back in between: a call is short, and code
//! that gives back every little text would be a third of the module.

#![expect(unsafe_code, reason = "an allocator hands out raw memory")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;

/// A page of WebAssembly memory.
const PAGE: usize = 64 * 1024;

struct Rewinding {
    /// Where the next piece may begin; zero before the first.
    next: Cell<usize>,
}

// SAFETY: the module has no threads.
unsafe impl Sync for Rewinding {}

#[global_allocator]
static MEMORY: Rewinding = Rewinding { next: Cell::new(0) };

unsafe extern "C" {
    /// The linker's: where the memory begins that nothing else uses.
    static __heap_base: u8;
}

/// Gives everything back. The caller holds nothing that an earlier call returned.
pub(crate) fn rewind() {
    MEMORY.next.set(0);
}

/// Makes the memory reach to `end`.
fn reach(end: usize) -> Option<usize> {
    let have = core::arch::wasm32::memory_size(0);
    let need = end.div_ceil(PAGE);
    if need > have && core::arch::wasm32::memory_grow(0, need.checked_sub(have)?) == usize::MAX {
        return None;
    }
    Some(end)
}

impl Rewinding {
    fn take(&self, layout: Layout) -> Option<usize> {
        let from = self.next.get().max(&raw const __heap_base as usize);
        let start = from.checked_next_multiple_of(layout.align())?;
        self.next.set(reach(start.checked_add(layout.size())?)?);
        Some(start)
    }
}

// SAFETY: each piece lies behind the one before it and inside of the memory, and nothing is handed out again before
// `rewind`, whose caller holds nothing any more.
unsafe impl GlobalAlloc for Rewinding {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout).map_or(core::ptr::null_mut(), |start| start as *mut u8)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let start = pointer as usize;
        // The newest piece grows where it is.
        if start.checked_add(layout.size()) == Some(self.next.get()) {
            let Some(end) = start.checked_add(size).and_then(reach) else {
                return core::ptr::null_mut();
            };
            self.next.set(end);
            return pointer;
        }
        // SAFETY: the caller keeps the rules of `alloc` and gives the size of what it holds.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                core::ptr::copy_nonoverlapping(pointer, new, layout.size().min(size));
            }
            new
        }
    }
}
