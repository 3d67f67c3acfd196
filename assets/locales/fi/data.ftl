# Aineiston lukeminen ja valmistelu.

data-error-in-file = { $file }: { $what }
data-error-in-file-line = { $file }, rivi { $line }: { $what }
data-error-in-file-column = { $file }, sarake { $column } ({ $name }): { $what }
data-error-in-file-line-column = { $file }, rivi { $line }, sarake { $column } ({ $name }): { $what }
data-error-at-line = rivi { $line }: { $what }
data-error-at-column = sarake { $column } ({ $name }): { $what }
data-error-at-line-column = rivi { $line }, sarake { $column } ({ $name }): { $what }

data-error-not-found = tiedostoa ei löydy. Tarkista polku.
data-error-no-folder = kansiota { $folder } ei ole. Tarkista polku.
data-error-permission = tiedostoa ei saa lukea. Muuta sen käyttöoikeuksia tai kopioi se omaan kansioosi.
data-error-directory = tämä on kansio eikä tiedosto. Valitse CSV-tiedosto sen sisältä.
data-error-not-a-file = tämä on laite tai putki eikä tavallinen tiedosto. Tallenna aineisto ensin CSV-tiedostoksi.
data-error-io = tiedostoa ei voitu lukea: { $reason }. Tarkista levy ja polku.
data-error-empty = tiedostossa ei ole rivejä. Odotettiin CSV-tiedostoa, jossa on vähintään yksi rivi arvoja.
data-error-binary = tämä ei ole tekstiä. Odotettiin CSV-tiedostoa; tallenna taulukko ensin CSV-muodossa.
data-error-encoding = nämä tavut eivät ole merkistöä { $encoding }. Valitse Aineisto-paneelista toinen merkistö, esimerkiksi Windows-1252.
data-error-ragged = odotettiin { $expected ->
    [one] yhtä solua
   *[other] { $expected } solua
 } kuten ensimmäisellä rivillä, mutta löytyi { $found }. Korjaa rivi tai valitse toinen erotin.
data-error-lines-lost = tiedostossa on { $lines } riviä, mutta niistä käsiteltiin { $found }. Tämä on ohjelman vika; ilmoitathan tiedostosta.
data-error-no-numbers = missään sarakkeessa ei ole lukuja. Tarkista erotin ja desimaalimerkki.
data-error-not-a-number = odotettiin lukua, mutta löytyi ”{ $found }”. Korjaa solu tai tee sarakkeesta luokka.
data-error-too-many-cells = noin { $found } solua, mutta muistiin saa ottaa enintään { $limit }. Lataa vähemmän rivejä tai sarakkeita.
data-error-too-many-columns = { $found } saraketta, mutta enintään { $limit } sallitaan. Tarkista erotin.
data-error-long-name = tässä nimessä on { $found } merkkiä, mutta enintään { $limit } sallitaan. Tarkista lainausmerkki ja erotin.
data-error-too-many-features = solmun { $node } sarakkeista tulee { $found } piirrettä, mutta enintään { $limit } sallitaan. Jätä sarakkeita pois tai tee luokista lukuja.
data-error-long-row = rivi on pidempi kuin { $limit } tavua. Tarkista lainausmerkki ja rivinvaihdot.
data-error-too-many-categories = { $found } luokkaa tai enemmän, mutta enintään { $limit } voi muuttua piirteiksi. Tee sarakkeesta luku tai jätä se pois.
data-error-unknown-column = saraketta ”{ $name }” ei ole. Valitse sarakkeita, jotka tiedostossa on.
data-error-no-data = solmulla { $node } ei ole aineistoa eikä kirjoitettuja rivejä. Lataa CSV tai kirjoita rivejä.
data-error-no-features = { $node } tarvitsee vähintään yhden piirresarakkeen. Aseta jonkin sarakkeen rooliksi piirre.
data-error-no-targets = { $node } tarvitsee vähintään yhden tavoitesarakkeen. Aseta jonkin sarakkeen rooliksi tavoite.
data-error-no-usable-rows = { $rows ->
    [one] ainoalla rivillä
   *[other] yhdelläkään { $rows } rivistä
 } ei voi opettaa. Täydennä puuttuvat arvot, jätä vajaat sarakkeet pois tai pienennä validointiosaa.
