# The canvas, the palette and the outline.
