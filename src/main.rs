//! Vastavirta.
fn main() {}
