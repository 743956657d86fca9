//! The `persona` part.