data-error-rows-lack-values = yhdelläkään { $rows } rivistä ei voi opettaa: { $reasons }. Täydennä puuttuvat arvot tai jätä vajaat sarakkeet pois.
data-error-too-few-rows = yhteen ikkunaan menee { $needed ->
    [one] yksi rivi
   *[other] { $needed } riviä
 }, mutta niitä on vain { $found }. Käytä vähemmän aika-askelia tai lyhyempää ennustehorisonttia.
data-error-row-counts = solmulla { $node } on { $rows ->
    [one] yksi kirjoitettu rivi
   *[other] { $rows } kirjoitettua riviä
 } ja solmulla { $other } on { $other-rows }. Anna molemmille yhtä monta riviä.
data-error-typed-row-length = solmun { $node } rivillä { $row } pitäisi olla { $expected ->
    [one] yksi luku
   *[other] { $expected } lukua
 }, mutta niitä on { $found }. Korjaa rivi tarkastelupaneelissa.
data-error-uneven-groups = solmun { $node } { $features ->
    [one] ainoa piirre
   *[other] { $features } piirrettä
 } ei jakaudu { $steps } yhtä suureen ryhmään, yhteen jokaiselle askeleelle. Valitse muut sarakkeet tai toinen askelmäärä, tai ota solmusta pois ”oma rivi joka askeleelle”.
data-error-cancelled = aineiston valmistelu keskeytettiin. Paina Opeta, niin se tehdään loppuun.

data-changed-size = Tiedosto { $path } on muuttunut mallin tallentamisen jälkeen: siinä oli { $rows-before ->
    [one] 1 rivi
   *[other] { $rows-before } riviä
 } × { $columns-before ->
    [one] 1 sarake
   *[other] { $columns-before } saraketta
 }, nyt siinä on { $rows ->
    [one] 1 rivi
   *[other] { $rows } riviä
 } × { $columns ->
    [one] 1 sarake
   *[other] { $columns } saraketta
 }.
data-changed-values = Tiedosto { $path } on muuttunut mallin tallentamisen jälkeen: siinä on yhä { $rows ->
    [one] 1 rivi
   *[other] { $rows } riviä
 } × { $columns ->
    [one] 1 sarake
   *[other] { $columns } saraketta
 }, mutta sisältö on toinen.

data-left-out = { $left-out }/{ $rows } riviä jätetty pois: { $reasons }
data-lack = { $n } riviltä puuttuu { $column }
data-lack-and = { $first }, { $rest }
data-lack-more = muilta puuttuu { $n } muuta saraketta
data-rows = { $n ->
    [one] rivi { $rows }
   *[other] rivit { $rows }
}
data-rows-and-more = rivit { $rows } ja { $n } muuta
data-unknown-category = { $column }: malli ei tunne luokkaa ”{ $category }” ({ $rows }). Se ei ole mikään mallin luokista.
data-unknown-similar = { $column }: malli ei tunne luokkaa ”{ $category }” ({ $rows }), vain luokan ”{ $similar }”. Se ei ole mikään mallin luokista.
data-unknown-more = Malli ei tunne { $n } muutakaan luokkaa.
data-unknown-columns = Malli ei tunne näitä sarakkeita, ja ne jätetään pois: { $columns }
data-unknown-columns-more = Malli ei tunne näitä sarakkeita, ja ne jätetään pois: { $columns } ja { $n } muuta
data-unused-empty = { $column } ei ole käytössä: se puuttuu { $missing }/{ $rows } riviltä. Valitse sille rooli, jos se on näiden rivien arvoinen.
data-unused-constant = { $n ->
    [one] { $columns } ei ole käytössä: se on joka rivillä sama.
   *[other] { $columns } eivät ole käytössä: kukin on joka rivillä sama.
}
data-unused-constant-more = { $columns } ja { $more } muuta saraketta eivät ole käytössä: kukin on joka rivillä sama.
data-unused-empty-more = { $n } muutakaan saraketta ei ole käytössä: ne puuttuvat useimmilta riveiltä.
data-at-line = rivi { $line }
data-at-row = rivi { $row }

