//! Home, settings, profiles, the commands that need no kernel (`model`, `doctor`), and the set-up scripts.

mod doctor;
mod fetch;
mod home;
mod model;
mod packages;
mod profile;
mod scripts;
mod server;
mod settings;
