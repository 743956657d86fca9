//! The `guardian` part.
