//! Numbers: Real, Matrix, Shape and products. Must not know files, threads, clocks or GUI.
