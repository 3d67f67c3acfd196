//! Automatic differentiation: ops, programs, traces, backward. Must not know the drawing, files, threads or GUI.
