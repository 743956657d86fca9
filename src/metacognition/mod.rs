//! The `metacognition` part.
