//! The `engine` part.
