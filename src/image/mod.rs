//! The `image` part.
