//! Looking up by number: from the look-up memory, else from a snapshot. It does not know what is in
//! a rendering.

use crate::BookError;
use crate::local::memory::numbers::Owners;
use crate::local::memory::rendering::{Form, Origin, Rendering, Renderings};
use crate::local::snapshot::Snapshot;
use crate::local::state::Inner;
use crate::spelling::{internal_numbers, try_readings};
use carnet_model::limits::LOOKUP_CONTACTS_MAX;
use carnet_model::{Contact, ContactNo};
use carnet_phone::{E164, Region, equivalents, strict_e164};
use carnet_storage::Readable;
use std::iter;

impl Inner {
    /// The answers about the contacts with this number: from the render cache, and for the others
    /// what `make` makes, which is then kept.
    pub(crate) fn renderings(
        &self,
        number: E164,
        form: Form,
        make: impl Fn(&Snapshot, &Contact) -> Result<Rendering, BookError>,
        into: &mut Renderings,
    ) -> Result<(), BookError> {
        let answered = self.memory.read(|numbers| {
            into.clear();
            match numbers.find(number) {
                Owners::Nobody => Ok(()),
                Owners::One(no) => self.answer_about(no, form, &make, into),
                Owners::Several(all) => {
                    all.iter().try_for_each(|no| self.answer_about(*no, form, &make, into))
                }
            }
        })?;
        if answered {
            return Ok(());
        }
        into.clear();
        into.origin = Origin::Store;
        let snapshot = self.snapshot_now()?;
        self.ask(&snapshot, |snapshot| {
            for contact in snapshot.contacts_by_number(number, LOOKUP_CONTACTS_MAX)? {
                into.push(make(snapshot, &contact)?.in_form(form));
            }
            Ok::<_, BookError>(())
        })
    }

    /// Appends the answer about one contact.
    fn answer_about(
        &self,
        no: ContactNo,
        form: Form,
        make: &impl Fn(&Snapshot, &Contact) -> Result<Rendering, BookError>,
        into: &mut Renderings,
    ) -> Result<(), BookError> {
        let cache = &self.memory.cache;
        if let Some(run) = cache.read(no, form, &mut into.bytes) {
            into.runs.push(run);
            into.origin = into.origin.max(Origin::Ready);
            return Ok(());
        }
        // Generations before the snapshot: a rendering of an older state is then not kept.
        let generations = cache.generations(no);
        let snapshot = self.snapshot_now()?;
        // Missing when it was removed a moment ago; then the seqlock has moved, too.
        let prepared = self.ask(&snapshot, |snapshot| {
            let contact = snapshot.read.contact(no)?;
            contact.map(|contact| make(snapshot, &contact)).transpose()
        })?;
        if let Some(prepared) = prepared {
            cache.insert(no, generations, &prepared);
            into.push(prepared.in_form(form));
            into.origin = Origin::Made;
        }
        Ok(())
    }

    /// The answers about the contacts with the number that `text` spells, and that number. There is
    /// none beside the answers about an internal number, which come from the store.
    pub(crate) fn renderings_by_spelling(
        &self,
        text: &str,
        region: Region,
        form: Form,
        make: impl Fn(&Snapshot, &Contact) -> Result<Rendering, BookError>,
        into: &mut Renderings,
    ) -> Result<Option<E164>, BookError> {
        into.clear();
        // With its plus a text has one reading.
        if let Some(number) = strict_e164(text) {
            for spelling in iter::once(number).chain(equivalents(number)) {
                self.renderings(spelling, form, &make, into)?;
                if !into.is_empty() {
                    return Ok(Some(spelling));
                }
            }
            return Ok(Some(number));
        }
        for key in internal_numbers(text, self.records().internal_numbers) {
            let snapshot = self.snapshot_now()?;
            self.ask(&snapshot, |snapshot| {
                for contact in snapshot.contacts_by_identifier(&key, LOOKUP_CONTACTS_MAX)? {
                    into.push(make(snapshot, &contact)?.in_form(form));
                }
                Ok::<_, BookError>(())
            })?;
            if !into.is_empty() {
                into.origin = Origin::Store;
                return Ok(None);
            }
        }
        let number = try_readings(text, region, |number| {
            self.renderings(number.e164, form, &make, into)?;
            Ok(!into.is_empty())
        })?;
        Ok(number.map(|number| number.e164))
    }
}
