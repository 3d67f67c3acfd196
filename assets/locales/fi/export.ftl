# Vienti ja tuonti: mitä voi kirjoittaa, ja mitä kirjoitettiin.
export-problems = { $n ->
    [one] Verkossa on ongelma; sitä ei kirjoiteta, ennen kuin ongelma on korjattu.
   *[other] Verkossa on { $n } ongelmaa; sitä ei kirjoiteta, ennen kuin ne on korjattu.
 }
export-inexpressible = Muoto { $form } ei osaa ilmaista solmua { $node } ({ $kind }). Mitään ei kirjoitettu: ota solmu pois tai valitse toinen muoto.
export-pytorch = PyTorch-projekti
export-pytorch-done = Kirjoitettu { $path }. Opeta verkko siellä: pip install -r requirements.txt, sitten python train.py
export-numpy = NumPy, eteen- ja taaksepäin käsin
export-numpy-done = Kirjoitettu { $path }. Aja se: python { $path }; se laskee häviön ja tarkistaa sitten jokaisen gradientin erotuksilla
export-mermaid = Mermaid-kaavio
export-mermaid-done = Kirjoitettu { $path }. Liitä se Markdown-sivulle rivien ```mermaid ja ``` väliin.
export-onnx = ONNX-malli onnxruntimelle
export-onnx-done = Kirjoitettu: { $path }. Aja se onnxruntimella tai katso siihen Netronilla. Sen syötteet ja tulosteet on kerrottu sen metatiedoissa.
export-latex = Yksi läpikulku LaTeXina
export-latex-done = Kirjoitettu: { $path }. Lado se näin: pdflatex { $path }
export-markdown = Yksi läpikulku Markdownina
export-markdown-done = Kirjoitettu: { $path }. Kaavat ovat dollarimerkkien välissä, kuten KaTeX ja GitHub ne latovat.
export-picture-done = Kirjoitettu: { $path }.
