# Vienti ja tuonti: mitä voi kirjoittaa, ja mitä kirjoitettiin.
export-problems = { $n ->
    [one] Verkossa on ongelma; sitä ei kirjoiteta, ennen kuin ongelma on korjattu.
   *[other] Verkossa on { $n } ongelmaa; sitä ei kirjoiteta, ennen kuin ne on korjattu.
 }
export-inexpressible = Muoto { $form } ei osaa ilmaista solmua { $node } ({ $kind }). Mitään ei kirjoitettu: ota solmu pois tai valitse toinen muoto.
export-root-without-loss = Muoto { $form } tarvitsee häviön, mutta { $node } on juuri ilman häviötä. Mitään ei kirjoitettu: lisää loppuun häviö, valitse toinen muoto tai kopioi piirroksen PyTorch-koodi valikosta Muokkaa ▸ Lauseke.
export-pytorch = PyTorch-projekti
export-pytorch-done = Kirjoitettu: { $path }. Opeta verkko siellä: pip install -r requirements.txt, sitten python train.py
export-numpy = NumPy, eteen- ja taaksepäin käsin
export-numpy-done = Kirjoitettu: { $path }. Aja se: python { $path }; se laskee häviön ja tarkistaa sitten jokaisen gradientin erotuksilla
export-mermaid = Mermaid-kaavio
export-mermaid-done = Kirjoitettu: { $path }. Liitä se Markdown-sivulle rivien ```mermaid ja ``` väliin.
export-onnx = ONNX-malli onnxruntimelle
export-onnx-done = Kirjoitettu: { $path }. Aja se onnxruntimella tai katso siihen Netronilla. Sen syötteet ja ulostulot on kerrottu sen metatiedoissa.
export-latex = Yksi laskukierros LaTeXina
export-latex-done = Kirjoitettu: { $path }. Lado se näin: pdflatex { $path }
export-markdown = Yksi laskukierros Markdownina
export-markdown-done = Kirjoitettu: { $path }. Kaavat ovat dollarimerkkien välissä, kuten KaTeX ja GitHub ne latovat.
export-picture-done = Kirjoitettu: { $path }.
export-marimo = marimo-muistikirja
export-marimo-done = Kirjoitettu: { $path }. Avaa se: pip install marimo numpy torch, sitten marimo edit { $path }
export-title = Vienti
export-making = Kirjoitetaan …
export-folder = Kansioon
export-new-folder = Uusi kansio
export-file = Tiedosto
export-write = Vie
export-bytes = { $n } tavua, jotka eivät ole tekstiä.
export-is-there = { $file } on jo olemassa. Valitse toinen nimi tai korvaa se.
import-title = Tuo painot
import-kind-weights = Painot (safetensors)
import-taken = Otettiin { $n ->
    [one] yksi parametri
   *[other] { $n } parametria
 } tiedostosta { $file }. Muokkaa ▸ Kumoa palauttaa entiset.
import-done = Otettiin { $n ->
    [one] yksi parametri
   *[other] { $n } parametria
 } malliin { $path }.
import-new-done = Tehtiin { $path }, jossa on { $n ->
    [one] yksi parametri
   *[other] { $n } parametria
 }. Avaa se ja lataa aineisto, jolla sen voi ajaa.
import-usage = Anna painot ja malli, joka ottaa ne (import PAINOT.safetensors --into MALLI.ron), tai kuvaus ja tehtävä malli (import --new KUVAUS.json --out MALLI.ron)
import-superfluous = Nämä tensorit eivät kuulu mihinkään solmuun, ja ne jätettiin pois: { $names }
import-not-safetensors = se ei ole safetensors-tiedosto. Tallenna painot näin: safetensors.torch.save_file(network.state_dict(), "weights.safetensors").
import-not-numbers = tensorissa { $name } on tyyppiä { $found }; odotettiin liukulukuja
import-not-finite = tensorissa { $name } on luku, joka ei ole äärellinen. Mitään painoa ei muutettu.
import-misfit = painot eivät sovi tähän piirrokseen, eikä mitään muutettu. Puuttuvat: { $missing }. Muodoltaan toiset (löytyi ≠ odotettiin): { $misshapen }. Mihinkään solmuun kuulumattomat: { $superfluous }.
