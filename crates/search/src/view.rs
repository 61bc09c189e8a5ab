//! Views: index and overlay as one, with the queries and their answers.

use crate::index::fields::DocumentKind;
use crate::overlay::Shelf;
use crate::query::collect::{Collect, Collected};
use crate::query::matcher::Matches;
use crate::query::plan::{Forgive, Leaf, Node, Subject, plan};
use crate::query::segment_query::Renamed;
use crate::query::words::is_latin;
use crate::ranking::rank::Score;
use crate::{Committed, Fingerprint, Overlay, SearchError};
use carnet_model::{ContactNo, InternalNumbers, OrganizationNo, Sort};
use carnet_phone::Region;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// A search of contacts. Every part narrows the result.
#[derive(Clone, Copy, Debug)]
pub struct ContactQuery<'a> {
    /// The text as typed; `None` or blank: everything.
    pub text: Option<&'a str>,
    /// The region of numbers without country code.
    pub default_region: Region,
    /// The lengths of internal numbers, if there are some.
    pub internal_numbers: Option<InternalNumbers>,
    /// Ids of divisions; empty: all.
    pub divisions: &'a [String],
    /// Only these.
    pub ids: Option<&'a [ContactNo]>,
    /// Only contacts of this organisation.
    pub organization: Option<OrganizationNo>,
    /// The order; empty: best match first, or ascending numbers without text.
    pub sort: &'a [Sort],
    /// Hits to leave out at the beginning.
    pub offset: usize,
    /// Hits to answer at most.
    pub limit: usize,
}

/// A search of organisations. Every part narrows the result.
#[derive(Clone, Copy, Debug)]
pub struct OrganizationQuery<'a> {
    /// The text as typed; `None` or blank: everything.
    pub text: Option<&'a str>,
    /// Ids of divisions; empty: all.
    pub divisions: &'a [String],
    /// The order; empty: best match first, or ascending numbers without text.
    pub sort: &'a [Sort],
    /// Hits to leave out at the beginning.
    pub offset: usize,
    /// Hits to answer at most.
    pub limit: usize,
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<N> {
    /// The exact number of matches.
    pub total: usize,
    /// The page that was asked for, in order.
    pub hits: Vec<Hit<N>>,
    /// Whether typing errors were allowed, because nothing matched as it was typed, or nothing in
    /// Latin letters did.
    pub forgiven: bool,
}

/// One match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit<N> {
    /// Its number.
    pub no: N,
    /// Its score; 0 without text.
    pub score: f32,
}

/// A committed index and the overlay that belongs to it: every change is in one of them, or in
/// both, and then the overlay counts. Cheap to clone, usable from any thread, and unchanging.
#[derive(Clone, Debug)]
pub struct View(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    committed: Committed,
    overlay: Arc<Overlay>,
    /// Made by the first search that needs it: most views are published and never searched.
    renamed: OnceLock<Renamed>,
}

/// A search of contacts or organisations.
struct Asked<'a> {
    text: Option<&'a str>,
    subject: Subject,
    internal: Option<InternalNumbers>,
    filters: Vec<Node>,
    sort: &'a [Sort],
    offset: usize,
    limit: usize,
}

impl Asked<'_> {
    /// How many of the best are needed.
    fn top(&self) -> usize {
        self.offset.saturating_add(self.limit)
    }
}

impl View {
    /// The view of an index and the overlay that belongs to it.
    pub fn new(committed: Committed, overlay: Arc<Overlay>) -> View {
        View(Arc::new(Inner { committed, overlay, renamed: OnceLock::new() }))
    }

    /// The overlay of this view.
    pub fn overlay(&self) -> &Arc<Overlay> {
        &self.0.overlay
    }

