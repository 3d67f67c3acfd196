# Export and import: what can be written, and what was.
export-problems = { $n ->
    [one] This network has a problem; it is not written until that is mended.
   *[other] This network has { $n } problems; it is not written until they are mended.
 }
export-inexpressible = { $form } has no words for { $node } ({ $kind }). Nothing was written; take that node out, or choose another form.
export-root-without-loss = { $form } needs a loss, and { $node } is a root without one. Nothing was written: put a loss at the end, choose another form, or copy the PyTorch code of the drawing from Edit ▸ Expression.
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
export-marimo = marimo notebook
export-marimo-done = Wrote { $path }. Open it with: pip install marimo numpy torch, then marimo edit { $path }
export-title = Export
export-making = Writing it out …
export-folder = In the folder
export-new-folder = New folder
export-file = File
export-write = Export
export-bytes = { $n } bytes that are no text.
export-is-there = { $file } is there already. Choose another name, or replace it.
import-title = Import weights
import-kind-weights = Weights (safetensors)
import-taken = Took over { $n ->
    [one] one parameter
   *[other] { $n } parameters
 } from { $file }. Edit ▸ Undo brings the old ones back.
import-done = Took over { $n ->
    [one] one parameter
   *[other] { $n } parameters
 } into { $path }.
import-new-done = Made { $path } with { $n ->
    [one] one parameter
   *[other] { $n } parameters
 }. Open it, and load data to run it on.
import-usage = Name weights with the model that takes them over (import WEIGHTS.safetensors --into MODEL.ron), or a description with the model to make (import --new DESCRIPTION.json --out MODEL.ron)
import-superfluous = These tensors belong to no node and were left out: { $names }
import-not-safetensors = it is no safetensors file. Save the weights with safetensors.torch.save_file(network.state_dict(), "weights.safetensors").
import-not-numbers = the tensor { $name } holds { $found }; floating-point numbers were expected
import-not-finite = the tensor { $name } holds a number that is not finite. No weight was changed.
import-misfit = the weights do not fit this drawing, and none was changed. Missing: { $missing }. Another shape (found ≠ expected): { $misshapen }. Belonging to no node: { $superfluous }.
