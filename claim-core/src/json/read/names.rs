//! Whether an object names something twice.

use alloc::borrow::Cow;
use alloc::collections::BinaryHeap;

use super::{ReadError, ReadErrorKind};

/// The names of an object, with their places. A heap, because a megabyte holds a hundred thousand of them, and because
/// its code is a fraction of a tree's.
#[derive(Default)]
pub(super) struct Names<'a>(BinaryHeap<(Cow<'a, str>, usize)>);

impl<'a> Names<'a> {
    pub(super) fn add(&mut self, name: Cow<'a, str>, at: usize) {
        self.0.push((name, at));
    }

    pub(super) fn unique(self) -> Result<(), ReadError> {
        let names = self.0.into_sorted_vec();
        let twice = names.iter().zip(names.iter().skip(1)).filter(|((one, _), (other, _))| one == other);
        match twice.map(|(_, (_, at))| *at).min() {
            Some(offset) => Err(ReadError { kind: ReadErrorKind::DuplicateMember, offset }),
            None => Ok(()),
        }
    }
}
