# Piirroksen ongelmat.
problem-empty = Mitään ei ole vielä piirretty. Aloita syötteestä, Dense-kerroksesta, tavoitteesta ja häviöstä.
problem-no-loss = Häviö puuttuu: mikään ei kerro, mitä verkon pitäisi oppia. Lisää häviösolmu tai anna backward()-kutsun alkaa luvusta (solmun asetuksissa).
problem-root-not-scalar = { $node }: backward() alkaa itsestään vain yhdestä luvusta näytettä kohti, ja tässä on { $found }. Anna sille samankokoinen vektori v, josta aloitetaan (ykköset antavat summan gradientin), tee arvosta ensin yksi luku tai poista merkintä.
problem-seed-misfit = { $node }: backward(v) tarvitsee vektorin v, jonka koko on { $expected }, mutta koko on { $found }. Kirjoita v uudelleen tai aloita ykkösistä.
problem-no-target = Tavoite puuttuu: häviöllä ei ole mitään, mihin verrata. Lisää tavoitesolmu ja yhdistä se häviöön.
problem-missing-input = { $node }: porttiin ”{ $port }” ei tule mitään. Vedä siihen johto.
problem-too-few-inputs = { $node }: odotettiin vähintään { $expected } syötettä, löytyi { $found }. Vedä puuttuvat johdot.
problem-wire-without-port = Solmulla { $node } { $ports ->
    [0] ei ole tuloporttia
    [one] on yksi tuloportti
   *[other] on { $ports } tuloporttia
 }: tälle johdolle ei ole vapaata porttia. Poista johto.
problem-loose-end = Tämän johdon pää on irti. Poista johto ja vedä se uudelleen portista porttiin.
problem-loss-has-no-output = { $node } on häviö: sen perään ei voi tulla mitään. Poista tämä johto.
problem-target-as-input = { $node } näkee vastauksen: { $target } on tavoite ja kuuluu häviölle. Johda tähän syöte sen sijaan.
problem-shape-mismatch = { $node }: odotettiin muotoa { $expected }, löytyi { $found }. Muuta edeltävän Dense-kerroksen yksiköiden määrää tai johtoa.
problem-sides = { $node }: { $first } on kokoa { $a }, { $second } kokoa { $b }. Kokojen on oltava samat: muuta edeltävän Dense-kerroksen yksiköiden määrää tai johtoa.
side-prediction = ennuste ({ $source })
side-target = tavoite
side-input = { $source }
problem-classes-as-numbers = { $loss } pitää tavoitteen { $target } { $n } luokkaa lukuina. Luokat opitaan softmaxilla ja ristientropialla.
problem-unknown-shape = { $node }: mikään ei määrää sen muotoa. Lisää silmukkaan Dense-kerros.
problem-cycle-without-delay = Viiveetön kehä: { $nodes }. Jonkin sen johdoista on oltava silmukka (t−1).
problem-not-probabilities = { $loss } odottaa todennäköisyyksiä nollan ja yhden väliltä; { $source } antaa mitä tahansa lukuja. Lisää väliin sigmoidi tai softmax, tai käytä logiteista laskettavaa häviötä.
problem-already-probabilities = { $loss } odottaa logitteja; { $source } antaa jo todennäköisyyksiä. Käytä todennäköisyyksistä laskettavaa häviötä tai jätä { $source } pois.
problem-duplicate-name = Kahden solmun nimi on { $name }. Anna toiselle uusi nimi.
problem-empty-name = Tällä solmulla ei ole nimeä. Anna sille nimi.
problem-unused = { $node } ei johda mihinkään häviöön, joten se ei opi mitään. Johda se häviöön asti tai poista se.
problem-no-width = { $node } ei tiedä, montako piirrettä sillä on. Lataa aineisto, kirjoita rivejä tai aseta piirteiden määrä.
problem-row-length = { $node }, rivi { $row }: odotettiin { $expected ->
    [one] yhtä lukua
   *[other] { $expected } lukua
 }, löytyi { $found }. Korjaa rivi tarkastelupaneelissa.
