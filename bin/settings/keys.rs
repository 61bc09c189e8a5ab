//! The table of settings: every key with its environment variable, its default and what it is
//! for. Reading, `carnet config` and the error about an unknown key all use this one table.

use toml::Value;

/// The sort of value that a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text.
    Text,
    /// `true` or `false`.
    Switch,
    /// A whole number, 1 or more.
    Count,
    /// A whole number, 0 or more.
    CountOrNone,
    /// A list of texts; with commas between them in the environment.
    List,
}

/// One setting.
#[derive(Debug)]
pub(crate) struct Key {
    /// The table in `carnet.toml`, empty for the top.
    pub(crate) table: &'static str,
    /// The name in that table.
    pub(crate) name: &'static str,
    /// The environment variable.
    pub(crate) variable: &'static str,
    /// The sort of its value.
    pub(crate) kind: Kind,
    /// The default, as it would be written in the environment.
    pub(crate) default: &'static str,
    /// Its purpose, for people.
    pub(crate) help: &'static str,
}

impl Key {
    /// The name with its table, as in `contacts.default_region`.
    pub(crate) fn path(&self) -> String {
        match self.table {
            "" => self.name.to_owned(),
            table => format!("{table}.{}", self.name),
        }
    }

    /// Reads a value of the environment.
    pub(crate) fn parse(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        match self.kind {
            Kind::Text => Ok(Value::String(text.to_owned())),
            Kind::Switch => match text {
                "true" | "1" | "yes" => Ok(Value::Boolean(true)),
                "false" | "0" | "no" => Ok(Value::Boolean(false)),
                _ => Err("must be true or false".to_owned()),
            },
            Kind::Count => match text.parse() {
                Ok(number) => self.check(Value::Integer(number)),
                Err(_) => Err("must be a whole number, 1 or more".to_owned()),
            },
            Kind::CountOrNone => match text.parse() {
                Ok(number) => self.check(Value::Integer(number)),
                Err(_) => Err("must be a whole number, 0 or more".to_owned()),
            },
            Kind::List => {
                let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
                Ok(Value::Array(texts.map(|text| Value::String(text.to_owned())).collect()))
            }
        }
    }

    /// Checks that a value of the file is of the key's sort.
    pub(crate) fn check(&self, value: Value) -> Result<Value, String> {
        match (self.kind, &value) {
            (Kind::Text, Value::String(_)) | (Kind::Switch, Value::Boolean(_)) => Ok(value),
            (Kind::Count, Value::Integer(1..)) | (Kind::CountOrNone, Value::Integer(0..)) => {
                Ok(value)
            }
            (Kind::List, Value::Array(texts)) if texts.iter().all(Value::is_str) => Ok(value),
            (Kind::Text, _) => Err("must be a text in quotation marks".to_owned()),
            (Kind::Switch, _) => Err("must be true or false".to_owned()),
            (Kind::Count, _) => Err("must be a whole number, 1 or more".to_owned()),
            (Kind::CountOrNone, _) => Err("must be a whole number, 0 or more".to_owned()),
            (Kind::List, _) => Err("must be a list of texts in quotation marks".to_owned()),
        }
    }
}

/// The table in which the administrator defines own roles. Its keys are the roles' names.
pub(crate) const ROLES: &str = "roles";

