//! The `tui` part.
