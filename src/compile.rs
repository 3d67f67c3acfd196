//! From an unrolled graph to a program, with the links back. Must not know data or training.
