//! The `knowledge` part.
