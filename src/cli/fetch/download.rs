//! A file over HTTP from Hugging Face or a mirror of it, going on where an earlier try was cut.
//!
//! Redirects are followed here rather than by the library: the publisher's own sha256 and size stand in
//! the headers of the first answers, and the token must not travel to another host.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use ureq::http::{Response, StatusCode, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

use super::part::PartFile;
use super::{Fetcher, Progress, SourceError, space};

const CONNECT: Duration = Duration::from_secs(10);
/// Without a byte for so long, a connection counts as cut.
const SILENCE: Duration = Duration::from_secs(30);
const REDIRECTS: u32 = 8;
/// Tries in a row that bring nothing.
const TRIES: u32 = 4;

/// A file that a server has said it holds.
pub struct Download<'a> {
    fetcher: &'a Fetcher,
    agent: Agent,
    url: String,
    sha256: String,
    bytes: Option<u64>,
}

impl<'a> Download<'a> {
    /// Asks the server about the file; `sha256` is the profile's, else the publisher's own counts.
    pub fn find(
        fetcher: &'a Fetcher,
        url: &str,
        sha256: Option<&str>,
    ) -> Result<Self, SourceError> {
        let mut download = Self {
            fetcher,
            agent: agent(fetcher)?,
            url: url.to_owned(),
            sha256: String::new(),
            bytes: None,
        };
        let mut published = None;
        let mut at = url.to_owned();
        for _ in 0..REDIRECTS {
            let answer = download.ask(&at, None, true)?;
            let header = |name| {
                answer
                    .headers()
                    .get(name)
                    .and_then(|value| value.to_str().ok())
            };
            let is_file = answer.status().is_success();
            published = published.or_else(|| {
                let etag = header("x-linked-etag").or_else(|| header("etag").filter(|_| is_file));
                etag.and_then(hash_in)
            });
            let length =
                header("x-linked-size").or_else(|| header("content-length").filter(|_| is_file));
            download.bytes = download.bytes.or_else(|| length?.parse().ok());
            let next = redirect(&at, &answer)?;
            // Another host's answers are not the publisher's word.
            match next.filter(|next| published.is_none() && same_host(url, next)) {
                Some(next) => at = next,
                None => break,
            }
        }
        download.sha256 =
            sha256
                .map(str::to_owned)
                .or(published)
                .ok_or_else(|| SourceError::NoHash {
                    url: url.to_owned(),
                })?;
        Ok(download)
    }

    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Fills the part to the file's end. Whether it is right shows when it becomes a file.
    pub fn run(
        &self,
        mut part: PartFile,
        name: &str,
        progress: &mut Progress,
    ) -> Result<PartFile, SourceError> {
        if let Some(bytes) = self.bytes {
            space::require(&self.fetcher.models, bytes.saturating_sub(part.bytes()))?;
        }
        let mut resumed = part.bytes() > 0;
        progress.start(name, part.bytes(), self.bytes);
        let mut failures = 0;
        loop {
            let before = part.bytes();
            let outcome = self.read_on(&mut part, progress);
            failures = if part.bytes() > before {
                0
            } else {
                failures + 1
            };
            match outcome {
                Ok(()) if part.is_right() || !resumed => break,
                // What an earlier fetch left may be spoilt: once from the start.
                Ok(()) => {
                    resumed = false;
                    progress.say(&format!(
                        "{name}: what was there did not fit; from the start"
                    ));
                    part.cut_to(0)?;
                    progress.set(0);
                }
                Err(Trouble::Final(error)) => return Err(error),
                Err(Trouble::Cut(source)) if failures >= TRIES => {
                    let url = self.url.clone();
                    return Err(SourceError::Cut {
                        url,
                        tries: TRIES,
                        bytes: part.bytes(),
                        source,
                    });
                }
                Err(Trouble::Cut(source)) => {
                    progress.say(&format!("{name}: cut off ({source}); going on"));
                    std::thread::sleep(self.fetcher.pause * failures);
                }
            }
        }
        progress.finish();
        Ok(part)
    }

    /// One connection: from the part's end to the file's end, unless it is cut.
    fn read_on(&self, part: &mut PartFile, progress: &mut Progress) -> Result<(), Trouble> {
        let from = part.bytes();
        let mut at = self.url.clone();
        let mut hops = 0;
        let answer = loop {
            let answer = self.ask(&at, Some(from), false).map_err(Trouble::of)?;
            match redirect(&at, &answer).map_err(Trouble::Final)? {
                Some(next) if hops < REDIRECTS => at = next,
                Some(location) => {
                    let url = self.url.clone();
                    return Err(Trouble::Final(SourceError::Redirect { url, location }));
                }
                None => break answer,
            }
            hops += 1;
        };
        let continues = continues_at(&answer, from);
        if answer.status() == StatusCode::RANGE_NOT_SATISFIABLE {
            // Nothing after what is there: it is whole, or it is not this file's start.
            return Ok(());
        }
        if !continues && from > 0 {
            part.cut_to(0).map_err(Trouble::Final)?;
            progress.set(0);
        }
        let expected = answer.body().content_length();
        let start = part.bytes();
        let mut body = answer.into_body().into_reader();
        let mut block = vec![0; 1 << 18];
        loop {
            let count = body.read(&mut block).map_err(Trouble::Cut)?;
            let Some(read) = block.get(..count).filter(|read| !read.is_empty()) else {
                break;
            };
            part.append(read).map_err(Trouble::Final)?;
            progress.advance(count as u64);
        }
        match expected {
            Some(length) if part.bytes() - start < length => {
                Err(Trouble::Cut(std::io::ErrorKind::UnexpectedEof.into()))
            }
            _ => Ok(()),
        }
    }

