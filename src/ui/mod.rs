//! The window: reads the application, sends commands.
