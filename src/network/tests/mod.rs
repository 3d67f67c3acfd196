//! Drawings by hand.

mod messages;
mod problems;
mod time;
