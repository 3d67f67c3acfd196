# Problems of a drawing and their fixes.
