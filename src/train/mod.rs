//! Training: the pure session, the trainer thread, snapshots and metrics.
//!
//! Must not know files or the window.