    /// The contacts that match. No text is an error; one without words finds nothing.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn contacts(&self, query: &ContactQuery<'_>) -> Result<Found<ContactNo>, SearchError> {
        let mut filters = divisions(query.divisions);
        if let Some(no) = query.organization {
            filters.push(Node::leaf(Leaf::Organization(no.0)));
        }
        if let Some(ids) = query.ids {
            filters.push(Node::Any(ids.iter().map(|no| Node::leaf(Leaf::No(no.0))).collect()));
        }
        let asked = Asked {
            text: query.text,
            subject: Subject::Contacts(query.default_region),
            internal: query.internal_numbers,
            filters,
            sort: query.sort,
            offset: query.offset,
            limit: query.limit,
        };
        self.find(&asked, DocumentKind::Contact, &self.0.overlay.contacts, ContactNo)
    }

    /// The organisations that match. No text is an error; one without words finds nothing.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn organizations(
        &self,
        query: &OrganizationQuery<'_>,
    ) -> Result<Found<OrganizationNo>, SearchError> {
        let asked = Asked {
            text: query.text,
            subject: Subject::Organizations,
            internal: None,
            filters: divisions(query.divisions),
            sort: query.sort,
            offset: query.offset,
            limit: query.limit,
        };
        self.find(&asked, DocumentKind::Organization, &self.0.overlay.organizations, OrganizationNo)
    }

    fn find<M: Matches, N>(
        &self,
        asked: &Asked<'_>,
        kind: DocumentKind,
        shelf: &Shelf<M>,
        number: impl Fn(u64) -> N,
    ) -> Result<Found<N>, SearchError> {
        let plan = |forgive| plan(asked.text?, asked.subject, asked.internal, forgive);
        let words = plan(Forgive::Nothing);
        let typed = words.is_some();
        let mut found = self.collect(asked, kind, shelf, words, asked.top())?;
        let mut forgiven = false;
        if typed {
            // Typing errors are forgiven only if the exact plan finds nothing, or in Latin letters
            // nothing that was asked for in these.
            let forgive = match found.total {
                0 => Forgive::Everywhere,
                _ if found.has_latin || !asked.text.is_some_and(is_latin) => Forgive::Nothing,
                // Seldom, so the plan is made again here and not kept for every search.
                _ => {
                    let in_latin = plan(Forgive::Nothing).map(|words| words.in_latin());
                    match self.collect(asked, kind, shelf, in_latin, 0)?.total {
                        0 => Forgive::InLatin,
                        _ => Forgive::Nothing,
                    }
                }
            };
            if forgive != Forgive::Nothing {
                let more = self.collect(asked, kind, shelf, plan(forgive), asked.top())?;
                forgiven = more.total > found.total;
                if forgiven {
                    found = more;
                }
            }
        }
        let Collected { total, best, .. } = found;
        let page = best.into_iter().skip(asked.offset).take(asked.limit);
        let hit = |(no, score)| Hit { no: number(no), score: as_f32(score) };
        Ok(Found { total, hits: page.map(hit).collect(), forgiven })
    }

    fn collect<M: Matches>(
        &self,
        asked: &Asked<'_>,
        kind: DocumentKind,
        shelf: &Shelf<M>,
        words: Option<Node>,
        top: usize,
    ) -> Result<Collected, SearchError> {
        let typed = words.is_some();
        let plan = Node::All(words.into_iter().chain(asked.filters.iter().cloned()).collect());
        let inner = &self.0;
        let collect = Collect {
            index: &inner.committed.0,
            overlay: &inner.overlay,
            shelf,
            renamed: inner.renamed.get_or_init(|| Renamed::new(&inner.overlay)),
            kind,
            plan: &plan,
            typed,
            latin_first: asked.text.is_some_and(is_latin),
            sort: asked.sort,
            top,
        };
        collect.run()
    }

    /// The fingerprint of every contact, by ascending number, to be compared with those of the
    /// store's records: 16 bytes of memory for each contact. A number that occurs twice is a fault.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn contact_fingerprints(&self) -> Result<Vec<(ContactNo, Fingerprint)>, SearchError> {
        let overlay = &self.0.overlay;
        let renamed: HashMap<u64, _> = overlay.organizations.iter().map(|s| (s.no, s)).collect();
        let mut all = Vec::new();
        self.each_indexed(
            DocumentKind::Contact,
            &overlay.contacts,
            |no, organization, fingerprint| {
                // The column has the number and 1, and 0 for no organisation.
                let newest = organization.checked_sub(1).and_then(|no| renamed.get(&no));
                let fingerprint = match newest {
                    Some(slot) => fingerprint.with_name(slot.entry.as_ref().map(|e| e.name())),
                    None => fingerprint,
                };
                all.push((ContactNo(no), fingerprint));
            },
        );
        for slot in overlay.contacts.iter() {
            let Some(entry) = &slot.entry else { continue };
            let organization = entry.organization.as_ref();
            let newest = organization.and_then(|(no, _)| renamed.get(&no.0));
            let fingerprint = match newest {
                Some(slot) => entry.fingerprint().with_name(slot.entry.as_ref().map(|e| e.name())),
                None => entry.fingerprint(),
            };
            all.push((ContactNo(slot.no), fingerprint));
        }
        all.sort_unstable_by_key(|(no, _)| *no);
        Ok(all)
    }

    /// The fingerprint of every organisation, by ascending number. A number that occurs twice is a
    /// fault.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn organization_fingerprints(
        &self,
    ) -> Result<Vec<(OrganizationNo, Fingerprint)>, SearchError> {
        let shelf = &self.0.overlay.organizations;
        let mut all = Vec::new();
        self.each_indexed(DocumentKind::Organization, shelf, |no, _, fingerprint| {
            all.push((OrganizationNo(no), fingerprint));
        });
        let newer = shelf.iter().filter_map(|slot| Some((slot.no, slot.entry.as_ref()?)));
        all.extend(newer.map(|(no, entry)| (OrganizationNo(no), entry.fingerprint())));
        all.sort_unstable_by_key(|(no, _)| *no);
        Ok(all)
    }

    fn each_indexed<E>(
        &self,
        kind: DocumentKind,
        shelf: &Shelf<E>,
        mut each: impl FnMut(u64, u64, Fingerprint),
    ) {
        for segment in &self.0.committed.0.segments {
            for doc in (0..segment.max_doc()).filter(|doc| segment.is_alive(*doc)) {
                let no = kind.no(segment.key.get_val(doc)).filter(|no| !shelf.hides(*no));
                if let Some(no) = no {
                    let fingerprint = Fingerprint(segment.fingerprint.get_val(doc));
                    each(no, segment.organization.get_val(doc), fingerprint);
                }
            }
        }
    }
}

fn divisions(ids: &[String]) -> Vec<Node> {
    if ids.is_empty() {
        return Vec::new();
    }
    let leaf = |id: &String| Node::leaf(Leaf::Division(id.as_str().into()));
    vec![Node::Any(ids.iter().map(leaf).collect())]
}

/// Scores are whole numbers far below 2^24, which an `f32` holds exactly.
fn as_f32(score: Score) -> f32 {
    score as f32
}