data-refit-title = Miten uusi aineisto valmistellaan?
data-refit-body = Verkko on opetettu vanhan aineistonsa skaalauksella ja luokilla. Tiedoston { $file } voi valmistella samoin, jolloin painot pitävät merkityksensä; tai esikäsittely sovitetaan siihen uudelleen, ja painojen on opittava uudelleen.
data-refit-lacks = Verkko on opetettu sarakkeilla, joita tiedostossa { $file } ei ole: { $columns }. Sarakkeet voi valita uudelleen; silloin esikäsittely sovitetaan tähän tiedostoon, ja kerrokset, joiden leveys muuttuu, saavat uudet painot.
data-refit-keep = Valmistele kuten opetettaessa
data-refit-anew = Sovita uudelleen
data-fit-kept = { $file } valmistellaan kuten painoja opetettaessa; mitään ei sovitettu uudelleen.
data-fit-anew = Valmistellaan toisin kuin painoja opetettaessa: { $columns }

data-preparing-rows = Valmistellaan aineistoa
data-loading = Luetaan tiedostoa { $file }
data-none = Ei vielä aineistoa
data-none-hint = Lataa CSV-tiedosto tai kirjoita rivejä syötteeseen ja tavoitteeseen tarkastelupaneelissa.
data-typed = Rivit on kirjoitettu käsin
data-drop-hint = Tiedoston voi myös pudottaa mihin tahansa tähän ikkunaan.
data-path = Aineistotiedoston polku
data-path-hint = polku/aineisto.csv
data-load = Lataa
data-reload = Lue uudelleen
data-unload = Poista
data-progress = Lataamisen eteneminen
data-cancel = Keskeytä
data-size = { $rows ->
    [one] 1 rivi
   *[other] { $rows } riviä
 } × { $columns ->
    [one] 1 sarake
   *[other] { $columns } saraketta
 }
data-parts = rivejä: { $training } opetukseen · { $validation } validointiin · { $dropped } jätetty pois
data-parts-windows = { $length } rivin ikkunat: { $training } opetukseen ({ $training-rows } riviä) · { $validation } validointiin ({ $validation-rows }) · { $dropped } riviä jätetty pois
data-parts-windows-hint = Ikkunassa on rivi jokaista aika-askelta kohti ja ne rivit, jotka tavoite katsoo eteenpäin. Ikkunat menevät päällekkäin, eikä yksikään ylitä osien rajaa: siksi ikkunoita on vähemmän kuin rivejä. Pois jätettyjä rivejä, joista puuttuu arvo: { $lacking }. Pois jätettyjä rivejä, jotka eivät osu ikkunaan, koska ehjiä rivejä on peräkkäin liian vähän tai askelväli ohittaa ne: { $unreached }.
data-not-read = Tiedostoa ei ole luettu.

data-reading = Miten tiedosto luetaan
data-delimiter = Erotin
data-delimiter-comma = , pilkku
data-delimiter-semicolon = ; puolipiste
data-delimiter-tab = sarkain
data-delimiter-bar = | pystyviiva
data-delimiter-colon = : kaksoispiste
data-delimiter-space = yksi välilyönti
data-delimiter-blanks = välit ja sarkaimet
data-quote = Lainausmerkki
data-quote-double = " kaksoismerkki
data-quote-single = ' heittomerkki
data-sign-none = ei mitään
data-escape = Lainaus solussa
data-escape-doubled = kahdennettuna
data-escape-backslash = \ edellä
data-decimal = Desimaalimerkki
data-decimal-point = . piste
data-decimal-comma = , pilkku
data-thousands = Tuhaterotin
data-thousands-none = ei mitään tai väli
data-thousands-apostrophe = ' heittomerkki
data-thousands-underscore = _ alaviiva
data-header = Otsikkorivi
data-skip = Rivejä sitä ennen
data-comment = Kommenttimerkki
data-comment-hash = # risuaita
data-comment-percent = % prosentti
data-comment-exclamation = ! huutomerkki
data-comment-star = * tähti
data-missing-words = Puuttuvan arvon merkit
data-missing-words-hint = Sanat, jotka tarkoittavat puuttuvaa arvoa, pilkuin erotettuina; isoilla ja pienillä kirjaimilla ei ole eroa. Tyhjä solu tarkoittaa sitä aina.
data-encoding = Merkistö

