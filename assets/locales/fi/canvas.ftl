# Piirtoalue, paletti ja luettelo.

# Paletin ryhmät.
palette-data = Aineisto
palette-layers = Kerrokset
palette-activations = Aktivaatiot
palette-operations = Operaatiot
palette-patterns = Valmiit rakenteet
palette-loss = Häviö
palette-search = Hae solmuja
palette-nothing = Ei osumia.

# Mitä kukin tekee.
palette-hint-input = Tuo verkkoon aineiston piirresarakkeet tai käsin kirjoitetut rivit.
palette-hint-target = Kertoo, mitä verkon pitäisi vastata; yhdistä se häviöön.
palette-hint-dense = Painottaa jokaisen syötteen jokaiselle yksikölle ja lisää vakiotermin (bias): Z = X·Wᵀ + b.
palette-hint-dropout = Vaimentaa opetuksessa satunnaisia piirteitä, jottei verkko nojaisi liikaa yhteenkään niistä.
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
palette-hint-elman = Tanh-kerros, joka näkee myös oman edellisen tilansa: kaksi Dense-kerrosta, Summa ja Tanh silmukassa.
palette-hint-lstm = Solu, jossa on syöte-, unohdus- ja ulostuloportti, tehty tavallisista solmuista.
palette-hint-gru = Solu, jossa on nollaus- ja päivitysportti, tehty tavallisista solmuista.
palette-hint-attention = Yksi huomiomekanismin pää, softmax(q kᵀ / √d) v, tehty tavallisista solmuista. Se ottaa alkiot [N, T, d]; kolme W:tä määräävät d:n, joka on aluksi 8.
palette-hint-mse = Virheiden neliöiden keskiarvo; luvuille.
palette-hint-half-sum-of-squares = Puolet virheiden neliöiden summasta, kuten oppikirjoissa käsin johdetaan.
palette-hint-mae = Virheiden itseisarvojen keskiarvo; poikkeavat havainnot painavat vähemmän.
palette-hint-huber = Neliöi pienet virheet ja ottaa suuret sellaisinaan.
palette-hint-bce = Todennäköisyyksien binäärinen ristientropia; tulee sigmoidin perään.
palette-hint-bce-with-logits = Logiteista laskettu binäärinen ristientropia; tulee Dense-kerroksen perään.
palette-hint-cross-entropy = Luokkien todennäköisyyksien ristientropia; tulee softmaxin perään.
palette-hint-cross-entropy-with-logits = Luokkien logiteista laskettu ristientropia; tulee Dense-kerroksen perään.

# Asetukset korteissa.
canvas-cut-spoken = Gradientit pysähtyvät sen päähän: { $why }
canvas-root = juuri
canvas-no-grad = no_grad
canvas-units = { $units ->
    [one] { $units } yksikkö
   *[other] { $units } yksikköä
 }
canvas-units-no-bias = { $units ->
    [one] { $units } yksikkö, ei vakiotermiä
   *[other] { $units } yksikköä, ei vakiotermiä
 }
canvas-dropout = p { $value }
canvas-slope = kulmakerroin { $value }
canvas-alpha = alfa { $value }
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
 }, { $rows }, suurin { $max }
canvas-tip-grads = { $n ->
    [one] yhden piirteen gradientti
   *[other] { $n } piirteen gradientit
 }, { $rows }, suurin { $max }
canvas-strips = Raidat: { $rows }
canvas-strips-batch = { $rows }, gradientit summina
canvas-what-if = Entä jos -piste, jonka syötteitä on muutettu käsin
canvas-what-if-older = äskeinen Entä jos -piste
canvas-port-output = ulostulo: vedä johto tästä
canvas-empty = Vedä solmu tähän paletista tai kaksoisnapsauta.
canvas-rename-hint = Solmun nimi

# Johdot ja ponnahdusikkunat.
canvas-becomes-loop = Tämä sulkee kehän: siitä tulee silmukkajohto (t−1).
canvas-loop-question = Tämä johto sulkisi kehän. Silmukkajohto vie arvon sen sijaan myöhempään aika-askeleeseen.
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
outline-node-with-problem = Luettelo: { $name }, { $kind }, jossa on ongelma
outline-wire-from = solmusta { $name }
outline-wire-to = solmuun { $name }
outline-connect-to = Yhdistä solmuun …
outline-connect-loop = { $name } (silmukkana, t−1)

# Verkko auki rullattuna ajassa.
unrolled-title = Auki rullattuna ajassa, { $steps } askelta; vain katseltavaksi
unrolled-shown = askelia näkyvissä
unrolled-back = Takaisin piirrokseen
unrolled-copy = { $name }, askel { $step }
unrolled-zeros = nollia
unrolled-trained = opetettu
unrolled-detached = katkaistu

