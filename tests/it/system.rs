//! The whole system as processes: the program that users run, in a home of its own.

mod branch;
mod by_hand;
mod compare;
mod concurrent;
mod examples;
mod genesis;
mod heal;
pub mod home;
mod knowledge;
mod mended;
mod missions;
mod moved;
mod once;
mod past;
mod pause;
mod plans;
mod real_model;
mod schema;
mod survival;
mod talk;
mod upkeep;
