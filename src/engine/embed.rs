//! Texts as vectors: an embedding model reads each and says where its meaning lies.
//!
//! Every text is read alone, so its vector depends on nothing but itself. Vectors have length 1: the product of two is
//! the cosine between them.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::{LlamaContextParams, LlamaPoolingType};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;

use crate::engine::load::LoadError;
use crate::engine::machine;
use crate::engine::outbox::Outbox;
use crate::engine::request::Requests;
use crate::wire::engine::{Embed, FromEngine, LoadModel};

/// Tokens of a text that are read, where the model takes more.
const MOST_TOKENS: u32 = 512;

/// Makes a context that gives the mean over a text's tokens.
pub fn context<'m>(
    backend: &LlamaBackend,
    model: &'m LlamaModel,
    load: &LoadModel,
) -> Result<LlamaContext<'m>, LoadError> {
    let tokens = MOST_TOKENS.min(model.n_ctx_train()).max(8);
    let threads = if load.threads == 0 {
        machine::physical_cores()
    } else {
        load.threads
    };
    let threads = i32::try_from(threads.min(512)).unwrap_or(1);
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(tokens))
        .with_n_batch(tokens)
        .with_n_ubatch(tokens)
        .with_embeddings(true)
        .with_pooling_type(LlamaPoolingType::Mean)
        .with_op_offload(false)
        .with_n_threads(threads)
        .with_n_threads_batch(threads);
    model
        .new_context(backend, params)
        .map_err(|error| LoadError::Context {
            path: PathBuf::from(&load.path),
            context: tokens,
            reason: error.to_string(),
        })
}

/// The one who reads for a model.
pub struct Reader<'m> {
    model: &'m LlamaModel,
    context: LlamaContext<'m>,
    batch: LlamaBatch<'static>,
    outbox: Outbox,
    requests: std::sync::Arc<Requests>,
}

impl<'m> Reader<'m> {
    pub fn new(
        model: &'m LlamaModel,
        context: LlamaContext<'m>,
        outbox: Outbox,
        requests: std::sync::Arc<Requests>,
    ) -> Self {
        let tokens = usize::try_from(context.n_ctx()).unwrap_or(8);
        Self {
            model,
            batch: LlamaBatch::new(tokens, 1),
            context,
            outbox,
            requests,
        }
    }

    /// Sends the vectors, or why there are none.
    pub fn answer(&mut self, request: &Embed) {
        let mut vectors = Vec::new();
        for text in &request.texts {
            if self.requests.is_ending() {
                return;
            }
            match self.vector(text) {
                Ok(vector) => vectors.push(vector),
                Err(message) => {
                    self.outbox.send(&FromEngine::Failed {
                        id: Some(request.id),
                        model: Some(request.model.clone()),
                        message: format!("llama.cpp could not read a text: {message}"),
                        hint: Some("the engine's log has the details".to_owned()),
                    });
                    return;
                }
            }
        }
        self.outbox.send(&FromEngine::Embedded {
            id: request.id,
            vectors,
        });
    }

    fn vector(&mut self, text: &str) -> Result<Vec<f32>, String> {
        // Not a byte of it may become a control token; those around it come by themselves.
        let mut tokens = self.model.vocab().tokenize(text.as_bytes(), true, false);
        let most = usize::try_from(self.context.n_ctx()).unwrap_or(8);
        if let Some(last) = tokens.last().copied().filter(|_| tokens.len() > most) {
            tokens.truncate(most - 1);
            tokens.push(last);
        }
        self.batch.clear();
        self.batch
            .add_sequence(&tokens, 0, true)
            .map_err(|error| error.to_string())?;
        self.context
            .encode(&mut self.batch)
            .map_err(|error| error.to_string())?;
        let vector = self
            .context
            .embeddings_seq_ith(0)
            .map_err(|error| error.to_string())?;
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        if !length.is_finite() || length == 0.0 {
            return Err("its vector has no length".to_owned());
        }
        Ok(vector.iter().map(|value| value / length).collect())
    }
}

/// An embedding model is one that understands text; whether it also writes does not matter.
pub fn inspect(path: &Path) -> Result<crate::engine::gguf::Header, LoadError> {
    crate::engine::gguf::inspect(path).map_err(|source| LoadError::File {
        path: path.to_owned(),
        source,
    })
}
