//! Drawings by hand.

mod limits;
mod messages;
mod problems;
mod time;
