//! The `method` part.
