//! The first start: a link that makes the first administrator, one client that may do everything, and
//! two commands to try. Link and secret are shown once: on a terminal, else in a file that only the
//! owner of the data can read.

use std::fs::File;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use carnet_book::{AddressBook, NewClient};
use carnet_model::Role;

use crate::failure::Failure;
use crate::terminal::output;

/// The file in the data directory that gets the secret where there is no terminal.
const FILE_NAME: &str = "first-client.txt";

/// The file that gets the link alone, when there is a client already.
const LINK_FILE_NAME: &str = "first-link.txt";

/// The name of the first client.
const CLIENT_NAME: &str = "first client";

/// The text that is printed behind the address. On the first start the link and the client that were
/// just made, on later ones the link as long as there is no person. Where there is no terminal a file
/// gets both, and the text names it.
pub(super) async fn welcome(
    book: &AddressBook,
    data: &Path,
    address: SocketAddr,
) -> Result<String, Failure> {
    let is_first = book.clients()?.is_empty();
    if output::is_terminal() {
        let text = match is_first {
            true => First::make(book).await?.text(address),
            false => match book.first_link().await? {
                Some(link) => invitation(&link, address),
                None => return Ok(String::new()),
            },
        };
        return Ok(format!("\n\n{text}"));
    }
    if !is_first {
        return match book.first_link().await? {
            Some(link) => {
                let path = data.join(LINK_FILE_NAME);
                private_file(&path)?.keep(&invitation(&link, address))?;
                let path = path.display();
                Ok(format!("\nNobody can sign in to the page yet; a link to do so is in {path}."))
            }
            None => Ok(String::new()),
        };
    }
    // Made before the client: a secret that cannot be kept must not be given out.
    let path = data.join(FILE_NAME);
    let file = private_file(&path)?;
    file.keep(&First::make(book).await?.text(address))?;
    let role = Role::Admin.name();
    Ok(format!(
        "\nThe first client (role {role}) was made. Its id and secret are in {}, with a link \
         to sign in by and two commands to try; remove the file when you have noted them.",
        path.display()
    ))
}

/// A new file that only its owner reads.
struct PrivateFile<'a> {
    path: &'a Path,
    file: File,
}

fn private_file(path: &Path) -> Result<PrivateFile<'_>, Failure> {
    let file = output::new_private_file(path);
    Ok(PrivateFile { path, file: file.map_err(|error| Failure::file(path.display(), &error))? })
}

impl PrivateFile<'_> {
    fn keep(mut self, text: &str) -> Result<(), Failure> {
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_all());
        written.map_err(|error| Failure::file(self.path.display(), &error))
    }
}

/// What the first start makes.
struct First {
    client: NewClient,
    /// The secret with which the first administrator signs in; `None` when there is a person already.
    link: Option<String>,
}

impl First {
    async fn make(book: &AddressBook) -> Result<First, Failure> {
        let client = book.add_client(CLIENT_NAME, Role::Admin.name(), None, None).await?;
        Ok(First { client, link: book.first_link().await? })
    }

    /// The text about both: the link, id and secret, and two commands that work as they are.
    fn text(&self, address: SocketAddr) -> String {
        let NewClient { id, secret, .. } = &self.client;
        let url = format!("http://{}", reachable(address));
        let token = format!(
            "$(curl -s -u {id}:{secret} -d grant_type=client_credentials {url}/oauth/token \
             | sed 's/.*\"access_token\" *: *\"\\([^\"]*\\)\".*/\\1/')"
        );
        let contacts = format!("{url}{}", carnet_client::CONTACTS_PATH);
        let role = Role::Admin.name();
        let page = self.link.as_ref().map(|link| invitation(link, address)).unwrap_or_default();
        format!(
            "This is the first start. What follows is shown this once.\n\
             \n\
             {page}\n\
             The first client, for programs:\n\
             \n\
             \x20   id      {id}\n\
             \x20   secret  {secret}\n\
             \x20   role    {role}\n\
             \n\
             Add a contact:\n\
             \n\
             curl -s -H \"Authorization: Bearer {token}\" -H 'Content-Type: application/json' \
             -d '{{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\",\
             \"cellPhone\":{{\"display\":\"+44 20 7946 0018\"}}}}' {contacts}/contacts\n\
             \n\
             Find it by its number:\n\
             \n\
             curl -s -H \"Authorization: Bearer {token}\" -G --data-urlencode \
             'lookupVal=+44 20 7946 0018' {contacts}/reversewhitepageslookup\n"
        )
    }
}

/// The text about the link.
fn invitation(link: &str, address: SocketAddr) -> String {
    // Behind the #, which browsers keep to themselves: no log on the way has it.
    format!(
        "Open this link to choose a name and a password for the page. It works once, within a \
         week:\n\n\
         \x20   http://{}/#first={link}\n",
        reachable(address)
    )
}

/// The address by which this machine reaches the daemon: one that listens everywhere listens on
/// the loopback too.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_id_and_secret_and_an_address_that_works() {
        let client = NewClient { id: "the-id".into(), secret: "the-secret".into(), key: None };
        let first = First { client, link: Some("the-link".into()) };
        let text = first.text(SocketAddr::from(([0, 0, 0, 0], 8420)));
        assert!(text.contains("    http://127.0.0.1:8420/#first=the-link\n"), "{text}");
        assert!(text.contains("    id      the-id\n    secret  the-secret\n"), "{text}");
        assert_eq!(text.matches("-u the-id:the-secret").count(), 2);
        assert!(!text.contains("0.0.0.0"));
        assert_eq!(text.matches("\ncurl ").count(), 2);
    }
}
