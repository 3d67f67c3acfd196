//! Numbers: Shape and the rules of shapes, random starts. Must not know files, threads, clocks or GUI.

mod init;
pub mod shape;

pub use init::{Fans, Start, fill_start, random_stream};
pub use shape::{Shape, ShapeError};
