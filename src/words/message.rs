//! A message as data: which entry of `assets/locales`, with which arguments.
//!
//! Must not know any language.

/// One sentence to be said: the key of a message table and its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The key in `assets/locales/*/*.ftl`, such as `problem-shape-mismatch`.
    pub id: &'static str,
    /// Named arguments of the message.
    pub args: Vec<(&'static str, MessageArg)>,
}

/// One argument of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum MessageArg {
    /// A name, a path, a shape: said as it stands.
    Text(String),
    /// A count or a value; plural rules may look at it.
    Number(f64),
    /// A message within the message, such as the name of a node kind.
    Message(Box<Message>),
}

/// What can be said.
pub trait ToMessage {
    /// This finding as a message.
    fn message(&self) -> Message;
}

impl Message {
    /// A message without arguments.
    pub fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new() }
    }

    /// The message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<MessageArg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl From<String> for MessageArg {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for MessageArg {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<f64> for MessageArg {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<usize> for MessageArg {
    fn from(value: usize) -> Self {
        Self::Number(value as f64)
    }
}

impl From<Message> for MessageArg {
    fn from(value: Message) -> Self {
        Self::Message(Box::new(value))
    }
}
