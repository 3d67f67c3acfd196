# Paneelit: tarkastelu, kuvaajat, vastavirta, lajien nimet.

kind-input = Syöte
kind-target = Tavoite
kind-dense = Dense
kind-identity = Identtinen kuvaus
kind-relu = ReLU
kind-leaky-relu = Vuotava ReLU
kind-elu = ELU
kind-gelu = GELU
kind-silu = SiLU
kind-softplus = Softplus
kind-sigmoid = Sigmoidi
kind-tanh = Tanh
kind-softmax = Softmax
kind-add = Summa
kind-multiply = Tulo
kind-concat = Yhdistäminen
kind-dropout = Dropout
kind-mse = MSE
kind-half-sum-of-squares = Puolet neliösummasta
kind-mae = MAE
kind-huber = Huber
kind-bce = BCE
kind-bce-with-logits = BCE logiteista
kind-cross-entropy = Ristientropia
kind-cross-entropy-with-logits = Ristientropia logiteista

pane-canvas = Piirros
pane-palette = Paletti
pane-outline = Luettelo
pane-inspector = Tarkastelu
pane-training = Opetus
pane-loss = Häviö
pane-runs = Ajot
pane-metrics = Mittarit
pane-health = Vointi
pane-predictions = Ennusteet
pane-boundary = Raja
pane-descent = Polut
pane-landscape = Maisema
pane-whatif = Entä jos
pane-data = Aineisto
pane-backprop = Vastavirta
pane-problems = Ongelmat
pane-group = Ryhmä
pane-all-tabs = Kaikki välilehdet
pane-hide = Piilota tämä paneeli

metric-mae = MAE
metric-rmse = RMSE
metric-r2 = R²
metric-accuracy = tarkkuus

training-optimizer = Optimoija
training-learning-rate = Oppimisnopeus
training-momentum = Momentum
training-nesterov = Nesterov
training-weight-decay = Painojen vaimennus
training-alpha = Alfa
training-eps = Epsilon
training-beta1 = Beeta 1
training-beta2 = Beeta 2
training-batches = Erät
training-batch-size = Erän koko
training-shuffle = Sekoita joka epookilla
training-seed = Siemenluku
training-stop = Milloin lopetetaan
training-epochs = Epookit
training-target-loss = Tavoitehäviö
training-patience = Kärsivällisyys
training-patience-unit = epookkia ilman edistystä
training-clip = Gradienttien leikkaus
training-clip-none = Ei mitään
training-clip-norm = Normin mukaan
training-clip-value = Arvon mukaan
training-max-norm = Suurin normi
training-clip-limit = Suurin itseisarvo
training-clip-note = Leikkaus tapahtuu optimoijassa: paneelit näyttävät gradientit sellaisina kuin vastavirta ne jätti.

inspector-nothing = Mitään ei ole valittu
inspector-nothing-hint = Valitse solmu piirroksesta tai luettelosta, niin näet sen luvut. Kiinnitetyt solmut pysyvät täällä.
samples-shown = Näytettävät rivit
samples-batch = koko erä
samples-batch-hint = Erän kaikki rivit; grad_W on niiden osuuksien summa.
samples-share = tämän rivin osuus erästä
samples-share-hint = Yksi erän rivi: sen arvot ja se, minkä se lisää grad_W:hen. Häviö on yhä koko erän keskiarvo.
samples-alone = tämä rivi omana eränään
samples-alone-hint = Yksi tiedoston rivi laskettuna yhden rivin eränä: häviö on vain tämän rivin häviö.
samples-previous = Edellinen rivi
samples-next = Seuraava rivi
samples-of-batch = erän { $n } / { $all }
samples-of-training = opetusrivi { $n } / { $all }
samples-of-validation = validointirivi { $n } / { $all }
samples-of-training-windows = opetusikkuna { $n } / { $all }
samples-of-validation-windows = validointi-ikkuna { $n } / { $all }
samples-window = ikkuna riviltä { $row }
samples-row = rivi { $row }
samples-mean = { $n ->
    [0] itse arvot
    [one] ainoa rivi
   *[other] { $n } rivin keskiarvo
 }
