# Piirtoalue, paletti ja luettelo.

# Paletin ryhmät.
palette-data = Aineisto
palette-layers = Kerrokset
palette-activations = Aktivaatiot
palette-operations = Operaatiot
palette-recurrent = Takaisinkytketyt
palette-loss = Häviö
palette-search = Hae solmuja
palette-nothing = Mikään ei sovi.

# Mitä kukin tekee.
palette-hint-input = Tuo verkkoon aineiston piirresarakkeet tai käsin kirjoitetut rivit.
palette-hint-target = Kertoo, mitä verkon pitäisi vastata; yhdistä se häviöön.
palette-hint-dense = Painottaa jokaisen syötteen jokaiselle yksikölle ja lisää vakiotermin: Z = X·Wᵀ + b.
palette-hint-dropout = Vaimentaa opetuksessa satunnaisia piirteitä, jottei mihinkään luoteta yksin.
palette-hint-identity = Päästää syötteensä läpi sellaisenaan.
palette-hint-relu = Säilyttää positiiviset luvut ja muuttaa muut nollaksi.
palette-hint-leaky-relu = Säilyttää positiiviset luvut ja päästää muista vähän läpi.
palette-hint-elu = Säilyttää positiiviset luvut ja taivuttaa muut pehmeästi kohti arvoa −alpha.
palette-hint-gelu = Painottaa syötettään normaalijakaumalla: x·Φ(x).
palette-hint-silu = Painottaa syötettään sen sigmoidilla: x·σ(x).
palette-hint-softplus = Pehmeä ReLU: luvun 1 + eˣ logaritmi.
palette-hint-sigmoid = Puristaa minkä tahansa luvun välille 0–1.
palette-hint-tanh = Puristaa minkä tahansa luvun välille −1…1.
palette-hint-softmax = Muuttaa kunkin näytteen piirteet todennäköisyyksiksi, joiden summa on 1.
palette-hint-add = Laskee samanmuotoiset syötteet yhteen; ohitusyhteys päättyy tähän.
palette-hint-multiply = Kertoo samanmuotoiset syötteet alkioittain; portit tehdään tällä.
palette-hint-concat = Asettaa syötteidensä piirteet rinnakkain.
palette-hint-elman = Tanh-kerros, joka näkee myös oman edellisen tilansa: kaksi Dense-kerrosta, Add ja Tanh silmukassa.
palette-hint-lstm = Solu, jossa on syöte-, unohdus- ja ulostuloportti, tehty tavallisista solmuista.
palette-hint-gru = Solu, jossa on nollaus- ja päivitysportti, tehty tavallisista solmuista.
palette-hint-mse = Virheiden neliöiden keskiarvo; luvuille.
palette-hint-half-sum-of-squares = Puolet virheiden neliöiden summasta, kuten oppikirjat käsin johtavat.
palette-hint-mae = Virheiden itseisarvojen keskiarvo; poikkeavat havainnot painavat vähemmän.
palette-hint-huber = Neliöi pienet virheet ja ottaa suuret sellaisinaan.
palette-hint-bce = Todennäköisyyksien binäärinen ristientropia; seuraa sigmoidia.
palette-hint-bce-with-logits = Raakapisteiden binäärinen ristientropia; seuraa Dense-kerrosta.
palette-hint-cross-entropy = Luokkien todennäköisyyksien ristientropia; seuraa softmaxia.
palette-hint-cross-entropy-with-logits = Luokkien raakapisteiden ristientropia; seuraa Dense-kerrosta.

# Asetukset korteissa.
canvas-units = { $units ->
    [one] { $units } yksikkö
   *[other] { $units } yksikköä
 }
canvas-units-no-bias = { $units ->
    [one] { $units } yksikkö, ei vakiota
   *[other] { $units } yksikköä, ei vakiota
 }
canvas-dropout = p { $value }
canvas-slope = kulma { $value }
canvas-alpha = alpha { $value }
canvas-delta = delta { $value }
canvas-loss-weight = paino { $value }

# Ruudunlukijalle ja vihjeisiin.
canvas-node-spoken = { $name }, { $kind }{ $setting ->
    [none] {""}
   *[other] , { $setting }
 }
canvas-wire-spoken = { $from } → { $to }{ $shape ->
    [none] {""}
   *[other] , muoto [{ $shape }]
 }
canvas-loop-spoken = { $from } → { $to }, { $delay ->
    [one] yhtä askelta myöhemmin (t−1)
   *[other] { $delay } askelta myöhemmin (t−{ $delay })
 }{ $shape ->
    [none] {""}
   *[other] , muoto [{ $shape }]
 }
canvas-tip-values = { $n ->
    [one] yhden piirteen arvo
   *[other] { $n } piirteen arvot
 }, suurin { $max }
canvas-tip-grads = { $n ->
    [one] yhden piirteen gradientti
   *[other] { $n } piirteen gradientit
 }, suurin { $max }
canvas-port-output = ulostulo: vedä johto tästä
canvas-empty = Vedä solmu tähän paletista tai kaksoisnapsauta.
canvas-rename-hint = Solmun nimi

# Johdot ja ponnahdusikkunat.
canvas-becomes-loop = Tämä sulkee kehän: siitä tulee silmukkajohto (t−1).
canvas-loop-question = Tämä johto sulkisi kehän. Silmukkajohto antaa arvon sen sijaan myöhemmälle aika-askeleelle.
canvas-loop-delay = viive
canvas-loop-yes = Tee siitä silmukkajohto
canvas-cancel = Peruuta
canvas-add-node = Lisää solmu
canvas-add-connected = Lisää solmu tähän johtoon

# Valikot.
canvas-menu-rename = Nimeä uudelleen
canvas-menu-kind = Vaihda lajia
canvas-menu-align = Tasaa
canvas-menu-insert = Lisää solmu tähän väliin …
canvas-menu-make-loop = Tee siitä silmukkajohto (t−1)
canvas-menu-unloop = Tee siitä tavallinen johto
canvas-menu-initial-zeros = Alkaa nollista
canvas-menu-initial-trained = Alkaa opetetusta tilasta
canvas-menu-add = Lisää solmu tähän …

# Luettelo.
outline-empty = Mitään ei ole vielä piirretty.
outline-node = Luettelo: { $name }, { $kind }
outline-node-with-problem = Luettelo: { $name }, { $kind }, siinä on ongelma
outline-wire-from = solmusta { $name }
outline-wire-to = solmuun { $name }
outline-connect-to = Yhdistä solmuun …
outline-connect-loop = { $name } (silmukkana, t−1)

# Aukirullattu verkko.
unrolled-title = Aukirullattuna { $steps } askeleelle, katseltavaksi
unrolled-shown = askelia näkyvissä
unrolled-back = Takaisin piirrokseen
unrolled-copy = { $name }, askel { $step }
unrolled-zeros = nollia
unrolled-trained = opetettu
unrolled-detached = katkaistu
