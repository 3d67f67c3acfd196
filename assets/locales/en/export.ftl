# Export and import: what can be written, and what was.
export-problems = { $n ->
    [one] This network has a problem; it is not written until that is mended.
   *[other] This network has { $n } problems; it is not written until they are mended.
 }
export-inexpressible = { $form } has no words for { $node } ({ $kind }). Nothing was written; take that node out, or choose another form.
export-pytorch = PyTorch project
export-pytorch-done = Wrote { $path }. Train it there with: pip install -r requirements.txt, then python train.py
export-numpy = NumPy, forward and backward by hand
export-numpy-done = Wrote { $path }. Run it with: python { $path }; it computes the loss, then checks every gradient by differences
export-mermaid = Mermaid flowchart
export-mermaid-done = Wrote { $path }. Put it into a Markdown page between ```mermaid and ```.
export-onnx = ONNX model for onnxruntime
export-onnx-done = Wrote { $path }. Run it with onnxruntime, or look into it with Netron. What it takes and gives stands in its metadata.
export-latex = One pass as LaTeX
export-latex-done = Wrote { $path }. Set it with: pdflatex { $path }
export-markdown = One pass as Markdown
export-markdown-done = Wrote { $path }. Its formulas stand between dollar signs, as KaTeX and GitHub set them.
export-picture-done = Wrote { $path }.
