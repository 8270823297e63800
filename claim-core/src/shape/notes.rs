//! What became of each rule, written down only if somebody asks: words cost more than the shape.

use crate::explanation::Explanation;

pub(super) struct Notes(Option<Vec<Explanation>>);

impl Notes {
    pub(super) const fn asked() -> Self {
        Self(Some(Vec::new()))
    }

    pub(super) const fn unasked() -> Self {
        Self(None)
    }

    pub(super) fn add(&mut self, note: impl FnOnce() -> Explanation) {
        if let Some(notes) = &mut self.0 {
            notes.push(note());
        }
    }

    pub(super) fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Explanation> {
        self.0.iter_mut().flatten()
    }
}

impl From<Notes> for Vec<Explanation> {
    fn from(notes: Notes) -> Self {
        notes.0.unwrap_or_default()
    }
}
