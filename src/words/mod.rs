//! Words: messages as data, so that a finding made anywhere can be said in any language.
//!
//! Must not know what the messages are about: every other floor may name a message.

mod message;

pub use message::{Message, MessageArg, ToMessage};