    /// One request, no redirect followed. Any answer of 400 or more is an error, but 416 to a range.
    fn ask(&self, url: &str, from: Option<u64>, head: bool) -> Result<Response<Body>, SourceError> {
        let request = if head {
            self.agent.head(url)
        } else {
            self.agent.get(url)
        };
        let mut request = request.header("Accept-Encoding", "identity");
        if let Some(token) = &self.fetcher.token
            && same_host(&self.url, url)
        {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let from = from.filter(|from| *from > 0);
        if let Some(from) = from {
            request = request.header("Range", format!("bytes={from}-"));
        }
        let answer = request.call().map_err(|error| SourceError::Connect {
            url: url.to_owned(),
            source: Box::new(error),
        })?;
        let status = answer.status();
        let past_the_end = from.is_some() && status == StatusCode::RANGE_NOT_SATISFIABLE;
        if status.as_u16() >= 400 && !past_the_end {
            return Err(SourceError::Status {
                url: url.to_owned(),
                status: status.as_u16(),
            });
        }
        Ok(answer)
    }
}

/// Why one connection ended before the file did.
enum Trouble {
    /// Worth another try.
    Cut(std::io::Error),
    Final(SourceError),
}

impl Trouble {
    /// A server that was there a moment ago and errors of its own making are worth another try.
    fn of(error: SourceError) -> Self {
        match error {
            SourceError::Connect { source, .. } => Self::Cut(std::io::Error::other(source)),
            SourceError::Status {
                status: status @ (429 | 500..=599),
                ..
            } => Self::Cut(std::io::Error::other(format!(
                "the server answered {status}"
            ))),
            other => Self::Final(other),
        }
    }
}

fn agent(fetcher: &Fetcher) -> Result<Agent, SourceError> {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("batos/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(CONNECT))
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(SILENCE))
        .timeout_per_read(Some(SILENCE));
    if is_loopback(&fetcher.endpoint) {
        config = config.proxy(None);
    }
    if let Some(path) = &fetcher.certificates {
        config = config.tls_config(TlsConfig::builder().root_certs(certificates(path)?).build());
    }
    Ok(config.build().new_agent())
}

/// The certificates that the person trusts instead of the built-in ones.
fn certificates(path: &Path) -> Result<RootCerts, SourceError> {
    let failed = |message: String| SourceError::Certificates {
        path: path.to_path_buf(),
        message,
    };
    let text = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let certificates: Vec<_> = parse_pem(&text)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(failed("there is no certificate in it".to_owned()));
    }
    Ok(RootCerts::from(certificates))
}

/// The address that the answer sends on to, made absolute; `None` when it is no redirect.
fn redirect(from: &str, answer: &Response<Body>) -> Result<Option<String>, SourceError> {
    if !answer.status().is_redirection() {
        return Ok(None);
    }
    let location = answer
        .headers()
        .get("location")
        .and_then(|value| value.to_str().ok());
    let location = location.unwrap_or_default();
    let base: Option<Uri> = from.parse().ok();
    let origin = base
        .as_ref()
        .and_then(|base| Some((base.scheme_str()?, base.authority()?)));
    let absolute = match origin {
        Some((scheme, _)) if location.starts_with("//") => format!("{scheme}:{location}"),
        Some((scheme, host)) if location.starts_with('/') => format!("{scheme}://{host}{location}"),
        _ => location.to_owned(),
    };
    let scheme = absolute
        .parse::<Uri>()
        .ok()
        .and_then(|uri| uri.scheme_str().map(str::to_owned));
    match scheme.as_deref() {
        Some("https") => Ok(Some(absolute)),
        Some("http") if from.starts_with("http:") => Ok(Some(absolute)),
        _ => Err(SourceError::Redirect {
            url: from.to_owned(),
            location: location.to_owned(),
        }),
    }
}

/// True when the body starts at byte `from` of the file rather than at its beginning.
fn continues_at(answer: &Response<Body>, from: u64) -> bool {
    answer.status() == StatusCode::PARTIAL_CONTENT
        && answer
            .headers()
            .get("content-range")
            .and_then(|value| {
                value
                    .to_str()
                    .ok()?
                    .strip_prefix("bytes ")?
                    .split('-')
                    .next()
            })
            .and_then(|start| start.parse().ok())
            == Some(from)
}

/// The sha256 in an entity tag such as `"cc32…"` or `W/"cc32…"`; other tags are no hash of the content.
fn hash_in(etag: &str) -> Option<String> {
    let bare = etag.trim().trim_start_matches("W/").trim_matches('"');
    let is_hash = bare.len() == 64 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| bare.to_ascii_lowercase())
}

fn same_host(a: &str, b: &str) -> bool {
    let origin = |url: &str| {
        let uri: Uri = url.parse().ok()?;
        Some((uri.scheme_str()?.to_owned(), uri.authority()?.to_string()))
    };
    origin(a).is_some() && origin(a) == origin(b)
}

fn is_loopback(url: &str) -> bool {
    let host = url
        .parse::<Uri>()
        .ok()
        .and_then(|uri| uri.host().map(str::to_owned));
    matches!(host.as_deref(), Some("127.0.0.1" | "[::1]" | "localhost"))
}