samples-sum = { $n ->
    [0] itse arvot
    [one] ainoa rivi
   *[other] { $n } rivin summa
 }
samples-find-row = Aineiston rivi { $row }
samples-find-row-hint = Näytä rivi aineistossa
inspector-time-step = aika-askel
inspector-pin = Kiinnitä tarkasteluun
inspector-unpin = Irrota
inspector-name = Solmun nimi
inspector-summary-kind = { $kind }, { $shape }
inspector-no-root = Lukuja ei vielä ole: mikään ei kerro, mistä backward() alkaa. Lisää häviö tai merkitse jokin arvo sen aluksi.
inspector-no-pass-problems = Ei vielä lukuja: Ongelmat-paneeli kertoo, mitä puuttuu.
inspector-no-pass = Lukuja ei vielä ole: ei ole rivejä, joilla laskea. Lataa CSV tai kirjoita rivejä.
inspector-not-watched = Tämän solmun luvut saadaan seuraavalla laskukierroksella.
inspector-no-parameter = { $letter } ilmestyy, kun syötteen koko tiedetään.
inspector-none = ei ole: gradientti ei yllä tänne
inspector-none-no-grad = None: se lasketaan no_grad-tilassa
inspector-none-constant = None: se on tehty pelkistä vakioista, joten mikään sitä edeltävä ei vaadi gradienttia
inspector-frozen = jäädytetty
inspector-target-grad = Tavoitteeseen ei kulje gradienttia.
inspector-fused = Laskettu yhdessä solmun { $loss } kanssa: dZ = (A − Y) · s; dA on laskettu pitkän kaavan mukaan.
inspector-update = Muutos: { $letter }
inspector-update-note = Tämän optimoija lisää laskukierroksen jälkeen.

legend-values = arvot
legend-gradients = gradientit

matrix-copy = Kopioi { $matrix }
matrix-more = Lisää: { $matrix }
copy-save-svg = Tallenna kuva SVG-tiedostoon …
copy-save-png = Tallenna kuva PNG-tiedostoon …
copy-save-numbers = Tallenna luvut CSV-tiedostoon …
copy-as = Kopioi muodossa
copy-numpy = NumPy-taulukko
copy-pytorch = PyTorch-tensori
copy-latex = LaTeX-matriisi
copy-markdown = Markdown-taulukko
copy-csv = CSV
matrix-scale = Väriasteikko suurimmasta negatiivisesta suurimpaan positiiviseen lukuun
matrix-name = Matriisi { $matrix }
matrix-cell = rivi { $row }, sarake { $column }
matrix-edit = Solun arvo
matrix-edit-hint = Muuta kaksoisnapsauttamalla