# Tensors, functions, operations, reductions.
palette-tensors = Tensorit
palette-functions = Funktiot
palette-reductions = Tiivistykset
palette-hint-tensor = Näppäiltyjä lukuja: yksi, luettelo tai matriisi; requires_grad-valinnalla ne saavat gradientin.
palette-hint-neg = Vaihtaa etumerkin: −x.
palette-hint-exp = e potenssiin x.
palette-hint-log = Luonnollinen logaritmi; nollan alapuolella sitä ei ole.
palette-hint-sqrt = Neliöjuuri; nollan alapuolella sitä ei ole.
palette-hint-pow = x potenssiin, joka on luku: x².
palette-hint-sin = Sini, radiaaneina.
palette-hint-cos = Kosini, radiaaneina.
palette-hint-tan = Tangentti, radiaaneina.
palette-hint-abs = Etäisyys nollasta; kulmakertoimeksi nollassa sovitaan 0.
palette-hint-sign = −1, 0 tai 1. Gradientti ei kulje läpi: funktio on tasainen ja hyppää.
palette-hint-step = 1 nollan yläpuolella, muuten 0, kuten perseptronissa. Gradientti ei kulje läpi: funktio on tasainen ja hyppää.
palette-hint-round = Lähin kokonaisluku. Gradientti ei kulje läpi: funktio on tasainen ja hyppii.
palette-hint-clamp = Pitää luvut kahden rajan välissä.
palette-hint-log-softmax = Softmaxin logaritmi ilman sen pyöristystä.
palette-hint-detach = Päästää arvon läpi ja katkaisee gradientin.
palette-hint-bernoulli = 1 tulevalla todennäköisyydellä, muuten 0. Gradientti ei kulje arvonnan läpi.
palette-hint-normal = Arvonta tulevan keskiarvon ympäriltä. Gradientti ei kulje arvonnan läpi.
palette-hint-sub = Ensimmäinen miinus toinen, alkio alkiolta.
palette-hint-div = Ensimmäinen jaettuna toisella, alkio alkiolta.
palette-hint-power = Ensimmäinen potenssiin toinen, alkio alkiolta.
palette-hint-matmul = Matriisitulo: rivit kertaa sarakkeet.
palette-hint-maximum = Kahdesta suurempi; tasatilanteessa gradientti jaetaan.
palette-hint-minimum = Kahdesta pienempi; tasatilanteessa gradientti jaetaan.
palette-hint-gt = 1 siellä, missä ensimmäinen on suurempi, muuten 0. Gradientti ei kulje läpi.
palette-hint-ge = 1 siellä, missä ensimmäinen on vähintään yhtä suuri, muuten 0. Gradientti ei kulje läpi.
palette-hint-lt = 1 siellä, missä ensimmäinen on pienempi, muuten 0. Gradientti ei kulje läpi.
palette-hint-eq = 1 siellä, missä luvut ovat yhtä suuret, muuten 0. Gradientti ei kulje läpi.
palette-hint-where = Toinen siellä, missä ehto ei ole 0, muuten kolmas.
palette-hint-transpose = Vaihtaa kaksi viimeistä mittaa keskenään: riveistä tulee sarakkeita.
palette-hint-slice = Pätkä akselia: alku on mukana, loppu ei.
palette-hint-select = Yksi akselin alkio; akseli katoaa.
palette-hint-stack = Asettaa samanmuotoiset arvot uudelle akselille.
palette-hint-reshape = Samat luvut muissa mitoissa.
palette-hint-sum = Laskee luvut yhteen, akselin suunnassa tai kaikki.
palette-hint-mean = Keskiarvo akselin suunnassa tai kaikista luvuista.
palette-hint-min = Pienin luku akselin suunnassa tai kaikista.
palette-hint-max = Suurin luku akselin suunnassa tai kaikista.
palette-hint-prod = Kertoo luvut keskenään, akselin suunnassa tai kaikki.
palette-hint-norm = Neliösumman juuri akselin suunnassa tai kaikista.
palette-hint-softsign = Puristaa minkä tahansa luvun välille −1…1, loivemmin kuin tanh: x / (1 + |x|).
canvas-exponent = eksponentti { $value }
canvas-min = vähintään { $value }
canvas-max = enintään { $value }
canvas-std = hajonta { $value }
canvas-dim = dim { $value }
canvas-start = alkaen { $value }
canvas-end = ennen { $value }
canvas-index = indeksi { $value }
canvas-sizes = { $sizes }