data-preparing = Miten arvot valmistellaan
data-missing = Puuttuvat arvot
data-missing-drop = jätä rivi pois
data-missing-fill = täydennä keskiarvolla
data-scaling = Piirteiden skaalaus
data-target-scaling = Tavoitteiden skaalaus
data-scaling-none = sellaisinaan
data-scaling-standardize = standardointi
data-scaling-minmax = min–max

data-split = Opetus ja validointi
data-validation-share = Validointiosa, %
data-split-shuffle = Arvotaan
data-split-seed = Arvotaan opetusasetusten siemenluvulla { $seed }.
data-split-by-time = Ikkunat jaetaan ajan mukaan: viimeiset rivit validoivat, eikä mikään ikkuna ylitä rajaa.

data-sequence = Jonot
data-sequence-layout = Jono on
data-sequence-windows = peräkkäisiä rivejä
data-sequence-groups = sarakeryhmiä
data-stride = Siirtymä, riviä
data-horizon = Ennustehorisontti, riviä eteenpäin

data-fitted = Sovitettu opetusosaan
data-fitted-note = Jokaisesta arvosta x tulee tämä; luokasta tulee 1 sen omaan piirteeseen ja 0 muihin.
data-fitted-as-is = x sellaisenaan
data-fitted-unseen = { $category } (ei opetusosassa: pelkkiä nollia)
data-more-columns = ja { $n ->
    [one] yksi sarake
   *[other] { $n } saraketta
 } lisää

data-row = Rivi
data-copy-rows = { $n } ensimmäistä riviä kopioidaan.
data-role-of = Sarakkeen { $column } rooli
data-role-feature = piirre
data-role-target = tavoite
data-role-ignored = ei käytössä
data-kind-of = Sarakkeen { $column } laji
data-kind-number = luku
data-kind-category = luokka
data-kind-date = päiväys
data-kind-text = teksti
data-part-training = Tämä rivi opettaa.
data-part-validation = Tämä rivi validoi.
data-show-row = Rivi { $row }
data-show-row-hint = Näytä rivi omana eränään napsauttamalla, koko erä uudella napsautuksella
data-part-left-out = Tämä rivi on jätetty pois: arvo puuttuu tai mikään ikkuna ei ulotu siihen.
data-summary-counts = { $missing } puuttuu · { $distinct } eri arvoa
data-summary-numbers = pienin { $min } · keskiarvo { $mean } · suurin { $max }
data-summary-token = ”{ $token }” tarkoittaa puuttuvaa, { $n } solussa
data-summary-odd = rivillä { $line } on ”{ $text }”, joka ei ole luku
data-yes = kyllä
data-no = ei
data-page = Sarakkeet { $from }–{ $to } / { $n }
data-page-previous = Edelliset sarakkeet
data-page-next = Seuraavat sarakkeet

