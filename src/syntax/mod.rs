//! The `syntax` part.
