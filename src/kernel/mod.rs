//! The `kernel` part.
