//! What the system knows: requests about it, and the index that missions look into.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;

use super::embedder::EmbedError;
use super::requests::{commit_failure, image};
use super::shared::Shared;
use crate::config::Home;
use crate::image::{Author, CommitError, ImageError, Read as _, View};
use crate::knowledge::{
    Document, FACTS, Format, Hit, Index, Kind, MAX_DOCUMENT_BYTES, Meaning, Query, Vectors,
    documents, key_of,
};
use crate::wire::knowledge::{
    AddedChange, ChunkView, DocumentView, FoundView, HitView, KnowledgeReply, KnowledgeRequest,
    LookedView,
};
use crate::wire::messages::{Failure, FailureKind};

/// Everything that can be found.
const ALL: [Kind; 4] = [Kind::Document, Kind::Fact, Kind::Method, Kind::Lesson];
/// The most hits of one search.
const MOST_HITS: u32 = 100;

/// Texts that are read at once; a search may have to wait for as many.
const BATCH: usize = 8;
/// How often it is seen whether there is something new to read.
const ROUND: Duration = Duration::from_secs(1);

/// The index of the image; made at the first search and kept current by each.
pub struct Knowledge {
    index: Mutex<Index>,
    vectors: Mutex<Read>,
    file: PathBuf,
    /// What was asked last, with its vector: DELEGATING asks more than once.
    asked: Mutex<Option<(String, Vec<f32>)>>,
}

/// Vectors of a model's file; empty before it is known which.
#[derive(Default)]
struct Read {
    model: String,
    vectors: Vectors,
}

/// What was found, and why not by meaning too.
pub struct Found {
    pub hits: Vec<Hit>,
    pub model: Result<String, EmbedError>,
}

impl Knowledge {
    pub fn new(home: &Home) -> Self {
        Self {
            index: Mutex::default(),
            vectors: Mutex::default(),
            file: home.vectors(),
            asked: Mutex::default(),
        }
    }

    /// By words alone.
    pub fn search(&self, view: &View, query: &Query<'_>) -> Result<Vec<Hit>, ImageError> {
        Ok(self.current(view)?.search(query))
    }

    /// By words and by meaning, as far as that is known.
    pub fn search_all(
        &self,
        shared: &Shared,
        view: &View,
        query: &Query<'_>,
    ) -> Result<Found, ImageError> {
        let asked = self.vector_of(shared, query.text);
        let index = self.current(view)?;
        let read = lock(&self.vectors);
        let (meaning, model) = match &asked {
            Ok((model, vector)) => {
                let vectors = &read.vectors;
                (Some(Meaning { vector, vectors }), Ok(model.clone()))
            }
            Err(error) => (None, Err(error.clone())),
        };
        let hits = index.search(&Query { meaning, ..*query });
        Ok(Found { hits, model })
    }

    fn current(&self, view: &View) -> Result<MutexGuard<'_, Index>, ImageError> {
        let mut index = lock(&self.index);
        index.follow(view)?;
        Ok(index)
    }

    /// The model's name, and the vector.
    fn vector_of(&self, shared: &Shared, text: &str) -> Result<(String, Vec<f32>), EmbedError> {
        let (name, model) = shared.embedder.model()?;
        self.open(&model);
        if let Some((last, vector)) = &*lock(&self.asked)
            && last == text
        {
            return Ok((name, vector.clone()));
        }
        let vectors = shared.embedder.embed(vec![text.to_owned()])?;
        let vector = vectors.into_iter().next().unwrap_or_default();
        *lock(&self.asked) = Some((text.to_owned(), vector.clone()));
        Ok((name, vector))
    }

    /// Takes in what was kept for this model.
    fn open(&self, model: &str) {
        let mut read = lock(&self.vectors);
        if read.model != model {
            read.vectors = Vectors::open(&self.file, model);
            model.clone_into(&mut read.model);
            *lock(&self.asked) = None;
        }
    }

    /// Has everything read that was not yet; true when nothing is left.
    fn read_all(&self, shared: &Shared) -> Result<bool, Trouble> {
        let (_, model) = shared.embedder.model()?;
        self.open(&model);
        let mut count = 0;
        loop {
            if shared.is_stopping() {
                return Ok(false);
            }
            let unread = {
                let index = self.current(&shared.image.view())?;
                let mut read = lock(&self.vectors);
                let unread = index.without_vector(&read.vectors, BATCH);
                if unread.is_empty() {
                    read.vectors.keep(&index.keys())?;
                }
                unread
            };
            if unread.is_empty() {
                break;
            }
            let (keys, texts): (Vec<_>, Vec<_>) = unread.into_iter().unzip();
            let vectors = shared.embedder.embed(texts)?;
            let mut read = lock(&self.vectors);
            for (key, vector) in keys.into_iter().zip(vectors) {
                read.vectors.add(key, vector)?;
                count += 1;
            }
        }
        if count > 0 {
            shared.journal.info(
                "knowledge.read",
                &format!("{count} texts have vectors now"),
                json!({"texts": count}),
            );
        }
        Ok(true)
    }
}

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Embed(#[from] EmbedError),
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error("the vectors could not be written: {0}")]
    Io(#[from] std::io::Error),
}

