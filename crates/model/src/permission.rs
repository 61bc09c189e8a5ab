//! Permissions, and the roles that have them.

/// A permission that a client may have. The names are the vendor's, and two of carnet's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Permission {
    /// Read, list, search and look up contacts.
    ContactView,
    /// Add contacts.
    ContactAdd,
    /// Edit contacts, and all of their notes.
    ContactEdit,
    /// Remove contacts.
    ContactDelete,
    /// Read, list and search organisations.
    OrganizationView,
    /// Add organisations.
    OrganizationAdd,
    /// Edit organisations.
    OrganizationEdit,
    /// Remove organisations.
    OrganizationDelete,
    /// Read the schemas of custom fields.
    CustomFieldsView,
    /// Add schemas of custom fields.
    CustomFieldsAdd,
    /// Edit and remove schemas of custom fields.
    CustomFieldsEdit,
    /// Exact look-ups, and nothing else.
    Lookup,
    /// The daemon itself: import, clients, checks.
    Admin,
}

impl Permission {
    /// Every permission with the name under which clients know it.
    pub const ALL: [(Permission, &'static str); 13] = [
        (Permission::ContactView, "externalContacts:contact:view"),
        (Permission::ContactAdd, "externalContacts:contact:add"),
        (Permission::ContactEdit, "externalContacts:contact:edit"),
        (Permission::ContactDelete, "externalContacts:contact:delete"),
        (Permission::OrganizationView, "externalContacts:externalOrganization:view"),
        (Permission::OrganizationAdd, "externalContacts:externalOrganization:add"),
        (Permission::OrganizationEdit, "externalContacts:externalOrganization:edit"),
        (Permission::OrganizationDelete, "externalContacts:externalOrganization:delete"),
        (Permission::CustomFieldsView, "externalContacts:customFields:view"),
        (Permission::CustomFieldsAdd, "externalContacts:customFields:add"),
        (Permission::CustomFieldsEdit, "externalContacts:customFields:edit"),
        (Permission::Lookup, "carnet:lookup"),
        (Permission::Admin, "carnet:admin"),
    ];

    /// The name under which clients know it.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The permission of that name.
    pub fn parse(name: &str) -> Option<Permission> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(p, _)| *p)
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u32);

impl Permissions {
    /// No permission.
    pub const NONE: Permissions = Permissions(0);

    /// The set of these.
    pub const fn of(permissions: &[Permission]) -> Permissions {
        let mut bits = 0;
        let mut i = 0;
        while i < permissions.len() {
            bits |= 1 << permissions[i] as u32;
            i += 1;
        }
        Permissions(bits)
    }

    /// Whether `permission` is in the set.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u32) != 0
    }

    /// Whether the sets share a permission.
    pub const fn meets(self, any: Permissions) -> bool {
        self.0 & any.0 != 0
    }

    /// The permissions in the set.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        let all = Permission::ALL.iter().map(|(permission, _)| *permission);
        all.filter(move |permission| self.has(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Permissions {
        let all: Vec<Permission> = permissions.into_iter().collect();
        Permissions::of(&all)
    }
}

/// The roles that every carnet has. The administrator may define others in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
    /// View, add and edit contacts, organisations and notes.
    Agent,
    /// View and search.
    Viewer,
    /// Exact look-ups only.
    Lookup,
}

impl Role {
    /// Every built-in role.
    pub const ALL: [Role; 4] = [Role::Admin, Role::Agent, Role::Viewer, Role::Lookup];

    /// The role's name.
    pub fn name(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Agent => "agent",
            Role::Viewer => "viewer",
            Role::Lookup => "lookup",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Role> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The permissions of the role.
    pub fn permissions(self) -> Permissions {
        use Permission::{
            ContactAdd, ContactEdit, ContactView, CustomFieldsView, Lookup, OrganizationAdd,
            OrganizationEdit, OrganizationView,
        };
        match self {
            Role::Admin => Permission::ALL.iter().map(|(p, _)| *p).collect(),
            Role::Agent => Permissions::of(&[
                ContactView,
                ContactAdd,
                ContactEdit,
                OrganizationView,
                OrganizationAdd,
                OrganizationEdit,
                CustomFieldsView,
                Lookup,
            ]),
            Role::Viewer => {
                Permissions::of(&[ContactView, OrganizationView, CustomFieldsView, Lookup])
            }
            Role::Lookup => Permissions::of(&[Lookup]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_its_own_name() {
        for (i, (permission, name)) in Permission::ALL.iter().enumerate() {
            assert_eq!(*permission as usize, i);
            assert_eq!(Permission::parse(name), Some(*permission));
        }
    }

    #[test]
    fn the_lookup_role_may_look_up_and_nothing_else() {
        let permissions: Vec<_> = Role::Lookup.permissions().iter().collect();
        assert_eq!(permissions, [Permission::Lookup]);
    }
}
