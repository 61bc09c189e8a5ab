//! Accounts on social networks and messengers.
//!
//! What the vendor's models require must be there: the ids of an account of LINE, Facebook or
//! Instagram, and the number of one of WhatsApp. A list of ids may be empty, so that an account of
//! which only a name is known can be kept; answers always have it.

use crate::json::fields::Fields;
use crate::json::reader::Reader;
use crate::parts::phone::{self, PhoneNumber, Reading};
use carnet_model::limits::{
    APPLE_IDS_MAX, DISPLAY_NAME_CHARS_MAX, IDENTIFIER_CHARS_MAX, MESSENGER_IDS_MAX, NAME_CHARS_MAX,
};
use carnet_model::{Facebook, Instagram, Line, PhoneStyle, Twitter, WhatsApp};
use serde::{Serialize, Serializer};

/// The beginning of a Twitter profile's address; the screen name follows.
const TWITTER_URL: &str = "https://www.twitter.com/";

pub(crate) fn read_twitter(at: &Reader<'_>) -> Option<Twitter> {
    let at = at.object()?;
    let text = |name: &str| at.field(name).text(IDENTIFIER_CHARS_MAX);
    let screen_name = text("screenName");
    if screen_name.as_deref().is_some_and(|name| !is_screen_name(name)) {
        at.field("screenName")
            .refuse("a screen name has only letters, digits and _, and may begin with @");
    }
    // An address that carnet filled in itself comes back from clients that write what they
    // have read; it is not kept, so that it follows the screen name.
    let filled = screen_name.as_deref().map(bare);
    let profile_url = at.field("profileUrl").text(NAME_CHARS_MAX);
    let profile_url = profile_url.filter(|url| url.strip_prefix(TWITTER_URL) != filled);
    let twitter = Twitter {
        id: text("id"),
        name: text("name"),
        screen_name,
        verified: at.field("verified").boolean(),
        profile_url,
    };
    Some(twitter).filter(|twitter| *twitter != Twitter::default())
}

/// A screen name without its `@`.
fn bare(screen_name: &str) -> &str {
    screen_name.strip_prefix('@').unwrap_or(screen_name)
}

fn is_screen_name(text: &str) -> bool {
    let name = bare(text);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && name.bytes().all(fits)
}

pub(crate) fn read_line(at: &Reader<'_>, reading: Reading<'_>) -> Option<Line> {
    let at = at.object()?;
    let line = Line { ids: account_ids(at, "userId", reading), display_name: display_name(at) };
    Some(line).filter(|line| *line != Line::default())
}

pub(crate) fn read_facebook(at: &Reader<'_>, reading: Reading<'_>) -> Option<Facebook> {
    let at = at.object()?;
    let facebook =
        Facebook { ids: account_ids(at, "scopedId", reading), display_name: display_name(at) };
    Some(facebook).filter(|facebook| *facebook != Facebook::default())
}

pub(crate) fn read_instagram(at: &Reader<'_>, reading: Reading<'_>) -> Option<Instagram> {
    let at = at.object()?;
    let instagram = Instagram {
        ids: account_ids(at, "scopedId", reading),
        display_name: display_name(at),
        handle: at.field("handle").text(DISPLAY_NAME_CHARS_MAX),
    };
    Some(instagram).filter(|instagram| *instagram != Instagram::default())
}

pub(crate) fn read_whats_app(at: &Reader<'_>, reading: Reading<'_>) -> Option<WhatsApp> {
    let at = at.object()?;
    let faults = at.fault_count();
    let phone = phone::read(&at.field("phoneNumber"), reading, PhoneStyle::WhatsApp);
    let display_name = display_name(at);
    if phone.is_none() && display_name.is_some() && at.fault_count() == faults {
        at.field("phoneNumber").fault(carnet_model::FaultKind::Required);
    }
    Some(WhatsApp { phone: phone?, display_name })
}

/// The opaque ids of Apple's messenger.
pub(crate) fn read_apple_ids(at: &Reader<'_>) -> Vec<String> {
    ids(at, "value", APPLE_IDS_MAX)
}