setting-features = piirteitä
setting-per-step = oma rivi joka askeleelle
setting-per-step-hint = Pois päältä: yksi arvo koko ikkunalle
setting-units = yksiköitä
setting-bias = vakiotermi (bias)
setting-init = Painojen alkuarvot
setting-bias-init = Vakiotermin (bias) alkuarvot
setting-init-of = alkuarvot { $letter }
setting-value = Arvo
setting-low = Alaraja
setting-high = Yläraja
setting-mean = Keskiarvo
setting-std = Keskihajonta
setting-p = p
setting-function = funktio
setting-negative-slope = negatiivisen puolen kulmakerroin
setting-alpha = alfa
setting-loss = häviö
setting-delta = delta
setting-weight = paino
setting-counted = mukaan lasketaan
setting-counted-last = viimeinen askel
setting-counted-every = joka askel
setting-freeze = jäädytä { $letter }
setting-freeze-hint = Jäädytetty parametri ei saa gradienttia eikä opi.
setting-no-grad = no_grad
setting-no-grad-hint = Laskee tämän torch.no_grad()-tilassa: backward() ei saa siitä mitään talteen, gradientti ei kulje sen läpi takaisin, eikä sen arvo vaadi gradienttia.
setting-root = backward() alkaa tästä
setting-root-hint = Merkitsee arvon juureksi: sen gradientti on 1, ja jokainen sitä edeltävä solmu saa omansa. Erässä luvut lasketaan yhteen. Usean luvun arvo tarvitsee vektorin v.
setting-vector = backward(v): v
setting-vector-hint = Yhtä monta lukua kuin arvossa on (yhdelle näytteelle): luettelo kuten [1, 2, 3] tai taulukkolaskennasta liitetyt solut.
setting-vector-ones = Ykköset
setting-vector-missing = Valitse tässä tarjotut ykköset tai kirjoita v: ilman sitä backward() ei voi alkaa usean luvun arvosta.
setting-vector-note = Kaikki gradientit ovat vᵀJ = ∂(vᵀf)/∂x, missä f on tämä arvo: sen kaikkien lukujen, vektorilla v painotettuina.

init-linear-default = PyTorchin oletus
init-zeros = Nollat
init-constant = Vakio
init-uniform = Tasainen
init-normal = Normaali
init-xavier-uniform = Xavier, tasainen
init-xavier-normal = Xavier, normaali
init-kaiming-uniform = Kaiming, tasainen
init-kaiming-normal = Kaiming, normaali

plot-step = askel
plot-time = sekuntia
plot-axis = Vaaka-akselilla
plot-beside = Mittari häviön vieressä
plot-loss-alone = vain häviö
plot-smoothing = tasoitus
plot-smoothing-hint = Vahva käyrä on kunkin pisteen ja sitä edeltävien keskiarvo, haalea käyrä sellaisenaan.
settings-yes = kyllä
settings-no = ei
plot-log = logaritminen asteikko
plot-name = Kuvaaja: { $name }
plot-train = opetus
plot-validation = validointi
plot-scaled = skaalatuissa yksiköissä
plot-nothing = Käyrät alkavat ensimmäisestä valmiista epookista.
plot-not-validated = mitään ei validoida
plot-not-validated-hint = Yhtään riviä ei ole varattu validointiin, joten mittarit mitataan silloin tällöin opetusosalla: katso Mittarit-paneelia. Kun Aineisto-paneelissa on asetettu validoinnin osuus, jokainen epookki lisää pisteen niiden käyriin.
plot-epoch = epookki
plot-loss = häviö

metrics-nothing = Mittarit saadaan ensimmäisen valmiin epookin jälkeen.
metrics-validation = Validointiosa
metrics-training = Opetusosa
metrics-about = { $part }, epookin { $epoch } jälkeen
metrics-confusion = Sekaannusmatriisi
metrics-confusion-note = Rivit ovat oikeita luokkia, sarakkeet ennustettuja.
metrics-unknown = { $n ->
    [one] Yksi rivi on luokkaa, jota verkko ei tunne: se lasketaan vääräksi eikä ole missään ruudussa.
   *[other] { $n } riviä on luokkaa, jota verkko ei tunne: ne lasketaan vääriksi eivätkä ole missään ruudussa.
 }
metrics-cell-count = { $n ->
    [one] Yksi rivi
   *[other] { $n } riviä
 }, luokka { $truth }, ennuste { $said }
metrics-not-validated = Yhtään riviä ei ole varattu validointiin: tämä kertoo, kuinka hyvin verkko osaa rivit, joista se oppi, ei kuinka se pärjää muilla.
metrics-total = Kokonaishäviö eli häviöiden painotettu summa, ja sen alla jokainen häviö omine mittareineen.
metrics-units = MAE ja RMSE ovat aineiston yksiköissä.
metric-loss = häviö

