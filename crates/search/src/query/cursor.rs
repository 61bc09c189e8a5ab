//! One posting list, walked block by block: tantivy's own walk hides the blocks, and a search
//! for one letter passes through hundreds of thousands of documents.

use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, TERMINATED};

/// Documents of a block; the last one is filled up with [`TERMINATED`].
const BLOCK: usize = 128;

/// A position in a posting list.
pub(crate) struct Cursor {
    block: BlockSegmentPostings,
    at: usize,
}

impl Cursor {
    /// The first document of a list that has just been opened.
    pub(crate) fn new(block: BlockSegmentPostings) -> Cursor {
        Cursor { block, at: 0 }
    }

    /// The present document, or [`TERMINATED`].
    #[inline]
    pub(crate) fn doc(&self) -> DocId {
        self.block.doc(self.at)
    }

    /// The code of the term in the present document; 1 where the field has none.
    #[inline]
    pub(crate) fn code(&self) -> u32 {
        self.block.freq(self.at)
    }

    /// Documents in the whole list.
    pub(crate) fn len(&self) -> u32 {
        self.block.doc_freq()
    }

    /// Goes to the next document.
    #[inline]
    pub(crate) fn advance(&mut self) -> DocId {
        if self.at == BLOCK - 1 {
            self.at = 0;
            self.block.advance();
        } else {
            self.at += 1;
        }
        self.doc()
    }

    /// Goes to the first document that is not before `target`.
    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.at = self.block.seek(target);
        }
        self.doc()
    }

    /// Calls `found` with every document from the present one to before `end` and its code, and
    /// moves to the first one after them.
    pub(crate) fn each_before(&mut self, end: DocId, mut found: impl FnMut(DocId, u32)) {
        while self.doc() < end {
            let docs = &self.block.docs()[self.at..];
            let codes = &self.block.freqs()[self.at..];
            for (doc, code) in docs.iter().zip(codes) {
                if *doc >= end {
                    return;
                }
                self.at += 1;
                found(*doc, *code);
            }
            if self.at == BLOCK {
                self.at = 0;
                self.block.advance();
            } else if self.doc() != TERMINATED {
                // A field without codes has fewer of them than documents.
                let (doc, code) = (self.doc(), self.code());
                found(doc, code);
                self.advance();
            }
        }
    }
}