rows-source = Rivit
rows-all-features = kaikista piirresarakkeista
rows-all-targets = kaikista tavoitesarakkeista
rows-chosen = valituista sarakkeista
rows-typed = kirjoitettuina
rows-no-columns = Lataa aineisto, niin sen sarakkeista voi valita.
rows-features = Piirteitä
rows-count = Rivejä
rows-cell = Rivi { $row }, { $column }
rows-delete = Poista rivi { $row }
rows-add = Lisää rivi
rows-as-text = Tekstinä
rows-text-hint = Kukin näyte omalla rivillään. Rivejä voi liittää taulukkolaskennasta.
rows-too-many = Lukuja on liikaa tekstinä näytettäväksi.
rows-wrong-cell = Rivi { $line }: odotettiin lukua, mutta löytyi ”{ $found }”.
rows-wrong-length = Rivi { $line }: odotettiin { $expected ->
    [one] yhtä lukua
   *[other] { $expected } lukua
 }, mutta löytyi { $found }.

data-refused = Tiedostoa { $file } ei ladattu
data-refused-close = Sulje tämä viesti
data-refused-stays = Avoin työ säilyi ennallaan.
data-refused-hint = Avoin työ säilyi ennallaan. Tiedoston voi lukea toisella tavalla:
data-place-line = Rivi { $line }
data-place-line-column = Rivi { $line }, sarake { $column } ({ $name })

# Miksi rivi ei ole taulukon rivi; seuraa sanoja "… jätettiin pois: ".
data-skipped-header = otsikkorivi
data-skipped-hint = kertoo erottimen
data-skipped-above = taulukon yläpuolella
data-skipped-comment = alkaa kommenttimerkillä
data-skipped-blank = tyhjä
data-skipped-units = kertoo yksiköt
data-skipped-repeated-header = sama otsikkorivi uudelleen
data-skipped-note = pelkkää tekstiä, ei taulukon rivi
data-skipped-total = muiden rivien yhteenveto
data-skipped-ragged = soluja { $found }, sarakkeita { $expected }

# Mitä tiedoston lukemisesta on hyvä tietää.
data-notes = Luettaessa havaittua
data-note-at-line = Rivi { $line }: { $what }
data-note-encoding = merkistö on epävarma; luettiin merkistönä { $encoding }. Jos kirjaimet näyttävät vääriltä, valitse toinen merkistö.
data-note-commas-decimal = lukujen pilkut tulkittiin desimaalimerkeiksi (1,234 on 1.234). Jos ne erottavat tuhansia, muuta asetusta.
data-note-commas-thousands = lukujen pilkut tulkittiin tuhaterottimiksi (1,234 on 1234). Jos ne ovat desimaalimerkkejä, muuta asetusta.
data-note-skipped = { $n ->
    [one] 1 rivi jätettiin pois
   *[other] { $n } riviä jätettiin pois
}: { $reason }.
data-note-short-rows = { $n ->
    [one] 1 rivillä on soluja vähemmän kuin sarakkeita; puuttuvat solut ovat puuttuvia arvoja.
   *[other] { $n } rivillä on soluja vähemmän kuin sarakkeita; puuttuvat solut ovat puuttuvia arvoja.
}
data-note-odd-cells = sarakkeessa { $column } on lukuja, mutta tässä on ”{ $text }”{ $n ->
    [one] {""}
   *[other] {""} (tällaisia soluja on { $n })
}; se katsotaan puuttuvaksi.
data-note-kind = { $column }: { $reason }.

# Miksi sarake on lajiaan.
data-reason-empty = soluissa ei ole mitään
data-reason-affixes = luvut on kirjoitettu muodossa ”{ $example }”; merkit poistettiin
data-reason-other-signs = luvuissa on eri desimaali- tai tuhaterottimet kuin muualla tiedostossa
data-reason-odd-cells = { $odd } solua { $all } solusta ei ole lukuja
data-reason-mixed = { $numbers } lukua ja { $words } sanaa, esimerkiksi ”{ $example }”
data-reason-booleans = kyllä ja ei eri kirjoitusasuissa
data-reason-dates = päiväyksiä tai kellonaikoja
data-reason-words = { $distinct ->
    [one] vain 1 sana
   *[other] { $distinct } eri sanaa
}
data-reason-free-text = { $distinct } eri tekstiä
data-reason-plain = kaikki solut ovat lukuja
