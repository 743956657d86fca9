//! The `config` part.
