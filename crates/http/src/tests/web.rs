//! The page in the browser, as a browser asks for it. What it does there is tried by `tests/web`.

use super::{House, Reply};
use crate::RequestBody;
use flate2::read::GzDecoder;
use std::io::Read;

/// Bytes of all files of the page as Brotli, at most.
const PACKED_BYTES_MAX: usize = 60_000;

async fn get(house: &House, path: &str, headers: &[(&str, &str)]) -> Reply {
    house.ask_raw("GET", path, headers, RequestBody::empty()).await
}

/// The addresses that the index names.
async fn assets(house: &House) -> Vec<String> {
    let index = get(house, "/", &[]).await;
    let text = String::from_utf8(index.bytes).unwrap();
    let quoted = text.split('"').filter(|part| part.starts_with("/assets/"));
    let mut assets: Vec<String> = quoted.map(str::to_owned).collect();
    assets.sort();
    assets.dedup();
    assets
}

#[tokio::test]
async fn the_page_names_each_of_its_files_and_each_is_there() {
    let house = House::new().await;
    let assets = assets(&house).await;
    let web = concat!(env!("CARGO_MANIFEST_DIR"), "/web");
    let mut folders = vec![std::path::PathBuf::from(web)];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => files += usize::from(!path.to_str().unwrap().ends_with(".d.ts")),
            }
        }
    }
    // All but the index itself.
    assert_eq!(assets.len(), files - 1);
    for asset in assets {
        let reply = get(&house, &asset, &[]).await;
        let expect = match asset.rsplit('.').next().unwrap() {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            other => panic!("{other}"),
        };
        assert_eq!((reply.status, reply.header("content-type")), (200, expect), "{asset}");
        assert!(reply.header("cache-control").contains("immutable"), "{asset}");
    }
}

#[tokio::test]
async fn nothing_but_the_pages_own_files_runs_on_it_and_nobody_frames_it() {
    let house = House::new().await;
    let mut paths = assets(&house).await;
    paths.push("/".to_owned());
    for path in paths {
        let reply = get(&house, &path, &[]).await;
        let policy = reply.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        let text = String::from_utf8(reply.bytes).unwrap();
        assert!(!text.contains("innerHTML") && !text.contains("style="), "{path}");
    }
}

#[tokio::test]
async fn the_page_is_packed_as_the_browser_reads_it_and_small() {
    let house = House::new().await;
    let mut paths = assets(&house).await;
    paths.push("/".to_owned());
    let mut all = 0;
    for path in paths {
        let asked =
            [("gzip;q=0, br;q=0.0", ""), ("gzip;q=0.5, deflate", "gzip"), ("gzip, br", "br")];
        let mut replies = Vec::new();
        for (accepted, coding) in asked {
            let reply = get(&house, &path, &[("accept-encoding", accepted)]).await;
            assert_eq!(reply.header("content-encoding"), coding, "{path}");
            assert_eq!(reply.header("vary"), "accept-encoding");
            replies.push(reply.bytes);
        }
        let (mut gzip, mut brotli) = (Vec::new(), Vec::new());
        GzDecoder::new(&*replies[1]).read_to_end(&mut gzip).unwrap();
        brotli::BrotliDecompress(&mut &*replies[2], &mut brotli).unwrap();
        assert!(gzip == replies[0] && brotli == replies[0], "{path}");
        all += replies[2].len();
    }
    assert!(all <= PACKED_BYTES_MAX, "the page has {all} bytes");
}

#[tokio::test]
async fn a_browser_that_has_the_page_is_not_sent_it_again() {
    let house = House::new().await;
    let first = get(&house, "/", &[]).await;
    let tag = first.header("etag").to_owned();
    for (known, status) in
        [(tag.clone(), 304), (format!("W/{tag}, \"x\""), 304), ("\"x\"".into(), 200)]
    {
        let again = get(&house, "/", &[("if-none-match", &known)]).await;
        assert_eq!((again.status, again.header("cache-control")), (status, "no-cache"), "{known}");
        assert_eq!(again.bytes.is_empty(), status == 304);
    }
}

#[tokio::test]
async fn a_file_of_another_version_or_name_is_not_there() {
    let house = House::new().await;
    let known = assets(&house).await.pop().unwrap();
    let version = known.split('/').nth(2).unwrap();
    let gone = get(&house, "/assets/0/main.js", &[]).await;
    assert_eq!((gone.status, gone.header("cache-control").contains("immutable")), (410, false));
    let paths = ["types.d.ts", "other.js", "..%2fmain.js", "../main.js", "ui/other.js"];
    for path in paths {
        let path = format!("/assets/{version}/{path}");
        assert_eq!(get(&house, &path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_tells_how_long_it_took() {
    let house = House::new().await;
    let found = house.ask("GET", "/contacts?q=ann", None).await;
    let took = found.header("server-timing").strip_prefix("carnet;dur=").unwrap();
    assert!(took.parse::<f64>().unwrap() > 0.0, "{took}");
    let read = house.ask("GET", "/contacts/0", None).await;
    assert_eq!(read.header("server-timing"), "");
}