fn display_name(at: &Reader<'_>) -> Option<String> {
    at.field("displayName").text(DISPLAY_NAME_CHARS_MAX)
}

/// The ids of an account, which must be there where anything of the account is; but not of a record
/// that is imported, which was kept somewhere under other rules and must not be lost.
fn account_ids(at: &Reader<'_>, name: &str, reading: Reading<'_>) -> Vec<String> {
    let list = at.field("ids");
    let is_named = !at.field("displayName").is_blank() || !at.field("handle").is_blank();
    if is_named && !reading.keep_input {
        list.require();
    }
    ids(&list, name, MESSENGER_IDS_MAX)
}

/// A list of objects with one identifier each, under `name`.
fn ids(at: &Reader<'_>, name: &str, max: usize) -> Vec<String> {
    at.list(max)
        .filter_map(|entry| {
            let entry = entry.object()?;
            let id = entry.field(name);
            id.require();
            id.text(IDENTIFIER_CHARS_MAX)
        })
        .collect()
}

/// An account on Twitter as answers have it.
pub(crate) struct TwitterId<'a>(pub(crate) &'a Twitter);

impl Serialize for TwitterId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let twitter = self.0;
        let mut out = Fields::begin(serializer)?;
        out.text("id", &twitter.id)?;
        out.text("name", &twitter.name)?;
        out.text("screenName", &twitter.screen_name)?;
        out.maybe("verified", twitter.verified)?;
        match (&twitter.profile_url, &twitter.screen_name) {
            (Some(url), _) => out.add("profileUrl", url)?,
            (None, Some(name)) => {
                out.add("profileUrl", &format_args!("{TWITTER_URL}{}", bare(name)))?;
            }
            (None, None) => {}
        }
        out.end()
    }
}

/// An account on LINE as answers have it.
pub(crate) struct LineId<'a>(pub(crate) &'a Line);

impl Serialize for LineId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = Fields::begin(serializer)?;
        out.all("ids", &self.0.ids, UserId::new)?;
        out.text("displayName", &self.0.display_name)?;
        out.end()
    }
}

/// An account on Facebook as answers have it.
pub(crate) struct FacebookId<'a>(pub(crate) &'a Facebook);

impl Serialize for FacebookId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = Fields::begin(serializer)?;
        out.all("ids", &self.0.ids, ScopedId::new)?;
        out.text("displayName", &self.0.display_name)?;
        out.end()
    }
}

/// An account on Instagram as answers have it.
pub(crate) struct InstagramId<'a>(pub(crate) &'a Instagram);

impl Serialize for InstagramId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = Fields::begin(serializer)?;
        out.all("ids", &self.0.ids, ScopedId::new)?;
        out.text("displayName", &self.0.display_name)?;
        out.text("handle", &self.0.handle)?;
        out.end()
    }
}

/// An account on WhatsApp as answers have it.
pub(crate) struct WhatsAppId<'a>(pub(crate) &'a WhatsApp);

impl Serialize for WhatsAppId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = Fields::begin(serializer)?;
        out.add("phoneNumber", &PhoneNumber(&self.0.phone))?;
        out.text("displayName", &self.0.display_name)?;
        out.end()
    }
}

/// An object of one text, which the API uses where a bare text would do.
macro_rules! boxed_text {
    ($(#[$doc:meta])* $type:ident, $field:literal) => {
        $(#[$doc])*
        #[derive(Serialize)]
        pub(crate) struct $type<'a> {
            #[serde(rename = $field)]
            text: &'a str,
        }

        impl<'a> $type<'a> {
            #[allow(clippy::ptr_arg, reason = "maps over a list of `String`")]
            pub(crate) fn new(text: &'a String) -> Self {
                $type { text }
            }
        }
    };
}

boxed_text!(
    /// A user of LINE.
    UserId,
    "userId"
);
boxed_text!(
    /// A user of Facebook or Instagram, scoped to a page or app.
    ScopedId,
    "scopedId"
);
boxed_text!(
    /// A user of Apple's messenger.
    AppleOpaqueId,
    "value"
);

#[cfg(test)]
mod tests;
