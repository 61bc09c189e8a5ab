//! Requests as bytes, for a program that keeps its connections itself. It opens no connection.

/// The address of a daemon, and a token for it.
#[derive(Clone, Debug)]
pub struct Access {
    /// Host and port.
    pub host: String,
    /// A token whose client may do what is asked.
    pub token: String,
}

impl Access {
    /// The rest of a request's head, behind its path, for a request without a body.
    pub fn head_end(&self) -> Vec<u8> {
        format!(" HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n", self.host, self.token)
            .into_bytes()
    }

    /// Appends a whole request with a JSON body to `out`.
    pub fn request(&self, method: &str, path: &str, body: &[u8], out: &mut Vec<u8>) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.host,
            self.token,
            body.len()
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(body);
    }
}
