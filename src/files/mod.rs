//! All that leaves the process. The only home of serde.
