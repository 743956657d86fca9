//! Tests of `metacognition`.