/// Every setting, in the order in which `carnet config` prints them: those without a table
/// first, because TOML wants it so.
pub(crate) const KEYS: &[Key] = &[
    Key {
        table: "",
        name: "data",
        variable: "CARNET_DATA",
        kind: Kind::Text,
        default: "./carnet-data",
        help: "the data directory",
    },
    Key {
        table: "",
        name: "listen",
        variable: "CARNET_LISTEN",
        kind: Kind::Text,
        default: "127.0.0.1:8420",
        help: "address and port of the daemon",
    },
    Key {
        table: "",
        name: "insecure_listen",
        variable: "CARNET_INSECURE_LISTEN",
        kind: Kind::Switch,
        default: "false",
        help: "listen beyond this machine although nothing is encrypted",
    },
    Key {
        table: "server",
        name: "fast_path",
        variable: "CARNET_SERVER_FAST_PATH",
        kind: Kind::Switch,
        default: "true",
        help: "answer plain look-ups below the HTTP library, with the same bytes in less time",
    },
    Key {
        table: "server",
        name: "cors_origins",
        variable: "CARNET_SERVER_CORS_ORIGINS",
        kind: Kind::List,
        default: "",
        help: "origins such as https://crm.example.org, or *, whose pages may ask from a browser",
    },
    Key {
        table: "contacts",
        name: "default_region",
        variable: "CARNET_CONTACTS_DEFAULT_REGION",
        kind: Kind::Text,
        default: "US",
        help: "whose country code a number has that is written without one",
    },
    Key {
        table: "contacts",
        name: "require_names",
        variable: "CARNET_CONTACTS_REQUIRE_NAMES",
        kind: Kind::Switch,
        default: "true",
        help: "whether a contact must have a first and a last name",
    },
    Key {
        table: "contacts",
        name: "free_fields",
        variable: "CARNET_CONTACTS_FREE_FIELDS",
        kind: Kind::Switch,
        default: "false",
        help: "whether custom fields are taken that follow no schema",
    },
    Key {
        table: "contacts",
        name: "internal_numbers",
        variable: "CARNET_CONTACTS_INTERNAL_NUMBERS",
        kind: Kind::Text,
        default: "",
        help: "digits of the house's own short numbers, 1 to 6, such as 2-5; empty for none",
    },
    Key {
        table: "store",
        name: "cache_mib",
        variable: "CARNET_STORE_CACHE_MIB",
        kind: Kind::Count,
        default: "64",
        help: "memory of the store's page cache, in MiB",
    },
    Key {
        table: "ready",
        name: "memory_mib",
        variable: "CARNET_READY_MEMORY_MIB",
        kind: Kind::CountOrNone,
        default: "64",
        help: "memory of the render cache, in MiB; 0 for none, nor for names",
    },
    Key {
        table: "ready",
        name: "file_mib",
        variable: "CARNET_READY_FILE_MIB",
        kind: Kind::CountOrNone,
        default: "16384",
        help: "room on disk for the render cache, in MiB at most; 0 for none",
    },
    Key {
        table: "index",
        name: "writer_mib",
        variable: "CARNET_INDEX_WRITER_MIB",
        kind: Kind::Count,
        default: "64",
        help: "memory in which the index gathers changes, in MiB",
    },
    Key {
        table: "tokens",
        name: "seconds",
        variable: "CARNET_TOKENS_SECONDS",
        kind: Kind::Count,
        default: "86400",
        help: "life of an access token, in seconds",
    },
    Key {
        table: "cid",
        name: "format",
        variable: "CARNET_CID_FORMAT",
        kind: Kind::Text,
        default: "{first} {last}",
        help: "how a caller's name is written; fields are {first}, {middle}, {last}, {salutation}, \
               {title} and {org}",
    },
    Key {
        table: "cid",
        name: "allow",
        variable: "CARNET_CID_ALLOW",
        kind: Kind::List,
        default: "",
        help: "networks such as 10.0.0.0/8 that may ask /cid without a key",
    },
    Key {
        table: "cid",
        name: "max_age_seconds",
        variable: "CARNET_CID_MAX_AGE_SECONDS",
        kind: Kind::CountOrNone,
        default: "0",
        help: "seconds for which a client may keep a caller's name; 0 for not at all",
    },
    Key {
        table: "log",
        name: "level",
        variable: "CARNET_LOG_LEVEL",
        kind: Kind::Text,
        default: "info",
        help: "off, error, warn, info, debug or trace",
    },
    Key {
        table: "log",
        name: "format",
        variable: "CARNET_LOG_FORMAT",
        kind: Kind::Text,
        default: "text",
        help: "text or json",
    },
];

/// The keys of a table that the file may have.
pub(crate) fn keys_of(table: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| key.table == table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_value_of_its_key() {
        for key in KEYS {
            assert!(key.parse(key.default).is_ok(), "{}", key.path());
        }
    }

    #[test]
    fn every_variable_is_named_after_its_key() {
        for key in KEYS {
            let name = key.path().replace('.', "_").to_uppercase();
            assert_eq!(key.variable, format!("CARNET_{name}"));
        }
    }

    #[test]
    fn values_of_another_sort_are_refused() {
        let key = |name| KEYS.iter().find(|key| key.name == name).unwrap();
        assert!(key("cache_mib").parse("0").is_err());
        assert!(key("cache_mib").parse("many").is_err());
        assert!(key("cache_mib").check(Value::String("64".into())).is_err());
        assert!(key("require_names").parse("maybe").is_err());
        assert!(key("listen").check(Value::Integer(8420)).is_err());
        assert!(key("max_age_seconds").parse("-1").is_err());
        assert!(key("max_age_seconds").parse("0").is_ok());
        assert!(key("allow").check(Value::String("10.0.0.0/8".into())).is_err());
        assert!(key("allow").check(Value::Array(vec![Value::Integer(1)])).is_err());
        assert_eq!(key("allow").parse("a, b,").unwrap().as_array().unwrap().len(), 2);
    }
}
