//! What the translator is told beside the words: the objects that there are, the one that the person looks at, and
//! what was said before.

use crate::method::Signature;

/// An object that the person may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub object: String,
    /// The prototype's name.
    pub parent: Option<String>,
    pub slots: Vec<String>,
    /// Its own; what it inherits is its prototypes'.
    pub methods: Vec<KnownMethod>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownMethod {
    pub selector: String,
    pub parameters: Vec<String>,
}

impl KnownMethod {
    /// From a signature; `None` when it is not one.
    pub fn of(signature: &str) -> Option<Self> {
        let signature = Signature::parse(signature).ok()?;
        Some(Self {
            selector: signature.name,
            parameters: signature
                .params
                .into_iter()
                .map(|param| param.name)
                .collect(),
        })
    }
}

/// What a person said, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub person: String,
    pub robin: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scene {
    pub known: Vec<Known>,
    /// The object that the person looks at.
    pub selected: Option<String>,
    /// Oldest first.
    pub said: Vec<Said>,
}

/// Prototypes followed before a chain counts as endless.
const MOST_PROTOTYPES: usize = 64;

impl Scene {
    pub fn object(&self, name: &str) -> Option<&Known> {
        self.known.iter().find(|known| known.object == name)
    }

    /// The same as if no object had a method, and nothing had been said of one.
    #[must_use]
    pub fn without_methods(&self) -> Self {
        let mut scene = self.clone();
        scene.said.clear();
        for known in &mut scene.known {
            known.methods.clear();
        }
        scene
    }

    /// Whether any object has that method.
    pub fn has(&self, selector: &str) -> bool {
        let mut methods = self.known.iter().flat_map(|known| &known.methods);
        methods.any(|method| method.selector == selector)
    }

    /// Whether an object has or inherits that method.
    pub fn understands(&self, object: &str, selector: &str) -> bool {
        let mut at = self.object(object);
        for _ in 0..MOST_PROTOTYPES {
            let Some(known) = at else { return false };
            if known
                .methods
                .iter()
                .any(|method| method.selector == selector)
            {
                return true;
            }
            at = known
                .parent
                .as_deref()
                .and_then(|parent| self.object(parent));
        }
        false
    }
}
