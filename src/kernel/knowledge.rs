//! What the system knows: requests about it, and the index that missions look into.

use std::sync::{Mutex, PoisonError};

use super::requests::{commit_failure, image};
use super::shared::Shared;
use crate::image::{Author, CommitError, ImageError, Read, View};
use crate::knowledge::{
    Document, FACTS, Format, Hit, Index, Kind, MAX_DOCUMENT_BYTES, Query, documents, key_of,
};
use crate::wire::knowledge::{
    AddedChange, DocumentView, FoundView, HitView, KnowledgeReply, KnowledgeRequest,
};
use crate::wire::messages::{Failure, FailureKind};

/// Everything that can be found.
const ALL: [Kind; 4] = [Kind::Document, Kind::Fact, Kind::Method, Kind::Lesson];
/// The most hits of one search.
const MOST_HITS: u32 = 100;

/// The index of the image; made at the first search and kept current by each.
#[derive(Default)]
pub struct Knowledge {
    index: Mutex<Index>,
}

impl Knowledge {
    pub fn search(&self, view: &View, query: &Query<'_>) -> Result<Vec<Hit>, ImageError> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        index.follow(view)?;
        Ok(index.search(query))
    }
}

/// Why a document was not kept or removed.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error("there is no document `{0}`")]
    Unknown(String),
}

pub fn answer(shared: &Shared, request: KnowledgeRequest) -> Result<KnowledgeReply, Failure> {
    match request {
        KnowledgeRequest::Add { name, format, text } => add(shared, &name, &format, &text),
        KnowledgeRequest::Remove { name } => remove(shared, name),
        KnowledgeRequest::Search { query, limit } => search(shared, &query, limit),
        KnowledgeRequest::List => list(&shared.image.view()),
    }
}

fn add(shared: &Shared, name: &str, format: &str, text: &str) -> Result<KnowledgeReply, Failure> {
    let format = Format::named(format).ok_or_else(|| {
        invalid(
            format!("`{format}` is not a format of documents"),
            "text, markdown, rust and pdf are",
        )
    })?;
    if text.trim().is_empty() {
        return Err(invalid(
            format!("the document `{name}` has no text"),
            "a scanned PDF holds pictures only: add its text",
        ));
    }
    if text.len() > MAX_DOCUMENT_BYTES {
        let bytes = text.len();
        return Err(invalid(
            format!(
                "the document `{name}` has {bytes} bytes; {MAX_DOCUMENT_BYTES} at most are taken"
            ),
            "cut it into parts",
        ));
    }
    let document = Document::of(format, text);
    let (key, value) = (key_of(name), document.to_fact());
    let (change, tid) = shared
        .image
        .transact(Author::Person, |transaction| {
            let change = match transaction.fact(&key)? {
                Some(there) if there == value => AddedChange::Unchanged,
                Some(_) => AddedChange::Replaced,
                None => AddedChange::Added,
            };
            if change != AddedChange::Unchanged {
                transaction.set_fact(&key, &value)?;
                transaction.audit(&format!("document {name} kept"));
            }
            Ok::<_, Refusal>(change)
        })
        .map_err(into_failure)?;
    Ok(KnowledgeReply::Added {
        document: document_view(name.to_owned(), &document),
        change,
        tid,
    })
}

fn remove(shared: &Shared, name: String) -> Result<KnowledgeReply, Failure> {
    let ((), tid) = shared
        .image
        .transact(Author::Person, |transaction| {
            // A remembered fact goes by its key.
            let key = if name.starts_with(FACTS) {
                name.clone()
            } else {
                key_of(&name)
            };
            if !transaction.remove_fact(&key)? {
                return Err(Refusal::Unknown(name.clone()));
            }
            transaction.audit(&format!("document {name} removed"));
            Ok(())
        })
        .map_err(into_failure)?;
    Ok(KnowledgeReply::Removed { name, tid })
}

fn search(shared: &Shared, text: &str, limit: u32) -> Result<KnowledgeReply, Failure> {
    if text.trim().is_empty() {
        return Err(invalid(
            "there is nothing to search for".to_owned(),
            "name some words",
        ));
    }
    let query = Query {
        text,
        kinds: &ALL,
        limit: limit.clamp(1, MOST_HITS) as usize,
    };
    let hits = shared
        .knowledge
        .search(&shared.image.view(), &query)
        .map_err(image)?;
    Ok(KnowledgeReply::Found(FoundView {
        hits: hits.iter().map(hit_view).collect(),
        model: None,
        note: Some("found by words alone".to_owned()),
    }))
}

fn list(view: &View) -> Result<KnowledgeReply, Failure> {
    let mut all: Vec<DocumentView> = documents(view)
        .map_err(image)?
        .into_iter()
        .map(|(name, document)| document_view(name, &document))
        .collect();
    let facts = view.facts(FACTS).map_err(image)?.into_iter();
    all.extend(facts.map(|(key, fact)| DocumentView {
        kind: Kind::Fact.name().to_owned(),
        name: key,
        format: Format::Text.name().to_owned(),
        bytes: fact.len() as u64,
        chunks: 1,
        start: first_line(&fact),
    }));
    Ok(KnowledgeReply::Documents(all))
}

fn document_view(name: String, document: &Document) -> DocumentView {
    let start = document.chunks.first();
    DocumentView {
        kind: Kind::Document.name().to_owned(),
        name,
        format: document.format.name().to_owned(),
        bytes: document.bytes() as u64,
        chunks: u32::try_from(document.chunks.len()).unwrap_or(u32::MAX),
        start: start
            .map(|chunk| first_line(&chunk.text))
            .unwrap_or_default(),
    }
}

fn hit_view(hit: &Hit) -> HitView {
    HitView {
        kind: hit.entry.kind.name().to_owned(),
        name: hit.entry.name.clone(),
        heading: hit.entry.heading.clone(),
        line: hit.entry.line,
        text: hit.entry.text.clone(),
        score: hit.score,
        words: hit.words,
        share: hit.share,
        cosine: None,
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty());
    line.unwrap_or_default().trim().chars().take(120).collect()
}

fn into_failure(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Image(error @ (ImageError::BadName { .. } | ImageError::TooLarge { .. })) => {
            invalid(
                error.to_string(),
                "give it a shorter name, or cut it into parts",
            )
        }
        Refusal::Image(error) => image(error),
        Refusal::Commit(error) => commit_failure(&error),
        Refusal::Unknown(_) => Failure {
            kind: FailureKind::NotFound,
            message: refusal.to_string(),
            hint: Some("list them with `batos knowledge ls`".to_owned()),
        },
    }
}

fn invalid(message: String, hint: &str) -> Failure {
    Failure {
        kind: FailureKind::Invalid,
        message,
        hint: Some(hint.to_owned()),
    }
}