/// The body of the thread that has new texts read, until the kernel stops. What it cannot do now it tries again.
pub fn read_on(shared: &Shared) {
    let mut done = None;
    let mut said = String::new();
    while !shared.is_stopping() {
        let tid = shared.image.tid();
        if done != Some(tid) {
            match shared.knowledge.read_all(shared) {
                Ok(true) => done = Some(tid),
                Ok(false) | Err(Trouble::Embed(EmbedError::Off | EmbedError::Missing(_))) => {}
                Err(error) => {
                    let text = error.to_string();
                    if text != said {
                        shared.journal.info("knowledge.trouble", &text, json!({}));
                        said = text;
                    }
                }
            }
        }
        std::thread::sleep(ROUND);
    }
    shared.embedder.stop();
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
        KnowledgeRequest::Show { name } => show(&shared.image.view(), name),
        KnowledgeRequest::Look { name } => look(&shared.image.view(), name),
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
        meaning: None,
    };
    let found = shared
        .knowledge
        .search_all(shared, &shared.image.view(), &query)
        .map_err(image)?;
    let note = found.model.as_ref().err();
    Ok(KnowledgeReply::Found(FoundView {
        hits: found.hits.iter().map(hit_view).collect(),
        note: note.map(|error| format!("found by words alone: {error}")),
        model: found.model.ok(),
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

/// The whole text, as it was added or remembered.
fn show(view: &View, name: String) -> Result<KnowledgeReply, Failure> {
    let text = if name.starts_with(FACTS) {
        view.fact(&name).map_err(image)?
    } else {
        let value = view.fact(&key_of(&name)).map_err(image)?;
        value
            .and_then(|value| Document::from_fact(&value))
            .map(|document| document.text())
    };
    match text {
        Some(text) => Ok(KnowledgeReply::Text { name, text }),
        None => Err(into_failure(Refusal::Unknown(name))),
    }
}

/// In its parts, with the missions that used it.
fn look(view: &View, name: String) -> Result<KnowledgeReply, Failure> {
    let key = if name.starts_with(FACTS) {
        name.clone()
    } else {
        key_of(&name)
    };
    let Some(value) = view.fact(&key).map_err(image)? else {
        return Err(into_failure(Refusal::Unknown(name)));
    };
    let chunks = if name.starts_with(FACTS) {
        vec![ChunkView {
            heading: String::new(),
            line: 0,
            text: value,
        }]
    } else {
        let document = Document::from_fact(&value);
        let chunks = document.into_iter().flat_map(|document| document.chunks);
        chunks
            .map(|chunk| ChunkView {
                heading: chunk.heading,
                line: chunk.line,
                text: chunk.text,
            })
            .collect()
    };
    let uses = super::uses::of(view, &name).map_err(image)?;
    Ok(KnowledgeReply::Looked(LookedView { name, chunks, uses }))
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
        cosine: hit.cosine.map(f64::from),
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