problem-row-not-finite = { $node }, rivi { $row }: jokin luku ei ole äärellinen. Kirjoita siihen tavallinen luku.
problem-row-count = { $node }: odotettiin { $expected ->
    [one] yhtä riviä
   *[other] { $expected } riviä
 } kuten toisessa aineistosolmussa, löytyi { $found }. Anna molemmille yhtä monta riviä.
problem-setting = { $node }: asetuksen { $setting } on oltava { $expected }, löytyi { $found }.
problem-network-setting = Asetuksen { $setting } on oltava { $expected }, löytyi { $found }.
problem-loop-without-steps = Verkossa on silmukka mutta vain yksi aika-askel: silmukasta nähdään vain alkutila. Aseta aika-askelten määräksi vähintään 2.
problem-too-large-parameters = Liian suuri: enintään { $expected } parametria mahtuu, löytyi { $found }. Käytä vähemmän yksiköitä.
problem-too-large-copies = Liian suuri: auki rullattuna ajassa solmuista on { $found } kopiota, mutta enintään { $expected } mahtuu. Käytä vähemmän aika-askelia tai solmuja.
problem-too-large-copied-wires = Liian suuri: auki rullattuna ajassa johtoja on { $found }, mutta enintään { $expected } mahtuu. Käytä vähemmän aika-askelia tai johtoja.
problem-too-large-value = { $node } on liian suuri: se antaa joka näytteelle { $found } lukua, ja enintään { $expected } mahtuu. Käytä sitä ennen vähemmän yksiköitä tai syötteitä.
problem-too-large-values = Liian suuri: kaikki solmut ja aika-askeleet antavat joka näytteelle yhteensä { $found } lukua, ja enintään { $expected } mahtuu. Käytä vähemmän yksiköitä tai aika-askelia.
problem-too-large-wires = { $node }: johtoja saapuu { $found }, ja enintään { $expected } mahtuu. Poista johtoja tai yhdistä osa niistä edeltävässä solmussa.
problem-too-large-batch = Liian suuri: yhden { $rows ->
    [one] rivin
   *[other] { $rows } rivin
 } laskukierros vie { $found } lukua, ja enintään { $expected } mahtuu. Käytä pienempää erää, vähemmän yksiköitä tai vähemmän aika-askelia.
problem-target-outside = { $loss } odottaa tavoitteita nollan ja yhden väliltä; { $target } antaa { $found } ({ $place }; tällaisia rivejä on { $count }). Anna tavoitteet väliltä 0–1 tai käytä regressiohäviötä.
problem-target-outside-scaled = { $loss } odottaa tavoitteita nollan ja yhden väliltä; { $target } antaa { $found } eli tiedoston { $original } skaalattuna ({ $place }; tällaisia rivejä on { $count }). Jätä tavoitteet skaalaamatta tai käytä regressiohäviötä.
problem-target-sum = { $loss } odottaa tavoitteita, joiden summa on joka rivillä 1; solmun { $target } summa on { $found } ({ $place }; tällaisia rivejä on { $count }). Anna joka riville yksi luokka tai käytä toista häviötä.

# Mikä ne korjaisi.
fix-set-units = Aseta yksiköiden määräksi { $units }
fix-make-loop = Tee siitä silmukka (t−1)
fix-set-loss = Käytä häviötä { $loss }
fix-classify = Käytä softmaxia ja ristientropiaa
fix-rename = Anna vapaa nimi
fix-remove-edge = Poista johto
fix-set-steps = Aseta aika-askelten määräksi { $steps }
fix-set-features = Aseta piirteiden määräksi { $features }
fix-seed-ones = Aloita ykkösistä
fix-seed-none = Aloita luvusta 1
fix-targets-as-in-file = Ota tavoitteet sellaisina kuin ne tiedostossa ovat
fix-targets-to-unit-range = Skaalaa tavoitteet välille 0…1

