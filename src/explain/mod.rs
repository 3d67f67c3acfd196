//! Numbers become lessons: formulas as plain data. Must not know drawing on a screen.
