//! The settings for records that administrators may change while the daemon runs, and who changed
//! what.

use crate::api::context::RequestContext;
use crate::api::route::{HandlerFuture, HandlerResult};
use crate::message::answer::Answer;
use carnet_book::{AddressBook, SettingKind, SettingRow, Snapshot};
use carnet_model::{FaultKind, Invalid, SettingChange};
use carnet_wire::time::Iso;
use serde::Serialize;
use serde_json::Value;

/// Changes that are listed, the newest ones.
const CHANGES_MAX: usize = 100;

#[derive(Serialize)]
struct Settings<'a> {
    settings: Vec<Setting>,
    changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Setting {
    name: &'static str,
    /// `region`, `boolean` or `text`.
    kind: &'static str,
    value: String,
    /// What decides it, where it cannot be changed here.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed_by: Option<String>,
}

impl From<SettingRow> for Setting {
    fn from(row: SettingRow) -> Setting {
        let kind = match row.kind {
            SettingKind::Region => "region",
            SettingKind::Switch => "boolean",
            SettingKind::Text => "text",
        };
        Setting { name: row.name, kind, value: row.value, fixed_by: row.fixed }
    }
}

#[derive(Serialize)]
struct Change<'a> {
    name: &'a str,
    value: &'a str,
    date: Iso,
    #[serde(rename = "changedBy")]
    by: &'a str,
}

impl<'a> Change<'a> {
    fn new(SettingChange { name, value, at, by }: &'a SettingChange) -> Change<'a> {
        Change { name, value, date: Iso(*at), by }
    }
}

/// `GET /api/v2/carnet/settings`: every setting that may be changed, and the newest changes.
pub(crate) fn list(context: &RequestContext, _: &Snapshot) -> HandlerResult {
    let changes = context.book().setting_changes()?;
    Ok(Answer::json(&Settings {
        settings: context.book().setting_rows().into_iter().map(Setting::from).collect(),
        changes: changes.iter().rev().take(CHANGES_MAX).map(Change::new).collect(),
    }))
}

/// `PUT /api/v2/carnet/settings/{name}`: another `value`, in force for what begins from now on.
pub(crate) fn change(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let name = context.variables.get(0).to_owned();
        let value = match context.json()?.get("value") {
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Bool(on)) => on.to_string(),
            None | Some(Value::Null) => {
                return Err(Invalid::one("value", FaultKind::Required).into());
            }
            Some(_) => {
                let expected = "a text or a boolean";
                return Err(Invalid::one("value", FaultKind::WrongType { expected }).into());
            }
        };
        let (state, principal) = (context.state.clone(), context.principal.clone());
        state.book.change_setting(&principal, &name, &value).await?;
        Ok(Answer::json(&row(&state.book, &name)))
    })
}

fn row(book: &AddressBook, name: &str) -> Option<Setting> {
    let row = book.setting_rows().into_iter().find(|row| row.name == name);
    row.map(Setting::from)
}