# Miksi johto ei voi päättyä tähän.
refusal-no-such-node = Solmua ei enää ole.
refusal-loss-has-no-output = Häviön perään ei voi tulla mitään.
refusal-no-such-port = Tällä solmulla ei ole sellaista tuloporttia.
refusal-port-taken = Tässä portissa on jo johto.
refusal-cycle = Tämä sulkisi kehän. Silmukkana (t−1) sen voi piirtää.
refusal-shape = Muodot eroavat: odotettiin { $expected }, löytyi { $found }.
refusal-sides = { $first } on kokoa { $a }, { $second } kokoa { $b }. Kokojen on oltava samat.

# Portit.
port-input = syöte
port-prediction = ennuste
port-target = tavoite
port-any = syöte

# Valmiit takaisinkytketyt mallit.
pattern-elman = Elmanin RNN
pattern-lstm = LSTM
pattern-gru = GRU
pattern-attention = Huomiopää

# Mitä Kumoa ja Tee uudelleen nimeävät.
edit-add-node = lisää { $name }
edit-insert-node = lisää väliin { $name }
edit-connect = yhdistä { $from } → { $to }
edit-delete-node = poista { $name }
edit-delete-nodes = poista { $n } solmua
edit-delete-edges = { $n ->
    [one] poista johto
   *[other] poista { $n } johtoa
 }
edit-rename = anna nimeksi { $name }
edit-change-kind = vaihda { $name } lajiksi { $kind }
edit-settings = asetukset: { $name }
edit-root = juuri { $name }
edit-no-grad = no_grad { $name }
edit-seed = vektori v: { $name }
edit-paste = { $n ->
    [one] liitä solmu
   *[other] liitä { $n } solmua
 }
edit-duplicate = { $n ->
    [one] monista solmu
   *[other] monista { $n } solmua
 }
edit-move = { $n ->
    [one] siirrä solmua
   *[other] siirrä { $n } solmua
 }
edit-align = tasaa { $n } solmua
edit-layout = automaattinen asettelu
edit-wire = johto
edit-delay = { $n ->
    [0] tee tavalliseksi johdoksi
   *[other] viive t−{ $n }
 }
edit-initial = alkutila
edit-steps = { $n ->
    [one] yksi aika-askel
   *[other] { $n } aika-askelta
 }
edit-truncation = katkaisu
edit-data = aineiston asetukset
edit-training = opetuksen asetukset
edit-parameter = luvut: { $name }
edit-freeze = { $n ->
    [one] jäädytä { $name }
   *[other] jäädytä { $n } parametria
 }
edit-unfreeze = { $n ->
    [one] vapauta { $name }
   *[other] vapauta { $n } parametria
 }
edit-keep-run = { $n ->
    [one] säilytä ajo
   *[other] säilytä { $n } ajoa
 }
edit-rename-run = nimeä ajo: { $name }
edit-delete-run = poista { $name }
edit-restore-run = ota takaisin { $name }
edit-import = tuo painot
edit-reset = arvo painot uudelleen
edit-fix = { $fix }

problems-none = Ei ongelmia: opetus voi alkaa.
problems-to-do = Vielä tekemättä
problems-error = Ei voi ajaa
problems-warning = Toimii, mutta tuskin tarkoitetulla tavalla
problems-note = Hyvä tietää

# Where gradients stop.
problem-gradient-stops = Gradientti ei kulje takaisin solmun { $node } läpi: { $why }. Sitä edeltävä ei opi sen kautta.
problem-nothing-learns = Mikään ei voi oppia tässä: gradientti ei tavoita yhtäkään parametria. Se pysähtyy solmuun { $node }: { $why }. Vaihda tilalle sileä funktio, kuten Sigmoid.
problem-root-reaches-nothing = Solmun { $root } gradientti ei tavoita yhtäkään parametria: se pysähtyy solmuun { $node }, koska { $why }. Se, mikä on ennen solmua { $node }, ei opi solmusta { $root }.
stop-flat = sen arvo on lähes kaikkialla tasainen ja hyppää välillä
stop-drawn = sen arvo on arvottu
stop-detached = se on katkaistu tarkoituksella
stop-no-grad = se lasketaan no_grad-tilassa, jossa mitään ei tallenneta