backprop-empty = Mitään ei vielä ole lähetettävänä takaisin: johda ennuste ja tavoite häviöön.
backprop-select = Valitse tämä solmu
inspector-summary = { $shape }, { $n ->
    [one] 1 parametri
   *[other] { $n } parametria
 }
inspector-counts = { $nodes ->
    [one] 1 solmu
   *[other] { $nodes } solmua
 }, { $edges ->
    [one] 1 johto
   *[other] { $edges } johtoa
 }, { $parameters ->
    [one] 1 parametri
   *[other] { $parameters } parametria
 }
backprop-title = Vastavirta, { $n ->
    [one] 1 askel
   *[other] { $n } askelta
 } häviöstä syötteeseen
backprop-uncounted = vain viimeisen aika-askeleen häviö lasketaan: tässä dL = 0
init-eye = Yksikkömatriisi

# Aika-askeleet ja johdot.
time-steps = aika-askelia T
time-truncate = katkaistu vastavirta
time-truncate-hint = Tila irrotetaan ennen askelia k, 2k, …: gradientit pysähtyvät siihen, mutta arvot kulkevat
time-truncate-every = k askeleen välein
wire-carries = kuljettaa { $shape }
wire-initial = ennen ajan alkua

# Jonot.
metric-mse = MSE
metric-persistence = ”Huomenna kuten tänään” -ennusteen MSE
metrics-series = Ennustetut ja todelliset arvot
series-row = rivi
series-truth = tiedostossa
series-prediction = ennustettu
series-one-step = yhden askeleen päähän
series-rolled = omista ennusteista
time-shares = { $n } aika-askeleen osuudet: { $matrix }
time-norms = Suuruus aika-askelittain: { $letter }
time-norms-none = Gradientti ei saavu yhteenkään askeleeseen.
time-norms-note = Kohti ensimmäistä askelta laskeva käyrä on häviävä gradientti, nouseva räjähtävä.

# Tensors, functions, operations, reductions.
kind-tensor = Tensori
kind-neg = Vastaluku
kind-exp = Exp
kind-log = Log
kind-sqrt = Neliöjuuri
kind-pow = Potenssi
kind-sin = Sin
kind-cos = Cos
kind-tan = Tan
kind-abs = Itseisarvo
kind-sign = Etumerkki
kind-step = Askelfunktio
kind-round = Pyöristys
kind-clamp = Rajaus
kind-log-softmax = LogSoftmax
kind-detach = Irrotus
kind-bernoulli = Bernoulli
kind-normal = Normaalijakauma
kind-sub = Erotus
kind-div = Osamäärä
kind-power = Potenssi (tensori)
kind-matmul = Matriisitulo
kind-maximum = Maksimi
kind-minimum = Minimi
kind-gt = Suurempi kuin
kind-ge = Vähintään
kind-lt = Pienempi kuin
kind-eq = Yhtä suuri
kind-where = Valinta
kind-transpose = Transpoosi
kind-slice = Viipale
kind-select = Poiminta
kind-stack = Pino
kind-reshape = Uusi muoto
kind-sum = Alkioiden summa
kind-mean = Keskiarvo
kind-min = Pienin
kind-max = Suurin
kind-prod = Alkioiden tulo
kind-norm = Normi
kind-softsign = Softsign
port-other = toinen syöte
port-exponent = eksponentti
port-condition = ehto
setting-exponent = eksponentti
setting-min = min
setting-max = max
setting-dim = dim
setting-start = alku
setting-end = loppu
setting-index = indeksi
setting-shape = muoto
setting-size = mitta { $axis }
reduce-all = kaikki
tensor-values = arvot
tensor-values-hint = Yksi luku, luettelo kuten [1, 2, 3] tai [[1, 2], [3, 4]], tai taulukkolaskennasta liitetyt solut.
tensor-requires-grad-hint = Valittuna luvut saavat gradientin ja optimoija muuttaa niitä; muuten .grad on None.
